// Who may be given an alert or an incident.
import { queryOptions } from '@tanstack/react-query';

import { api } from './api';

export function peopleQuery(organization: string) {
  return queryOptions({
    queryKey: ['alert-people', organization],
    queryFn: ({ signal }) => api.get('/api/v1/organizations/{organization}/alerts/people', { path: { organization }, signal }),
    staleTime: 300_000,
  });
}
