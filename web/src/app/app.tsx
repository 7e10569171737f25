// Composition of the UI: query cache, routes, and what happens when the session ends.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';

import { setSignedOutHandler } from '@/shared/lib/api';
import { Problem } from '@/shared/lib/problem';

import { createAppRouter } from './router';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // The API says what is wrong with a request; only an unreachable or overloaded cloud is worth another try.
      retry: (failures, error) => failures < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
    },
  },
});

const router = createAppRouter(client);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

setSignedOutHandler(() => {
  if (router.state.location.pathname === '/login') return;
  const target = router.state.location.href;
  client.clear();
  void router.navigate({ to: '/login', search: { to: target } });
});

/** Begins with what the address asks for, without waiting for the language or the first render. */
export function startLoading(): void {
  void router.load();
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
