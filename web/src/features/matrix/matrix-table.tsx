// The matrix as a table: names stay in sight, one cell is a stop for the keyboard, arrows go from cell to cell.
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';

import { cellName, shadeOf, valueOf, type Measure } from './matrix';
import style from './matrix.module.css';

interface MatrixTableProps {
  matrix: Schemas['Matrix'];
  measure: Measure;
  lineName: (line: Schemas['MatrixLine']) => string;
  selected: string | undefined;
  onCell: (name: string) => void;
}

export function MatrixTable({ matrix, measure, lineName, selected, onCell }: MatrixTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const table = useRef<HTMLTableElement>(null);
  const values = new Map(matrix.cells.map((cell) => [`${String(cell.client)} ${String(cell.server)}`, valueOf(cell, measure)]));
  const largest = Math.max(0, ...values.values());
  const names = matrix.lines.map(lineName);
  const count = matrix.lines.length;
  const [stop, setStop] = useState<[number, number]>();
  const first = matrix.cells[0];
  const [row, column] = stop ?? [first?.client ?? 0, first?.server ?? 0];

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, count - 1],
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const [y, x] = to.map((at) => Math.max(0, Math.min(count - 1, at))) as [number, number];
    setStop([y, x]);
    table.current?.querySelector<HTMLElement>(`[data-at="${String(y)} ${String(x)}"]`)?.focus();
  };
  const text = (value: number) => (measure === 'bytes' ? formatBytes(value) : formatCount(value, locale));

  return (
    <div className={style['frame']}>
      <table ref={table} className={style['table']} onKeyDown={onKeyDown}>
        <caption className="unseen">{t('matrix.caption')}</caption>
        <thead>
          <tr>
            <th scope="col" className={style['corner']}>
              {t('matrix.corner')}
            </th>
            {names.map((name, at) => (
              <th key={matrix.lines[at]?.key} scope="col" title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.lines.map((line, y) => (
            <tr key={line.key}>
              <th scope="row" title={names[y]}>
                {names[y]}
                {matrix.by !== 'device' && <small className="muted number">{line.devices}</small>}
              </th>
              {matrix.lines.map((other, x) => {
                const value = values.get(`${String(y)} ${String(x)}`) ?? 0;
                const name = cellName(line.key, other.key);
                return (
                  <td key={other.key} data-shade={shadeOf(value, largest)} data-selected={name === selected}>
                    <button
                      type="button"
                      data-at={`${String(y)} ${String(x)}`}
                      tabIndex={y === row && x === column ? 0 : -1}
                      aria-label={t('matrix.cell', { client: names[y], server: names[x], value: value === 0 ? t('matrix.nothing') : text(value) })}
                      aria-disabled={value === 0}
                      onFocus={() => { setStop([y, x]); }}
                      onClick={() => {
                        if (value > 0) onCell(name);
                      }}
                    >
                      {value === 0 ? '' : text(value)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
