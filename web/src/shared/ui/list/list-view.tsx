// The list pattern, once for all lists: search, filters, grouping, columns, order, density, export, selection, keyboard.
// All of its state stands in the URL; sorting, filtering and paging are the server's.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Download, Keyboard, Rows3, Rows4 } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { Button } from '@/shared/ui/button';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { Empty, Failure, Skeleton } from '@/shared/ui/state-frame';

import { ColumnsMenu } from './columns-menu';
import { DataTable } from './data-table';
import { FilterLine } from './filter-line';
import style from './list-view.module.css';
import { listQuery, rowsQuery } from './list-query';
import type { ListDefinition, ListQuery } from './list-types';
import { useGroupedItems } from './use-grouped-items';
import { useListKeys } from './use-list-keys';
import { splitList, toggled, useListState } from './use-list-state';

const KeysHelp = lazy(async () => ({ default: (await import('./keys-help')).KeysHelp }));
const narrow = matchMedia('(max-width: 640px)');

interface ListViewProps<T> {
  definition: ListDefinition<T>;
  /** Scope and whatever else the page narrows by. */
  base: ListQuery;
  /** What can be done with the picked rows. */
  actions?: (keys: string[], rows: T[]) => ReactNode;
  /** Filters of the page's own, beside the common ones. */
  extra?: ReactNode;
  empty: { title: string; next: ReactNode };
  /** Keys of the page's own, for the help sheet; the page listens to them. */
  moreKeys?: { cap: string; text: string }[];
  /** The open row's details, where the row itself holds them. */
  details?: (row: T) => ReactNode;
}

export function ListView<T>({ definition, base, actions, extra, empty, moreKeys = [], details }: ListViewProps<T>) {
  const { t } = useTranslation();
  const locale = useLocale();
  const state = useListState();
  const [at, setAt] = useState(-1);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);

  const sort = state.sort ?? definition.defaultSort;
  const columnIds = useMemo(() => {
    const known = splitList(state.columns).filter((id) => definition.columns.some((one) => one.id === id));
    if (known.length > 0) return known;
    return narrow.matches ? definition.narrowColumns : definition.defaultColumns;
  }, [state.columns, definition]);
  const columns = useMemo(
    () => columnIds.flatMap((id) => definition.columns.filter((one) => one.id === id)),
    [columnIds, definition],
  );

  const filtered = rowsQuery(base, state);
  const group = definition.fields.find((one) => one.field === state.group);

  const list = useInfiniteQuery({
    ...listQuery(definition, filtered, sort),
    placeholderData: keepPreviousData,
    enabled: group === undefined,
  });
  const grouped = useGroupedItems(definition, filtered, sort, group, splitList(state.expanded), (value) => {
    if (group === undefined) return;
    state.set({ filter: { ...state.filter, [group.field]: [value] }, group: undefined, expanded: undefined });
  });

  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const items = useMemo(
    () =>
      grouped.items ?? rows.map((row) => ({ kind: 'row' as const, key: definition.keyOf(row), row })),
    [grouped.items, rows, definition],
  );
  const selected = useMemo(() => new Set(splitList(state.selected)), [state.selected]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const select = (key: string) => {
    state.set({ selected: toggled(state.selected, key) }, 'replace');
  };
  const toggleGroup = (key: string) => {
    state.set({ expanded: toggled(state.expanded, key) }, 'replace');
  };
  const open = (key: string) => {
    state.set({ open: key });
  };
  useListKeys({
    move: (by) => {
      grid.current?.focus({ preventScroll: true });
      setAt((before) => Math.max(0, Math.min(items.length - 1, before + by)));
    },
    open: () => {
      const item = items[at];
      if (item?.kind === 'row') open(item.key);
      else if (item?.kind === 'group') toggleGroup(item.key);
    },
    select: () => {
      const item = items[at];
      if (item?.kind === 'row') select(item.key);
    },
    search: () => {
      search.current?.focus();
      search.current?.select();
    },
    help: () => {
      setHelpOpen(true);
    },
  });

  const openRow = items.find((item) => item.kind === 'row' && item.key === state.open);
  const first = list.data?.pages[0];
  const total = group === undefined ? first?.total : grouped.total;
  const isExact = group !== undefined || (first?.total_is_exact ?? true);
  const error = group === undefined ? list.error : grouped.error;
  const isWaiting = total === undefined;
  const selectedRows = items.flatMap((item) => (item.kind === 'row' && selected.has(item.key) ? [item.row] : []));

  return (
    <>
      <FilterLine
        definition={definition}
        base={base}
        extra={extra}
        searchRef={search}
        onSearch={() => {
          setAt(-1);
        }}
      >
        <label className={style['groupBy']}>
          <span>{t('list.groupBy')}</span>
          <select
            value={group?.field ?? ''}
            onChange={(event) => {
              setAt(-1);
              state.set({ group: event.target.value === '' ? undefined : event.target.value, expanded: undefined });
            }}
          >
            <option value="">{t('list.noGroup')}</option>
            {definition.fields
              .filter((field) => field.values === undefined && field.isHidden !== true)
              .map((field) => (
              <option key={field.field} value={field.field}>
                {field.label}
              </option>
            ))}
          </select>
        </label>
        <span className={`${style['total'] ?? ''} number`} role="status">
          {total === undefined
            ? ''
            : isExact
              ? t('list.total', { count: total, number: formatCount(total, locale) })
              : t('list.moreThan', { count: total, number: formatCount(total, locale) })}
        </span>
        <ColumnsMenu
          all={definition.columns}
          shown={columnIds}
          onChange={(ids) => {
            state.set({ columns: ids?.join(',') }, 'replace');
          }}
        />
        <Button
          icon={state.density === 'compact' ? <Rows4 size={16} aria-hidden /> : <Rows3 size={16} aria-hidden />}
          aria-pressed={state.density === 'compact'}
          aria-label={t('list.compact')}
          title={t('list.compact')}
          onClick={() => {
            state.set({ density: state.density === 'compact' ? undefined : 'compact' }, 'replace');
          }}
        />
        <Menu label={t('list.export')} icon={<Download size={16} aria-hidden />} align="end">
          {(close) =>
            (['xlsx', 'csv'] as const).map((format) => (
              <MenuItem
                key={format}
                onClick={() => {
                  close();
                  location.assign(
                    definition.exportAddress({ ...filtered, sort, format, locale, columns: columnIds.join(',') }),
                  );
                }}
              >
                {t(`list.${format}`)}
              </MenuItem>
            ))
          }
        </Menu>
        <span className={style['help']}>
          <Button
            look="quiet"
            icon={<Keyboard size={18} aria-hidden />}
            aria-label={t('list.keys')}
            title={t('list.keys')}
            onClick={() => {
              setHelpOpen(true);
            }}
          />
        </span>
      </FilterLine>
      {selected.size > 0 && (
        <div className={style['selection']} role="region" aria-label={t('list.selection')}>
          <strong className="number">{t('list.selected', { count: selected.size })}</strong>
          {actions?.([...selected], selectedRows)}
          <Button
            look="quiet"
            small
            onClick={() => {
              state.set({ selected: undefined }, 'replace');
            }}
          >
            {t('list.clearSelection')}
          </Button>
        </div>
      )}
      {error !== null && isWaiting ? (
        <Failure error={error} />
      ) : isWaiting ? (
        <Skeleton rows={12} />
      ) : items.length === 0 ? (
        state.q !== undefined || state.filter !== undefined ? (
          <Empty title={t('list.noMatch')}>
            <Button
              onClick={() => {
                state.set({ q: undefined, filter: undefined });
              }}
            >
              {t('list.clearFilters')}
            </Button>
          </Empty>
        ) : (
          <Empty title={empty.title}>{empty.next}</Empty>
        )
      ) : (
        <DataTable
          name={definition.name}
          label={definition.label}
          columns={columns}
          items={items}
          nameOf={definition.nameOf}
          rowCount={total}
          sort={sort}
          onSort={(field) => {
            state.set({ sort: field === definition.defaultSort ? undefined : field });
          }}
          isCompact={state.density === 'compact'}
          openKey={state.open}
          onOpen={open}
          onToggleGroup={toggleGroup}
          selected={selected}
          onSelect={select}
          at={at}
          onMove={setAt}
          onEnd={onEnd}
          gridRef={grid}
        />
      )}
      {details !== undefined && openRow?.kind === 'row' && details(openRow.row)}
      {isHelpOpen && (
        <Suspense>
          <KeysHelp more={moreKeys} onClose={() => { setHelpOpen(false); }} />
        </Suspense>
      )}
    </>
  );
}
