// Devices: every machine the sensors have seen, as a list; details open beside it.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useBounds, useScope } from '@/shared/lib/scope';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { useOrganizationId } from '@/shared/lib/session';
import { Drawer } from '@/shared/ui/drawer';
import { ListView } from '@/shared/ui/list/list-view';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Page } from '@/shared/ui/page';

import { DeviceContent, DeviceTitle } from './device-content';
import { DeviceActions } from './device-actions';
import { useDeviceList } from './device-list';
import style from './devices.module.css';

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

  const base = useMemo(
    () => ({
      site: scope.site,
      sensor: scope.sensor,
      ...(seen === 'range' ? bounds : {}),
      ...(seen === 'new' ? { new_since: bounds.from } : {}),
    }),
    [scope, seen, bounds],
  );
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
