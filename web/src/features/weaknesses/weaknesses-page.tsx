// Weaknesses: what is wrong with the devices for good, the most urgent first, each with what to do.
import type { QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useLocale } from '@/shared/lib/i18n';
import { readBounds, readScope, useBounds, useScope } from '@/shared/lib/scope';
import { Drawer } from '@/shared/ui/drawer';
import { preloadList } from '@/shared/ui/list/list-query';
import { ListView } from '@/shared/ui/list/list-view';
import { seenBase } from '@/shared/ui/list/seen-base';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';

import { WeaknessContent } from './weakness-content';
import { useWeaknessList, weaknessSource } from './weakness-list';

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  const scope = readScope(search);
  preloadList(client, weaknessSource(organization), seenBase(scope, undefined, readBounds(scope, new Date())), search);
}

export function WeaknessesPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const scope = useScope();
  const bounds = useBounds();
  const state = useListState();
  const definition = useWeaknessList();
  const base = useMemo(() => seenBase(scope, undefined, bounds), [scope, bounds]);
  const isNarrowed = state.q !== undefined || state.filter !== undefined;

  return (
    <Page title={t('nav.weaknesses')} about={t('weaknesses.about')} fill>
      <ListView
        definition={definition}
        base={base}
        empty={{ title: isNarrowed ? t('list.noMatch') : t('weaknesses.empty'), next: <p>{t('weaknesses.emptyNext')}</p> }}
        details={(one) => (
          <Drawer
            key={one.id}
            title={one.title[locale]}
            onClose={() => {
              state.set({ open: undefined });
            }}
          >
            <WeaknessContent weakness={one} />
          </Drawer>
        )}
      />
    </Page>
  );
}
