// Why a device's addresses are one device, and a person's word about it: merge, split, undo.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Merge, Split } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useDebounced } from '@/shared/lib/use-debounced';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { Dialog } from '@/shared/ui/dialog';
import { TextField } from '@/shared/ui/field';
import { Panel } from '@/shared/ui/page';
import { useProblemText } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import style from './devices.module.css';

type Device = Schemas['DeviceDetail'];
const root = '/api/v1/organizations/{organization}/devices/{device}';

/** One of the reasons of the cloud in words. */
function useLinkText() {
  const { t } = useTranslation();
  const words = useVocabulary();
  return ({ code, values }: Schemas['DeviceLink']): string =>
    t(`link.${code}`, {
      mac: values['mac'] ?? '',
      ip: values['ip'] ?? '',
      value: values['value'] ?? '',
      attribute: words.attribute(values['attribute'] ?? ''),
      source: words.source(values['source'] ?? ''),
    });
}

export function DeviceIdentity({ device }: { device: Device }) {
  const { t } = useTranslation();
  const linkText = useLinkText();
  const mayChange = useMay('operator');
  const [dialog, setDialog] = useState<'merge' | 'split'>();
  const close = () => {
    setDialog(undefined);
  };
  return (
    <Panel
      title={t('identity.title')}
      actions={
        mayChange ? (
          <span className={style['buttons']}>
            <Button small icon={<Merge size={14} aria-hidden />} onClick={() => { setDialog('merge'); }}>
              {t('identity.merge')}
            </Button>
            <Button small icon={<Split size={14} aria-hidden />} disabled={device.endpoints.length < 2} onClick={() => { setDialog('split'); }}>
              {t('identity.split')}
            </Button>
          </span>
        ) : undefined
      }
    >
      <p className="muted">{device.links.length === 0 ? t('identity.single') : t('identity.about')}</p>
      <ul className={style['modules']}>
        {device.links.map((link) => (
          <li key={JSON.stringify(link)}>{linkText(link)}</li>
        ))}
      </ul>
      <Decisions device={device} />
      {dialog === 'merge' && <MergeDialog device={device} onClose={close} />}
      {dialog === 'split' && <SplitDialog device={device} onClose={close} />}
    </Panel>
  );
}

/** Inventory follows within seconds; its event reads the devices again. */
function useDecide(body: () => Promise<unknown>, device: string, onDone: () => void) {
  const organization = useOrganizationId();
  const client = useQueryClient();
  return useMutation({
    mutationFn: body,
    onSuccess: async () => {
      onDone();
      await client.invalidateQueries({ queryKey: ['device', organization, device] });
    },
  });
}

function Decisions({ device }: { device: Device }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const mayChange = useMay('operator');
  const problemText = useProblemText();
  const [wanted, setWanted] = useState('');
  const undo = useDecide(
    () => api.post(`${root}/decisions/{decision}/undo`, { path: { organization, device: device.id, decision: wanted } }),
    device.id,
    () => undefined,
  );
  if (device.decisions.length === 0) return null;
  return (
    <>
      <h3>{t('identity.decisions')}</h3>
      <ul className={style['modules']}>
        {device.decisions.map((one) => (
          <li key={one.id}>
            {t(one.kind === 'merge' ? 'identity.merged' : 'identity.splitd', { keys: one.keys.join(', '), other: one.other?.name ?? '' })}{' '}
            <small className="muted">
              {one.made_by ?? t('identity.somebody')} <TimeAgo time={one.made_at} />
            </small>{' '}
            {one.undone_at !== null ? (
              <small className="muted">
                {t('identity.undone', { person: one.undone_by ?? t('identity.somebody') })} <TimeAgo time={one.undone_at} />
              </small>
            ) : (
              mayChange && (
                <Button
                  small
                  disabled={undo.isPending}
                  onClick={() => {
                    setWanted(one.id);
                    undo.mutate();
                  }}
                >
                  {t('identity.undo')}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      {undo.isError && <p role="alert">{problemText(undo.error)}</p>}
    </>
  );
}

function MergeDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const problemText = useProblemText();
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<string>();
  const q = useDebounced(words.trim(), 250);
  const found = useQuery({
    queryKey: ['devices', organization, 'to-merge', device.site.id, q],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/devices', {
        path: { organization },
        query: { site: device.site.id, limit: 20, ...(q === '' ? {} : { q }) },
        signal,
      }),
  }).data;
  const merge = useDecide(
    () => api.post(`${root}/merge`, { path: { organization, device: device.id }, body: { device: chosen ?? '' } }),
    device.id,
    onClose,
  );
  return (
    <Dialog
      title={t('identity.mergeTitle', { name: device.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={chosen === undefined || merge.isPending} onClick={() => { merge.mutate(); }}>
            {t('identity.merge')}
          </Button>
        </>
      }
    >
      <p>{t('identity.mergeAbout')}</p>
      <TextField
        label={t('identity.search')}
        value={words}
        autoFocus
        onChange={(event) => {
          setWords(event.target.value);
        }}
      />
      <div className={style['choices']} role="radiogroup" aria-label={t('identity.mergeChoose')}>
        {(found?.items ?? [])
          .filter((one) => one.id !== device.id)
          .map((one) => (
            <label key={one.id}>
              <input
                type="radio"
                name="other"
                checked={chosen === one.id}
                onChange={() => {
                  setChosen(one.id);
                }}
              />
              <span>
                {one.name} <small className="muted mono">{[one.ips[0], one.macs[0]].filter((text) => text !== undefined).join(' ')}</small>
              </span>
            </label>
          ))}
      </div>
      {merge.isError && <p role="alert">{problemText(merge.error)}</p>}
    </Dialog>
  );
}

function SplitDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const problemText = useProblemText();
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const split = useDecide(
    () => api.post(`${root}/split`, { path: { organization, device: device.id }, body: { endpoints: [...out] } }),
    device.id,
    onClose,
  );
  const isAll = out.size === device.endpoints.length;
  return (
    <Dialog
      title={t('identity.splitTitle', { name: device.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={out.size === 0 || isAll || split.isPending} onClick={() => { split.mutate(); }}>
            {t('identity.split')}
          </Button>
        </>
      }
    >
      <p>{t('identity.splitAbout')}</p>
      <div className={style['choices']} role="group" aria-label={t('identity.splitChoose')}>
        {device.endpoints.map((one) => (
          <label key={one.id}>
            <input
              type="checkbox"
              checked={out.has(one.id)}
              onChange={(event) => {
                const next = new Set(out);
                if (event.target.checked) next.add(one.id);
                else next.delete(one.id);
                setOut(next);
              }}
            />
            <span className="mono">
              {one.ip ?? '–'} {one.mac ?? ''} {one.vlan === 0 ? '' : `VLAN ${String(one.vlan)}`}
            </span>
          </label>
        ))}
      </div>
      {isAll && <p role="alert">{t('identity.splitAll')}</p>}
      {split.isError && <p role="alert">{problemText(split.error)}</p>}
    </Dialog>
  );
}

/** What a device offers and uses, each with how many others take part. */
export function Services({ device }: { device: Device }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  if (device.services.length === 0) return null;
  return (
    <Panel title={t('identity.services')}>
      <ul className={style['modules']}>
        {device.services.map((one) => (
          <li key={`${one.protocol ?? ''} ${one.transport} ${String(one.port)}`}>
            {words.protocol(one.protocol)} <small className="muted">{words.transport(one.transport, one.port)}</small> – {t(`role.${one.role}`)}{' '}
            <small className="muted">{t('identity.peers', { count: one.peers })}</small>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
