// Places of the map's nodes: asked of the worker, kept in the browser, so that the picture is the same on the next visit.
import { useCallback, useEffect, useRef, useState } from 'react';

import type { Graph } from './graph';
import type { LayoutAnswer, LayoutRequest } from './layout.worker';
import { radiusOf } from './scene';

export type Place = [number, number];

interface Stored {
  places: Record<string, Place>;
  pinned: string[];
}

function readStored(key: string): Stored {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? '') as Partial<Stored>;
    return { places: stored.places ?? {}, pinned: stored.pinned ?? [] };
  } catch {
    return { places: {}, pinned: [] };
  }
}

export interface Layout {
  places: ReadonlyMap<string, Place>;
  isDone: boolean;
  /** Puts a node somewhere for good. */
  pin: (id: string, place: Place) => void;
  /** Forgets all places and starts anew. */
  reset: () => void;
}

/** `name` tells apart what is kept: organization, site and grouping. */
export function useLayout(graph: Graph, name: string): Layout {
  const key = `osect.map.${name}`;
  const stored = useRef<Stored>({ places: {}, pinned: [] });
  const worker = useRef<Worker>(undefined);
  const request = useRef(0);
  const [state, setState] = useState<{ places: Map<string, Place>; isDone: boolean }>({ places: new Map(), isDone: false });
  const [round, setRound] = useState(0);

  const save = useCallback(() => {
    localStorage.setItem(key, JSON.stringify(stored.current));
  }, [key]);

  useEffect(() => {
    stored.current = readStored(key);
  }, [key, round]);

  useEffect(() => {
    worker.current ??= new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
    const id = ++request.current;
    const index = new Map(graph.nodes.map((node, at) => [node.id, at]));
    const pinned = new Set(stored.current.pinned);
    const message: LayoutRequest = {
      id,
      nodes: graph.nodes.map((node) => ({
        radius: radiusOf(node),
        group: node.group,
        place: stored.current.places[node.id],
        isPinned: pinned.has(node.id),
      })),
      edges: graph.edges.flatMap((edge): [number, number][] => {
        const from = index.get(edge.client);
        const to = index.get(edge.server);
        return from === undefined || to === undefined ? [] : [[from, to]];
      }),
    };
    worker.current.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.id !== request.current) return;
      const places = new Map<string, Place>();
      graph.nodes.forEach((node, at) => {
        places.set(node.id, [data.places[at * 2] ?? 0, data.places[at * 2 + 1] ?? 0]);
      });
      setState({ places, isDone: data.isDone });
      if (!data.isDone) return;
      for (const [node, [x, y]] of places) stored.current.places[node] = [Math.round(x), Math.round(y)];
      save();
    };
    worker.current.postMessage(message);
  }, [graph, round, save]);

  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = undefined;
    },
    [],
  );

  const pin = useCallback(
    (id: string, place: Place) => {
      stored.current.places[id] = place;
      if (!stored.current.pinned.includes(id)) stored.current.pinned.push(id);
      save();
      setState((before) => ({ ...before, places: new Map(before.places).set(id, place) }));
    },
    [save],
  );
  const reset = useCallback(() => {
    localStorage.removeItem(key);
    stored.current = { places: {}, pinned: [] };
    setRound((before) => before + 1);
  }, [key]);

  return { ...state, pin, reset };
}
