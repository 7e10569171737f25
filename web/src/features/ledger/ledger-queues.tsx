// The rows of the ledger by how they fit, each with its reason and what a person may decide; and devices that are in no ledger.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { DeviceLink } from '@/shared/ui/device-name';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';
import { TimeAgo } from '@/shared/ui/time-ago';

import { useLedgerWords, type Queue } from './ledger-words';
import style from './ledger.module.css';

type Entry = Schemas['LedgerEntry'];

const queues: Queue[] = ['matched', 'probable', 'conflict', 'duplicate', 'only_ledger', 'only_observed', 'ignored'];
/** As many as the API gives at once. */
const shownMost = 500;

export function LedgerQueues({ site, counts }: { site: string; counts: Schemas['LedgerCounts'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useLedgerWords();
  const [queue, setQueue] = useState<Queue>(() => queues.find((one) => counts[one] > 0) ?? 'matched');
  return (
    <>
      <div className="padded">
        <Tabs
          label={t('ledger.queue')}
          value={queue}
          choices={queues.map((value) => ({ value, label: `${words.state(value)} ${formatCount(counts[value], locale)}` }))}
          onChange={setQueue}
        />
      </div>
      {queue === 'only_observed' ? <Unregistered site={site} /> : <Entries key={queue} site={site} state={queue} />}
    </>
  );
}

function Entries({ site, state }: { site: string; state: Schemas['LedgerState'] }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const may = useMay('operator');
  const entries = useQuery({
    queryKey: ['ledger', organization, site, 'entries', state],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/sites/{site}/ledger/entries', {
        path: { organization, site },
        query: { state: [state] },
        signal,
      }),
  });
  return (
    <Loaded query={entries} rows={8}>
      {({ items, next }) =>
        items.length === 0 ? (
          <p className="muted padded">{t('ledger.emptyQueue')}</p>
        ) : (
          <>
            <SimpleTable
              caption={t('ledger.queue')}
              rows={items}
              keyOf={(one) => one.id}
              columns={[
                { id: 'row', header: t('ledger.row'), numeric: true, render: (one) => one.row },
                { id: 'ledger', header: t('ledger.inLedger'), render: (one) => <LedgerSide entry={one} /> },
                { id: 'observed', header: t('ledger.observed'), render: (one) => <ObservedSide entry={one} /> },
                { id: 'reason', header: t('ledger.reason'), render: (one) => <Reason entry={one} /> },
                ...(may
                  ? [{ id: 'decide', header: t('ledger.decide'), render: (one: Entry) => <Decisions site={site} entry={one} /> }]
                  : []),
              ]}
            />
            {next !== null && <p className="muted padded">{t('ledger.more', { count: shownMost })}</p>}
          </>
        )
      }
    </Loaded>
  );
}

function LedgerSide({ entry }: { entry: Entry }) {
  const words = useLedgerWords();
  const addresses = [...entry.ips, ...entry.macs].join(' ');
  const rest = Object.entries(entry.texts).filter(([field]) => field !== 'name');
  return (
    <div className={style['side']}>
      <span>{entry.name ?? addresses}</span>
      {entry.name !== null && addresses !== '' && <span className="muted number">{addresses}</span>}
      {rest.map(([field, value]) => (
        <span key={field} className="muted">
          {words.field(field)}: {value}
        </span>
      ))}
    </div>
  );
}

const compared = ['vendor', 'model', 'serial', 'os', 'host_name'] as const;

function ObservedSide({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const words = useLedgerWords();
  const { device, observed } = entry;
  if (device === null || observed === null) return '–';
  const differs = (field: (typeof compared)[number]) => {
    const said = entry.texts[field]?.toLowerCase();
    const seen = observed[field]?.toLowerCase();
    return said !== undefined && seen !== undefined && !seen.includes(said) && !said.includes(seen);
  };
  return (
    <div className={style['side']}>
      <DeviceLink device={device} />
      {compared.map((field) =>
        observed[field] === null ? null : (
          <span key={field} className="muted">
            {words.field(field)}: {observed[field]}
            {differs(field) && <strong> ({t('ledger.differs')})</strong>}
          </span>
        ),
      )}
      <TimeAgo time={observed.last_seen} />
    </div>
  );
}

function Reason({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const words = useLedgerWords();
  if (entry.decided_at !== null) return t('ledger.byPerson', { person: entry.decided_by ?? '–' });
  if (entry.matched_by === 'none') return '–';
  return (
    <div className={style['side']}>
      <span>
        {t('ledger.confidence', { by: words.by(entry.matched_by), value: entry.matched_value ?? '', confidence: entry.confidence })}
      </span>
      {entry.others.length > 0 && (
        <span className="muted">
          {t('ledger.others', { names: entry.others.map((one) => one.name).join(t('common.listSeparator')) })}
        </span>
      )}
    </div>
  );
}

function Decisions({ site, entry }: { site: string; entry: Entry }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (body: Schemas['LedgerDecision']) =>
      api.patch('/api/v1/organizations/{organization}/sites/{site}/ledger/entries/{entry}', {
        path: { organization, site, entry: entry.id },
        body,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ledger'] }),
  });
  const device = entry.device?.id ?? null;
  const choose = (body: Schemas['LedgerDecision']) => () => {
    decide.mutate(body);
  };
  if (entry.decided_at !== null)
    return (
      <Button small disabled={decide.isPending} onClick={choose({ decision: 'automatic' })}>
        {t('ledger.automatic')}
      </Button>
    );
  return (
    <div className={style['actions']}>
      {device !== null && entry.state !== 'matched' && (
        <Button small disabled={decide.isPending} onClick={choose({ decision: 'linked', device })}>
          {t('ledger.accept')}
        </Button>
      )}
      <Button small disabled={decide.isPending} onClick={choose({ decision: 'ignored' })}>
        {t('ledger.ignore')}
      </Button>
    </div>
  );
}

function Unregistered({ site }: { site: string }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const vocabulary = useVocabulary();
  const devices = useQuery({
    queryKey: ['ledger', organization, site, 'unregistered'],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/sites/{site}/ledger/unregistered', { path: { organization, site }, signal }),
  });
  return (
    <Loaded query={devices} rows={8}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="muted padded">{t('ledger.emptyQueue')}</p>
        ) : (
          <SimpleTable
            caption={t('ledger.state.only_observed')}
            rows={items}
            keyOf={(one) => one.id ?? one.name}
            columns={[
              { id: 'device', header: t('ledger.observed'), render: (one) => <DeviceLink device={one} /> },
              { id: 'type', header: t('column.type'), render: (one) => vocabulary.type(one.type) },
              { id: 'vendor', header: t('column.vendor'), render: (one) => one.vendor ?? '–' },
              { id: 'model', header: t('column.model'), render: (one) => one.model ?? '–' },
              { id: 'first', header: t('ledger.firstSeen'), render: (one) => <TimeAgo time={one.first_seen} /> },
            ]}
          />
        )
      }
    </Loaded>
  );
}
