// The pages of a list as a query: the same key and the same request whether asked ahead by a route or by the list on screen.
import { infiniteQueryOptions, type QueryClient } from '@tanstack/react-query';

import { readListSearch, type ListSearch } from '@/shared/lib/list-search';

import type { ListQuery, ListSource } from './list-types';

const pageSize = 100;

/** The parameters of a list's rows: what the page narrows by, the search and the filters. */
export function rowsQuery(base: ListQuery, search: ListSearch): ListQuery {
  return {
    ...base,
    q: search.q,
    ...Object.fromEntries(Object.entries(search.filter ?? {}).map(([field, values]) => [`filter.${field}`, values])),
  };
}

export function listQuery<T>(source: ListSource<T>, query: ListQuery, sort: string) {
  return infiniteQueryOptions({
    queryKey: [source.name, 'list', query, sort],
    queryFn: ({ signal, pageParam }) => source.readPage({ ...query, sort, limit: String(pageSize), cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** Asks for the first page of the list that an address shows. */
export function preloadList<T>(client: QueryClient, source: ListSource<T>, base: ListQuery, search: Record<string, unknown>): void {
  const state = readListSearch(search);
  if (state.group !== undefined) return;
  void client.prefetchInfiniteQuery(listQuery(source, rowsQuery(base, state), state.sort ?? source.defaultSort));
}
