// What a list page says about itself; everything else about lists is common.
import type { ReactNode } from 'react';

import type { Schemas } from '@/shared/lib/api';

export interface ListColumn<T> {
  /** Also the name under which the API exports it. */
  id: string;
  label: string;
  /** Pixels, until the reader changes it. */
  width: number;
  /** Field the API sorts by. */
  sort?: string;
  numeric?: boolean;
  render: (row: T) => ReactNode;
}

export interface ListField {
  /** `filter.<field>` and `groups?by=<field>` of the API. */
  field: string;
  label: string;
  /** Words for a value; `name` is given where the value is an id. */
  textOf: (value: string | null, name: string | null) => string;
  /** Fields that can only group. */
  isFilter?: boolean;
  /** Fields that can only come from a link: they are neither offered nor grouped by. */
  isHidden?: boolean;
  /** All the values of a field that can only filter: the API does not count it. */
  values?: string[];
}

/** Query parameters common to the list, its groups and its export. */
export type ListQuery = Record<string, string | string[] | undefined>;

export interface ListPageOf<T> {
  items: T[];
  next: string | null;
  total: number;
  total_is_exact: boolean;
}

/** Where the rows of a list come from: enough to ask for its first page before anything is drawn. */
export interface ListSource<T> {
  /** First word of its query keys, and the name under which widths are kept. */
  name: string;
  defaultSort: string;
  readPage: (query: ListQuery, signal: AbortSignal) => Promise<ListPageOf<T>>;
}

export interface ListDefinition<T> extends ListSource<T> {
  label: string;
  columns: ListColumn<T>[];
  defaultColumns: string[];
  /** Columns shown at first on a narrow window. */
  narrowColumns: string[];
  fields: ListField[];
  keyOf: (row: T) => string;
  nameOf: (row: T) => string;
  searchHint: string;
  readGroups: (query: ListQuery, signal: AbortSignal) => Promise<Schemas['Groups']>;
  exportAddress: (query: ListQuery) => string;
}
