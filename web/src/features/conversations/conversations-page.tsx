// Conversations: every pair of devices and the service between them, as a list.
import type { QueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { readBounds, readScope, useBounds, useScope } from '@/shared/lib/scope';
import { textOf } from '@/shared/lib/search';
import { Drawer } from '@/shared/ui/drawer';
import { preloadList } from '@/shared/ui/list/list-query';
import { ListView } from '@/shared/ui/list/list-view';
import { seenBase } from '@/shared/ui/list/seen-base';
import { SeenSelect } from '@/shared/ui/list/seen-select';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';

import { ConversationContent } from './conversation-content';
import { conversationSource, useConversationList } from './conversation-list';

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  const scope = readScope(search);
  preloadList(client, conversationSource(organization), seenBase(scope, textOf(search['seen']), readBounds(scope, new Date())), search);
}

export function ConversationsPage() {
  const { t } = useTranslation();
  const scope = useScope();
  const bounds = useBounds();
  const state = useListState();
  const { seen } = useSearch({ from: '/o/$organization/conversations' });
  const definition = useConversationList();
  const base = useMemo(() => seenBase(scope, seen, bounds), [scope, seen, bounds]);

  return (
    <Page title={t('nav.conversations')} about={t('conversations.about')} fill>
      <ListView
        definition={definition}
        base={base}
        empty={{ title: t('conversations.empty'), next: <p>{t('conversations.emptyNext')}</p> }}
        extra={
          <SeenSelect
            value={seen}
            label={t('conversations.seen')}
            words={{ all: t('conversations.seenAll'), range: t('conversations.seenRange'), new: t('conversations.seenNew') }}
          />
        }
        details={(one) => (
          <Drawer
            key={one.id}
            title={`${one.client.name} → ${one.server.name}`}
            onClose={() => {
              state.set({ open: undefined });
            }}
          >
            <ConversationContent conversation={one} />
          </Drawer>
        )}
      />
    </Page>
  );
}
