// The rows of a grouped list: one line a group, and the first rows of the groups that are open.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { createElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '@/shared/ui/button';

import type { TableItem } from './data-table';
import type { ListDefinition, ListField, ListQuery } from './list-types';

/** Rows shown inside a group; the rest is one press away as a filtered list. */
const rowsInGroup = 100;

interface Grouped<T> {
  /** undefined while the list is not grouped. */
  items: TableItem<T>[] | undefined;
  total: number | undefined;
  error: Error | null;
}

export function useGroupedItems<T>(
  definition: ListDefinition<T>,
  query: ListQuery,
  sort: string,
  group: ListField | undefined,
  expanded: string[],
  onShowAll: (value: string) => void,
): Grouped<T> {
  const { t } = useTranslation();
  const groups = useQuery({
    queryKey: [definition.name, 'groups', group?.field, query],
    queryFn: ({ signal }) => definition.readGroups({ ...query, by: group?.field }, signal),
    enabled: group !== undefined,
    placeholderData: keepPreviousData,
  });
  const opened = useMemo(() => (group === undefined ? [] : expanded), [group, expanded]);
  const pages = useQueries({
    queries: opened.map((key) => ({
      queryKey: [definition.name, 'group', group?.field, key, query, sort],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        definition.readPage(
          { ...query, ...(group === undefined ? {} : { [`filter.${group.field}`]: [valueOf(key)] }), sort, limit: String(rowsInGroup) },
          signal,
        ),
    })),
  });

  const isLoaded = group !== undefined && groups.data !== undefined && groups.data.by === group.field;
  const items = useMemo(() => {
    if (group === undefined) return undefined;
    if (!isLoaded) return [];
    return groups.data.items.flatMap((one): TableItem<T>[] => {
      const key = keyOf(one.value);
      const at = opened.indexOf(key);
      const head: TableItem<T> = {
        kind: 'group',
        key,
        label: group.textOf(one.value, one.name),
        count: one.count,
        isOpen: at >= 0,
      };
      const page = pages[at]?.data;
      if (page === undefined) return [head];
      const rows = page.items.map((row): TableItem<T> => ({ kind: 'row', key: definition.keyOf(row), row }));
      if (page.next === null) return [head, ...rows];
      const all = createElement(
        Button,
        { look: 'quiet', small: true, onClick: () => { onShowAll(valueOf(key)); } },
        t('list.showAllOfGroup', { count: one.count }),
      );
      return [head, ...rows, { kind: 'note', key: `${key} all`, content: all }];
    });
  }, [group, isLoaded, groups.data, opened, pages, definition, onShowAll, t]);

  return {
    items,
    total: isLoaded ? groups.data.items.reduce((sum, one) => sum + one.count, 0) : undefined,
    error: groups.error,
  };
}

// A group's key stands in the URL in a list separated by commas, so a value's own commas are escaped.
function keyOf(value: string | null): string {
  return value === null ? '-' : `=${encodeURIComponent(value)}`;
}

function valueOf(key: string): string {
  return key === '-' ? '' : decodeURIComponent(key.slice(1));
}
