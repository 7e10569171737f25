// What the pages of incidents ask for.
import { queryOptions } from '@tanstack/react-query';

import { api } from '@/shared/lib/api';

export function incidentsQuery(organization: string, site: string | undefined, state: 'open' | 'all' | undefined) {
  return queryOptions({
    queryKey: ['incidents', organization, site, state],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/incidents', { path: { organization }, query: { site, state }, signal }),
  });
}

export function incidentQuery(organization: string, incident: string) {
  return queryOptions({
    queryKey: ['incident', organization, incident],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/incidents/{incident}', { path: { organization, incident }, signal }),
  });
}
