// OT operations: who did what to which controller, the access classes told apart. The same rows as a list, as a tree by
// protocol and machine, by who changes what, and over time, all under the same filters.
import type { QueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { documentLocale, loadFunctionWords } from '@/shared/lib/i18n';
import { readBounds, readScope, useBounds, useScope } from '@/shared/lib/scope';
import { textOf } from '@/shared/lib/search';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Drawer } from '@/shared/ui/drawer';
import { FilterLine } from '@/shared/ui/list/filter-line';
import { preloadList, rowsQuery } from '@/shared/ui/list/list-query';
import { ListView } from '@/shared/ui/list/list-view';
import { seenBase } from '@/shared/ui/list/seen-base';
import { SeenSelect } from '@/shared/ui/list/seen-select';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';
import { Empty, Skeleton } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';

import { AccessStrip } from './access-strip';
import { operationSource, useOperationList } from './operation-list';
import { operationViews } from './views';

// The list comes first; the other views and the drawer with its chart only when they are asked for.
const OperationContent = lazy(async () => ({ default: (await import('./operation-content')).OperationContent }));
const OperationTree = lazy(async () => ({ default: (await import('./operation-tree')).OperationTree }));
const OperationChanges = lazy(async () => ({ default: (await import('./operation-changes')).OperationChanges }));
const OperationHoursView = lazy(async () => ({ default: (await import('./operation-hours-view')).OperationHoursView }));

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  loadFunctionWords(documentLocale());
  if (search['view'] !== undefined) return;
  const scope = readScope(search);
  preloadList(client, operationSource(organization), seenBase(scope, textOf(search['seen']), readBounds(scope, new Date())), search);
}

export function OperationsPage() {
  const { t } = useTranslation();
  const scope = useScope();
  const bounds = useBounds();
  const words = useVocabulary();
  const state = useListState();
  const change = useSearchChange();
  const search = useRef<HTMLInputElement>(null);
  const { seen, view = 'list', by = 'access' } = useSearch({ from: '/o/$organization/operations' });
  const definition = useOperationList();
  const base = useMemo(() => seenBase(scope, seen, bounds), [scope, seen, bounds]);
  const query = useMemo(() => rowsQuery(base, state), [base, state]);
  const isNarrowed = state.q !== undefined || state.filter !== undefined;
  const empty = {
    title: isNarrowed ? t('list.noMatch') : t('operations.empty'),
    next: <p>{t('operations.emptyNext')}</p>,
  };
  const seenSelect = (
    <SeenSelect
      value={seen}
      label={t('operations.seen')}
      words={{ all: t('operations.seenAll'), range: t('operations.seenRange'), new: t('operations.seenNew') }}
    />
  );
  const nothing = <Empty title={empty.title}>{isNarrowed ? undefined : empty.next}</Empty>;
  const content: Record<'tree' | 'changes' | 'hours', () => ReactNode> = {
    tree: () => <OperationTree query={query} seen={seen} empty={nothing} />,
    changes: () => <OperationChanges query={query} seen={seen} empty={nothing} by={by === 'server' ? 'server' : 'client'} />,
    hours: () => <OperationHoursView query={query} by={by} />,
  };

  return (
    <Page
      title={t('nav.operations')}
      about={t('operations.about')}
      fill={view !== 'hours'}
      actions={
        <Tabs
          label={t('network.view')}
          value={view}
          choices={operationViews.map((one) => ({ value: one, label: t(`operations.view.${one}`) }))}
          onChange={(one) => {
            change({ view: one === 'list' ? undefined : one, by: undefined, expanded: undefined, open: undefined });
          }}
        />
      }
    >
      <AccessStrip definition={definition} base={base} />
      {view === 'list' ? (
        <ListView
          definition={definition}
          base={base}
          empty={empty}
          extra={seenSelect}
          details={(one) => (
            <Drawer
              key={one.id}
              title={words.functionName(one.function)}
              onClose={() => {
                state.set({ open: undefined });
              }}
            >
              <Suspense fallback={<Skeleton rows={6} />}>
                <OperationContent operation={one} />
              </Suspense>
            </Drawer>
          )}
        />
      ) : (
        <>
          <FilterLine definition={definition} base={base} extra={seenSelect} searchRef={search} />
          <Suspense fallback={<Skeleton rows={8} />}>{content[view]()}</Suspense>
        </>
      )}
    </Page>
  );
}
