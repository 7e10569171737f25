// Operations as a tree: protocol, the machines that are asked by it, what they are asked for. Rows are moved through with the
// arrow keys as in any tree; every number leads to the rows it counts.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { AccessBadge, changingClasses } from '@/shared/ui/access-badge';
import { Button } from '@/shared/ui/button';
import { DeviceLink } from '@/shared/ui/device-name';
import type { ListQuery } from '@/shared/ui/list/list-types';
import { splitList, toggled, useListState } from '@/shared/ui/list/use-list-state';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import style from './operation-tree.module.css';
import { sumsQuery, useRowsOf, type RowsSearch, type Sum } from './sums';
import { nodesOf, sumsOf, type TreeNode } from './tree';
import type { ViewProps } from './views';

export function OperationTree({ query, seen, empty }: ViewProps) {
  const organization = useOrganizationId();
  const protocols = useQuery({ ...sumsQuery(organization, query, ['protocol']), placeholderData: keepPreviousData });
  return (
    <Loaded query={protocols} rows={8}>
      {({ items }) => (items.length === 0 ? empty : <Tree protocols={items} query={query} seen={seen} />)}
    </Loaded>
  );
}

interface TreeProps {
  protocols: Sum[];
  query: ListQuery;
  seen: ViewProps['seen'];
}

function Tree({ protocols, query, seen }: TreeProps) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const state = useListState();
  const rowsOf = useRowsOf(seen);
  const [at, setAt] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const open = splitList(state.expanded);
  const under = useQueries({
    queries: open.map((key) => {
      const asked = sumsOf(key, query);
      return { ...sumsQuery(organization, asked.query, asked.by), placeholderData: keepPreviousData };
    }),
    combine: (answers) => new Map(answers.flatMap(({ data }, index) => (data === undefined ? [] : [[open[index] ?? '', data.items]]))),
  });
  const nodes = nodesOf(protocols, under);
  const isOpen = (node: TreeNode) => open.includes(node.key);
  const toggle = (node: TreeNode) => {
    if (node.level < 3) state.set({ expanded: toggled(state.expanded, node.key) }, 'replace');
  };
  const move = (to: number) => {
    const next = Math.max(0, Math.min(nodes.length - 1, to));
    setAt(next);
    body.current?.querySelectorAll('tr')[next]?.focus();
  };
  const parentOf = (index: number) => nodes.slice(0, index).findLastIndex((one) => one.level < (nodes[index]?.level ?? 1));

  const onKeyDown = (event: KeyboardEvent) => {
    const node = nodes[at];
    if (node === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    // A link that has the focus keeps its Enter.
    const isOnRow = event.target instanceof HTMLTableRowElement;
    if (event.key === 'ArrowDown' || event.key === 'j') move(at + 1);
    else if (event.key === 'ArrowUp' || event.key === 'k') move(at - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(nodes.length - 1);
    else if (event.key === 'ArrowRight' && node.level < 3) {
      if (isOpen(node)) move(at + 1);
      else toggle(node);
    }
    else if (event.key === 'ArrowLeft') {
      if (isOpen(node)) toggle(node);
      else if (node.level > 1) move(parentOf(at));
    } else if (isOnRow && (event.key === 'Enter' || event.key === ' ')) {
      if (node.level < 3) toggle(node);
      else body.current?.querySelectorAll('tr')[at]?.querySelector<HTMLAnchorElement>('a[data-rows]')?.click();
    } else return;
    event.preventDefault();
  };

  const areAllOpen = protocols.every((one) => open.includes(one.protocol ?? ''));
  return (
    <>
      <div>
        <Button
          small
          look="quiet"
          onClick={() => {
            state.set({ expanded: areAllOpen ? undefined : protocols.map((one) => one.protocol ?? '').join(',') }, 'replace');
          }}
        >
          {areAllOpen ? t('network.foldAll') : t('network.openAll')}
        </Button>
      </div>
      <div className={style['frame']}>
        <table role="treegrid" aria-label={t('operations.view.tree')} className={style['table']}>
          <thead>
            <tr>
              <th scope="col">{t('operations.treeColumn')}</th>
              <th scope="col">{t('operation.count')}</th>
              <th scope="col">{t('operations.changes')}</th>
              <th scope="col">{t('operation.errors')}</th>
              <th scope="col">{t('operations.clients')}</th>
              <th scope="col">{t('operations.changersColumn')}</th>
              <th scope="col">{t('column.firstSeen')}</th>
              <th scope="col">{t('column.lastSeen')}</th>
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={onKeyDown}>
            {nodes.map((node, index) => (
              <Row
                key={node.key}
                node={node}
                isOpen={isOpen(node)}
                isAt={index === Math.min(at, nodes.length - 1)}
                rows={(more, sort) => rowsOf(node.part, more, sort)}
                onFocus={() => {
                  setAt(index);
                }}
                onToggle={() => {
                  toggle(node);
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  node: TreeNode;
  isOpen: boolean;
  isAt: boolean;
  rows: (more?: Record<string, string[]>, sort?: string) => RowsSearch;
  onFocus: () => void;
  onToggle: () => void;
}

function Row({ node, isOpen, isAt, rows, onFocus, onToggle }: RowProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { sum, level } = node;
  // Of all rows only the one with the focus is a stop of the Tab key, and so are its links.
  const tabIndex = isAt ? 0 : -1;
  const changing = { access: level === 3 ? [sum.access ?? 'none'] : changingClasses };
  const number = (value: number, search: RowsSearch, isRows = false) =>
    value === 0 ? <span className="muted">–</span> : <RowsLink text={formatCount(value, locale)} search={search} tabIndex={tabIndex} isRows={isRows} />;
  return (
    <tr
      aria-level={level}
      {...(level < 3 ? { 'aria-expanded': isOpen } : {})}
      tabIndex={tabIndex}
      onFocus={onFocus}
      className={style[`level-${String(level)}`]}
    >
      <td className={style['name']}>
        <div>
          {level < 3 && (
            <button type="button" tabIndex={-1} className={style['toggle']} aria-label={isOpen ? t('operations.fold') : t('operations.unfold')} onClick={onToggle}>
              {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
            </button>
          )}
          <Name node={node} onToggle={onToggle} />
        </div>
      </td>
      <td>{number(sum.count, rows(), true)}</td>
      <td className={sum.changes > 0 ? style['changes'] : undefined}>{number(sum.changes, rows(changing))}</td>
      <td>{number(sum.errors, rows(undefined, '-errors'))}</td>
      <td>{number(sum.clients, rows())}</td>
      <td>{number(sum.changers, rows(changing))}</td>
      <td><TimeAgo time={sum.first_seen} /></td>
      <td><TimeAgo time={sum.last_seen} /></td>
    </tr>
  );
}

function Name({ node: { level, sum }, onToggle }: { node: TreeNode; onToggle: () => void }) {
  const words = useVocabulary();
  if (level === 1) {
    return (
      <button type="button" tabIndex={-1} className={style['protocol']} onClick={onToggle}>
        {words.protocol(sum.protocol)}
      </button>
    );
  }
  if (level === 2) return sum.server === null ? null : <DeviceLink device={sum.server} />;
  return (
    <span title={sum.function ?? ''}>
      {sum.access !== null && <AccessBadge access={sum.access} />} {words.functionName(sum.function ?? '')}{' '}
      <small className="muted">{sum.code}</small>
    </span>
  );
}

interface RowsLinkProps {
  text: string;
  search: RowsSearch;
  tabIndex: number;
  isRows: boolean;
}

/** A number that leads to the rows it counts. */
function RowsLink({ text, search, tabIndex, isRows }: RowsLinkProps) {
  const organization = useOrganizationId();
  return (
    <Link to="/o/$organization/operations" params={{ organization }} search={search} tabIndex={tabIndex} {...(isRows ? { 'data-rows': '' } : {})}>
      {text}
    </Link>
  );
}
