// The state of a list page as it stands in the URL: search, filters, order, grouping, columns, the open row.
import { mapOf, textOf, wordOf, type SearchMap } from './search';

export interface ListSearch {
  q?: string;
  /** Field to values; a value with `!` before it excludes. */
  filter?: SearchMap;
  /** A field, `-` before it for descending. */
  sort?: string;
  group?: string;
  /** Groups shown with their rows, by comma. */
  expanded?: string;
  /** Columns in order, by comma. */
  columns?: string;
  density?: 'compact';
  /** The row whose details are open. */
  open?: string;
  /** Rows picked for an action, by comma. */
  selected?: string;
}

export function readListSearch(search: Record<string, unknown>): ListSearch {
  const word = (key: string, pattern: RegExp) => {
    const text = textOf(search[key]);
    return text !== undefined && pattern.test(text) ? { [key]: text } : {};
  };
  const q = textOf(search['q']);
  const filter = mapOf(search['filter']);
  const expanded = textOf(search['expanded']);
  const density = wordOf(search['density'], ['compact'] as const);
  return {
    ...(q !== undefined ? { q } : {}),
    ...(filter !== undefined ? { filter } : {}),
    ...(expanded !== undefined ? { expanded } : {}),
    ...(density !== undefined ? { density } : {}),
    ...word('sort', /^-?[a-z_]+$/),
    ...word('group', /^[a-z_]+$/),
    ...word('columns', /^[a-z_]+(,[a-z_]+)*$/),
    ...word('open', /^[0-9]+$/),
    ...word('selected', /^[0-9]+(,[0-9]+)*$/),
  };
}

/** Takes a value into a filter, turns it round, or takes it out. */
export function changeFilter(
  filter: SearchMap | undefined,
  field: string,
  value: string,
  how: 'include' | 'exclude' | 'remove',
): SearchMap | undefined {
  const rest = (filter?.[field] ?? []).filter((one) => one !== encodeValue(value, false) && one !== encodeValue(value, true));
  const values = how === 'remove' ? rest : [...rest, encodeValue(value, how === 'exclude')];
  const changed = Object.fromEntries(Object.entries(filter ?? {}).filter(([name]) => name !== field));
  if (values.length > 0) changed[field] = values;
  return Object.keys(changed).length > 0 ? changed : undefined;
}

/** A filter value as URL and API write it: `!x` is "not x", a value that itself starts with `!` doubles it. */
export function encodeValue(value: string, isExcluded: boolean): string {
  const escaped = value.startsWith('!') ? `!${value}` : value;
  return isExcluded ? `!${value}` : escaped;
}

export function decodeValue(text: string): { value: string; isExcluded: boolean } {
  if (text.startsWith('!!')) return { value: text.slice(1), isExcluded: false };
  if (text.startsWith('!')) return { value: text.slice(1), isExcluded: true };
  return { value: text, isExcluded: false };
}
