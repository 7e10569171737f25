// Every page and its address. The URL is the state: each route validates the search parameters it understands.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';

import { Problem } from '@/shared/lib/problem';
import { readScope, sensorsQuery, sitesQuery } from '@/shared/lib/scope';
import { defined, mapOf, parseSearch, stringifySearch, textOf, wordOf } from '@/shared/lib/search';
import { sessionQuery } from '@/shared/lib/session';
import { readListSearch } from '@/shared/lib/list-search';
import { applyTheme } from '@/shared/lib/theme';
import { applyLocale, withPageWords } from '@/shared/lib/i18n';
import { Failure } from '@/shared/ui/state-frame';

import { Frame } from './frame';
import { NotFound } from './not-found';

interface Context {
  client: QueryClient;
}

/** What a page module exports to have its first data asked for while everything else is still loading. */
type Preload = (client: QueryClient, organization: string, search: Record<string, unknown>) => void;

interface LoaderInput {
  context: Context;
  params: { organization: string };
  location: { search: object };
  cause: 'enter' | 'preload' | 'stay';
}

/** Asks for a page's first data as soon as its code is there; neither waits for the session nor for a render. */
function early(load: () => Promise<{ preload: Preload }>) {
  return ({ context, params, location, cause }: LoaderInput): void => {
    if (cause === 'stay') return;
    void load().then(({ preload }) => {
      preload(context.client, params.organization, location.search as Record<string, unknown>);
    });
  };
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { to?: string } => {
    const to = textOf(search['to']);
    // Only addresses of this site: "//elsewhere" would leave it.
    return to !== undefined && /^\/(?![/\\])/.test(to) ? { to } : {};
  },
  component: lazyRouteComponent(() => import('@/features/login/login-page'), 'LoginPage'),
});

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await signedIn(context.client, '/');
    const last = localStorage.getItem('osect.organization');
    const organization = session.organizations.find((one) => one.id === last) ?? session.organizations[0];
    if (organization === undefined) return;
    redirect({ to: '/o/$organization/home', params: { organization: organization.id }, throw: true });
  },
  component: lazyRouteComponent(() => import('./no-organization'), 'NoOrganization'),
});

async function signedIn(client: QueryClient, target: string) {
  try {
    const known = client.getQueryData(sessionQuery.queryKey);
    if (known !== undefined) return known;
    const session = await client.fetchQuery(sessionQuery);
    applyTheme(session.account.theme);
    await applyLocale(session.account.locale);
    return session;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      throw redirect({ to: '/login', search: target === '/' ? {} : { to: target } });
    }
    throw error;
  }
}

const organization = createRoute({
  getParentRoute: () => root,
  path: '/o/$organization',
  validateSearch: readScope,
  // A loader, not beforeLoad: the loaders of the pages below run beside it and do not wait for the session.
  loader: async ({ context, params, location }) => {
    void context.client.prefetchQuery(sitesQuery(params.organization));
    void context.client.prefetchQuery(sensorsQuery(params.organization));
    const session = await signedIn(context.client, location.href);
    if (!session.organizations.some((one) => one.id === params.organization)) {
      throw redirect({ to: '/' });
    }
    localStorage.setItem('osect.organization', params.organization);
  },
  component: Frame,
  errorComponent: ({ error }) => <Failure error={error} onRetry={() => { location.reload(); }} />,
});

const organizationStart = createRoute({
  getParentRoute: () => organization,
  path: '/',
  beforeLoad: ({ params, search }) => {
    redirect({ to: '/o/$organization/home', params, search, throw: true });
  },
});

const home = createRoute({
  getParentRoute: () => organization,
  path: 'home',
  loader: early(() => import('@/features/home/home-page')),
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
});

const seenSearch = (search: Record<string, unknown>) =>
  defined({ ...readListSearch(search), seen: wordOf(search['seen'], ['range', 'new'] as const) });

const devices = createRoute({
  getParentRoute: () => organization,
  path: 'devices',
  validateSearch: seenSearch,
  loader: early(() => import('@/features/devices/devices-page')),
  component: lazyRouteComponent(() => import('@/features/devices/devices-page'), 'DevicesPage'),
});

const device = createRoute({
  getParentRoute: () => organization,
  path: 'devices/$device',
  component: lazyRouteComponent(() => import('@/features/devices/device-page'), 'DevicePage'),
});

const network = createRoute({
  getParentRoute: () => organization,
  path: 'network',
  validateSearch: (search: Record<string, unknown>) =>
    defined({
    view: wordOf(search['view'], ['table'] as const),
    by: wordOf(search['by'], ['none', 'subnet', 'vendor', 'type', 'os', 'level', 'role', 'site'] as const),
    layout: wordOf(search['layout'], ['level', 'place'] as const),
    open: textOf(search['open']),
    q: textOf(search['q']),
    node: textOf(search['node']),
    edge: textOf(search['edge']),
    filter: mapOf(search['filter']),
  }),
  component: lazyRouteComponent(() => import('@/features/network/network-page'), 'NetworkPage'),
});

const matrix = createRoute({
  getParentRoute: () => organization,
  path: 'matrix',
  validateSearch: (search: Record<string, unknown>) =>
    defined({
      by: wordOf(search['by'], ['vendor', 'type', 'subnet', 'site', 'device'] as const),
      show: wordOf(search['show'], [
        'bytes', 'conversations', 'operations',
        'read', 'write', 'control', 'program', 'config', 'diagnostic', 'identity', 'time', 'session', 'cyclic',
      ] as const),
      cell: textOf(search['cell']),
    }),
  component: lazyRouteComponent(withPageWords(() => import('@/features/matrix/matrix-page')), 'MatrixPage'),
});

const difference = createRoute({
  getParentRoute: () => organization,
  path: 'difference',
  validateSearch: (search: Record<string, unknown>) =>
    defined({
      compare: wordOf(search['compare'], ['shift', 'day', 'week', 'moment', 'own'] as const),
      at: textOf(search['at']),
      before: textOf(search['before']),
      after: textOf(search['after']),
      kind: wordOf(search['kind'], ['devices', 'conversations', 'services', 'operations', 'attributes'] as const),
    }),
  component: lazyRouteComponent(withPageWords(() => import('@/features/difference/difference-page')), 'DifferencePage'),
});

const traffic = createRoute({
  getParentRoute: () => organization,
  path: 'traffic',
  validateSearch: (search: Record<string, unknown>) =>
    defined({
    by: wordOf(search['by'], ['total', 'protocol', 'device'] as const),
    rank: wordOf(search['rank'], ['talker', 'pair', 'protocol', 'port', 'outside'] as const),
  }),
  component: lazyRouteComponent(() => import('@/features/traffic/traffic-page'), 'TrafficPage'),
});

const conversations = createRoute({
  getParentRoute: () => organization,
  path: 'conversations',
  validateSearch: seenSearch,
  loader: early(() => import('@/features/conversations/conversations-page')),
  component: lazyRouteComponent(withPageWords(() => import('@/features/conversations/conversations-page')), 'ConversationsPage'),
});

const operations = createRoute({
  getParentRoute: () => organization,
  path: 'operations',
  validateSearch: (search: Record<string, unknown>) =>
    defined({
      ...seenSearch(search),
      view: wordOf(search['view'], ['tree', 'changes', 'hours'] as const),
      by: wordOf(search['by'], ['function', 'protocol', 'server', 'client'] as const),
    }),
  loader: early(() => import('@/features/operations/operations-page')),
  component: lazyRouteComponent(() => import('@/features/operations/operations-page'), 'OperationsPage'),
});

const alerts = createRoute({
  getParentRoute: () => organization,
  path: 'alerts',
  validateSearch: (search: Record<string, unknown>) => readListSearch(search),
  loader: early(() => import('@/features/alerts/alerts-page')),
  component: lazyRouteComponent(() => import('@/features/alerts/alerts-page'), 'AlertsPage'),
});

const alert = createRoute({
  getParentRoute: () => organization,
  path: 'alerts/$alert',
  component: lazyRouteComponent(() => import('@/features/alerts/alert-page'), 'AlertPage'),
});

const incidents = createRoute({
  getParentRoute: () => organization,
  path: 'incidents',
  validateSearch: (search: Record<string, unknown>) => defined({ state: wordOf(search['state'], ['all'] as const) }),
  component: lazyRouteComponent(() => import('@/features/incidents/incidents-page'), 'IncidentsPage'),
});

const incident = createRoute({
  getParentRoute: () => organization,
  path: 'incidents/$incident',
  component: lazyRouteComponent(() => import('@/features/incidents/incident-page'), 'IncidentPage'),
});

const ledger = createRoute({
  getParentRoute: () => organization,
  path: 'ledger',
  component: lazyRouteComponent(withPageWords(() => import('@/features/ledger/ledger-page')), 'LedgerPage'),
});

const plannedWork = createRoute({
  getParentRoute: () => organization,
  path: 'planned-work',
  component: lazyRouteComponent(withPageWords(() => import('@/features/planned-work/planned-work-page')), 'PlannedWorkPage'),
});

const learning = createRoute({
  getParentRoute: () => organization,
  path: 'learning',
  validateSearch: (search: Record<string, unknown>) => defined({ open: textOf(search['open']) }),
  component: lazyRouteComponent(withPageWords(() => import('@/features/learning/learning-page')), 'LearningPage'),
});

const weaknesses = createRoute({
  getParentRoute: () => organization,
  path: 'weaknesses',
  validateSearch: readListSearch,
  loader: early(() => import('@/features/weaknesses/weaknesses-page')),
  component: lazyRouteComponent(() => import('@/features/weaknesses/weaknesses-page'), 'WeaknessesPage'),
});

const sites = createRoute({
  getParentRoute: () => organization,
  path: 'sites',
  validateSearch: (search: Record<string, unknown>) =>
    defined({ view: wordOf(search['view'], ['rows'] as const) }),
  component: lazyRouteComponent(() => import('@/features/sites/sites-page'), 'SitesPage'),
});

const sensors = createRoute({
  getParentRoute: () => organization,
  path: 'sensors',
  validateSearch: (search: Record<string, unknown>) =>
    defined({ open: textOf(search['open']) }),
  component: lazyRouteComponent(withPageWords(() => import('@/features/sensors/sensors-page')), 'SensorsPage'),
});

const settings = createRoute({
  getParentRoute: () => organization,
  path: 'settings',
  component: lazyRouteComponent(() => import('@/features/settings/settings-page'), 'SettingsPage'),
});

const reports = createRoute({
  getParentRoute: () => organization,
  path: 'reports',
  component: lazyRouteComponent(withPageWords(() => import('@/features/reports/reports-page')), 'ReportsPage'),
});

const tree = root.addChildren([
  start,
  login,
  organization.addChildren([
    organizationStart,
    home,
    devices,
    device,
    network,
    matrix,
    difference,
    traffic,
    conversations,
    operations,
    alerts,
    alert,
    incidents,
    incident,
    ledger,
    plannedWork,
    learning,
    weaknesses,
    reports,
    sites,
    sensors,
    settings,
  ]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ({ error }) => <Failure error={error} onRetry={() => { location.reload(); }} />,
    scrollRestoration: true,
  });
}
