// What narrows a list, in one line: search, filters, whatever the page adds; the chosen filters as chips below it.
import type { ReactNode, Ref } from 'react';

import { FilterChips, FilterMenu } from './filter-bar';
import style from './list-view.module.css';
import type { ListDefinition, ListQuery } from './list-types';
import { SearchBox } from './search-box';
import { useListState } from './use-list-state';

interface FilterLineProps<T> {
  definition: ListDefinition<T>;
  base: ListQuery;
  /** Filters of the page's own, beside the common ones. */
  extra?: ReactNode;
  /** What else stands in the line. */
  children?: ReactNode;
  searchRef: Ref<HTMLInputElement>;
  onSearch?: () => void;
}

export function FilterLine<T>({ definition, base, extra, children, searchRef, onSearch }: FilterLineProps<T>) {
  const state = useListState();
  return (
    <>
      <div className={style['toolbar']}>
        <SearchBox
          ref={searchRef}
          value={state.q ?? ''}
          label={definition.searchHint}
          onChange={(q) => {
            onSearch?.();
            state.set({ q: q === '' ? undefined : q }, 'replace');
          }}
        />
        <FilterMenu
          definition={definition}
          filter={state.filter}
          query={{ ...base, q: state.q }}
          onChange={(filter) => {
            state.set({ filter });
          }}
        />
        {extra}
        {children}
      </div>
      {state.filter !== undefined && (
        <FilterChips
          definition={definition}
          filter={state.filter}
          onChange={(filter) => {
            state.set({ filter });
          }}
        />
      )}
    </>
  );
}
