// The canvas of a time chart; loaded only where a chart is shown.
import 'uplot/dist/uPlot.min.css';

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

import { formatClock, formatDay } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useZone } from '@/shared/lib/scope';
import { onThemeChange } from '@/shared/lib/theme';

import { plottedOf, plottedText, tickSteps, type ChartSeries } from './measure';
import { edges, levels, stack } from './stack';
import style from './time-chart.module.css';

interface PlotProps {
  data: ChartSeries;
  names: string[];
  /** "1" to "6" or "others": which of the theme's series colours. */
  colours: string[];
  height: number;
  onBrush: ((from: Date, to: Date) => void) | undefined;
}

export function Plot({ data, names, colours, height, onBrush }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const locale = useLocale();
  const zone = useZone();
  const brush = useRef(onBrush);
  useEffect(() => {
    brush.current = onBrush;
  });

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    let plot: uPlot | undefined;

    const draw = () => {
      plot?.destroy();
      const css = getComputedStyle(element);
      const value = (name: string) => css.getPropertyValue(name).trim();
      const font = `12px ${value('--font')}`;
      const times = edges(data.times, data.step_seconds);
      const plain = data.series.map((line) => plottedOf(line, data.step_seconds));
      const stacked = stack(plain);
      // The topmost area is drawn first, so that each lower one covers its part.
      const order = stacked.map((_, index) => index).reverse();

      const options: uPlot.Options = {
        width: element.clientWidth,
        height,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
        legend: { show: false },
        padding: [8, 24, 0, 0],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: onBrush !== undefined, y: false, setScale: false },
        },
        scales: {
          x: { time: true, range: () => [Date.parse(data.from) / 1000, Date.parse(data.to) / 1000] },
          y: { range: (_, _min, max) => [0, Number.isFinite(max) && max > 0 ? max * 1.08 : 1] },
        },
        axes: [
          {
            font,
            stroke: value('--muted'),
            grid: { stroke: value('--line'), width: 1 },
            ticks: { show: false },
            space: 76,
            size: 30,
            values: (_, splits) =>
              splits.map((split) => {
                const moment = new Date(split * 1000);
                const clock = formatClock(moment, locale, zone);
                return clock === '00:00' ? formatDay(moment, locale, zone) : clock;
              }),
          },
          {
            font,
            size: 78,
            incrs: tickSteps(data),
            stroke: value('--muted'),
            grid: { stroke: value('--line'), width: 1 },
            ticks: { show: false },
            values: (_, splits) => splits.map((split) => (split === 0 ? '0' : plottedText(data, split, locale))),
          },
        ],
        series: [
          {},
          ...order.map((index) => {
            const colour = value(`--series-${colours[index] ?? 'others'}`);
            return {
              label: names[index] ?? '',
              stroke: colour,
              width: 1,
              fill: colour,
              points: { show: false },
            };
          }),
        ],
        hooks: {
          drawAxes: [
            (u) => {
              markMidnights(u, locale, zone, value('--line-strong'));
            },
          ],
          setCursor: [
            (u) => {
              showTip(u, tip, data, names, plain, locale, zone);
            },
          ],
          setSelect: [
            (u) => {
              if (u.select.width < 4) return;
              const from = u.posToVal(u.select.left, 'x');
              const to = u.posToVal(u.select.left + u.select.width, 'x');
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              brush.current?.(new Date(from * 1000), new Date(to * 1000));
            },
          ],
        },
      };
      const tip = document.createElement('div');
      tip.className = style['tip'] ?? '';
      tip.hidden = true;
      plot = new uPlot(options, [times, ...order.map((index) => levels(stacked[index] ?? []))], element);
      plot.over.append(tip);
    };

    draw();
    const stopTheme = onThemeChange(draw);
    const observer = new ResizeObserver(() => {
      plot?.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      stopTheme();
      plot?.destroy();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- names and colours follow from data
  }, [data, height, locale, zone]);

  return <div ref={frame} className={style['plot']} aria-hidden />;
}

function markMidnights(u: uPlot, locale: 'ja' | 'en', zone: string, colour: string): void {
  const { min, max } = u.scales['x'] ?? {};
  if (min === undefined || max === undefined || max - min > 40 * 86_400) return;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  for (let at = Math.ceil(min / 1800) * 1800; at < max; at += 1800) {
    if (formatClock(new Date(at * 1000), locale, zone) !== '00:00') continue;
    const x = Math.round(u.valToPos(at, 'x', true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function showTip(
  u: uPlot,
  tip: HTMLDivElement,
  data: ChartSeries,
  names: string[],
  plain: (number | null)[][],
  locale: 'ja' | 'en',
  zone: string,
): void {
  const left = u.cursor.left ?? -1;
  const index = data.times.findLastIndex((one) => Date.parse(one) / 1000 <= u.posToVal(left, 'x'));
  const time = data.times[index];
  if (time === undefined || left < 0) {
    tip.hidden = true;
    return;
  }
  const moment = new Date(time);
  const lines = names.flatMap((name, line) => {
    const rate = plain[line]?.[index];
    return rate === null || rate === undefined ? [] : [`${name}  ${plottedText(data, rate, locale)}`];
  });
  tip.textContent = [`${formatDay(moment, locale, zone)} ${formatClock(moment, locale, zone)}`, ...lines].join('\n');
  tip.hidden = false;
  const width = u.over.clientWidth;
  tip.style.left = left > width / 2 ? '' : `${String(left + 12)}px`;
  tip.style.right = left > width / 2 ? `${String(width - left + 12)}px` : '';
}
