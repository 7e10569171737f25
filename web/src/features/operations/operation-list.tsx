// What the list of OT operations shows, filters by and exports.
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { addressOf, api, type QueryFor, type Schemas } from '@/shared/lib/api';
import { useDeviceNames } from '@/shared/lib/device-names';
import { formatCount, formatMilliseconds } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useZone } from '@/shared/lib/scope';
import { stringifySearch } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { AccessBadgeOf } from '@/shared/ui/access-badge';
import { DeviceCell } from '@/shared/ui/list/device-cell';
import type { ListDefinition, ListSource } from '@/shared/ui/list/list-types';
import { useListState } from '@/shared/ui/list/use-list-state';
import { TimeAgoIn } from '@/shared/ui/time-ago';

type Operation = Schemas['Operation'];
const root = '/api/v1/organizations/{organization}/operations';

export function operationSource(organization: string): ListSource<Operation> {
  return {
    name: 'operations',
    defaultSort: '-last_seen',
    readPage: (query, signal) => api.get(root, { path: { organization }, query: query as QueryFor<typeof root>, signal }),
  };
}

/** Columns of the export that stand behind one column on screen. */
const exported: Record<string, string> = {
  client: 'client,client_ip',
  server: 'server,server_ip',
  function: 'function,code',
  cycle: 'cycle_ms,jitter_ms',
};

export function useOperationList(): ListDefinition<Operation> {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const words = useVocabulary();
  const zone = useZone();
  const router = useRouter();
  const { filter } = useListState();
  const nameOf = useDeviceNames(filter, ['device', 'client', 'server']);

  return useMemo((): ListDefinition<Operation> => {
    const path = { organization };
    const hrefOf = (device: string) => `/o/${organization}/devices/${device}${stringifySearch({ ...scope })}`;
    const deviceText = (id: string | null, name: string | null) => name ?? (id === null ? t('common.unknown') : nameOf(id));
    const accessText = (value: string | null) => words.access((value ?? 'none') as Schemas['Access']);
    return {
      ...operationSource(organization),
      label: t('nav.operations'),
      searchHint: t('operations.search'),
      defaultColumns: ['access', 'function', 'protocol', 'client', 'server', 'target', 'count', 'errors', 'last_seen'],
      narrowColumns: ['access', 'function', 'server', 'client', 'last_seen'],
      keyOf: (one) => one.id,
      nameOf: (one) => words.functionName(one.function),
      columns: [
        { id: 'access', label: t('operation.access'), width: 92, sort: 'access', render: (one) => <AccessBadgeOf access={one.access} text={words.access(one.access)} help={words.accessHelp(one.access)} /> },
        {
          id: 'function',
          label: t('operation.function'),
          width: 184,
          sort: 'function',
          render: (one) => (
            <span title={`${words.functionName(one.function)} (${one.function} ${one.code})`}>
              {words.functionName(one.function)} <small className="muted">{one.code}</small>
            </span>
          ),
        },
        { id: 'protocol', label: t('network.protocol'), width: 105, sort: 'protocol', render: (one) => words.protocol(one.protocol) },
        { id: 'client', label: t('operation.client'), width: 168, render: (one) => <DeviceCell device={one.client} router={router} hrefOf={hrefOf} /> },
        { id: 'server', label: t('operation.server'), width: 168, render: (one) => <DeviceCell device={one.server} router={router} hrefOf={hrefOf} /> },
        { id: 'target', label: t('operation.target'), width: 92, render: (one) => words.target(one.target) },
        { id: 'count', label: t('operation.count'), width: 64, sort: 'count', numeric: true, render: (one) => formatCount(one.count, locale) },
        { id: 'errors', label: t('operation.errors'), width: 52, sort: 'errors', numeric: true, render: (one) => formatCount(one.errors, locale) },
        {
          id: 'cycle',
          label: t('operation.cycle'),
          width: 130,
          numeric: true,
          render: (one) => (one.cycle_ms === null ? <span className="muted">–</span> : formatMilliseconds(one.cycle_ms, locale)),
        },
        { id: 'site', label: t('column.site'), width: 120, render: (one) => one.site.name },
        { id: 'sensor', label: t('column.sensor'), width: 120, render: (one) => one.sensor.name },
        { id: 'first_seen', label: t('column.firstSeen'), width: 136, sort: 'first_seen', render: (one) => <TimeAgoIn time={one.first_seen} locale={locale} zone={zone} /> },
        { id: 'last_seen', label: t('column.lastSeen'), width: 136, sort: 'last_seen', render: (one) => <TimeAgoIn time={one.last_seen} locale={locale} zone={zone} /> },
      ],
      fields: [
        { field: 'access', label: t('operation.access'), textOf: accessText },
        { field: 'protocol', label: t('network.protocol'), textOf: words.protocol },
        { field: 'server', label: t('operation.server'), textOf: deviceText },
        { field: 'client', label: t('operation.client'), textOf: deviceText },
        { field: 'function', label: t('operation.function'), textOf: (value) => words.functionName(value ?? '') },
        { field: 'device', label: t('nav.device'), textOf: deviceText, isHidden: true },
      ],
      readGroups: (query, signal) =>
        api.get(`${root}/groups`, { path, query: query as unknown as QueryFor<`${typeof root}/groups`>, signal }),
      exportAddress: ({ columns, ...query }) =>
        addressOf(`${root}/export`, path, {
          ...query,
          columns: String(columns).split(',').map((one) => exported[one] ?? one).join(','),
        }),
    };
  }, [t, locale, organization, scope, words, zone, router, nameOf]);
}
