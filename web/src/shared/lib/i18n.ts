// Japanese and English; only the language in use is loaded.
import i18next from 'i18next';
import { useTranslation, initReactI18next } from 'react-i18next';

import type { Locale } from './format';
import type functions from '@/shared/i18n/functions-ja.json';
import type ja from '@/shared/i18n/ja.json';
import type pages from '@/shared/i18n/ja/pages.json';
import type report from '@/shared/i18n/report-ja.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'ui';
    resources: { ui: typeof ja & typeof pages; functions: typeof functions; report: typeof report };
  }
}

export const locales = ['ja', 'en'] as const;

const key = 'osect.locale';

async function words(locale: Locale): Promise<object> {
  const module = locale === 'ja' ? await import('@/shared/i18n/ja.json') : await import('@/shared/i18n/en.json');
  return module.default;
}

const pageWords = {
  ja: () => import('@/shared/i18n/ja/pages.json'),
  en: () => import('@/shared/i18n/en/pages.json'),
};
let hasPageWords = false;

async function addPageWords(locale: Locale): Promise<void> {
  hasPageWords = true;
  i18next.addResourceBundle(locale, 'ui', (await pageWords[locale]()).default, true);
}

const functionWords = {
  ja: () => import('@/shared/i18n/functions-ja.json'),
  en: () => import('@/shared/i18n/functions-en.json'),
};
const asked = new Set<Locale>();

/** Asks for the words of OT functions, which most pages do without; what shows some is drawn again when they are there. */
export function loadFunctionWords(locale: Locale): void {
  if (asked.has(locale)) return;
  asked.add(locale);
  functionWords[locale]().then(
    (module) => i18next.addResourceBundle(locale, 'functions', module.default),
    () => asked.delete(locale),
  );
}

/** The language early.js has put on the document. */
export function documentLocale(): Locale {
  return document.documentElement.lang === 'en' ? 'en' : 'ja';
}

let ready: () => void = () => undefined;
const started = new Promise<void>((resolve) => {
  ready = resolve;
});

export async function startI18n(locale: Locale): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: locale,
    defaultNS: 'ui',
    ns: ['ui'],
    fallbackLng: false,
    returnNull: false,
    interpolation: { escapeValue: false },
    react: { bindI18nStore: 'added' },
    resources: { [locale]: { ui: await words(locale) } },
  });
  ready();
}

/** A page with words of its own, which other pages do without: it comes with them. */
export function withPageWords<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    await started;
    const [page] = await Promise.all([load(), addPageWords(i18next.language === 'en' ? 'en' : 'ja')]);
    return page;
  };
}

export async function applyLocale(locale: Locale): Promise<void> {
  // The session may be answered before the first words are there.
  await started;
  localStorage.setItem(key, locale);
  document.documentElement.lang = locale;
  if (!i18next.hasResourceBundle(locale, 'ui')) i18next.addResourceBundle(locale, 'ui', await words(locale));
  if (hasPageWords) await addPageWords(locale);
  if (i18next.language !== locale) await i18next.changeLanguage(locale);
}

export function useLocale(): Locale {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'ja';
}
