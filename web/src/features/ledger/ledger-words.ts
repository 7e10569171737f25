// What the ledger's fields, states and keys are called.
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';

const fields = [
  'name', 'mac', 'ip', 'serial', 'asset_number', 'host_name', 'vendor', 'model', 'firmware', 'os', 'type', 'place', 'owner', 'notes',
] as const;
type Field = (typeof fields)[number];

export type Queue = Schemas['LedgerState'] | 'only_observed';

export function useLedgerWords() {
  const { t } = useTranslation();
  return {
    /** A field by its name; one that this page does not know yet stays as it is. */
    field: (name: string) => (fields.includes(name as Field) ? t(`ledger.fieldName.${name as Field}`) : name),
    state: (state: Queue) => t(`ledger.state.${state}`),
    by: (key: Schemas['LedgerEntry']['matched_by']) => t(`ledger.by.${key}`),
  };
}
