// The one global scope (organization > site > sensor) and the one time range, both kept in the URL.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';

import { api, type Schemas } from './api';
import { textOf } from './search';
import { useOrganizationId } from './session';
import { boundsOf, defaultRange, formatRange, isoSeconds, parseRange, type TimeRange } from './time-range';
import { useNow } from './now';
import { useSearchChange } from './use-search-change';

/** What every page below an organization has in its URL. */
export interface ScopeSearch {
  site?: string;
  sensor?: string;
  time?: string;
}

const idPattern = /^[1-9][0-9]{0,18}$/;

export function readScope(search: Record<string, unknown>): ScopeSearch {
  const site = textOf(search['site']);
  const sensor = textOf(search['sensor']);
  const range = parseRange(textOf(search['time']));
  return {
    ...(site !== undefined && idPattern.test(site) ? { site } : {}),
    ...(sensor !== undefined && idPattern.test(sensor) ? { sensor } : {}),
    ...(range !== undefined ? { time: formatRange(range) } : {}),
  };
}

export function sitesQuery(organization: string) {
  return queryOptions({
    queryKey: ['sites', organization],
    queryFn: ({ signal }) => api.get('/api/v1/organizations/{organization}/sites', { path: { organization }, signal }),
    staleTime: 30_000,
  });
}

export function sensorsQuery(organization: string) {
  return queryOptions({
    queryKey: ['sensors', organization],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/sensors', { path: { organization }, signal }),
    staleTime: 30_000,
  });
}

export function useSites(): Schemas['Site'][] | undefined {
  return useQuery(sitesQuery(useOrganizationId())).data?.items;
}

export function useSensors(): Schemas['Sensor'][] | undefined {
  return useQuery(sensorsQuery(useOrganizationId())).data?.items;
}

export function useScope(): ScopeSearch {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const site = textOf(search['site']);
  const sensor = textOf(search['sensor']);
  const time = textOf(search['time']);
  return useMemo(
    () => ({
      ...(site !== undefined ? { site } : {}),
      ...(sensor !== undefined ? { sensor } : {}),
      ...(time !== undefined ? { time } : {}),
    }),
    [site, sensor, time],
  );
}

export function useTimeRange(): TimeRange {
  return parseRange(useScope().time) ?? defaultRange;
}

/** The bounds of the time range as the API takes them. */
export function readBounds({ time }: ScopeSearch, now: Date): { from: string; to: string } {
  const { from, to } = boundsOf(parseRange(time) ?? defaultRange, now);
  return { from: isoSeconds(from), to: isoSeconds(to) };
}

/** The bounds of the range on screen; a relative range moves on by whole minutes. */
export function useBounds(): { from: string; to: string } {
  const scope = useScope();
  const now = useNow(60_000);
  return useMemo(() => readBounds(scope, now), [scope, now]);
}

/** Changes scope or range of the page on screen; everything else in its URL stays, except what belongs to the old scope. */
export function useSetScope(): (change: { [K in keyof ScopeSearch]: ScopeSearch[K] | undefined }) => void {
  return useSearchChange();
}

/** The zone times are shown in: the chosen site's; the common one of all sites; else the reader's own. */
export function useZone(): string {
  const sites = useSites();
  const { site } = useScope();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = new Set((sites ?? []).filter((one) => site === undefined || one.id === site).map((one) => one.time_zone));
  const [only] = zones;
  return zones.size === 1 && only !== undefined ? only : own;
}
