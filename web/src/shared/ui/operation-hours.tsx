// How often operations were done, hour by hour. What changes the plant has a chart of its own: beside thousands of readings
// three write commands could not be seen.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, type QueryFor, type Schemas } from '@/shared/lib/api';
import { useBounds, useScope, useSetScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { formatRange } from '@/shared/lib/time-range';
import { useVocabulary } from '@/shared/lib/vocabulary';

import { changingClasses } from './access-badge';
import { TimeChart } from './chart/time-chart';
import style from './operation-hours.module.css';
import { Loaded } from './state-frame';

const route = '/api/v1/organizations/{organization}/operations/series';
export const operationSplits = ['access', 'function', 'protocol', 'server', 'client'] as const;
export type OperationSplit = (typeof operationSplits)[number];

interface OperationHoursProps {
  /** The list's filters, as the API takes them. */
  filters: Record<string, string | string[] | undefined>;
  by: OperationSplit;
}

export function OperationHours({ filters, by }: OperationHoursProps) {
  const { t } = useTranslation();
  const access = 'filter.access';
  if (filters[access] !== undefined || filters['operation'] !== undefined) {
    return <Hours title={t('operations.perHour')} filters={filters} by={by} isAlone />;
  }
  return (
    <div className={style['charts']}>
      <Hours title={t('operations.changing')} filters={{ ...filters, [access]: changingClasses }} by={by} />
      <Hours title={t('operations.others')} filters={{ ...filters, [access]: changingClasses.map((one) => `!${one}`) }} by={by} />
    </div>
  );
}

interface HoursProps extends OperationHoursProps {
  title: string;
  /** Needs no heading: there is no other chart. */
  isAlone?: boolean;
}

function Hours({ title, filters, by, isAlone = false }: HoursProps) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const { site, sensor } = useScope();
  const bounds = useBounds();
  const setScope = useSetScope();
  const words = useVocabulary();
  const query = { site, sensor, ...filters, ...bounds, by };
  const series = useQuery({
    queryKey: ['operations', 'series', organization, query],
    queryFn: ({ signal }) => api.get(route, { path: { organization }, query: query as QueryFor<typeof route>, signal }),
    placeholderData: keepPreviousData,
  });
  const nameOf = ({ key, name }: Schemas['OperationLine']) => {
    if (key === 'others') return t('traffic.others');
    if (by === 'access') return words.access(key as Schemas['Access']);
    if (by === 'protocol') return words.protocol(key);
    return by === 'function' ? words.functionName(key) : name;
  };
  return (
    <section>
      {!isAlone && <h3 className={style['title']}>{title}</h3>}
      <Loaded query={series} rows={6}>
        {(data) =>
          data.series.every((line) => line.total_count === 0) ? (
            <p className="muted">{t('operations.noneInRange')}</p>
          ) : (
            <TimeChart
              label={title}
              data={data}
              nameOf={nameOf}
              height={180}
              onBrush={(from, to) => {
                setScope({ time: formatRange({ kind: 'absolute', from, to }) });
              }}
            />
          )
        }
      </Loaded>
    </section>
  );
}
