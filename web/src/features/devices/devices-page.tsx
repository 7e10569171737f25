// Devices: every machine the sensors have seen, as a list; details open beside it.
import type { QueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { readBounds, readScope, useBounds, useScope, type ScopeSearch } from '@/shared/lib/scope';
import { textOf } from '@/shared/lib/search';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { useOrganizationId } from '@/shared/lib/session';
import { Drawer } from '@/shared/ui/drawer';
import { preloadList } from '@/shared/ui/list/list-query';
import type { ListQuery } from '@/shared/ui/list/list-types';
import { ListView } from '@/shared/ui/list/list-view';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';

import { DeviceContent, DeviceTitle } from './device-content';
import { DeviceActions } from './device-actions';
import { deviceSource, useDeviceList } from './device-list';
import style from './devices.module.css';

/** What the list is narrowed by beside its own filters. */
function baseOf({ site, sensor }: ScopeSearch, seen: string | undefined, bounds: { from: string; to: string }): ListQuery {
  return { site, sensor, ...(seen === 'range' ? bounds : {}), ...(seen === 'new' ? { new_since: bounds.from } : {}) };
}

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  const scope = readScope(search);
  preloadList(client, deviceSource(organization), baseOf(scope, textOf(search['seen']), readBounds(scope, new Date())), search);
}

export function DevicesPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const bounds = useBounds();
  const navigate = useNavigate();
  const state = useListState();
  const change = useSearchChange();
  const { seen } = useSearch({ from: '/o/$organization/devices' });
  const definition = useDeviceList();

  const base = useMemo(() => baseOf(scope, seen, bounds), [scope, seen, bounds]);
  const { open } = state;

  return (
    <Page title={t('nav.devices')} about={t('devices.about')} fill>
      <ListView
        definition={definition}
        base={base}
        empty={{ title: t('devices.empty'), next: <p>{t('devices.emptyNext')}</p> }}
        actions={(keys, rows) => <DeviceActions keys={keys} rows={rows} />}
        extra={
          <select
            className={style['seen']}
            aria-label={t('devices.seen')}
            value={seen ?? ''}
            onChange={(event) => {
              change({ seen: event.target.value === '' ? undefined : event.target.value });
            }}
          >
            <option value="">{t('devices.seenAll')}</option>
            <option value="range">{t('devices.seenRange')}</option>
            <option value="new">{t('devices.seenNew')}</option>
          </select>
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
          <DeviceContent id={open} />
        </Drawer>
      )}
    </Page>
  );
}
