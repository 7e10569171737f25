// Traffic: how much, when, and who or what made it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { useBounds, useScope, useSetScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { formatRange } from '@/shared/lib/time-range';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { TimeChart } from '@/shared/ui/chart/time-chart';
import { Page, Panel } from '@/shared/ui/page';
import { Empty, Loaded } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';

import { Ranking } from './ranking';

const splits = ['total', 'protocol', 'device'] as const;
const rankings = ['talker', 'pair', 'protocol', 'port', 'outside'] as const;

export function TrafficPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const { site, sensor } = useScope();
  const range = useBounds();
  const setScope = useSetScope();
  const words = useVocabulary();
  const { by = 'protocol', rank = 'talker' } = useSearch({ from: '/o/$organization/traffic' });
  const query = { site, sensor, ...range };

  const series = useQuery({
    queryKey: ['traffic', organization, 'series', by, query],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/traffic/series', { path: { organization }, query: { ...query, by }, signal }),
    placeholderData: keepPreviousData,
  });
  const ranking = useQuery({
    queryKey: ['traffic', organization, 'ranking', rank, query],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/traffic/rankings', {
        path: { organization },
        query: { ...query, by: rank, limit: 20 },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

  const change = useSearchChange();
  const nameOf = (line: Schemas['TrafficLine']) => {
    if (line.key === 'others') return t('traffic.others');
    if (line.key === 'total') return t('traffic.total');
    if (by === 'protocol') return words.protocol(line.key === 'unknown' ? null : line.key);
    return line.name;
  };

  return (
    <Page title={t('nav.traffic')} about={t('traffic.about')}>
      <Panel
        title={t('traffic.overTime')}
        actions={
          <Tabs
            label={t('traffic.split')}
            value={by}
            choices={splits.map((one) => ({ value: one, label: t(`traffic.by.${one}`) }))}
            onChange={(one) => {
              change({ by: one }, 'replace');
            }}
          />
        }
      >
        <Loaded query={series} rows={8}>
          {(data) =>
            data.series.every((line) => line.total_packets === 0) ? (
              <Empty title={t('traffic.empty')}>{t('traffic.emptyNext')}</Empty>
            ) : (
              <TimeChart
                label={t('traffic.overTime')}
                data={data}
                nameOf={nameOf}
                onBrush={(from, to) => {
                  setScope({ time: formatRange({ kind: 'absolute', from, to }) });
                }}
              />
            )
          }
        </Loaded>
      </Panel>
      <Panel
        title={t('traffic.rankings')}
        actions={
          <Tabs
            label={t('traffic.rankings')}
            value={rank}
            choices={rankings.map((one) => ({ value: one, label: t(`traffic.rank.${one}`) }))}
            onChange={(one) => {
              change({ rank: one }, 'replace');
            }}
          />
        }
      >
        <Loaded query={ranking} rows={8}>
          {(data) => <Ranking data={data} />}
        </Loaded>
      </Panel>
    </Page>
  );
}
