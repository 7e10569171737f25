// The words a report is written in: its own, and those of the pages for what both name. Needs no page: the .pptx is made without one.
import i18next, { type TFunction } from 'i18next';

import { fill } from '@/shared/lib/fill';
import { formatBytes, formatCount, formatLocal, type Locale } from '@/shared/lib/format';
import { nameFunction } from '@/shared/lib/function-name';
import { protocolName } from '@/shared/lib/protocol-name';

import type { LocalText } from './view-model';

const resources = {
  ja: async () => ({
    ui: (await import('@/shared/i18n/ja.json')).default,
    functions: (await import('@/shared/i18n/functions-ja.json')).default,
    report: (await import('@/shared/i18n/report-ja.json')).default,
  }),
  en: async () => ({
    ui: (await import('@/shared/i18n/en.json')).default,
    functions: (await import('@/shared/i18n/functions-en.json')).default,
    report: (await import('@/shared/i18n/report-en.json')).default,
  }),
};

export async function reportWords(locale: Locale, zone: string) {
  const words = await resources[locale]();
  const instance = i18next.createInstance();
  await instance.init({ lng: locale, ns: ['ui', 'report'], resources: { [locale]: words }, interpolation: { escapeValue: false }, showSupportNotice: false });
  const ui = instance.getFixedT(locale, 'ui');
  const t: TFunction<'report'> = instance.getFixedT(locale, 'report');
  const named = (section: object, key: string) => (section as Record<string, string | undefined>)[key];
  const functionName = (name: string) => nameFunction(name, { ...words.functions, isVerbLast: locale === 'ja' });
  const protocol = (name: string) => (name === '' ? ui('common.unrecognised') : protocolName(name));
  const local = (time: string) => formatLocal(new Date(time), zone);
  return {
    locale,
    t,
    separator: ui('common.listSeparator'),
    unknown: ui('common.unknown'),
    type: (type: string) => named(words.ui.deviceType, type) ?? ui('common.unknown'),
    access: (access: string) => named(words.ui.access, access) ?? access,
    severity: (severity: string) => named(words.ui.severity, severity) ?? severity,
    alertState: (state: string) => named(words.ui.alertState, state) ?? state,
    protocol,
    protocols: (names: string[]) => [...new Set(names.map(protocol))].join(ui('common.listSeparator')),
    functionName,
    count: (value: number) => formatCount(value, locale),
    bytes: formatBytes,
    /** 2026-11-30 */
    day: (time: string) => local(time).slice(0, 10),
    /** 2026-11-30 09:15 */
    moment: (time: string) => local(time).replace('T', ' '),
    /** A detection's text with what was seen in its places. */
    filled: (text: LocalText, detail: Record<string, unknown>) =>
      fill(text[locale], (name) => {
        const value = detail[name];
        if (typeof value !== 'string' || value === '') return typeof value === 'number' ? String(value) : undefined;
        if (name === 'function') return functionName(value);
        return name === 'protocol' || name === 'service' ? protocol(value) : value;
      }),
  };
}

export type ReportWords = Awaited<ReturnType<typeof reportWords>>;
