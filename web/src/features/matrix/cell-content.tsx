// A cell of the matrix in the drawer: its pairs of devices, each with the way to its conversations and operations.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useBounds, useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { AccessBadge } from '@/shared/ui/access-badge';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';

import { accesses } from './matrix';
import style from './matrix.module.css';

type Pair = Schemas['MatrixCellPairs']['items'][number];

interface CellContentProps {
  by: Schemas['Matrix']['by'];
  client: string;
  server: string;
}

export function CellContent({ by, client, server }: CellContentProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const range = useBounds();
  const pairs = useQuery({
    queryKey: ['network', organization, 'matrix', 'cell', by, client, server, scope.site, scope.sensor, range],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/matrix/cell', {
        path: { organization },
        query: { by, client, server, site: scope.site, sensor: scope.sensor, ...range },
        signal,
      }),
  });
  const ways = (pair: Pair) => ({ ...scope, filter: { client: [pair.client.id], server: [pair.server.id] } });
  return (
    <Loaded query={pairs} rows={6}>
      {(data) => (
        <div className={style['content']}>
          <Panel title={t('matrix.pairs', { count: data.total })} flush>
            <SimpleTable
              caption={t('matrix.pairs', { count: data.total })}
              rows={data.items}
              keyOf={(pair) => `${pair.client.id}>${pair.server.id}`}
              columns={[
                {
                  id: 'pair',
                  header: t('matrix.pair'),
                  render: (pair) => (
                    <Link to="/o/$organization/network" params={{ organization }} search={{ ...scope, edge: `${pair.client.id}>${pair.server.id}` }}>
                      {pair.client.name} → {pair.server.name}
                    </Link>
                  ),
                },
                { id: 'bytes', header: t('column.bytes'), numeric: true, render: (pair) => formatBytes(pair.bytes) },
                {
                  id: 'conversations',
                  header: t('matrix.measure.conversations'),
                  numeric: true,
                  render: (pair) => (
                    <Link to="/o/$organization/conversations" params={{ organization }} search={ways(pair)}>
                      {formatCount(pair.conversations, locale)}
                    </Link>
                  ),
                },
                {
                  id: 'operations',
                  header: t('matrix.measure.operations'),
                  render: (pair) => {
                    const done = accesses.filter((access) => (pair.access[access] ?? 0) > 0);
                    if (done.length === 0) return '–';
                    return (
                      <Link to="/o/$organization/operations" params={{ organization }} search={ways(pair)} className={style['links']}>
                        {done.map((access) => (
                          <span key={access} className="nowrap">
                            <AccessBadge access={access} /> {formatCount(pair.access[access] ?? 0, locale)}
                          </span>
                        ))}
                      </Link>
                    );
                  },
                },
              ]}
            />
          </Panel>
          {data.total > data.items.length && <p className="muted">{t('common.more', { count: data.items.length })}</p>}
        </div>
      )}
    </Loaded>
  );
}
