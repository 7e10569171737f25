// The one big table: virtualised rows under a fixed header, moved through by keyboard, columns of any width.
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight } from 'lucide-react';
import { memo, useCallback, useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import style from './data-table.module.css';
import type { ListColumn } from './list-types';
import { useColumnWidths } from './use-column-widths';

export type TableItem<T> =
  | { kind: 'row'; key: string; row: T }
  | { kind: 'group'; key: string; label: string; count: number; isOpen: boolean }
  | { kind: 'note'; key: string; content: ReactNode };

interface DataTableProps<T> {
  name: string;
  label: string;
  columns: ListColumn<T>[];
  items: TableItem<T>[];
  nameOf: (row: T) => string;
  rowCount: number;
  sort: string;
  onSort: (sort: string) => void;
  isCompact: boolean;
  /** Key of the row whose details are open. */
  openKey: string | undefined;
  onOpen: (key: string) => void;
  onToggleGroup: (key: string) => void;
  selected: ReadonlySet<string>;
  onSelect: (key: string) => void;
  /** Index of the row the keyboard is at; -1 when it has not been used. */
  at: number;
  onMove: (at: number) => void;
  onEnd: () => void;
  /** The part that takes the keyboard; the page gives it the focus on j and k. */
  gridRef: React.RefObject<HTMLDivElement | null>;
}

const selectWidth = 40;

export function DataTable<T>(props: DataTableProps<T>) {
  const { name, label, columns, items, nameOf, sort, onSort, isCompact, at, onMove, onEnd, gridRef } = props;
  const { t } = useTranslation();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { widthOf, startResize, resizeBy } = useColumnWidths(name);
  const rowHeight = isCompact ? 28 : 36;

  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualiser is not passed on
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollPaddingStart: 36,
  });
  useEffect(() => {
    virtual.measure();
  }, [virtual, rowHeight]);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [virtual, at]);

  const shown = virtual.getVirtualItems();
  const last = shown[shown.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - 20) onEnd();
  }, [last, items.length, onEnd]);

  const act = (index: number) => {
    const item = items[index];
    if (item?.kind === 'row') props.onOpen(item.key);
    else if (item?.kind === 'group') props.onToggleGroup(item.key);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== gridRef.current) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: items.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) onMove(Math.max(0, Math.min(items.length - 1, to)));
    else if (event.key === 'Enter') act(at);
    else return;
    event.preventDefault();
  };

  // What rows call stays the same function, so that only rows that changed are drawn again.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const onPress = useCallback((index: number, key: string) => {
    latest.current.onMove(index);
    latest.current.onOpen(key);
  }, []);
  const onSelect = useCallback((key: string) => {
    latest.current.onSelect(key);
  }, []);

  const template = `${String(selectWidth)}px ${columns.map((c) => `${String(widthOf(c))}px`).join(' ')} 1fr`;
  const minWidth = selectWidth + columns.reduce((sum, column) => sum + widthOf(column), 0);

  return (
    <div ref={scroller} className={style['scroller']}>
      <div
        ref={gridRef}
        role="grid"
        aria-label={label}
        aria-rowcount={props.rowCount + 1}
        aria-multiselectable
        aria-activedescendant={items[at] === undefined ? undefined : `${id}-${String(at)}`}
        tabIndex={0}
        className={`${style['grid'] ?? ''} ${isCompact ? (style['compact'] ?? '') : ''}`}
        style={{ minWidth }}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={style['head']}>
          <div role="row" aria-rowindex={1} className={style['row']} style={{ gridTemplateColumns: template }}>
            <div role="columnheader" className={style['check']}>
              <span className="unseen">{t('list.select')}</span>
            </div>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                sort={sort}
                onSort={onSort}
                width={widthOf(column)}
                onResizeStart={(event) => {
                  startResize(column, event);
                }}
                onResizeBy={(pixels) => {
                  resizeBy(column, pixels);
                }}
              />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={style['body']} style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const item = items[index];
            if (item === undefined) return null;
            const rowId = `${id}-${String(index)}`;
            if (item.kind !== 'row') {
              return (
                <div
                  key={item.key}
                  id={rowId}
                  role="row"
                  aria-rowindex={index + 2}
                  className={style['wideRow']}
                  data-at={index === at}
                  style={{ transform: `translateY(${String(start)}px)`, height: rowHeight }}
                >
                  <div role="gridcell" aria-colspan={columns.length + 1} className={style['wideCell']}>
                    {item.kind === 'note' ? (
                      item.content
                    ) : (
                      <button
                        type="button"
                        tabIndex={-1}
                        aria-expanded={item.isOpen}
                        className={style['group']}
                        onClick={() => {
                          props.onToggleGroup(item.key);
                        }}
                      >
                        {item.isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
                        <strong>{item.label}</strong>
                        <span className="muted number">{t('list.count', { count: item.count })}</span>
                      </button>
                    )}
                  </div>
                </div>
              );
            }
            return (
              <Row
                key={item.key}
                id={rowId}
                index={index}
                item={item}
                columns={columns}
                label={t('list.selectRow', { name: nameOf(item.row) })}
                top={start}
                height={rowHeight}
                template={template}
                isAt={index === at}
                isOpen={item.key === props.openKey}
                isSelected={props.selected.has(item.key)}
                onPress={onPress}
                onSelect={onSelect}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps<T> {
  id: string;
  index: number;
  item: { key: string; row: T };
  columns: ListColumn<T>[];
  /** Names the box that picks the row. */
  label: string;
  top: number;
  height: number;
  template: string;
  isAt: boolean;
  isOpen: boolean;
  isSelected: boolean;
  onPress: (index: number, key: string) => void;
  onSelect: (key: string) => void;
}

function PlainRow<T>(props: RowProps<T>) {
  const { id, index, item, columns, label, top, height, template, isAt, isOpen, isSelected, onPress, onSelect } = props;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-at={isAt}
      data-open={isOpen}
      className={`${style['row'] ?? ''} ${style['dataRow'] ?? ''}`}
      style={{ transform: `translateY(${String(top)}px)`, gridTemplateColumns: template, height }}
      onClick={(event) => {
        if ((event.target as HTMLElement).closest('a, input, button') !== null) return;
        onPress(index, item.key);
      }}
    >
      <div role="gridcell" className={style['check']}>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={label}
          checked={isSelected}
          onChange={() => {
            onSelect(item.key);
          }}
        />
      </div>
      <Cells row={item.row} columns={columns} />
    </div>
  );
}

function PlainCells<T>({ row, columns }: { row: T; columns: ListColumn<T>[] }): ReactNode {
  return columns.map((column) => (
    <div
      key={column.id}
      role="gridcell"
      className={`${style['cell'] ?? ''} ${column.numeric === true ? (style['numeric'] ?? '') : ''}`}
    >
      {column.render(row)}
    </div>
  ));
}

/** A row that is picked or moved keeps its cells. */
const Cells = memo(PlainCells) as typeof PlainCells;

/** Drawn again only when something of its own has changed. */
const Row = memo(PlainRow) as typeof PlainRow;

interface HeaderCellProps<T> {
  column: ListColumn<T>;
  sort: string;
  width: number;
  onSort: (sort: string) => void;
  onResizeStart: (event: React.PointerEvent) => void;
  onResizeBy: (pixels: number) => void;
}

function HeaderCell<T>({ column, sort, width, onSort, onResizeStart, onResizeBy }: HeaderCellProps<T>) {
  const { t } = useTranslation();
  const field = column.sort;
  const isAscending = field !== undefined && sort === field;
  const isDescending = field !== undefined && sort === `-${field}`;
  const Arrow = isDescending ? ArrowDown : ArrowUp;
  return (
    <div
      role="columnheader"
      aria-sort={isAscending ? 'ascending' : isDescending ? 'descending' : field === undefined ? undefined : 'none'}
      className={`${style['header'] ?? ''} ${column.numeric === true ? (style['numeric'] ?? '') : ''}`}
    >
      {field === undefined ? (
        <span className={style['headerText']}>{column.label}</span>
      ) : (
        <button
          type="button"
          className={style['headerText']}
          onClick={() => {
            onSort(isAscending ? `-${field}` : isDescending ? field : column.numeric === true || field.endsWith('_seen') ? `-${field}` : field);
          }}
        >
          <span>{column.label}</span>
          {(isAscending || isDescending) && <Arrow size={13} aria-hidden />}
        </button>
      )}
      <span
        role="separator"
        aria-orientation="vertical"
        aria-label={t('list.resize', { column: column.label })}
        aria-valuenow={width}
        aria-valuemin={60}
        aria-valuemax={800}
        tabIndex={0}
        className={style['handle']}
        onPointerDown={onResizeStart}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') onResizeBy(-16);
          else if (event.key === 'ArrowRight') onResizeBy(16);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
    </div>
  );
}
