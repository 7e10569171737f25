// What the list of conversations shows, filters by and exports.
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { addressOf, api, type QueryFor, type Schemas } from '@/shared/lib/api';
import { useDeviceNames } from '@/shared/lib/device-names';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useZone } from '@/shared/lib/scope';
import { stringifySearch } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { DeviceCell } from '@/shared/ui/list/device-cell';
import type { ListDefinition, ListSource } from '@/shared/ui/list/list-types';
import { useListState } from '@/shared/ui/list/use-list-state';
import { TimeAgoIn } from '@/shared/ui/time-ago';

type Conversation = Schemas['Conversation'];
const root = '/api/v1/organizations/{organization}/conversations';

export function conversationSource(organization: string): ListSource<Conversation> {
  return {
    name: 'conversations',
    defaultSort: '-bytes',
    readPage: (query, signal) => api.get(root, { path: { organization }, query: query as QueryFor<typeof root>, signal }),
  };
}

/** Columns of the export that stand behind one column on screen. */
const exported: Record<string, string> = {
  client: 'client,client_ip,client_mac',
  server: 'server,server_ip,server_mac',
  port: 'transport,port',
  bytes: 'bytes_up,bytes_down',
  packets: 'packets_up,packets_down',
};

export function useConversationList(): ListDefinition<Conversation> {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const words = useVocabulary();
  const zone = useZone();
  const router = useRouter();
  const { filter } = useListState();
  const nameOf = useDeviceNames(filter, ['device', 'client', 'server']);

  return useMemo((): ListDefinition<Conversation> => {
    const path = { organization };
    const hrefOf = (device: string) => `/o/${organization}/devices/${device}${stringifySearch({ ...scope })}`;
    const deviceText = (id: string | null, name: string | null) => name ?? (id === null ? t('common.unknown') : nameOf(id));
    return {
      ...conversationSource(organization),
      label: t('nav.conversations'),
      searchHint: t('conversations.search'),
      defaultColumns: ['client', 'server', 'protocol', 'port', 'bytes', 'packets', 'flows', 'first_seen', 'last_seen'],
      narrowColumns: ['client', 'server', 'protocol', 'bytes', 'last_seen'],
      keyOf: (one) => one.id,
      nameOf: (one) => `${one.client.name} → ${one.server.name}`,
      columns: [
        { id: 'client', label: t('column.client'), width: 182, render: (one) => <DeviceCell device={one.client} router={router} hrefOf={hrefOf} /> },
        { id: 'server', label: t('column.server'), width: 182, render: (one) => <DeviceCell device={one.server} router={router} hrefOf={hrefOf} /> },
        { id: 'protocol', label: t('network.protocol'), width: 105, sort: 'protocol', render: (one) => words.protocol(one.protocol) },
        { id: 'port', label: t('column.port'), width: 90, sort: 'port', render: (one) => <span className="muted">{words.transport(one.transport, one.port)}</span> },
        {
          id: 'bytes',
          label: t('column.bytes'),
          width: 85,
          sort: 'bytes',
          numeric: true,
          render: (one) => (
            <span title={`${t('network.up')} ${formatBytes(one.bytes_up)}\n${t('network.down')} ${formatBytes(one.bytes_down)}`}>
              {formatBytes(one.bytes_up + one.bytes_down)}
            </span>
          ),
        },
        {
          id: 'packets',
          label: t('column.packets'),
          width: 86,
          sort: 'packets',
          numeric: true,
          render: (one) => formatCount(one.packets_up + one.packets_down, locale),
        },
        { id: 'flows', label: t('column.flows'), width: 80, sort: 'flows', numeric: true, render: (one) => formatCount(one.flows, locale) },
        { id: 'site', label: t('column.site'), width: 120, render: (one) => one.site.name },
        { id: 'sensor', label: t('column.sensor'), width: 120, render: (one) => one.sensor.name },
        { id: 'first_seen', label: t('column.firstSeen'), width: 126, sort: 'first_seen', render: (one) => <TimeAgoIn time={one.first_seen} locale={locale} zone={zone} /> },
        { id: 'last_seen', label: t('column.lastSeen'), width: 130, sort: 'last_seen', render: (one) => <TimeAgoIn time={one.last_seen} locale={locale} zone={zone} /> },
      ],
      fields: [
        { field: 'protocol', label: t('network.protocol'), textOf: words.protocol },
        { field: 'client', label: t('column.client'), textOf: deviceText },
        { field: 'server', label: t('column.server'), textOf: deviceText },
        { field: 'transport', label: t('column.transport'), textOf: (value) => (value ?? '').toUpperCase() },
        { field: 'port', label: t('column.port'), textOf: (value) => value ?? '' },
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
