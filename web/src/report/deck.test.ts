// Whole decks from the golden view model: their structure, what stands on which slide, and that nothing is left out.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import JSZip from 'jszip';
import { afterAll, describe, expect, test } from 'vitest';

import type { Locale } from '@/shared/lib/format';
import { sectionNames } from '@/shared/report/document';
import type { ViewModel } from '@/shared/report/view-model';
import { reportWords } from '@/shared/report/words';

import { makeDeck } from './deck';

const plant = JSON.parse(readFileSync(new URL('../../../cloud/report/testing/plant.json', import.meta.url), 'utf8')) as ViewModel;
const check = fileURLToPath(new URL('./check-deck.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'osect-deck-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const empty: ViewModel = {
  ...plant,
  sensors: [],
  counts: { ...plant.counts, devices: 0, alerts: 0 },
  types: [],
  vendors: [],
  traffic: [],
  devices: [],
  edges: [],
  outside: [],
  remote: [],
  writers: [],
  weaknesses: [],
  alert_counts: [],
  alerts: [],
  cycles: [],
  refusals: [],
  actions: [],
  previous: null,
};

async function made(model: ViewModel, locale: Locale) {
  const bytes = await makeDeck(model, await reportWords(locale, model.site.time_zone));
  const zip = await JSZip.loadAsync(bytes);
  const paths = Object.keys(zip.files).filter((path) => /^ppt\/slides\/slide\d+\.xml$/.test(path));
  paths.sort((a, b) => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0]));
  const xml = await Promise.all(paths.map(async (path) => (await zip.file(path)?.async('string')) ?? ''));
  const slides = xml.map((slide) => [...slide.matchAll(/<a:t>(.*?)<\/a:t>/g)].map(([, text = '']) => text.replaceAll('&amp;', '&')));
  return { bytes, zip, xml, slides };
}

describe.each(['ja', 'en'] as const)('%s', (locale) => {
  test.each([
    ['a plant', plant],
    ['nothing', empty],
    ['names that look like markup', { ...plant, devices: plant.devices.map((one) => ({ ...one, name: '<b>&"\u0001\'</b>' })) }],
  ])('is a sound package: %s', async (_, model) => {
    const { bytes } = await made(model, locale);
    const path = join(folder, 'deck.pptx');
    writeFileSync(path, bytes);
    expect(execFileSync('python3', [check, path], { encoding: 'utf8' })).toBe('\n');
  });

  test('has every section in its order, each with what to do', async () => {
    const { slides } = await made(plant, locale);
    const { t } = await reportWords(locale, 'Asia/Tokyo');
    const headings = slides.slice(2).map(([heading]) => heading ?? '');
    expect([...new Set(headings)]).toEqual(sectionNames.map((name, index) => `${String(index + 1)}. ${t(`section.${name}`)}`));
    for (const slide of slides.slice(2)) expect(slide.some((text) => text.startsWith(t('next')))).toBe(true);
  });

  test('says of empty sections what was looked for', async () => {
    const { slides } = await made(empty, locale);
    const { t } = await reportWords(locale, 'Asia/Tokyo');
    const all = slides.flat();
    for (const name of ['unregistered', 'outside', 'support', 'insecure', 'writers', 'advisories', 'alerts', 'actions'] as const)
      expect(all).toContain(t(`${name}.noneSays`));
  });

  test('has no place that was not filled and no key for a word', async () => {
    const { slides } = await made(plant, locale);
    for (const text of slides.flat()) expect(text).not.toMatch(/\{\{?\w+\}|^(summary|coverage|column|section|outside)\.\w/);
  });
});

test('a long table goes on over slides, with every row once and its header on each', async () => {
  const { slides } = await made(plant, 'ja');
  const ledger = slides.filter(([heading]) => heading?.startsWith('14.'));
  expect(ledger.length).toBeGreaterThan(2);
  for (const device of plant.devices) expect(ledger.flat().filter((text) => text === device.name), device.name).toHaveLength(1);
  for (const slide of ledger) expect(slide).toContain('MAC アドレス');
});

test('charts and tables are native, and the picture is made of shapes', async () => {
  const { zip, xml } = await made(plant, 'ja');
  expect(Object.keys(zip.files).filter((path) => /^ppt\/charts\/chart\d+\.xml$/.test(path))).toHaveLength(5);
  expect(Object.keys(zip.files).filter((path) => /\.(png|jpe?g|svg|gif)$/.test(path))).toEqual([]);
  expect(xml.filter((slide) => slide.includes('<a:tbl>')).length).toBeGreaterThan(9);
  const picture = xml.slice(2).find((slide) => slide.includes('>4. ')) ?? '';
  expect(picture.match(/prst="line"/g)?.length).toBeGreaterThan(5);
});

test('colour means severity: an open critical alert is told in its colour and its word', async () => {
  const { xml } = await made(plant, 'ja');
  const alerts = xml.slice(2).find((slide) => slide.includes('>11. ')) ?? '';
  const cells = alerts.match(/<a:tc>.*?<\/a:tc>/gs) ?? [];
  const critical = cells.filter((cell) => cell.includes('>緊急<'));
  expect(critical).toHaveLength(1);
  expect(critical[0]?.includes('<a:srgbClr val="B3261E"/>')).toBe(true);
  expect(cells.filter((cell) => cell.includes('B3261E"/></a:solidFill>  </a:tcPr>'))).toHaveLength(1);
});
