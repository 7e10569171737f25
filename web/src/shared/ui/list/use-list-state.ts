// Reads and changes a list's state in the URL.
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';

import { readListSearch, type ListSearch } from '@/shared/lib/list-search';
import { useSearchChange } from '@/shared/lib/use-search-change';

export type ListChange = { [K in keyof ListSearch]: ListSearch[K] | undefined };

export interface ListState extends ListSearch {
  set: (change: ListChange, how?: 'push' | 'replace') => void;
}

export function useListState(): ListState {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const set = useSearchChange();
  return useMemo(
    () => ({
      ...readListSearch(search),
      set,
    }),
    [search, set],
  );
}

export function splitList(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}

/** The list with a member put in or taken out; undefined when nothing is left. */
export function toggled(text: string | undefined, member: string): string | undefined {
  const members = splitList(text);
  const changed = members.includes(member) ? members.filter((one) => one !== member) : [...members, member];
  return changed.length > 0 ? changed.join(',') : undefined;
}
