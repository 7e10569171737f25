// OT operations: who did what to which controller, the access classes told apart.
import type { QueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { readBounds, readScope, useBounds, useScope } from '@/shared/lib/scope';
import { textOf } from '@/shared/lib/search';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Drawer } from '@/shared/ui/drawer';
import { preloadList } from '@/shared/ui/list/list-query';
import { ListView } from '@/shared/ui/list/list-view';
import { seenBase } from '@/shared/ui/list/seen-base';
import { SeenSelect } from '@/shared/ui/list/seen-select';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';

import { AccessStrip } from './access-strip';
import { OperationContent } from './operation-content';
import { operationSource, useOperationList } from './operation-list';

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  const scope = readScope(search);
  preloadList(client, operationSource(organization), seenBase(scope, textOf(search['seen']), readBounds(scope, new Date())), search);
}

export function OperationsPage() {
  const { t } = useTranslation();
  const scope = useScope();
  const bounds = useBounds();
  const words = useVocabulary();
  const state = useListState();
  const { seen } = useSearch({ from: '/o/$organization/operations' });
  const definition = useOperationList();
  const base = useMemo(() => seenBase(scope, seen, bounds), [scope, seen, bounds]);

  return (
    <Page title={t('nav.operations')} about={t('operations.about')} fill>
      <AccessStrip definition={definition} base={base} />
      <ListView
        definition={definition}
        base={base}
        empty={{ title: t('operations.empty'), next: <p>{t('operations.emptyNext')}</p> }}
        extra={
          <SeenSelect
            value={seen}
            label={t('operations.seen')}
            words={{ all: t('operations.seenAll'), range: t('operations.seenRange'), new: t('operations.seenNew') }}
          />
        }
        details={(one) => (
          <Drawer
            key={one.id}
            title={words.functionName(one.function)}
            onClose={() => {
              state.set({ open: undefined });
            }}
          >
            <OperationContent operation={one} />
          </Drawer>
        )}
      />
    </Page>
  );
}
