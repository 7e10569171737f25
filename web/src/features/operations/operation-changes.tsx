// Who changes what: one line for each writer and machine, a column for each class of change.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useOrganizationId } from '@/shared/lib/session';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { DeviceLink } from '@/shared/ui/device-name';
import type { ListQuery } from '@/shared/ui/list/list-types';
import { Loaded } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';
import { TimeAgo } from '@/shared/ui/time-ago';

import { changeClasses, changesBy, pairsOf, type Change, type Pair } from './changes';
import style from './operation-changes.module.css';
import { partOf, sumsQuery, useRowsOf } from './sums';
import type { ViewProps } from './views';

/** The page's filters, but only what changes the plant. */
function changesOnly(query: ListQuery): ListQuery {
  const asked = [query['filter.access'] ?? []].flat();
  const wanted = changeClasses.filter((one) => asked.includes(one));
  const left = changeClasses.filter((one) => !asked.includes(`!${one}`));
  return { ...query, 'filter.access': wanted.length > 0 ? wanted : [...left] };
}

interface OperationChangesProps extends ViewProps {
  by: 'client' | 'server';
}

export function OperationChanges({ query, seen, by }: OperationChangesProps) {
  const { t } = useTranslation();
  const change = useSearchChange();
  const organization = useOrganizationId();
  const sums = useQuery({
    ...sumsQuery(organization, changesOnly(query), ['client', 'server', 'access']),
    placeholderData: keepPreviousData,
  });
  return (
    <Loaded query={sums} rows={8}>
      {({ items, truncated }) => {
        const pairs = pairsOf(items);
        const clients = changesBy(pairs, 'client');
        const servers = changesBy(pairs, 'server');
        return (
          <>
            <div className={style['head']}>
              <p className={style['sentence']}>
                {pairs.length === 0
                  ? t('operations.noChanges')
                  : t('operations.changesSentence', {
                      clients: t('operations.clientCount', { count: clients.length }),
                      machines: t('operations.machineCount', { count: servers.length }),
                    })}
              </p>
              <Tabs
                label={t('operations.changesBy')}
                value={by}
                choices={(['client', 'server'] as const).map((one) => ({ value: one, label: t(`operations.changesOf.${one}`) }))}
                onChange={(one) => {
                  change({ by: one === 'client' ? undefined : one }, 'replace');
                }}
              />
            </div>
            {pairs.length > 0 && <ChangesTable groups={by === 'client' ? clients : servers} by={by} seen={seen} />}
            {truncated && <p className="muted">{t('common.more', { count: items.length })}</p>}
          </>
        );
      }}
    </Loaded>
  );
}

interface ChangesTableProps {
  groups: ReturnType<typeof changesBy>;
  by: 'client' | 'server';
  seen: ViewProps['seen'];
}

function ChangesTable({ groups, by, seen }: ChangesTableProps) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const other = by === 'client' ? 'server' : 'client';
  return (
    <div className={style['frame']} tabIndex={0} role="region" aria-label={t('operations.view.changes')}>
      <table className={style['table']}>
        <caption className="unseen">{t('operations.view.changes')}</caption>
        <thead>
          <tr>
            <th scope="col">{t(`operation.${by}`)}</th>
            <th scope="col">{t(`operation.${other}`)}</th>
            {changeClasses.map((one) => (
              <th key={one} scope="col" title={words.accessHelp(one)}>
                {words.access(one)}
              </th>
            ))}
            <th scope="col">{t('column.firstSeen')}</th>
            <th scope="col">{t('column.lastSeen')}</th>
          </tr>
        </thead>
        {groups.map(({ side, pairs }) => (
          <tbody key={side.id ?? side.name}>
            {pairs.map((pair, index) => (
              <tr key={pair[other].id ?? pair[other].name}>
                {index === 0 && (
                  <th scope="rowgroup" rowSpan={pairs.length}>
                    <DeviceLink device={side} />
                  </th>
                )}
                <td className={style['other']}>
                  <DeviceLink device={pair[other]} />
                </td>
                {changeClasses.map((one) => (
                  <td key={one}>
                    <Count pair={pair} change={one} seen={seen} />
                  </td>
                ))}
                <td><TimeAgo time={pair.first} /></td>
                <td><TimeAgo time={pair.last} /></td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Count({ pair, change, seen }: { pair: Pair; change: Change; seen: ViewProps['seen'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const organization = useOrganizationId();
  const rowsOf = useRowsOf(seen);
  const count = pair.counts[change];
  if (count === undefined) return <span className="muted">–</span>;
  const part = partOf(partOf(undefined, 'client', pair.client), 'server', pair.server);
  const text = formatCount(count, locale);
  return (
    <Link
      to="/o/$organization/operations"
      params={{ organization }}
      search={rowsOf(part, { access: [change] })}
      className={style['count']}
      aria-label={t('operations.countOf', { access: words.access(change), number: text })}
    >
      {text}
    </Link>
  );
}
