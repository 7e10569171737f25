// Traffic or operations over time, stacked: gaps stay gaps, midnights of the site are marked, dragging chooses a new time range.
// The same figures stand in a table one press away.
import { Table2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { formatMoment } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useZone } from '@/shared/lib/scope';
import { Button } from '@/shared/ui/button';
import { Skeleton } from '@/shared/ui/state-frame';

import { figuresOf, figureText, totalText, type ChartLine, type ChartSeries } from './measure';
import style from './time-chart.module.css';

const Plot = lazy(async () => ({ default: (await import('./plot')).Plot }));

interface TimeChartProps<T extends ChartSeries> {
  label: string;
  data: T;
  nameOf: (line: T['series'][number]) => string;
  height?: number;
  /** Receives a range that was dragged over. */
  onBrush?: (from: Date, to: Date) => void;
}

/** Class of a line's colour: six of them, and grey for the others. */
function colourOf(line: ChartLine, index: number): string {
  return line.key === 'others' ? 'others' : String((index % 6) + 1);
}

export function TimeChart<T extends ChartSeries>({ label, data, nameOf, height = 260, onBrush }: TimeChartProps<T>) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [isTable, setTable] = useState(false);
  const lines = data.series.map((line: T['series'][number], index) => ({ line, name: nameOf(line), colour: colourOf(line, index) }));
  const hasGap = data.series.some((line) => figuresOf(line).includes(null));
  return (
    <figure className={style['figure']} aria-label={label}>
      <div className={style['bar']}>
        <ul className={style['legend']}>
          {/* One line of all there is needs no name. */}
          {(lines.length > 1 || lines[0]?.line.key !== 'total') &&
            lines.map(({ line, name, colour }) => (
              <li key={line.key}>
                <span className={`${style['swatch'] ?? ''} ${style[`colour-${colour}`] ?? ''}`} />
                {name} <span className="muted number">{totalText(line, locale)}</span>
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

function SeriesTable({ label, data, names }: { label: string; data: ChartSeries; names: string[] }) {
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
                const figure = figuresOf(line)[row];
                return <td key={line.key}>{figure === null || figure === undefined ? t('chart.noData') : figureText(line, figure, locale)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
