// Incidents: what somebody did step after step, the gravest first.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { DeviceLink } from '@/shared/ui/device-name';
import { Page, Panel } from '@/shared/ui/page';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';
import { StageWords } from '@/shared/ui/stage-chain';
import { Empty, Loaded } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';
import { TimeAgo } from '@/shared/ui/time-ago';

import { incidentsQuery } from './incident-queries';

const states = ['open', 'all'] as const;

export function IncidentsPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const { state } = useSearch({ from: '/o/$organization/incidents' });
  const navigate = useNavigate();
  const query = useQuery(incidentsQuery(organization, scope.site, state));
  return (
    <Page title={t('nav.incidents')} about={t('incidents.about')}>
      <Tabs
        label={t('incidents.shown')}
        value={state ?? 'open'}
        choices={states.map((one) => ({ value: one, label: t(`incidents.state.${one}`) }))}
        onChange={(one) => {
          void navigate({ to: '.', search: (before) => ({ ...before, state: one === 'all' ? one : undefined }) });
        }}
      />
      <Panel flush>
        <Loaded query={query} rows={5}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('incidents.empty')}>
                <p>{t('incidents.emptyNext')}</p>
              </Empty>
            ) : (
              <Incidents items={items} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

function Incidents({ items }: { items: Schemas['Incident'][] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const number = (value: number) => formatCount(value, locale);
  return (
    <SimpleTable
      caption={t('nav.incidents')}
      rows={items}
      keyOf={(one) => one.id}
      columns={[
        { id: 'severity', header: t('alerts.severity'), render: (one) => <Severity severity={one.severity} /> },
        {
          id: 'stages',
          header: t('incidents.stages'),
          render: (one) => (
            <Link to="/o/$organization/incidents/$incident" params={{ organization, incident: one.id }} search={scope}>
              <StageWords stages={one.stages} />
            </Link>
          ),
        },
        { id: 'actor', header: t('incidents.actor'), render: (one) => <DeviceLink device={one.actor} /> },
        { id: 'devices', header: t('incidents.devices'), numeric: true, render: (one) => number(one.devices) },
        { id: 'alerts', header: t('nav.alerts'), numeric: true, render: (one) => number(one.alerts) },
        { id: 'first', header: t('alerts.first'), render: (one) => <TimeAgo time={one.first_seen} /> },
        { id: 'last', header: t('alerts.last'), render: (one) => <TimeAgo time={one.last_seen} /> },
        {
          id: 'state',
          header: t('alerts.state'),
          render: (one) => t(`alertState.${one.state}`) + (one.reason === null ? '' : ` (${t(`alertReason.${one.reason}`)})`),
        },
        { id: 'assignee', header: t('alerts.assignee'), render: (one) => one.assignee?.name ?? '–' },
      ]}
    />
  );
}
