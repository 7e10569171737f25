// A ranking as horizontal bars that are a table at the same time.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import type { SearchMap } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { DeviceLink } from '@/shared/ui/device-name';

import style from './ranking.module.css';

type Rank = Schemas['TrafficRank'];

/** The filter of the list of conversations that shows what a line counts; undefined where a side is no device. */
function filterOf({ client, server, transport, port, protocol }: Rank): SearchMap | undefined {
  if (client !== null && server !== null) {
    return client.id === null || server.id === null ? undefined : { client: [client.id], server: [server.id] };
  }
  if (client !== null) return client.id === null ? undefined : { device: [client.id] };
  if (transport !== null && port !== null) return { transport: [transport], port: [String(port)] };
  return { protocol: [protocol ?? ''] };
}

export function Ranking({ data }: { data: Schemas['TrafficRanking'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const organization = useOrganizationId();
  const scope = useScope();
  if (data.items.length === 0) {
    return <p className="muted">{data.by === 'outside' ? t('traffic.noneOutside') : t('traffic.empty')}</p>;
  }
  const largest = Math.max(1, ...data.items.map((item) => item.bytes));
  const name = (item: Rank): ReactNode => {
    if (item.client !== null && item.server !== null) {
      return (
        <>
          <DeviceLink device={item.client} /> → <DeviceLink device={item.server} />
        </>
      );
    }
    if (item.client !== null) return <DeviceLink device={item.client} />;
    if (item.transport !== null && item.port !== null) {
      return (
        <>
          {words.transport(item.transport, item.port)}{' '}
          {item.protocol !== null && <small className="muted">{words.protocol(item.protocol)}</small>}
        </>
      );
    }
    return (
      <Link
        to="/o/$organization/network"
        params={{ organization }}
        search={{ ...scope, view: 'table', filter: { protocol: [item.protocol ?? ''] } }}
      >
        {words.protocol(item.protocol)}
      </Link>
    );
  };
  return (
    <>
      <div className={style['frame']}>
        <table className={style['table']}>
          <caption className="unseen">{t(`traffic.rank.${data.by}`)}</caption>
          <thead>
            <tr>
              <th scope="col">{t(`traffic.rank.${data.by}`)}</th>
              <th scope="col" aria-label={t('traffic.share')} />
              <th scope="col">{t('column.bytes')}</th>
              <th scope="col">{t('traffic.share')}</th>
              <th scope="col">{t('column.packets')}</th>
              <th scope="col">{t('traffic.conversations')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <tr key={item.key}>
                <th scope="row">{name(item)}</th>
                <td>
                  <svg className={style['bar']} width="100%" height="12" aria-hidden>
                    <rect width={`${String((item.bytes / largest) * 100)}%`} height="12" rx="2" />
                  </svg>
                </td>
                <td>{formatBytes(item.bytes)}</td>
                <td>{data.total.bytes === 0 ? '–' : `${((item.bytes / data.total.bytes) * 100).toFixed(1)} %`}</td>
                <td>{formatCount(item.packets, locale)}</td>
                <td>
                  {filterOf(item) === undefined ? (
                    formatCount(item.conversations, locale)
                  ) : (
                    <Link to="/o/$organization/conversations" params={{ organization }} search={{ ...scope, filter: filterOf(item), seen: 'range' }}>
                      {formatCount(item.conversations, locale)}
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data.count > data.items.length && (
        <p className={`${style['note'] ?? ''} muted`}>
          {t('traffic.shownOf', { shown: data.items.length, all: formatCount(data.count, locale) })}
        </p>
      )}
    </>
  );
}
