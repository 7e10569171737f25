// Whom a device talks to and by which services, and which OT operations it does or receives.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useBounds, useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { AccessBadge } from '@/shared/ui/access-badge';
import { DeviceLink } from '@/shared/ui/device-name';
import { OperationHours } from '@/shared/ui/operation-hours';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import { operationsQuery, peersQuery } from './device-queries';
import style from './devices.module.css';

/** The same rows, and those before the time range, as a list that can be filtered and exported. */
function AllAsList({ to, id }: { to: 'conversations' | 'operations'; id: string }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  return (
    <Link to={`/o/$organization/${to}`} params={{ organization }} search={{ ...scope, filter: { device: [id] } }}>
      {t('device.allAsList')}
    </Link>
  );
}

export function Peers({ id }: { id: string }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const peers = useQuery({ ...peersQuery(useOrganizationId(), id, useBounds()), placeholderData: keepPreviousData });
  return (
    <Panel title={t('device.peers')} actions={<AllAsList to="conversations" id={id} />} flush>
      <Loaded query={peers}>
        {({ items, truncated }) =>
          items.length === 0 ? (
            <p className="muted padded">{t('device.noPeers')}</p>
          ) : (
            <>
              <SimpleTable
                caption={t('device.peers')}
                rows={items}
                keyOf={(peer) =>
                  [peer.device.id ?? '', peer.device.ip ?? '', peer.device.mac ?? '', peer.is_server, peer.transport, peer.port, peer.protocol].join(' ')
                }
                columns={[
                  { id: 'peer', header: t('device.peer'), render: (peer) => <DeviceLink device={peer.device} /> },
                  {
                    id: 'direction',
                    header: t('device.direction'),
                    render: (peer) => (peer.is_server ? t('device.asks') : t('device.isAsked')),
                  },
                  {
                    id: 'service',
                    header: t('device.service'),
                    render: (peer) => (
                      <>
                        {words.protocol(peer.protocol)}{' '}
                        <small className="muted nowrap">{words.transport(peer.transport, peer.port)}</small>
                      </>
                    ),
                  },
                  { id: 'sent', header: t('device.sent'), numeric: true, render: (peer) => formatBytes(peer.bytes_sent) },
                  { id: 'received', header: t('device.received'), numeric: true, render: (peer) => formatBytes(peer.bytes_received) },
                  { id: 'last', header: t('column.lastSeen'), render: (peer) => <TimeAgo time={peer.last_seen} /> },
                ]}
              />
              {truncated && <p className="muted padded">{t('common.more', { count: items.length })}</p>}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

export function Operations({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const operations = useQuery({
    ...operationsQuery(useOrganizationId(), id, useBounds()),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel title={t('device.operations')} actions={<AllAsList to="operations" id={id} />} flush>
      <Loaded query={operations}>
        {({ items, truncated }) =>
          items.length === 0 ? (
            <p className="muted padded">{t('device.noOperations')}</p>
          ) : (
            <>
              <div className={style['hours']}>
                <OperationHours filters={{ 'filter.device': [id] }} by="function" />
              </div>
              <SimpleTable
                caption={t('device.operations')}
                rows={items}
                keyOf={(operation) => operation.id}
                columns={[
                  { id: 'access', header: t('operation.access'), render: (one) => <AccessBadge access={one.access} /> },
                  {
                    id: 'function',
                    header: t('operation.function'),
                    render: (one) => (
                      <>
                        {words.functionName(one.function)}{' '}
                        <small className="muted nowrap">
                          {words.protocol(one.protocol)} {one.code}
                        </small>
                      </>
                    ),
                  },
                  { id: 'client', header: t('column.client'), render: (one) => <DeviceLink device={one.client} /> },
                  { id: 'server', header: t('column.server'), render: (one) => <DeviceLink device={one.server} /> },
                  { id: 'target', header: t('operation.target'), render: (one) => <span className="nowrap">{words.target(one.target)}</span> },
                  { id: 'count', header: t('operation.count'), numeric: true, render: (one) => formatCount(one.count, locale) },
                  { id: 'errors', header: t('operation.errors'), numeric: true, render: (one) => formatCount(one.errors, locale) },
                  { id: 'last', header: t('column.lastSeen'), render: (one) => <TimeAgo time={one.last_seen} /> },
                ]}
              />
              {truncated && <p className="muted padded">{t('common.more', { count: items.length })}</p>}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
