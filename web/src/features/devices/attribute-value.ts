// The value of an attribute in words: types, levels, roles and kinds of MAC have some, everything else stays as it is.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useVocabulary } from '@/shared/lib/vocabulary';

const levels = ['0', '1', '2', '3', '3.5', '4', '5'] as const;
const roles = ['client', 'server', 'both'] as const;
const macKinds = ['vendor', 'randomised', 'virtual', 'shared'] as const;

export function useAttributeValue(): (attribute: string, value: string) => string {
  const { t } = useTranslation();
  const words = useVocabulary();
  return useMemo(() => (attribute: string, value: string) => {
    if (attribute === 'type') return words.type(value);
    const level = levels.find((one) => attribute === 'level' && one === value);
    if (level !== undefined) return t(`level.${level === '3.5' ? 'dmz' : level}`);
    const role = roles.find((one) => attribute === 'role' && one === value);
    if (role !== undefined) return t(`role.${role}`);
    const kind = macKinds.find((one) => attribute === 'mac_kind' && one === value);
    if (kind !== undefined) return t(`macKind.${kind}`);
    return value;
  }, [t, words]);
}
