// Devices: every machine the sensors have seen, as a list; details open beside it.
import type { QueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { readBounds, readScope, useBounds, useScope } from '@/shared/lib/scope';
import { textOf } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { Drawer } from '@/shared/ui/drawer';
import { preloadList } from '@/shared/ui/list/list-query';
import { ListView } from '@/shared/ui/list/list-view';
import { seenBase } from '@/shared/ui/list/seen-base';
import { SeenSelect } from '@/shared/ui/list/seen-select';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';
import { Skeleton } from '@/shared/ui/state-frame';

import { DeviceActions } from './device-actions';
import { deviceSource, useDeviceList } from './device-list';
import { DeviceTitle } from './device-title';
import { Unheard } from './unheard';

const DeviceContent = lazy(async () => ({ default: (await import('./device-content')).DeviceContent }));

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  const scope = readScope(search);
  preloadList(client, deviceSource(organization), seenBase(scope, textOf(search['seen']), readBounds(scope, new Date())), search);
}

export function DevicesPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const bounds = useBounds();
  const navigate = useNavigate();
  const state = useListState();
  const { seen } = useSearch({ from: '/o/$organization/devices' });
  const definition = useDeviceList();

  const base = useMemo(() => seenBase(scope, seen, bounds), [scope, seen, bounds]);
  const { open } = state;

  return (
    <Page title={t('nav.devices')} about={t('devices.about')} fill>
      <Unheard site={scope.site} sensor={scope.sensor} />
      <ListView
        definition={definition}
        base={base}
        empty={{ title: t('devices.empty'), next: <p>{t('devices.emptyNext')}</p> }}
        actions={(keys, rows) => <DeviceActions keys={keys} rows={rows} />}
        extra={
          <SeenSelect
            value={seen}
            label={t('devices.seen')}
            words={{ all: t('devices.seenAll'), range: t('devices.seenRange'), new: t('devices.seenNew') }}
          />
        }
      />
      {open !== undefined && (
        <Drawer
          key={open}
          title={<DeviceTitle id={open} />}
          onClose={() => {
            state.set({ open: undefined });
          }}
          onExpand={() =>
            void navigate({ to: '/o/$organization/devices/$device', params: { organization, device: open }, search: scope })
          }
        >
          <Suspense fallback={<Skeleton rows={8} />}>
            <DeviceContent id={open} />
          </Suspense>
        </Drawer>
      )}
    </Page>
  );
}
