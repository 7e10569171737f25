// What the list of weaknesses shows, filters by and exports.
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { addressOf, api, type QueryFor, type Schemas } from '@/shared/lib/api';
import { useDeviceNames } from '@/shared/lib/device-names';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useZone } from '@/shared/lib/scope';
import { stringifySearch } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { DeviceCell } from '@/shared/ui/list/device-cell';
import type { ListDefinition, ListSource } from '@/shared/ui/list/list-types';
import { useListState } from '@/shared/ui/list/use-list-state';
import { Severity } from '@/shared/ui/severity';
import { TimeAgoIn } from '@/shared/ui/time-ago';

type Weakness = Schemas['Weakness'];
const root = '/api/v1/organizations/{organization}/weaknesses';

export function weaknessSource(organization: string): ListSource<Weakness> {
  return {
    name: 'weaknesses',
    defaultSort: '-urgency',
    readPage: (query, signal) => api.get(root, { path: { organization }, query: query as QueryFor<typeof root>, signal }),
  };
}

export function useWeaknessList(): ListDefinition<Weakness> {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const zone = useZone();
  const router = useRouter();
  const { filter } = useListState();
  const nameOf = useDeviceNames(filter, ['device']);

  return useMemo((): ListDefinition<Weakness> => {
    const path = { organization };
    const hrefOf = (device: string) => `/o/${organization}/devices/${device}${stringifySearch({ ...scope })}`;
    const title = locale === 'ja' ? 'title_ja' : 'title_en';
    return {
      ...weaknessSource(organization),
      label: t('nav.weaknesses'),
      searchHint: t('weaknesses.search'),
      defaultColumns: ['action', 'severity', 'title', 'device', 'verdict', 'kind', 'last_seen'],
      narrowColumns: ['action', 'title', 'device'],
      keyOf: (one) => one.id,
      nameOf: (one) => one.title[locale],
      columns: [
        { id: 'action', label: t('weakness.when'), width: 130, sort: 'urgency', render: (one) => <strong>{t(`weakness.action.${one.action}`)}</strong> },
        { id: 'severity', label: t('weakness.severity'), width: 108, render: (one) => <Severity severity={one.severity} /> },
        { id: 'title', label: t('weakness.title'), width: 280, sort: title, render: (one) => <span title={one.reason[locale]}>{one.title[locale]}</span> },
        { id: 'device', label: t('nav.device'), width: 180, sort: 'device', render: (one) => <DeviceCell device={one.device} router={router} hrefOf={hrefOf} /> },
        { id: 'verdict', label: t('weakness.verdictLabel'), width: 96, render: (one) => t(`weakness.verdict.${one.verdict}`) },
        { id: 'kind', label: t('weakness.kindLabel'), width: 116, render: (one) => t(`weakness.kind.${one.kind}`) },
        { id: 'rule', label: t('weakness.rule'), width: 140, sort: 'rule', render: (one) => one.rule },
        { id: 'vendor', label: t('column.vendor'), width: 140, render: (one) => one.vendor },
        { id: 'model', label: t('column.model'), width: 140, render: (one) => one.model },
        { id: 'firmware', label: t('column.firmware'), width: 110, render: (one) => one.firmware },
        { id: 'os', label: t('column.os'), width: 170, render: (one) => one.os },
        { id: 'site', label: t('column.site'), width: 120, render: (one) => one.site.name },
        { id: 'first_seen', label: t('column.firstSeen'), width: 136, sort: 'first_seen', render: (one) => <TimeAgoIn time={one.first_seen} locale={locale} zone={zone} /> },
        { id: 'last_seen', label: t('column.lastSeen'), width: 136, sort: 'last_seen', render: (one) => <TimeAgoIn time={one.last_seen} locale={locale} zone={zone} /> },
      ],
      fields: [
        { field: 'action', label: t('weakness.when'), textOf: (value) => t(`weakness.action.${(value ?? 'never') as Weakness['action']}`) },
        { field: 'severity', label: t('weakness.severity'), textOf: (value) => t(`severity.${(value ?? 'info') as Weakness['severity']}`) },
        { field: 'device', label: t('nav.device'), textOf: (value, name) => name ?? (value === null ? t('common.unknown') : nameOf(value)) },
        { field: title, label: t('weakness.title'), textOf: (value) => value ?? '' },
        { field: 'verdict', label: t('weakness.verdictLabel'), textOf: (value) => t(`weakness.verdict.${(value ?? 'possible') as Weakness['verdict']}`) },
        { field: 'kind', label: t('weakness.kindLabel'), textOf: (value) => t(`weakness.kind.${(value ?? 'habit') as Weakness['kind']}`) },
      ],
      readGroups: (query, signal) =>
        api.get(`${root}/groups`, { path, query: query as unknown as QueryFor<`${typeof root}/groups`>, signal }),
      exportAddress: (query) => addressOf(`${root}/export`, path, query),
    };
  }, [t, locale, organization, scope, zone, router, nameOf]);
}
