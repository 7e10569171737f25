// Operations added up by some of their fields, and the list that shows the rows behind a sum.
import { queryOptions } from '@tanstack/react-query';
import { useMemo } from 'react';

import { api, type QueryFor, type Schemas } from '@/shared/lib/api';
import type { ScopeSearch } from '@/shared/lib/scope';
import { useScope } from '@/shared/lib/scope';
import type { SearchMap } from '@/shared/lib/search';
import type { ListQuery } from '@/shared/ui/list/list-types';
import { useListState } from '@/shared/ui/list/use-list-state';

const route = '/api/v1/organizations/{organization}/operations/sums';
export type Sum = Schemas['OperationSum'];
export type Field = 'protocol' | 'function' | 'access' | 'client' | 'server';

export const sumsQuery = (organization: string, query: ListQuery, by: Field[]) =>
  queryOptions({
    queryKey: ['operations', 'sums', organization, by, query],
    queryFn: ({ signal }) => api.get(route, { path: { organization }, query: { ...query, by } as QueryFor<typeof route>, signal }),
  });

/** What narrows the list to the rows of a sum. A side that is no device has no id to filter by, but an address to search. */
export interface Part {
  filter: SearchMap;
  words: string[];
}

export function partOf(before: Part | undefined, field: Field, value: string | Schemas['DeviceRef']): Part {
  const { filter = {}, words = [] } = before ?? {};
  const id = typeof value === 'string' ? value : value.id;
  if (id !== null) return { filter: { ...filter, [field]: [id] }, words };
  const { ip, mac } = value as Schemas['DeviceRef'];
  return { filter, words: [...words, ip ?? mac ?? ''] };
}

export interface RowsSearch extends ScopeSearch {
  seen?: 'range' | 'new';
  q?: string;
  filter: SearchMap;
  sort?: string;
}

/** Makes the search parameters of the list under the page's own filters. */
export function useRowsOf(seen: 'range' | 'new' | undefined): (part: Part, more?: SearchMap, sort?: string) => RowsSearch {
  const scope = useScope();
  const { q, filter } = useListState();
  return useMemo(
    () => (part, more, sort) => {
      const text = [...(q === undefined ? [] : [q]), ...part.words].join(' ');
      return {
        ...scope,
        ...(seen === undefined ? {} : { seen }),
        ...(text === '' ? {} : { q: text }),
        ...(sort === undefined ? {} : { sort }),
        filter: { ...filter, ...part.filter, ...more },
      };
    },
    [scope, seen, q, filter],
  );
}
