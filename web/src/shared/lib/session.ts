// Who is signed in: read once, kept in the query cache, forgotten when the API says that the session has ended.
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { api, setCsrfToken, type Schemas } from './api';

export type Session = Schemas['Session'];
export type Role = Schemas['Role'];

declare global {
  interface Window {
    /** The first answer to "who is signed in?", asked by early.js; taken once. */
    earlySession?: Promise<Response> | undefined;
  }
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const early = window.earlySession;
    window.earlySession = undefined;
    const session = await api.get('/api/v1/session', { signal, answered: early });
    setCsrfToken(session.csrf_token);
    return session;
  },
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
});

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Puts a renewed session, or a changed account, where every page reads it. */
export function useSessionUpdate(): (change: Partial<Session>) => void {
  const client = useQueryClient();
  return (change) => {
    if (change.csrf_token !== undefined) setCsrfToken(change.csrf_token);
    client.setQueryData(sessionQuery.queryKey, (before) => (before === undefined ? before : { ...before, ...change }));
  };
}

export function useOrganizationId(): string {
  const { organization } = useParams({ strict: false });
  return organization ?? '';
}

const rising: Role[] = ['viewer', 'operator', 'analyst', 'admin'];

/** Whether the signed-in person may do what needs at least this role in the organization on screen; `everywhere`: at every site. */
export function useMay(needed: Role, everywhere: 'everywhere' | 'somewhere' = 'somewhere'): boolean {
  const id = useOrganizationId();
  const organization = useSession().organizations.find((one) => one.id === id);
  if (organization === undefined || (everywhere === 'everywhere' && !organization.is_everywhere)) return false;
  return rising.indexOf(organization.role) >= rising.indexOf(needed);
}
