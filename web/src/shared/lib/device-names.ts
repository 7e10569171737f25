// Names of the devices that a filter of the URL holds by their ids.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import { api } from './api';
import { decodeValue } from './list-search';
import type { SearchMap } from './search';
import { useOrganizationId } from './session';

/** Says the name of a device's id once it is known; the id before. */
export function useDeviceNames(filter: SearchMap | undefined, fields: readonly string[]): (id: string) => string {
  const organization = useOrganizationId();
  const ids = fields.flatMap((field) => (filter?.[field] ?? []).map((one) => decodeValue(one).value)).filter((id) => /^\d+$/.test(id));
  const names = useQueries({
    queries: [...new Set(ids)].map((device) => ({
      queryKey: ['device', organization, device],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get('/api/v1/organizations/{organization}/devices/{device}', { path: { organization, device }, signal }),
    })),
    combine: (answers) => answers.flatMap(({ data }) => (data === undefined ? [] : [`${data.id} ${data.name}`])).join('\n'),
  });
  return useMemo(() => {
    const known = new Map(names.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
    return (id: string) => known.get(id) ?? id;
  }, [names]);
}
