// What a person does with alerts, from wherever they are shown.
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, type Schemas } from './api';
import { useOrganizationId } from './session';

/** Does something with alerts; whatever shows alerts is read again. */
export function useAct() {
  const organization = useOrganizationId();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['AlertAction']) =>
      api.post('/api/v1/organizations/{organization}/alerts/actions', { path: { organization }, body }),
    onSettled: () => {
      const shown = ['alerts', 'alert', 'incidents', 'incident', 'home', 'sites', 'devices', 'device', 'learning', 'baseline'];
      void client.invalidateQueries({ predicate: (query) => shown.includes(String(query.queryKey[0])) });
    },
  });
}
