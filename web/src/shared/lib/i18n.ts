// Japanese and English; only the language in use is loaded.
import i18next from 'i18next';
import { useTranslation, initReactI18next } from 'react-i18next';

import type { Locale } from './format';
import type ja from '@/shared/i18n/ja.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'ui';
    resources: { ui: typeof ja };
  }
}

export const locales = ['ja', 'en'] as const;

const key = 'osect.locale';

async function words(locale: Locale): Promise<object> {
  const module = locale === 'ja' ? await import('@/shared/i18n/ja.json') : await import('@/shared/i18n/en.json');
  return module.default;
}

/** The language early.js has put on the document. */
export function documentLocale(): Locale {
  return document.documentElement.lang === 'en' ? 'en' : 'ja';
}

export async function startI18n(locale: Locale): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: locale,
    defaultNS: 'ui',
    ns: ['ui'],
    fallbackLng: false,
    returnNull: false,
    interpolation: { escapeValue: false },
    resources: { [locale]: { ui: await words(locale) } },
  });
}

export async function applyLocale(locale: Locale): Promise<void> {
  localStorage.setItem(key, locale);
  document.documentElement.lang = locale;
  if (!i18next.hasResourceBundle(locale, 'ui')) i18next.addResourceBundle(locale, 'ui', await words(locale));
  if (i18next.language !== locale) await i18next.changeLanguage(locale);
}

export function useLocale(): Locale {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'ja';
}
