// What the ledger's fields, states and keys are called.
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { Problem } from '@/shared/lib/problem';
import { useProblemText } from '@/shared/ui/state-frame';

const fields = [
  'name', 'mac', 'ip', 'serial', 'asset_number', 'host_name', 'vendor', 'model', 'firmware', 'os', 'type', 'place', 'owner', 'notes',
] as const;
type Field = (typeof fields)[number];

const complaints = [
  'empty', 'too_large', 'encrypted', 'old_excel', 'encoding', 'no_text', 'open_quote', 'too_many_rows', 'no_workbook', 'no_sheet', 'damaged',
  'unpacks_too_far', 'no_mac', 'no_ip', 'no_key', 'no_row',
] as const;
type Complaint = (typeof complaints)[number];

export type Queue = Schemas['LedgerState'] | 'only_observed';

export function useLedgerWords() {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const complaint = (kind: string, value: string) =>
    complaints.includes(kind as Complaint) ? t(`ledger.complaint.${kind as Complaint}`, { value }) : `${kind} ${value}`;
  return {
    /** Why a file, a row or a cell is not taken. */
    complaint,
    /** Why an upload failed. */
    failure: (error: unknown) => {
      const field = error instanceof Problem && error.type === 'unreadable-ledger' ? error.fields[0] : undefined;
      return field === undefined ? problemText(error) : complaint(field.field, field.detail);
    },
    /** A field by its name; one that this page does not know yet stays as it is. */
    field: (name: string) => (fields.includes(name as Field) ? t(`ledger.fieldName.${name as Field}`) : name),
    state: (state: Queue) => t(`ledger.state.${state}`),
    by: (key: Schemas['LedgerEntry']['matched_by']) => t(`ledger.by.${key}`),
  };
}
