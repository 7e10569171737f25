// Traffic over time, stacked: gaps stay gaps, midnights of the site are marked, dragging chooses a new time range.
// The same figures stand in a table one press away.
import { Table2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatBytes, formatMoment } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useZone } from '@/shared/lib/scope';
import { Button } from '@/shared/ui/button';
import { Skeleton } from '@/shared/ui/state-frame';

import style from './time-chart.module.css';

const Plot = lazy(async () => ({ default: (await import('./plot')).Plot }));

interface TimeChartProps {
  label: string;
  data: Schemas['TrafficSeries'];
  nameOf: (line: Schemas['TrafficLine']) => string;
  height?: number;
  /** Receives a range that was dragged over. */
  onBrush?: (from: Date, to: Date) => void;
}

/** Class of a line's colour: six of them, and grey for the others. */
function colourOf(line: Schemas['TrafficLine'], index: number): string {
  return line.key === 'others' ? 'others' : String((index % 6) + 1);
}

export function TimeChart({ label, data, nameOf, height = 260, onBrush }: TimeChartProps) {
  const { t } = useTranslation();
  const [isTable, setTable] = useState(false);
  const lines = data.series.map((line, index) => ({ line, name: nameOf(line), colour: colourOf(line, index) }));
  const hasGap = data.series.some((line) => line.bytes.includes(null));
  return (
    <figure className={style['figure']} aria-label={label}>
      <div className={style['bar']}>
        <ul className={style['legend']}>
          {lines.length > 1 &&
            lines.map(({ line, name, colour }) => (
              <li key={line.key}>
                <span className={`${style['swatch'] ?? ''} ${style[`colour-${colour}`] ?? ''}`} />
                {name} <span className="muted number">{formatBytes(line.total_bytes)}</span>
              </li>
            ))}
        </ul>
        <Button
          look="quiet"
          small
          icon={<Table2 size={16} aria-hidden />}
          aria-pressed={isTable}
          onClick={() => {
            setTable(!isTable);
          }}
        >
          {isTable ? t('chart.asChart') : t('chart.asTable')}
        </Button>
      </div>
      {isTable ? (
        <SeriesTable label={label} data={data} names={lines.map((one) => one.name)} />
      ) : (
        <Suspense fallback={<Skeleton rows={6} />}>
          <Plot
            data={data}
            colours={lines.map((one) => one.colour)}
            names={lines.map((one) => one.name)}
            height={height}
            onBrush={onBrush}
          />
        </Suspense>
      )}
      {hasGap && <figcaption className={style['note']}>{t('chart.gaps')}</figcaption>}
    </figure>
  );
}

function SeriesTable({ label, data, names }: { label: string; data: Schemas['TrafficSeries']; names: string[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(60_000);
  return (
    <div className={style['tableFrame']} tabIndex={0} role="region" aria-label={label}>
      <table className={style['table']}>
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t('chart.time')}</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.times.map((time, row) => (
            <tr key={time}>
              <th scope="row">{formatMoment(new Date(time), now, locale, zone)}</th>
              {data.series.map((line) => {
                const bytes = line.bytes[row];
                return <td key={line.key}>{bytes === null || bytes === undefined ? t('chart.noData') : formatBytes(bytes)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
