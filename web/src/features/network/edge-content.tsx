// What two devices say to each other: services and OT operations from client to server.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useBounds } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { AccessBadge } from '@/shared/ui/access-badge';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import type { GraphNode } from './graph';
import style from './network.module.css';

export function EdgeTitle({ client, server, nodes }: { client: string; server: string; nodes: GraphNode[] }) {
  const name = (id: string) => nodes.find((one) => one.id === id)?.label ?? id;
  return (
    <>
      {name(client)} → {name(server)}
    </>
  );
}

export function EdgeContent({ client, server }: { client: string; server: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const organization = useOrganizationId();
  const range = useBounds();
  const edge = useQuery({
    queryKey: ['network', organization, 'edge', client, server, range],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/network/edge', {
        path: { organization },
        query: { client, server, ...range },
        signal,
      }),
  });
  return (
    <Loaded query={edge} rows={6}>
      {(data) => (
        <div className={style['content']}>
          <Panel title={t('network.conversations')} flush>
            <SimpleTable
              caption={t('network.conversations')}
              rows={data.conversations}
              keyOf={(one) => one.id}
              columns={[
                {
                  id: 'service',
                  header: t('device.service'),
                  render: (one) => (
                    <>
                      {words.protocol(one.protocol)} <small className="muted nowrap">{words.transport(one.transport, one.port)}</small>
                    </>
                  ),
                },
                { id: 'up', header: t('network.up'), numeric: true, render: (one) => formatBytes(one.bytes_up) },
                { id: 'down', header: t('network.down'), numeric: true, render: (one) => formatBytes(one.bytes_down) },
                { id: 'last', header: t('column.lastSeen'), render: (one) => <TimeAgo time={one.last_seen} /> },
              ]}
            />
          </Panel>
          <Panel title={t('device.operations')} flush>
            {data.operations.length === 0 ? (
              <p className="muted padded">{t('device.noOperations')}</p>
            ) : (
              <SimpleTable
                caption={t('device.operations')}
                rows={data.operations}
                keyOf={(one) => one.id}
                columns={[
                  { id: 'access', header: t('operation.access'), render: (one) => <AccessBadge access={one.access} /> },
                  {
                    id: 'function',
                    header: t('operation.function'),
                    render: (one) => (
                      <>
                        {words.functionName(one.function)} <small className="muted nowrap">{one.code}</small>
                      </>
                    ),
                  },
                  { id: 'target', header: t('operation.target'), render: (one) => words.target(one.target) },
                  { id: 'count', header: t('operation.count'), numeric: true, render: (one) => formatCount(one.count, locale) },
                ]}
              />
            )}
          </Panel>
          {data.truncated && <p className="muted">{t('network.edgeTruncated')}</p>}
        </div>
      )}
    </Loaded>
  );
}
