// What one rule of the baseline covers: who, what, where, kept by whom, last seen; and what can be made of it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { DeviceLink } from '@/shared/ui/device-name';
import { Dialog } from '@/shared/ui/dialog';
import { TextField } from '@/shared/ui/field';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded, useProblemText } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

type Rule = Schemas['BaselineRule'];
type Item = Schemas['BaselineItem'];
type Action = Schemas['BaselineAction'];

const days = { '1w': 7, '1m': 30, '3m': 90 } as const;
const dayMs = 86_400_000;

export function RuleEntries({ rule }: { rule: Rule }) {
  const organization = useOrganizationId();
  const query = useQuery({
    queryKey: ['baseline', 'entries', organization, rule],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/baseline/entries', {
        path: { organization },
        query: {
          site: rule.site.id,
          record: rule.record,
          client_type: rule.client_type ?? '',
          server_type: rule.server_type ?? '',
          is_outside: rule.is_outside,
          protocol: rule.protocol ?? '',
          access: rule.access ?? '',
        },
        signal,
      }),
  });
  return (
    <Loaded query={query} rows={6}>
      {({ items }) => (
        <>
          <Actions items={items} />
          <Entries items={items} />
        </>
      )}
    </Loaded>
  );
}

function useActOnBaseline() {
  const organization = useOrganizationId();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Action) => api.post('/api/v1/organizations/{organization}/baseline/actions', { path: { organization }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['baseline'] }),
  });
}

/** On everything that the rule covers. */
function Actions({ items }: { items: Item[] }) {
  const { t } = useTranslation();
  const may = useMay('analyst');
  const act = useActOnBaseline();
  const problemText = useProblemText();
  const [isForgetting, setForgetting] = useState(false);
  const [range, setRange] = useState('');
  if (!may || items.length === 0) return null;
  const entries = items.map((one) => one.id);
  const hasTargets = items.some((one) => one.function !== null);
  return (
    <>
      <p>
        <Button small disabled={act.isPending} onClick={() => { act.mutate({ entries, action: 'keep' }); }}>{t('learning.keep')}</Button>{' '}
        <Menu small label={t('learning.expire')}>
          {(close) =>
            (Object.keys(days) as (keyof typeof days)[]).map((span) => (
              <MenuItem
                key={span}
                onClick={() => {
                  close();
                  act.mutate({ entries, action: 'expire', until: new Date(Date.now() + days[span] * dayMs).toISOString() });
                }}
              >
                {t(`learning.expireIn.${span}`)}
              </MenuItem>
            ))
          }
        </Menu>{' '}
        <Button small disabled={act.isPending} onClick={() => { setForgetting(true); }}>{t('learning.forget')}</Button>
      </p>
      {hasTargets && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (range.trim() !== '') act.mutate({ entries, action: 'allow_targets', targets: range.trim() });
          }}
        >
          <TextField label={t('learning.allowTargets')} hint={t('learning.allowTargetsHint')} value={range} maxLength={200} onChange={(event) => { setRange(event.target.value); }} />
          <Button small type="submit" disabled={range.trim() === '' || act.isPending}>{t('learning.allow')}</Button>
        </form>
      )}
      {act.error !== null && <p role="alert">{problemText(act.error)}</p>}
      {isForgetting && (
        <Dialog
          title={t('learning.forget')}
          onClose={() => { setForgetting(false); }}
          actions={
            <>
              <Button onClick={() => { setForgetting(false); }}>{t('common.cancel')}</Button>
              <Button
                look="primary"
                onClick={() => {
                  setForgetting(false);
                  act.mutate({ entries, action: 'forget' });
                }}
              >
                {t('learning.forget')}
              </Button>
            </>
          }
        >
          <p>{t('learning.forgetAsk', { count: items.length })}</p>
        </Dialog>
      )}
    </>
  );
}

function Entries({ items }: { items: Item[] }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const may = useMay('analyst');
  const act = useActOnBaseline();
  const what = (one: Item) => {
    if (one.function === null) return words.transport(one.transport ?? '', one.port);
    const where = one.targets ?? (one.target === null ? null : words.target(one.target));
    return words.functionName(one.function) + (where === null ? '' : ` · ${where === '*' ? t('learning.anyTarget') : where}`);
  };
  return (
    <SimpleTable
      caption={t('learning.rules')}
      rows={items}
      keyOf={(one) => one.id}
      columns={[
        { id: 'client', header: t('alerts.client'), render: (one) => <DeviceLink device={one.client} /> },
        { id: 'server', header: t('alerts.server'), render: (one) => <DeviceLink device={one.server} /> },
        { id: 'what', header: t('alerts.what'), render: what },
        { id: 'last', header: t('learning.lastHit'), render: (one) => <TimeAgo time={one.last_seen} /> },
        {
          id: 'by',
          header: t('learning.keptBy'),
          render: (one) => (
            <>
              {one.person?.name ?? t(`learning.source.${one.source}`)} <span className="muted"><TimeAgo time={one.learned_at} /></span>
              {one.expires_at !== null && <div className="muted">{t('learning.until')} <TimeAgo time={one.expires_at} /></div>}
            </>
          ),
        },
        {
          id: 'forget',
          header: t('learning.next'),
          render: (one) =>
            may ? (
              <Button small look="quiet" disabled={act.isPending} onClick={() => { act.mutate({ entries: [one.id], action: 'forget' }); }}>
                {t('learning.forgetOne')}
              </Button>
            ) : null,
        },
      ]}
    />
  );
}
