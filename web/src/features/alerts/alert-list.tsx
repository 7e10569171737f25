// What the list of alerts shows, filters by and exports.
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useAlertWords } from '@/shared/lib/alert-words';
import { addressOf, api, type QueryFor, type Schemas } from '@/shared/lib/api';
import { useDeviceNames } from '@/shared/lib/device-names';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useZone } from '@/shared/lib/scope';
import { stringifySearch } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { DeviceCell } from '@/shared/ui/list/device-cell';
import type { ListDefinition, ListSource } from '@/shared/ui/list/list-types';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Severity } from '@/shared/ui/severity';
import { TimeAgoIn } from '@/shared/ui/time-ago';

type Alert = Schemas['Alert'];
const root = '/api/v1/organizations/{organization}/alerts';

export function alertSource(organization: string): ListSource<Alert> {
  return {
    name: 'alerts',
    defaultSort: '-severity',
    readPage: (query, signal) => api.get(root, { path: { organization }, query: query as QueryFor<typeof root>, signal }),
  };
}

/** Columns of the export that stand behind one column on screen. */
const exported: Record<string, string> = { client: 'client,client_ip', server: 'server,server_ip', state: 'state,reason' };

export function useAlertList(): ListDefinition<Alert> {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const zone = useZone();
  const router = useRouter();
  const { title } = useAlertWords();
  const { filter } = useListState();
  const nameOf = useDeviceNames(filter, ['device']);

  return useMemo((): ListDefinition<Alert> => {
    const path = { organization };
    const hrefOf = (device: string) => `/o/${organization}/devices/${device}${stringifySearch({ ...scope })}`;
    const stateText = (one: Alert) => {
      const more = one.reason === null ? one.planned_work?.name : t(`alertReason.${one.reason}`);
      return t(`alertState.${one.state}`) + (more === undefined ? '' : ` (${more})`);
    };
    const side = (device: Alert['client']) =>
      device === null ? <span className="muted">–</span> : <DeviceCell device={device} router={router} hrefOf={hrefOf} />;
    const known = (value: string | null, say: (value: string) => string) => (value === null || value === '' ? t('alerts.none') : say(value));
    return {
      ...alertSource(organization),
      label: t('nav.alerts'),
      searchHint: t('alerts.search'),
      defaultColumns: ['severity', 'title', 'state', 'count', 'assignee', 'last_seen'],
      narrowColumns: ['severity', 'title', 'last_seen'],
      keyOf: (one) => one.id,
      nameOf: title,
      columns: [
        { id: 'severity', label: t('alerts.severity'), width: 108, sort: 'severity', render: (one) => <Severity severity={one.severity} /> },
        { id: 'title', label: t('alerts.title'), width: 496, render: (one) => <span title={title(one)}>{title(one)}</span> },
        { id: 'state', label: t('alerts.state'), width: 132, sort: 'state', render: stateText },
        { id: 'category', label: t('alerts.category'), width: 96, render: (one) => t(`alertCategory.${one.category}`) },
        { id: 'client', label: t('alerts.client'), width: 160, render: (one) => side(one.client) },
        { id: 'server', label: t('alerts.server'), width: 160, render: (one) => side(one.server) },
        { id: 'count', label: t('alerts.count'), width: 60, sort: 'count', numeric: true, render: (one) => formatCount(one.count, locale) },
        { id: 'planned_work', label: t('alerts.plannedWork'), width: 130, render: (one) => one.planned_work?.name ?? <span className="muted">–</span> },
        { id: 'assignee', label: t('alerts.assignee'), width: 110, render: (one) => one.assignee?.name ?? <span className="muted">–</span> },
        { id: 'rule', label: t('alerts.rule'), width: 130, sort: 'rule', render: (one) => one.rule },
        { id: 'site', label: t('column.site'), width: 120, render: (one) => one.site.name },
        { id: 'first_seen', label: t('alerts.first'), width: 136, sort: 'first_seen', render: (one) => <TimeAgoIn time={one.first_seen} locale={locale} zone={zone} /> },
        { id: 'last_seen', label: t('alerts.last'), width: 136, sort: 'last_seen', render: (one) => <TimeAgoIn time={one.last_seen} locale={locale} zone={zone} /> },
      ],
      fields: [
        { field: 'state', label: t('alerts.state'), textOf: (value) => known(value, (one) => t(`alertState.${one as Alert['state']}`)) },
        { field: 'severity', label: t('alerts.severity'), textOf: (value) => known(value, (one) => t(`severity.${one as Alert['severity']}`)) },
        { field: 'category', label: t('alerts.category'), textOf: (value) => known(value, (one) => t(`alertCategory.${one as Alert['category']}`)) },
        { field: 'reason', label: t('alerts.reason'), textOf: (value) => known(value, (one) => t(`alertReason.${one as NonNullable<Alert['reason']>}`)) },
        { field: 'rule', label: t('alerts.rule'), textOf: (value) => value ?? '' },
        { field: 'planned_work', label: t('alerts.plannedWork'), textOf: (id) => (id === null || id === '' ? t('alerts.none') : id), isHidden: true },
        { field: 'device', label: t('nav.device'), textOf: (id, name) => name ?? (id === null ? t('common.unknown') : nameOf(id)), isHidden: true },
      ],
      readGroups: (query, signal) =>
        api.get(`${root}/groups`, { path, query: query as unknown as QueryFor<`${typeof root}/groups`>, signal }),
      exportAddress: ({ columns, ...query }) =>
        addressOf(`${root}/export`, path, {
          ...query,
          columns: String(columns).split(',').map((one) => exported[one] ?? one).join(','),
        }),
    };
  }, [t, locale, organization, scope, zone, router, title, nameOf]);
}
