// Adding a sensor: name and site in, a one-time code and the very command for the box out.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatMoment } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useScope, useSites, useZone } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { Dialog } from '@/shared/ui/dialog';
import { SelectField, TextField } from '@/shared/ui/field';
import { useProblemText } from '@/shared/ui/state-frame';

import style from './sensors.module.css';

export function AddSensor({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const problemText = useProblemText();
  const scope = useScope();
  const sites = useSites() ?? [];
  const [name, setName] = useState('');
  const [site, setSite] = useState(scope.site);
  const chosen = site ?? sites[0]?.id;

  const add = useMutation({
    mutationFn: (at: string) =>
      api.post('/api/v1/organizations/{organization}/sensors', {
        path: { organization },
        body: { site: at, name: name.trim() },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sensors'] }),
  });

  if (add.data !== undefined) {
    return (
      <Dialog
        title={t('sensors.codeTitle', { name: add.data.sensor.name })}
        onClose={onClose}
        actions={
          <Button look="primary" onClick={onClose}>
            {t('sensors.codeNoted')}
          </Button>
        }
      >
        <OneTimeCode enrolment={add.data} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t('sensors.add')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" form="add-sensor" disabled={add.isPending || chosen === undefined}>
            {t('sensors.makeCode')}
          </Button>
        </>
      }
    >
      <form
        id="add-sensor"
        className={style['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== undefined) add.mutate(chosen);
        }}
      >
        {sites.length === 0 && <p role="alert">{t('sensors.siteFirst')}</p>}
        <TextField
          label={t('column.name')}
          required
          maxLength={100}
          placeholder={t('sensors.nameExample')}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <SelectField
          label={t('column.site')}
          value={chosen ?? ''}
          onChange={(event) => {
            setSite(event.target.value);
          }}
        >
          {sites.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </SelectField>
        {add.isError && <p role="alert">{problemText(add.error)}</p>}
      </form>
    </Dialog>
  );
}

export function OneTimeCode({ enrolment }: { enrolment: Schemas['SensorEnrolment'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(60_000);
  const expires = new Date(enrolment.code_expires_at);
  const command = `osect-sensor enroll --cloud ${enrolment.enrol_at} --code ${enrolment.code}`;
  return (
    <div className={style['form']}>
      <p>{t('sensors.codeText')}</p>
      <Copyable label={t('sensors.code')} text={enrolment.code} />
      <Copyable label={t('sensors.command')} text={command} />
      <p className="muted">
        {t('sensors.codeExpires')}{' '}
        <time dateTime={enrolment.code_expires_at} className="number">
          {formatMoment(expires, now, locale, zone)}
        </time>
      </p>
    </div>
  );
}

function Copyable({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={style['copyable']}>
      <span className={style['copyLabel']}>{label}</span>
      <code>{text}</code>
      <Button
        small
        icon={isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        aria-label={t('common.copyOf', { what: label })}
        onClick={() => {
          void navigator.clipboard.writeText(text).then(() => {
            setCopied(true);
          });
        }}
      >
        {isCopied ? t('common.copied') : t('common.copy')}
      </Button>
    </div>
  );
}
