// The network: who talks to whom, as a map or as the same edges in a table.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { useBounds, useScope, useSites } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useSearchChange, type SearchChange } from '@/shared/lib/use-search-change';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Drawer } from '@/shared/ui/drawer';
import { SearchBox } from '@/shared/ui/list/search-box';
import { splitList, toggled } from '@/shared/ui/list/use-list-state';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { Page } from '@/shared/ui/page';
import { Empty, Failure, Skeleton } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';

import { EdgeContent, EdgeTitle } from './edge-content';
import { exportPng, exportSvg } from './export-map';
import { buildGraph, groupings, itGroup, unknownGroup, type Graph } from './graph';
import { GroupsMenu } from './groups-menu';
import { levelLanes, placeBoxes, type Lanes } from './lanes';
import { Legend } from './legend';
import { MapCanvas, type MapHandle } from './map-canvas';
import { EdgeTable } from './edge-table';
import style from './network.module.css';
import { GroupContent, NodeContent } from './node-content';
import { useLayout, type Layout } from './use-layout';

const pagePath = '/o/$organization/network';

export function NetworkPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const { site, sensor } = useScope();
  const range = useBounds();
  const network = useQuery({
    queryKey: ['network', organization, site, sensor, range],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/network', {
        path: { organization },
        query: { site, sensor, ...range, nodes: 5000, edges: 20000 },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={t('nav.network')} about={t('network.about')} fill>
      {network.data !== undefined ? (
        network.data.nodes.length === 0 ? (
          <Empty title={t('network.empty')}>{t('network.emptyNext')}</Empty>
        ) : (
          <NetworkView network={network.data} />
        )
      ) : network.isError ? (
        <Failure error={network.error} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}

function useGraph(network: Schemas['Network']): Graph {
  const { t } = useTranslation();
  const search = useSearch({ from: pagePath });
  const protocol = search.filter?.['protocol']?.[0];
  const { by: asked = 'none', open, layout = 'connection' } = search;
  const words = useVocabulary();
  const sites = useSites();
  return useMemo(
    () =>
      buildGraph(network, {
        by: asked,
        layout,
        opened: new Set(splitList(open).map(decodeURIComponent)),
        protocol,
        nameOf: (key, by) => {
          if (key === itGroup) return t('network.itGroup');
          if (key === unknownGroup) return by === 'none' || by === 'subnet' ? t('network.unknownSubnet') : t(`network.unknown.${by}`);
          if (by === 'type') return words.type(key);
          if (by === 'level') return t('network.level', { level: key });
          if (by === 'role' && (key === 'client' || key === 'server' || key === 'both')) return t(`network.role.${key}`);
          return (by === 'site' ? sites?.find((site) => site.id === key)?.name : undefined) ?? key;
        },
      }),
    [network, asked, layout, open, protocol, words, sites, t],
  );
}

/** Places and lanes of the layout of the URL; undefined for the layout by connection. */
function useLanes(graph: Graph): Lanes | undefined {
  const { t } = useTranslation();
  const { layout } = useSearch({ from: pagePath });
  return useMemo(() => {
    if (layout === 'level') {
      return levelLanes(graph.nodes, (level) => (level === null ? t('network.unknown.level') : `${t('network.level', { level })}`));
    }
    return layout === 'place' ? placeBoxes(graph.nodes, t('network.unknownSubnet')) : undefined;
  }, [graph, layout, t]);
}

const noNodes: Graph = { nodes: [], edges: [], by: 'none', isFolded: false, inside: new Map(), groups: [], hidden: 0 };
const noLanes: Lanes['lanes'] = [];

/** Nodes whose name or address holds the text. */
function useFound(graph: Graph, q: string | undefined): ReadonlySet<string> | undefined {
  return useMemo(() => {
    if (q === undefined) return undefined;
    const text = q.toLowerCase();
    const hits = graph.nodes.filter((one) => `${one.label} ${one.address ?? ''}`.toLowerCase().includes(text));
    return new Set(hits.map((one) => one.id));
  }, [graph, q]);
}

function NetworkView({ network }: { network: Schemas['Network'] }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const navigate = useNavigate();
  const search = useSearch({ from: pagePath });
  const graph = useGraph(network);
  const found = useFound(graph, search.q);
  const lanes = useLanes(graph);
  const force = useLayout(lanes === undefined ? graph : noNodes, `${organization}.${scope.site ?? 'all'}.${graph.by}`);
  // In lanes nothing is dragged: the place says what a device is.
  const layout: Layout = useMemo(
    () => (lanes === undefined ? force : { ...force, places: lanes.places, isDone: true, pin: () => undefined, reset: () => undefined }),
    [lanes, force],
  );
  const map = useRef<MapHandle>(null);

  const set = useSearchChange();
  const fold = (key: string) => {
    set({ open: toggled(search.open, encodeURIComponent(key)), node: undefined, edge: undefined }, 'replace');
  };

  // Devices asked for by the address of the page are brought out of their folded groups.
  const askedGroup = [search.node, ...(search.edge?.split('>') ?? [])]
    .map((id) => (id === undefined ? undefined : graph.inside.get(id)))
    .find((group) => group !== undefined);
  useEffect(() => {
    if (askedGroup !== undefined) set({ open: toggled(search.open, encodeURIComponent(askedGroup)) }, 'replace');
  }, [askedGroup, search.open, set]);

  const [client, server] = search.edge?.split('>') ?? [];
  const isEdgeOfDevices = client !== undefined && server !== undefined && /^\d+$/.test(client) && /^\d+$/.test(server);
  const node = graph.nodes.find((one) => one.id === search.node);
  const edge = graph.edges.find((one) => one.id === search.edge);

  return (
    <>
      <Controls network={network} graph={graph} onFold={fold} onSet={set} map={map} layout={layout} lanes={lanes?.lanes ?? noLanes} found={found} />
      <Notes network={network} graph={graph} />
      {search.view === 'table' ? (
        <EdgeTable graph={graph} found={found} onEdge={(id) => { set({ edge: id, node: undefined }); }} />
      ) : (
        <div className={style['mapFrame']}>
          <MapCanvas
            ref={map}
            graph={graph}
            layout={layout}
            lanes={lanes?.lanes ?? noLanes}
            selectedNode={search.node}
            selectedEdge={search.edge}
            found={found}
            onNode={(id) => { set({ node: id, edge: undefined }, id === undefined ? 'replace' : 'push'); }}
            onEdge={(id) => { set({ edge: id, node: undefined }); }}
          />
          <Legend />
        </div>
      )}
      {node !== undefined && (
        <Drawer
          key={node.id}
          title={node.label}
          onClose={() => { set({ node: undefined }); }}
          {...(node.kind === 'device'
            ? {
                onExpand: () =>
                  void navigate({
                    to: '/o/$organization/devices/$device',
                    params: { organization, device: node.id },
                    search: scope,
                  }),
              }
            : {})}
        >
          {node.kind === 'group' ? (
            <GroupContent
              node={node}
              members={network.nodes.filter((one) => graph.inside.get(one.id) === node.group)}
              onOpen={() => { fold(node.group ?? ''); }}
            />
          ) : (
            <NodeContent node={node} graph={graph} onEdge={(id) => { set({ edge: id, node: undefined }); }} />
          )}
        </Drawer>
      )}
      {search.edge !== undefined && client !== undefined && server !== undefined && (
        <Drawer
          key={search.edge}
          title={<EdgeTitle client={client} server={server} nodes={graph.nodes} />}
          onClose={() => { set({ edge: undefined }); }}
        >
          {isEdgeOfDevices ? (
            <EdgeContent client={client} server={server} />
          ) : (
            edge !== undefined && <p>{t('network.groupEdge', { count: edge.pairs })}</p>
          )}
        </Drawer>
      )}
    </>
  );
}

interface ControlsProps {
  network: Schemas['Network'];
  graph: Graph;
  onFold: (key: string) => void;
  onSet: SearchChange;
  map: React.RefObject<MapHandle | null>;
  layout: Layout;
  lanes: Lanes['lanes'];
  found: ReadonlySet<string> | undefined;
}

function Controls({ network, graph, onFold, onSet, map, layout, lanes, found }: ControlsProps) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const search = useSearch({ from: pagePath });
  const protocols = useMemo(
    () => [...new Set(network.edges.flatMap((edge) => edge.protocols))].sort((a, b) => a.localeCompare(b)),
    [network],
  );
  const protocol = search.filter?.['protocol']?.[0];
  return (
    <div className={style['controls']}>
      <SearchBox
        value={search.q ?? ''}
        label={t('network.search')}
        onChange={(q) => { onSet({ q: q === '' ? undefined : q }, 'replace'); }}
      />
      {found !== undefined && <span className="muted number" role="status">{t('network.found', { count: found.size })}</span>}
      <label className={style['choice']}>
        <span>{t('network.protocol')}</span>
        <select
          value={protocol === undefined ? 'all' : `=${protocol}`}
          onChange={(event) => {
            const chosen = event.target.value;
            onSet({ filter: chosen === 'all' ? undefined : { protocol: [chosen.slice(1)] } });
          }}
        >
          <option value="all">{t('network.allProtocols')}</option>
          {protocols.map((one) => (
            <option key={one} value={`=${one}`}>
              {words.protocol(one)}
            </option>
          ))}
          <option value="=">{t('common.unrecognised')}</option>
        </select>
      </label>
      <label className={style['choice']}>
        <span>{t('network.groupBy')}</span>
        <select
          value={graph.by}
          onChange={(event) => { onSet({ by: event.target.value, open: undefined, node: undefined, edge: undefined }); }}
        >
          {groupings
            .filter((one) => one !== 'none' || !graph.isFolded)
            .map((one) => (
              <option key={one} value={one}>{t(`network.by.${one}`)}</option>
            ))}
        </select>
      </label>
      <label className={style['choice']}>
        <span>{t('network.layout')}</span>
        <select
          value={search.layout ?? 'connection'}
          onChange={(event) => { onSet({ layout: event.target.value === 'connection' ? undefined : event.target.value }); }}
        >
          {(['connection', 'level', 'place'] as const).map((one) => (
            <option key={one} value={one}>{t(`network.layouts.${one}`)}</option>
          ))}
        </select>
      </label>
      {graph.groups.length > 0 && <GroupsMenu graph={graph} onFold={onFold} onSet={onSet} />}
      <span className={style['space']} />
      <Tabs
        label={t('network.view')}
        value={search.view ?? 'map'}
        choices={[
          { value: 'map', label: t('network.map') },
          { value: 'table', label: t('network.table') },
        ]}
        onChange={(view) => { onSet({ view: view === 'table' ? 'table' : undefined }); }}
      />
      {search.view !== 'table' && (
        <Menu label={t('list.export')} icon={<Download size={16} aria-hidden />} align="end">
          {(close) => (
            <>
              <MenuItem onClick={() => { close(); exportPng(map.current?.canvas() ?? null); }}>PNG</MenuItem>
              <MenuItem onClick={() => { close(); exportSvg(graph, layout.places, lanes, map.current?.colours()); }}>SVG</MenuItem>
            </>
          )}
        </Menu>
      )}
    </div>
  );
}

/** What is not on the map, and why: nothing vanishes without a word. */
function Notes({ network, graph }: { network: Schemas['Network']; graph: Graph }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const { truncated } = network;
  const notes = [
    ...(truncated === null ? [] : [t('network.truncated', { nodes: truncated.nodes, all: truncated.nodes_total })]),
    ...(graph.isFolded ? [t('network.folded', { count: network.nodes.length })] : []),
    ...(graph.hidden > 0 ? [t('network.hidden', { count: graph.hidden })] : []),
  ];
  if (notes.length === 0) return null;
  return (
    <p className={style['note']}>
      {notes.join(' ')}{' '}
      {truncated !== null && (
        <Link to="/o/$organization/devices" params={{ organization }} search={scope}>
          {t('network.allDevices')}
        </Link>
      )}
    </p>
  );
}
