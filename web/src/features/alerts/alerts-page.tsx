// Alerts: what is not normal, the gravest first; what is open unless somebody asks for more.
import type { QueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '@/shared/lib/act-on-alerts';
import { readScope, useScope, type ScopeSearch } from '@/shared/lib/scope';
import { mapOf, type SearchMap } from '@/shared/lib/search';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Drawer } from '@/shared/ui/drawer';
import { preloadList } from '@/shared/ui/list/list-query';
import { ListView } from '@/shared/ui/list/list-view';
import { splitList, useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';
import { Skeleton } from '@/shared/ui/state-frame';

import { AlertActions } from './alert-actions';
import { alertSource, useAlertList } from './alert-list';

// The drawer comes when an alert is opened.
const AlertTitle = lazy(async () => ({ default: (await import('./alert-content')).AlertTitle }));
const AlertContent = lazy(async () => ({ default: (await import('./alert-content')).AlertContent }));

function alertBase({ site, sensor }: ScopeSearch, filter: SearchMap | undefined) {
  return { site, sensor, ...(filter?.['state'] === undefined && filter?.['planned_work'] === undefined ? { 'filter.state': ['!closed'] } : {}) };
}

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  preloadList(client, alertSource(organization), alertBase(readScope(search), mapOf(search['filter'])), search);
}

export function AlertsPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const navigate = useNavigate();
  const state = useListState();
  const definition = useAlertList();
  const may = useMay('operator');
  const { open, selected, filter } = state;
  const base = useMemo(() => alertBase(scope, filter), [scope, filter]);
  useTriageKeys(splitList(selected).length > 0 ? splitList(selected) : open === undefined ? [] : [open]);

  return (
    <Page title={t('nav.alerts')} about={t('alerts.about')} fill>
      <ListView
        definition={definition}
        base={base}
        moreKeys={may ? Object.keys(triage).map((key) => ({ cap: key, text: t(`alerts.key.${key as keyof typeof triage}`) })) : []}
        empty={{ title: t('alerts.empty'), next: <p>{t('alerts.emptyNext')}</p> }}
        actions={(keys, rows) => {
          const states = new Set(rows.map((one) => one.state));
          const [only] = states;
          return <AlertActions ids={keys} {...(states.size === 1 && only !== undefined ? { state: only } : {})} small />;
        }}
      />
      {open !== undefined && (
        <Drawer
          key={open}
          title={
            <Suspense>
              <AlertTitle id={open} />
            </Suspense>
          }
          onClose={() => {
            state.set({ open: undefined });
          }}
          onExpand={() =>
            void navigate({ to: '/o/$organization/alerts/$alert', params: { organization, alert: open }, search: scope })
          }
        >
          <Suspense fallback={<Skeleton rows={8} />}>
            <AlertContent id={open} />
          </Suspense>
        </Drawer>
      )}
    </Page>
  );
}

const triage = {
  i: { action: 'investigate' },
  l: { action: 'learn' },
  m: { action: 'mute' },
  e: { action: 'close', reason: 'false_positive' },
  u: { action: 'undo' },
} as const;
const mutedMs = 8 * 3_600_000;

/** What a key does to the picked alerts, or to the open one; each can be taken back. */
function useTriageKeys(ids: string[]): void {
  const may = useMay('operator');
  const { mutate } = useAct();
  const key = ids.join(',');
  useEffect(() => {
    if (!may || key === '') return;
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input:not([type=checkbox]), textarea, select, dialog') !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const what = Object.hasOwn(triage, event.key) ? triage[event.key as keyof typeof triage] : undefined;
      if (what === undefined) return;
      event.preventDefault();
      const until = what.action === 'mute' ? { until: new Date(Date.now() + mutedMs).toISOString() } : {};
      mutate({ alerts: key.split(','), ...what, ...until });
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, [may, key, mutate]);
}
