// Two periods side by side: what is new, gone or changed, as lists that lead to the devices and conversations themselves.
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { formatCount, formatMoment } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useScope, useZone } from '@/shared/lib/scope';
import { stringifySearch } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { isoSeconds } from '@/shared/lib/time-range';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { Page, Panel } from '@/shared/ui/page';
import { Empty, Failure, Skeleton } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';

import { ChangeTable } from './change-table';
import style from './difference.module.css';
import { PeriodPicker } from './period-picker';
import { periodsOf, type Period } from './periods';

export const kinds = ['devices', 'conversations', 'services', 'operations', 'attributes'] as const;
const changes = ['new', 'gone', 'changed'] as const;

export function DifferencePage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(60_000);
  const organization = useOrganizationId();
  const { site, sensor } = useScope();
  const search = useSearch({ from: '/o/$organization/difference' });
  const set = useSearchChange();
  const periods = periodsOf(search, now);
  const [from, to] = [isoSeconds(periods.before.from), isoSeconds(periods.before.to)];
  const [afterFrom, afterTo] = [isoSeconds(periods.after.from), isoSeconds(periods.after.to)];
  const query = useMemo(
    () => ({ site, sensor, before_from: from, before_to: to, after_from: afterFrom, after_to: afterTo }),
    [site, sensor, from, to, afterFrom, afterTo],
  );
  const kind = search.kind ?? 'devices';
  const answers = useQueries({
    queries: kinds.map((one) => ({
      queryKey: ['network', organization, 'difference', one, query],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get('/api/v1/organizations/{organization}/difference', { path: { organization }, query: { ...query, kind: one }, signal }),
      placeholderData: keepPreviousData,
    })),
  });
  const answer = answers[kinds.indexOf(kind)];
  const data = answer?.data;
  const moment = (period: Period) => `${formatMoment(period.from, now, locale, zone)} – ${formatMoment(period.to, now, locale, zone)}`;
  const silent = data === undefined ? [] : (['before', 'after'] as const).filter((one) => !data[one].has_data);

  return (
    <Page title={t('nav.difference')} about={t('difference.about')}>
      <PeriodPicker search={search} periods={periods} onChange={set} />
      <p className={style['periods']}>
        <span>{t('difference.before', { period: moment(periods.before) })}</span>
        <span aria-hidden>→</span>
        <span>{t('difference.after', { period: moment(periods.after) })}</span>
      </p>
      <div className={style['bar']}>
        <Tabs
          label={t('difference.kinds')}
          value={kind}
          choices={kinds.map((one, at) => {
            const counts = answers[at]?.data?.counts;
            const all = counts === undefined ? '' : ` ${formatCount(counts.new + counts.gone + counts.changed, locale)}`;
            return { value: one, label: `${t(`difference.kind.${one}`)}${all}` };
          })}
          onChange={(one) => { set({ kind: one }, 'replace'); }}
        />
        <Menu label={t('list.export')} icon={<Download size={16} aria-hidden />} align="end">
          {(close) =>
            (['xlsx', 'csv'] as const).map((format) => (
              <MenuItem
                key={format}
                onClick={() => {
                  close();
                  location.assign(
                    `/api/v1/organizations/${organization}/difference/export${stringifySearch({ ...query, kind, format, locale })}`,
                  );
                }}
              >
                {t(`list.${format}`)}
              </MenuItem>
            ))
          }
        </Menu>
      </div>
      {data === undefined ? (
        answer?.isError === true ? <Failure error={answer.error} /> : <Skeleton rows={8} />
      ) : (
        <>
          {silent.map((one) => (
            <p key={one} className={style['note']} role="status">{t(`difference.silent.${one}`)}</p>
          ))}
          {data.items.length === 0 ? (
            <Empty title={t('difference.same')}>{t('difference.sameNext')}</Empty>
          ) : (
            changes
              .filter((change) => data.counts[change] > 0)
              .map((change) => {
                const items = data.items.filter((item) => item.change === change);
                return (
                  <Panel key={change} title={t(`difference.change.${change}`, { count: data.counts[change] })} flush>
                    <ChangeTable kind={kind} change={change} items={items} />
                    {data.counts[change] > items.length && <p className="muted padded">{t('difference.more', { count: items.length })}</p>}
                  </Panel>
                );
              })
          )}
        </>
      )}
    </Page>
  );
}
