// An alert in the reader's words: its title with the names of the devices, its functions and protocols as people call them.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from './api';
import { fill } from './fill';
import { useLocale } from './i18n';
import { useVocabulary } from './vocabulary';

type Alert = Schemas['Alert'];

export function useAlertWords() {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  return useMemo(() => {
    const valueOf = (alert: Alert) => (name: string) => {
      if (name === 'client' || name === 'server') return alert[name]?.name ?? t('common.unknown');
      const value = alert.detail[name];
      if (value === undefined || value === '') return undefined;
      const text = String(value);
      if (name === 'function') return words.functionName(text);
      if (name === 'protocol' || name === 'service') return words.protocol(text);
      if (name === 'target') return words.target(text);
      return text;
    };
    return {
      title: (alert: Alert) => (alert.title === null ? alert.rule : fill(alert.title[locale], valueOf(alert))),
      text: (alert: Alert, text: Schemas['LocalText']) => fill(text[locale], valueOf(alert)),
    };
  }, [t, locale, words]);
}
