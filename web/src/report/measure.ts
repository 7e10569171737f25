// How much room a table needs: rows of known height, so that a long one goes on over slides and none is cut.
import type { Cell, Table } from '@/shared/report/document';

export const fontPoints = 10;
/** Set as exact line spacing, so that it is the same with every font. */
export const linePoints = 13.5;
/** Left and right, above and below, of each cell. */
export const cellMarginPoints = [5, 3] as const;

export const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text);

/** The width of a text in its own font size. Full-width characters take one, the widest Latin ones two thirds. */
export function ems(text: string): number {
  let sum = 0;
  for (const character of text) sum += character > '\u2e7f' ? 1 : /[A-ZMWmw@%−–…]/.test(character) ? 0.72 : 0.56;
  return sum;
}

export function widths(table: Table, inches: number): number[] {
  const all = table.columns.reduce((sum, { width }) => sum + width, 0);
  return table.columns.map(({ width }) => (width / all) * inches);
}

function linesIn(text: string, inches: number, isBold: boolean): number {
  const room = (inches * 72 - 2 * cellMarginPoints[0]) / (fontPoints * (isBold ? 1.08 : 1));
  // Words are not split: a line of Latin text ends before it is full.
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil((ems(line) * (/[ -~]{8}/.test(line) ? 1.12 : 1.03)) / room)), 0);
}

const heightOf = (lines: number) => (lines * linePoints + 2 * cellMarginPoints[1]) / 72;

export function headerHeight(table: Table, inches: number): number {
  const each = widths(table, inches);
  return heightOf(Math.max(...table.columns.map(({ header }, index) => linesIn(header, each[index] ?? 1, true))));
}

export function rowHeights(table: Table, inches: number): number[] {
  const each = widths(table, inches);
  return table.rows.map((row) =>
    heightOf(Math.max(...row.map((cell, index) => linesIn(textOf(cell), each[index] ?? 1, typeof cell !== 'string')))),
  );
}

export interface Page {
  begin: number;
  end: number;
  heights: number[];
}

/** Rows by page: `first` inches on the first, where at least two rows must fit, or it stays empty, and `others` on the others. */
export function pages(table: Table, inches: number, first: number, others: number): Page[] {
  const header = headerHeight(table, inches);
  const heights = rowHeights(table, inches);
  const out: Page[] = [];
  let begin = 0;
  for (let room = first; begin < heights.length; room = others) {
    let end = begin;
    let used = header;
    while (end < heights.length && (used + (heights[end] ?? 0) <= room || (room === others && end === begin))) {
      used += heights[end] ?? 0;
      end += 1;
    }
    if (out.length === 0 && end < Math.min(2, heights.length)) end = 0;
    out.push({ begin, end, heights: heights.slice(begin, end) });
    begin = end;
  }
  return out;
}
