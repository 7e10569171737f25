// What the list of devices shows, filters by and exports.
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { addressOf, api, type QueryFor, type Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useSites, useZone } from '@/shared/lib/scope';
import { stringifySearch } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { DeviceIconOf } from '@/shared/ui/device-name';
import type { ListDefinition, ListSource } from '@/shared/ui/list/list-types';
import { PlainLink } from '@/shared/ui/plain-link';
import { TimeAgoIn } from '@/shared/ui/time-ago';

import { useAttributeValue } from './attribute-value';
import style from './devices.module.css';

type Device = Schemas['Device'];
const root = '/api/v1/organizations/{organization}/devices';

function Unknown({ value }: { value: string | null }) {
  return value === null ? <span className="muted">–</span> : <span title={value}>{value}</span>;
}

function Addresses({ all }: { all: string[] }) {
  const [first, ...others] = all;
  if (first === undefined) return <span className="muted">–</span>;
  return (
    <span className="mono" title={all.join('\n')}>
      {first}
      {others.length > 0 && <span className="muted"> +{others.length}</span>}
    </span>
  );
}

export function deviceSource(organization: string): ListSource<Device> {
  return {
    name: 'devices',
    defaultSort: '-last_seen',
    readPage: (query, signal) => api.get(root, { path: { organization }, query: query as QueryFor<typeof root>, signal }),
  };
}

export function useDeviceList(): ListDefinition<Device> {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const words = useVocabulary();
  const valueOf = useAttributeValue();
  const sites = useSites();
  const zone = useZone();
  const manySites = scope.site === undefined && (sites?.length ?? 0) > 1;
  const router = useRouter();

  return useMemo((): ListDefinition<Device> => {
    const known = (value: string | null) => value ?? t('common.unknown');
    const yesNo = (value: string | null) => (value === 'true' ? t('common.yes') : t('common.no'));
    const worded = (attribute: string, value: string | null) => (value === null ? '–' : valueOf(attribute, value));
    const path = { organization };
    const page = `/o/${organization}/devices`;
    return {
      ...deviceSource(organization),
      label: t('nav.devices'),
      searchHint: t('devices.search'),
      // A site's name in every row says nothing where there is one only.
      defaultColumns: ['name', 'type', 'vendor', 'model', 'firmware', 'os', 'level', 'ips', ...(manySites ? ['site'] : []), 'first_seen', 'last_seen'],
      narrowColumns: ['name', 'ips', 'last_seen', 'vendor'],
      keyOf: (device) => device.id,
      nameOf: (device) => device.name,
      columns: [
        {
          id: 'name',
          label: t('column.name'),
          width: 168,
          sort: 'name',
          render: (device) => (
            <span className={style['name']}>
              <DeviceIconOf type={device.type} title={words.type(device.type)} />
              <PlainLink
                router={router}
                href={`${page}/${device.id}${stringifySearch({ ...scope })}`}
                className={device.name_source === 'address' ? 'mono' : undefined}
              >
                {device.name}
              </PlainLink>
            </span>
          ),
        },
        { id: 'type', label: t('column.type'), width: 100, sort: 'type', render: (device) => words.type(device.type) },
        { id: 'vendor', label: t('column.vendor'), width: 124, sort: 'vendor', render: (device) => <Unknown value={device.vendor} /> },
        { id: 'model', label: t('column.model'), width: 106, sort: 'model', render: (device) => <Unknown value={device.model} /> },
        { id: 'family', label: t('attribute.family'), width: 130, sort: 'family', render: (device) => <Unknown value={device.family} /> },
        { id: 'firmware', label: t('column.firmware'), width: 120, sort: 'firmware', render: (device) => <Unknown value={device.firmware} /> },
        { id: 'serial', label: t('column.serial'), width: 130, render: (device) => <Unknown value={device.serial} /> },
        { id: 'os', label: t('column.os'), width: 140, sort: 'os', render: (device) => <Unknown value={device.os} /> },
        { id: 'ips', label: t('column.ips'), width: 154, render: (device) => <Addresses all={device.ips} /> },
        { id: 'macs', label: t('column.macs'), width: 154, render: (device) => <Addresses all={device.macs} /> },
        { id: 'vlans', label: t('column.vlans'), width: 80, render: (device) => device.vlans.filter((vlan) => vlan > 0).join(', ') || '–' },
        { id: 'host_name', label: t('column.hostName'), width: 140, render: (device) => <Unknown value={device.host_name} /> },
        { id: 'site', label: t('column.site'), width: 120, render: (device) => device.site.name },
        { id: 'sensors', label: t('column.sensors'), width: 140, render: (device) => device.sensors.map((one) => one.name).join(', ') },
        { id: 'hardware', label: t('attribute.hardware'), width: 110, render: (device) => <Unknown value={device.hardware} /> },
        { id: 'level', label: t('column.level'), width: 76, sort: 'level', render: (device) => <span title={worded('level', device.level)}>{device.level ?? '–'}</span> },
        { id: 'role', label: t('attribute.role'), width: 110, render: (device) => worded('role', device.role) },
        { id: 'mac_kind', label: t('attribute.mac_kind'), width: 130, render: (device) => worded('mac_kind', device.mac_kind) },
        { id: 'has_internet', label: t('column.hasInternet'), width: 120, render: (device) => yesNo(String(device.has_internet)) },
        { id: 'is_router', label: t('column.isRouter'), width: 100, render: (device) => yesNo(String(device.is_router)) },
        { id: 'is_local', label: t('column.isLocal'), width: 110, render: (device) => yesNo(String(device.is_local)) },
        { id: 'packets', label: t('column.packets'), width: 110, numeric: true, render: (device) => formatCount(device.packets, locale) },
        { id: 'bytes', label: t('column.bytes'), width: 110, numeric: true, render: (device) => formatBytes(device.bytes) },
        { id: 'first_seen', label: t('column.firstSeen'), width: 128, sort: 'first_seen', render: (device) => <TimeAgoIn time={device.first_seen} locale={locale} zone={zone} /> },
        { id: 'last_seen', label: t('column.lastSeen'), width: 134, sort: 'last_seen', render: (device) => <TimeAgoIn time={device.last_seen} locale={locale} zone={zone} /> },
      ],
      fields: [
        { field: 'type', label: t('column.type'), textOf: words.type },
        { field: 'vendor', label: t('column.vendor'), textOf: known },
        { field: 'model', label: t('column.model'), textOf: known },
        { field: 'family', label: t('attribute.family'), textOf: known },
        { field: 'firmware', label: t('column.firmware'), textOf: known },
        { field: 'os', label: t('column.os'), textOf: known },
        { field: 'level', label: t('column.level'), textOf: (value) => (value === null || value === '' ? t('common.unknown') : valueOf('level', value)) },
        { field: 'role', label: t('attribute.role'), textOf: (value) => (value === null || value === '' ? t('common.unknown') : valueOf('role', value)) },
        { field: 'mac_kind', label: t('attribute.mac_kind'), textOf: (value) => (value === null || value === '' ? t('common.unknown') : valueOf('mac_kind', value)) },
        { field: 'has_internet', label: t('column.hasInternet'), textOf: yesNo },
        { field: 'has_conflict', label: t('column.hasConflict'), textOf: yesNo, values: ['true', 'false'] },
        { field: 'is_router', label: t('column.isRouter'), textOf: yesNo },
        { field: 'is_local', label: t('column.isLocal'), textOf: yesNo },
        { field: 'is_outside', label: t('column.isOutside'), textOf: yesNo, values: ['true', 'false'] },
        {
          field: 'site',
          label: t('column.site'),
          isFilter: false,
          textOf: (id, name) => name ?? sites?.find((one) => one.id === id)?.name ?? '',
        },
      ],
      readGroups: (query, signal) =>
        api.get(`${root}/groups`, { path, query: query as unknown as QueryFor<`${typeof root}/groups`>, signal }),
      exportAddress: (query) => addressOf(`${root}/export`, path, query),
    };
  }, [t, locale, organization, scope, words, sites, manySites, zone, router, valueOf]);
}
