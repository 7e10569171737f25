// The sections as slides: a cover, the messages on one page, then one message a slide, long tables over several.
import PptxGenJS from 'pptxgenjs';

import { compose } from '@/shared/report/compose';
import type { Block, Section } from '@/shared/report/document';
import type { ViewModel } from '@/shared/report/view-model';
import type { ReportWords } from '@/shared/report/words';

import { drawBars, drawColumns, drawPicture, drawScore, drawTable, type Area } from './draw';
import { ems, headerHeight, pages, rowHeights } from './measure';
import { mend } from './mend';
import { bodyBottom, bodyTop, bodyWidth, fonts, grey, ink, languages, line, page, panel } from './style';

const shares: Record<Block['kind'], number> = { score: 2.3, table: 4.9, bars: 5, columns: 10, picture: 10 };
const gap = 0.35;
const titleHeight = 0.3;
/** A chart above a table leaves it room for all of its rows, or for some. */
const chartHeight = { least: 1.85, most: 2.9 };

const total = (heights: number[]) => heights.reduce((sum, one) => sum + one, 0);

class Deck {
  readonly #pptx = new PptxGenJS();
  readonly #words: ReportWords;

  constructor(model: ViewModel, words: ReportWords) {
    this.#words = words;
    const { t, locale } = words;
    const of = t('of', { organization: model.site.organization, site: model.site.site });
    const period = t('period', { from: words.day(model.from), to: words.day(model.to) });
    this.#pptx.layout = 'LAYOUT_WIDE';
    this.#pptx.title = `${t('title')} – ${of}`;
    this.#pptx.company = model.site.organization;
    this.#pptx.author = 'OsecT';
    this.#pptx.theme = { headFontFace: fonts[locale], bodyFontFace: fonts[locale] };
    const placeholder = { x: page.margin, y: 0.58, w: bodyWidth, h: 0.92, fontSize: 22, bold: true, color: ink, align: 'left', valign: 'middle', margin: 0 } as const;
    this.#pptx.defineSlideMaster({
      title: 'CONTENT',
      background: { color: 'FFFFFF' },
      objects: [
        { placeholder: { options: { name: 'title', type: 'title', ...placeholder }, text: '' } },
        { line: { x: page.margin, y: 7.0, w: bodyWidth, h: 0, line: { color: line, width: 0.75 } } },
        { text: { text: `${of}    ${period}`, options: { x: page.margin, y: 7.05, w: 10, h: 0.3, fontSize: 9, color: grey, margin: 0, lang: languages[locale] } } },
      ],
      slideNumber: { x: page.width - page.margin - 0.6, y: 7.05, w: 0.6, h: 0.3, fontSize: 9, color: grey, align: 'right' },
    });
    this.#pptx.defineSlideMaster({
      title: 'COVER',
      background: { color: 'FFFFFF' },
      objects: [
        { rect: { x: 0, y: 0, w: 0.28, h: page.height, fill: { color: '24405C' } } },
        { placeholder: { options: { name: 'title', type: 'title', x: 1.1, y: 2.1, w: 11, h: 1.1, fontSize: 36, bold: true, color: ink, align: 'left', valign: 'bottom', margin: 0 }, text: '' } },
      ],
    });
    const cover = this.#pptx.addSlide({ masterName: 'COVER' });
    const lang = languages[locale];
    cover.addText(t('title'), { placeholder: 'title', lang });
    cover.addText(of, { x: 1.1, y: 3.35, w: 11, h: 0.6, fontSize: 22, color: ink, margin: 0, lang });
    cover.addText([{ text: period, options: { breakLine: true } }, { text: t('madeAt', { at: words.moment(model.made_at), zone: model.site.time_zone }) }], {
      x: 1.1,
      y: 4.15,
      w: 11,
      h: 0.8,
      fontSize: 14,
      color: grey,
      margin: 0,
      valign: 'top',
      lang,
    });
    cover.addText('OsecT', { x: 1.1, y: 6.6, w: 4, h: 0.4, fontSize: 14, bold: true, color: grey, margin: 0, lang });
  }

  #slide(heading: string, title: string): PptxGenJS.Slide {
    const slide = this.#pptx.addSlide({ masterName: 'CONTENT' });
    const lang = languages[this.#words.locale];
    slide.addText(heading, { x: page.margin, y: 0.3, w: bodyWidth, h: 0.3, fontSize: 11, color: grey, margin: 0, valign: 'middle', lang });
    slide.addText(title, { placeholder: 'title', lang });
    return slide;
  }

  #action(slide: PptxGenJS.Slide, text: string): void {
    const lang = languages[this.#words.locale];
    const [y, h] = [6.36, 0.54];
    slide.addShape('rect', { x: page.margin, y, w: bodyWidth, h, fill: { color: panel }, line: { color: panel } });
    slide.addShape('rect', { x: page.margin, y, w: 0.07, h, fill: { color: '24405C' }, line: { color: '24405C' } });
    slide.addText(
      [
        { text: `${this.#words.t('next')}  `, options: { bold: true, color: ink } },
        { text, options: { color: ink } },
      ],
      { x: page.margin + 0.2, y, w: bodyWidth - 0.35, h, fontSize: 11.5, margin: 0, valign: 'middle', lang },
    );
  }

  /** Sentences under the title; where the body begins below them. */
  #says(slide: PptxGenJS.Slide, says: string[]): number {
    if (says.length === 0) return bodyTop;
    const lines = says.reduce((sum, text) => sum + Math.ceil((ems(text) * 12) / (bodyWidth * 72)), 0);
    const h = lines * 0.25 + 0.06;
    slide.addText(
      says.map((text, index) => ({ text, options: { breakLine: index < says.length - 1 } })),
      { x: page.margin, y: bodyTop - 0.06, w: bodyWidth, h, fontSize: 12, color: grey, margin: 0, valign: 'top', lang: languages[this.#words.locale] },
    );
    return bodyTop + h + 0.08;
  }

  #subtitle(slide: PptxGenJS.Slide, text: string, area: Area): void {
    slide.addText(text, { ...area, h: titleHeight, fontSize: 12, bold: true, color: ink, margin: 0, valign: 'middle', lang: languages[this.#words.locale] });
  }

  #block(slide: PptxGenJS.Slide, block: Block, area: Area): void {
    const { locale } = this.#words;
    switch (block.kind) {
      case 'bars':
        drawBars(slide, block, area, locale);
        return;
      case 'columns':
        drawColumns(slide, block, area, locale);
        return;
      case 'picture':
        drawPicture(slide, block, area, locale);
        return;
      case 'score':
        drawScore(slide, block, area, locale);
        return;
      case 'table': {
        if (block.title !== undefined) this.#subtitle(slide, block.title, area);
        const heights = rowHeights(block, area.w);
        const y = area.y + (block.title === undefined ? 0 : titleHeight + 0.05);
        drawTable(slide, block, { ...area, y }, { begin: 0, end: heights.length, heights }, locale);
      }
    }
  }

  #figures(slide: PptxGenJS.Slide, blocks: Block[], area: Area): void {
    const all = blocks.reduce((sum, { kind }) => sum + shares[kind], 0);
    let x = area.x;
    for (const block of blocks) {
      const w = ((area.w - gap * (blocks.length - 1)) * shares[block.kind]) / all;
      this.#block(slide, block, { ...area, x, w });
      x += w + gap;
    }
  }

  add(section: Section): void {
    const { t, locale } = this.#words;
    const first = this.#slide(section.heading, section.title);
    this.#action(first, section.action);
    let y = this.#says(first, section.says);
    if (section.figures.length > 0) {
      const below = section.tables.reduce((sum, table) => sum + headerHeight(table, bodyWidth) + total(rowHeights(table, bodyWidth)) + 0.5, 0);
      const most = section.figures.some((block) => block.kind === 'bars' && block.bars.length < 4) ? chartHeight.least : chartHeight.most;
      const h = below === 0 ? bodyBottom - y : Math.min(most, Math.max(chartHeight.least, bodyBottom - y - below));
      this.#figures(first, section.figures, { x: page.margin, y, w: bodyWidth, h });
      y += h + 0.15;
    }
    // Each table begins where the one before ended; what does not fit goes on.
    const placed: { table: (typeof section.tables)[number]; part: ReturnType<typeof pages>[number]; sheet: number; y: number }[] = [];
    let sheet = 0;
    for (const table of section.tables) {
      const own = table.title === undefined ? 0 : titleHeight + 0.05;
      for (const [index, part] of pages(table, bodyWidth, bodyBottom - y - own, bodyBottom - bodyTop - own).entries()) {
        if (index > 0) {
          sheet += 1;
          y = bodyTop;
        }
        if (part.end === part.begin) continue;
        placed.push({ table, part, sheet, y });
        y += own + headerHeight(table, bodyWidth) + total(part.heights) + 0.2;
      }
    }
    const slides = [first];
    for (let index = 1; index <= sheet; index += 1) {
      const next = this.#slide(section.heading, t('continued', { title: section.title, page: index + 1, pages: sheet + 1 }));
      this.#action(next, section.action);
      slides.push(next);
    }
    for (const { table, part, sheet: at, y: top } of placed) {
      const slide = slides[at] ?? first;
      const area = { x: page.margin, y: top, w: bodyWidth, h: 0 };
      if (table.title !== undefined) this.#subtitle(slide, table.title, area);
      drawTable(slide, table, { ...area, y: top + (table.title === undefined ? 0 : titleHeight + 0.05) }, part, locale);
    }
  }

  addContents(sections: Section[]): void {
    const slide = this.#slide(this.#words.t('title'), this.#words.t('contents'));
    const rows = sections.map(({ heading, title }) => [heading, title]);
    const table = { kind: 'table' as const, columns: [{ header: this.#words.t('contentsSection'), width: 3.2 }, { header: this.#words.t('contentsMessage'), width: 9 }], rows };
    const heights = rowHeights(table, bodyWidth);
    drawTable(slide, table, { x: page.margin, y: 1.42, w: bodyWidth, h: 0 }, { begin: 0, end: rows.length, heights }, this.#words.locale);
  }

  async bytes(): Promise<Uint8Array> {
    const deck = (await this.#pptx.write({ outputType: 'nodebuffer' })) as Uint8Array;
    return mend(deck, fonts.ja);
  }
}

/** Names come from the network and may hold what XML cannot (XML 1.0, 2.2). */
function withoutControls(model: ViewModel): ViewModel {
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
  return JSON.parse(JSON.stringify(model), (_, value: unknown) => (typeof value === 'string' ? value.replace(control, '\ufffd') : value)) as ViewModel;
}

export async function makeDeck(given: ViewModel, words: ReportWords): Promise<Uint8Array> {
  const model = withoutControls(given);
  const deck = new Deck(model, words);
  const sections = compose(model, words);
  deck.addContents(sections);
  for (const section of sections) deck.add(section);
  return deck.bytes();
}
