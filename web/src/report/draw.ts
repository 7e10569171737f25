// Blocks as native objects of a slide: tables, charts, the network picture from shapes.
import type PptxGenJS from 'pptxgenjs';

import type { Locale } from '@/shared/lib/format';
import type { Bars, Cell, Columns, Node, Picture, ScoreBlock, Table } from '@/shared/report/document';

import { cellMarginPoints, fontPoints, headerHeight, linePoints, widths, type Page } from './measure';
import { fonts, grey, ink, languages, line, panel, severityColours, severityShades, shades } from './style';

export interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

const thin = { type: 'solid' as const, color: line, pt: 0.75 };
const noLine = { type: 'none' as const };

function tableCell(cell: Cell, isNumber: boolean, locale: Locale): PptxGenJS.TableCell {
  const [horizontal, vertical] = cellMarginPoints;
  const options: PptxGenJS.TableCellProps = {
    fontSize: fontPoints,
    color: ink,
    align: isNumber ? 'right' : 'left',
    valign: 'middle',
    margin: [vertical / 72, horizontal / 72, vertical / 72, horizontal / 72],
    border: [noLine, noLine, thin, noLine],
    lang: languages[locale],
  };
  // Exact, in the paragraph: the library passes it on.
  Object.assign(options, { lineSpacing: linePoints });
  if (typeof cell === 'string') return { text: cell, options };
  const { text, fill } = severityColours[cell.severity];
  return { text: cell.text, options: { ...options, bold: true, color: text, fill: { color: fill } } };
}

/** The rows of one page; gives the height it takes. */
export function drawTable(slide: PptxGenJS.Slide, table: Table, area: Area, rows: Page, locale: Locale): number {
  const header = table.columns.map((column): PptxGenJS.TableCell => {
    const cell = tableCell(column.header, column.isNumber === true, locale);
    return { ...cell, options: { ...cell.options, bold: true, color: grey, fill: { color: panel }, border: [noLine, noLine, { ...thin, color: grey }, noLine] } };
  });
  const body = table.rows.slice(rows.begin, rows.end).map((row) => row.map((cell, index) => tableCell(cell, table.columns[index]?.isNumber === true, locale)));
  const heights = [headerHeight(table, area.w), ...rows.heights];
  slide.addTable([header, ...body], { x: area.x, y: area.y, w: area.w, colW: widths(table, area.w), rowH: heights });
  return heights.reduce((sum, height) => sum + height, 0);
}

const chartText = (locale: Locale) => ({
  catAxisLabelFontFace: fonts[locale],
  catAxisLabelFontSize: 10,
  catAxisLabelColor: ink,
  valAxisLabelFontFace: fonts[locale],
  valAxisLabelFontSize: 9,
  valAxisLabelColor: grey,
  dataLabelFontFace: fonts[locale],
  dataLabelFontSize: 10,
  dataLabelColor: ink,
  legendFontFace: fonts[locale],
  legendFontSize: 10,
  legendColor: ink,
  showTitle: true,
  titleFontFace: fonts[locale],
  titleFontSize: 12,
  titleColor: ink,
  titleBold: true,
  lang: languages[locale],
});

export function drawBars(slide: PptxGenJS.Slide, block: Bars, area: Area, locale: Locale): void {
  const isBySeverity = block.bars.some(({ severity }) => severity !== undefined);
  // Charts are drawn from the bottom up.
  const bars = [...block.bars].reverse();
  slide.addChart(
    'bar',
    [{ name: block.title, labels: bars.map(({ label }) => label), values: bars.map(({ value }) => value) }],
    {
      ...area,
      ...chartText(locale),
      title: block.title,
      barDir: 'bar',
      barGapWidthPct: 45,
      valAxisHidden: true,
      valAxisMinVal: 0,
      valGridLine: { style: 'none' },
      catAxisLineColor: line,
      showValue: true,
      dataLabelFormatCode: '#,##0',
      chartColors: isBySeverity ? bars.map(({ severity }) => severityShades[severity ?? 'info']) : [shades[1] ?? ink],
      showLegend: false,
    },
  );
}

export function drawColumns(slide: PptxGenJS.Slide, block: Columns, area: Area, locale: Locale): void {
  slide.addChart(
    'bar',
    block.series.map(({ name, values }) => ({ name, labels: block.labels, values })),
    {
      ...area,
      ...chartText(locale),
      title: block.title,
      barDir: 'col',
      barGrouping: 'stacked',
      barGapWidthPct: 35,
      valAxisMinVal: 0,
      valAxisLabelFormatCode: '#,##0.##',
      valGridLine: { color: line, size: 0.5, style: 'solid' },
      catAxisLineColor: line,
      valAxisLineShow: false,
      catAxisLabelFontSize: 9,
      catAxisLabelFrequency: String(Math.max(1, Math.ceil(block.labels.length / 16))),
      chartColors: shades.slice(0, block.series.length),
      showLegend: true,
      legendPos: 'r',
    },
  );
}

export function drawScore(slide: PptxGenJS.Slide, block: ScoreBlock, area: Area, locale: Locale): void {
  const lang = languages[locale];
  slide.addShape('rect', { ...area, h: 2.5, fill: { color: panel }, line: { color: panel } });
  slide.addText(block.grade, { ...area, h: 1.35, align: 'center', valign: 'bottom', fontSize: 66, bold: true, color: ink, lang });
  slide.addText(
    [
      { text: String(block.value), options: { fontSize: 24, bold: true, color: ink } },
      { text: ` / 100`, options: { fontSize: 14, color: grey } },
    ],
    { ...area, y: area.y + 1.4, h: 0.5, align: 'center', valign: 'middle', lang },
  );
  slide.addText(block.label, { ...area, y: area.y + 1.88, h: 0.4, align: 'center', valign: 'middle', fontSize: 11, color: grey, lang });
}

/** Longer names are cut where the box ends. */
function shortened(text: string, room: number): string {
  let out = '';
  let used = 0;
  for (const character of text) {
    used += character > '\u2e7f' ? 1 : 0.58;
    if (used > room) return `${out}…`;
    out += character;
  }
  return out;
}

export function drawPicture(slide: PptxGenJS.Slide, block: Picture, area: Area, locale: Locale): void {
  const lang = languages[locale];
  const step = area.w / block.columns.length;
  const box = { w: step - 0.62, h: 0.38 };
  const top = area.y + 0.4;
  const places = new Map<string, { x: number; y: number; node: Node }>();
  block.columns.forEach((heading, column) => {
    const x = area.x + column * step;
    slide.addText(heading, { x, y: area.y, w: box.w, h: 0.3, fontSize: 10.5, bold: true, color: grey, align: 'left', valign: 'middle', margin: 0, lang });
    const here = block.nodes.filter((node) => node.column === column);
    const gap = (area.h - 0.4) / Math.max(here.length, 5);
    here.forEach((node, index) => places.set(node.id, { x, y: top + index * gap + (gap - box.h) / 2, node }));
  });
  for (const { from, to, bytes } of block.edges) {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) continue;
    const stroke = { color: 'A4B0BC', width: Math.min(3, Math.max(0.5, Math.log10(bytes + 1) / 3)) };
    const [first, second] = a.x <= b.x ? [a, b] : [b, a];
    const [y1, y2] = [first.y + box.h / 2, second.y + box.h / 2];
    if (first.x === second.x) {
      const [upper, lower] = [Math.min(y1, y2), Math.max(y1, y2)];
      const points = [
        { x: 0, y: 0, moveTo: true },
        { x: 0.16, y: 0 },
        { x: 0.16, y: lower - upper },
        { x: 0, y: lower - upper },
      ];
      slide.addShape('custGeom' as PptxGenJS.SHAPE_NAME, { x: first.x + box.w, y: upper, w: 0.16, h: lower - upper, points, line: stroke });
    } else {
      const x = first.x + box.w;
      slide.addShape('line', { x, y: Math.min(y1, y2), w: second.x - x, h: Math.abs(y2 - y1), flipV: y2 < y1, line: stroke });
    }
  }
  for (const { x, y, node } of places.values()) {
    const frame = node.severity === undefined ? { color: '8C97A3', width: 0.75 } : { color: severityShades[node.severity], width: 2 };
    slide.addText(
      [
        { text: shortened(node.label, (box.w * 72 - 8) / 9.5), options: { fontSize: 9, bold: true, color: ink, breakLine: node.detail !== '' } },
        ...(node.detail === '' ? [] : [{ text: node.detail, options: { fontSize: 7.5, color: grey } }]),
      ],
      { shape: 'rect', x, y, w: box.w, h: box.h, fill: { color: 'FFFFFF' }, line: frame, margin: 2, align: 'center', valign: 'middle', lang },
    );
  }
}
