// Planned work: what is going to be done and by whom; what it changed; registering it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatCount, formatFull } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useSites, useZone } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { isoSeconds } from '@/shared/lib/time-range';
import { Button } from '@/shared/ui/button';
import { Page, Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Empty, Loaded, useProblemText } from '@/shared/ui/state-frame';

import { PlannedWorkForm } from './planned-work-form';
import style from './planned-work.module.css';

type Work = Schemas['PlannedWork'];

export function PlannedWorkPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const { site } = useScope();
  const may = useMay('operator');
  const [isAdding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: ['planned-work', organization, site],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/planned-work', { path: { organization }, query: { site }, signal }),
  });
  return (
    <Page
      title={t('nav.plannedWork')}
      about={t('plannedWork.about')}
      actions={may && !isAdding && <Button look="primary" onClick={() => { setAdding(true); }}>{t('plannedWork.add')}</Button>}
    >
      {isAdding && <PlannedWorkForm onDone={() => { setAdding(false); }} />}
      <Panel flush>
        <Loaded query={query} rows={5}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('plannedWork.empty')}>
                <p>{t('plannedWork.emptyNext')}</p>
              </Empty>
            ) : (
              <Works items={items} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

/** The window as it was, and as long a time before it. */
function comparison(work: Work): { compare: 'own'; before: string; after: string } {
  const from = new Date(work.starts_at);
  const to = new Date(Math.min(new Date(work.ended_at ?? work.ends_at).getTime(), Date.now()));
  const before = new Date(from.getTime() - (to.getTime() - from.getTime()));
  return { compare: 'own', before: `${isoSeconds(before)}..${isoSeconds(from)}`, after: `${isoSeconds(from)}..${isoSeconds(to)}` };
}

function Works({ items }: { items: Work[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const sites = useSites();
  const organization = useOrganizationId();
  const scope = useScope();
  const zoneOf = (work: Work) => sites?.find((one) => one.id === work.site.id)?.time_zone ?? zone;
  const time = (work: Work, at: string) => <span className="number nowrap">{formatFull(new Date(at), locale, zoneOf(work))}</span>;
  const names = (work: Work) =>
    work.devices.length === 0 ? t('plannedWork.wholeSite') : work.devices.map((one) => one.name).join(t('common.listSeparator'));
  return (
    <SimpleTable
      caption={t('nav.plannedWork')}
      rows={items}
      keyOf={(one) => one.id}
      columns={[
        { id: 'state', header: t('alerts.state'), render: (one) => t(`plannedWork.state.${one.state}`) },
        {
          id: 'title',
          header: t('plannedWork.title'),
          render: (one) => (
            <>
              {one.title}
              <div className="muted">{[one.people, one.note].filter((text) => text !== '').join(' · ')}</div>
            </>
          ),
        },
        {
          id: 'when',
          header: t('alerts.when'),
          render: (one) => (
            <>
              {time(one, one.starts_at)} –<br />
              {time(one, one.ended_at ?? one.ends_at)}
            </>
          ),
        },
        { id: 'site', header: t('column.site'), render: (one) => one.site.name },
        { id: 'devices', header: t('nav.devices'), render: names },
        { id: 'expects', header: t('plannedWork.expects'), render: (one) => one.expects.map((change) => t(`plannedWork.change.${change}`)).join(t('common.listSeparator')) },
        {
          id: 'alerts',
          header: t('plannedWork.asPlanned'),
          numeric: true,
          render: (one) => (
            <Link to="/o/$organization/alerts" params={{ organization }} search={{ ...scope, filter: { planned_work: [one.id] } }}>
              {formatCount(one.alerts, locale)}
            </Link>
          ),
        },
        { id: 'next', header: t('learning.next'), render: (one) => <Next work={one} /> },
      ]}
    />
  );
}

function Next({ work }: { work: Work }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const may = useMay('operator');
  const client = useQueryClient();
  const problemText = useProblemText();
  const end = useMutation({
    mutationFn: () =>
      api.post('/api/v1/organizations/{organization}/planned-work/{work}/end', { path: { organization, work: work.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['planned-work'] }),
  });
  return (
    <span className={style['next']}>
      {(work.state === 'running' || work.state === 'over') && (
        <Link to="/o/$organization/difference" params={{ organization }} search={{ ...scope, site: work.site.id, kind: 'operations', ...comparison(work) }}>
          {t('plannedWork.whatChanged')}
        </Link>
      )}
      {may && (work.state === 'running' || work.state === 'coming') && (
        <Button small disabled={end.isPending} onClick={() => { end.mutate(); }}>
          {work.state === 'running' ? t('plannedWork.endNow') : t('plannedWork.callOff')}
        </Button>
      )}
      {end.error !== null && <span role="alert">{problemText(end.error)}</span>}
    </span>
  );
}
