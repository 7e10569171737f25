// What the pages of alerts ask for.
import { queryOptions } from '@tanstack/react-query';

import { api } from '@/shared/lib/api';

export function alertQuery(organization: string, alert: string) {
  return queryOptions({
    queryKey: ['alert', organization, alert],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/alerts/{alert}', { path: { organization, alert }, signal }),
  });
}
