// One OT operation in the drawer, and everyone else who changes the same controller.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatCount, formatMilliseconds } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { AccessBadge, changingClasses } from '@/shared/ui/access-badge';
import { DeviceLink } from '@/shared/ui/device-name';
import { FactList } from '@/shared/ui/fact-list';
import { OperationHours } from '@/shared/ui/operation-hours';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

export function OperationContent({ operation }: { operation: Schemas['Operation'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  return (
    <>
      <Panel title={t('device.summary')}>
        <FactList
          entries={[
            [t('operation.access'), <AccessBadge key="access" access={operation.access} />],
            [t('operation.function'), `${words.functionName(operation.function)} (${operation.code})`],
            [t('network.protocol'), words.protocol(operation.protocol)],
            [t('operation.target'), words.target(operation.target)],
            [t('operation.client'), <DeviceLink key="client" device={operation.client} />],
            [t('operation.server'), <DeviceLink key="server" device={operation.server} />],
            [t('operation.count'), formatCount(operation.count, locale)],
            [t('operation.errors'), formatCount(operation.errors, locale)],
            ...(operation.cycle_ms === null
              ? []
              : ([[t('operation.cycle'), `${formatMilliseconds(operation.cycle_ms, locale)} ± ${formatMilliseconds(operation.jitter_ms ?? 0, locale)}`]] as [string, string][])),
            [t('column.sensor'), `${operation.site.name} / ${operation.sensor.name}`],
            [t('column.firstSeen'), <TimeAgo key="first" time={operation.first_seen} />],
            [t('column.lastSeen'), <TimeAgo key="last" time={operation.last_seen} />],
          ]}
        />
      </Panel>
      <Panel title={t('operations.perHour')}>
        <OperationHours filters={{ operation: operation.id }} by="access" />
      </Panel>
      {operation.server.id !== null && <Changers server={operation.server.id} />}
    </>
  );
}

const shownMost = 20;

/** Who writes to, controls, programs or configures a controller. */
function Changers({ server }: { server: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const organization = useOrganizationId();
  const scope = useScope();
  const filter = { server: [server], access: changingClasses };
  const query = useQuery({
    queryKey: ['operations', 'changers', organization, server],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/operations', {
        path: { organization },
        query: { 'filter.server': filter.server, 'filter.access': filter.access, sort: '-last_seen', limit: shownMost },
        signal,
      }),
  });
  return (
    <Panel title={t('operations.changers')} flush>
      <Loaded query={query}>
        {({ items, total }) =>
          items.length === 0 ? (
            <p className="muted padded">{t('operations.noChangers')}</p>
          ) : (
            <>
              <SimpleTable
                caption={t('operations.changers')}
                rows={items}
                keyOf={(one) => one.id}
                columns={[
                  { id: 'client', header: t('operation.client'), render: (one) => <DeviceLink device={one.client} /> },
                  { id: 'function', header: t('operation.function'), render: (one) => words.functionName(one.function) },
                  { id: 'count', header: t('operation.count'), numeric: true, render: (one) => formatCount(one.count, locale) },
                  { id: 'last', header: t('column.lastSeen'), render: (one) => <TimeAgo time={one.last_seen} /> },
                ]}
              />
              {total > items.length && (
                <p className="padded">
                  <Link to="/o/$organization/operations" params={{ organization }} search={{ ...scope, filter }}>
                    {t('list.showAllOfGroup', { count: total })}
                  </Link>
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
