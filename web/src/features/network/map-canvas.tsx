// The map on screen: panning, zooming, hovering, dragging. What is chosen goes to the page, which keeps it in the URL.
import { Maximize, Minus, Plus, RotateCcw } from 'lucide-react';
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type PointerEvent, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

import { onThemeChange } from '@/shared/lib/theme';
import { Button } from '@/shared/ui/button';

import type { Graph } from './graph';
import style from './network.module.css';
import { drawScene, edgeAt, fitted, nodeAt, radiusOf, toMap, type Colours, type Scene, type View } from './scene';
import { canGlide, drawShot, isHeavy, takeShot, type Shot } from './shot';
import type { Lane } from './lanes';
import { directions, isArrow, nearestTo, neighbourTowards } from './neighbours';
import type { Layout, Place } from './use-layout';

export interface MapHandle {
  canvas: () => HTMLCanvasElement | null;
  colours: () => Colours | undefined;
}

/** So many pixels of the map lie behind the drawer (drawer.module.css). */
const drawerWidth = 540;
/** A large map that has rested so long is drawn sharp again. */
const restMs = 120;

interface MapCanvasProps {
  graph: Graph;
  layout: Layout;
  lanes: readonly Lane[];
  selectedNode: string | undefined;
  selectedEdge: string | undefined;
  found: ReadonlySet<string> | undefined;
  onNode: (id: string | undefined) => void;
  onEdge: (id: string) => void;
  ref?: Ref<MapHandle>;
}

function coloursOf(element: Element): Colours {
  const css = getComputedStyle(element);
  const value = (name: string) => css.getPropertyValue(name).trim();
  return {
    background: value('--bg'),
    surface: value('--surface'),
    text: value('--text'),
    muted: value('--muted'),
    line: value('--line'),
    lineStrong: value('--line-strong'),
    accent: value('--accent'),
    accentSoft: value('--accent-soft'),
    severity: {
      critical: value('--severity-high'),
      high: value('--severity-high'),
      medium: value('--severity-medium'),
      low: value('--severity-info'),
      info: value('--severity-info'),
    },
    font: value('--font'),
  };
}

/** Of a node, or of an edge (`client>server`). */
function placeOf(target: string, places: Layout['places']): Place | undefined {
  const [client, server] = target.split('>').map((id) => places.get(id));
  if (client === undefined || server === undefined) return client ?? server;
  return [(client[0] + server[0]) / 2, (client[1] + server[1]) / 2];
}

export function MapCanvas({ graph, layout, lanes, selectedNode, selectedEdge, found, onNode, onEdge, ref }: MapCanvasProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useRef<Colours>(undefined);
  const shot = useRef<Shot>(undefined);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [view, setView] = useState<View>();
  const [hovered, setHovered] = useState<string>();
  const [cursor, setCursor] = useState<string>();
  const [paint, setPaint] = useState(0);
  const radius = useMemo(() => Math.max(1, ...graph.nodes.map(radiusOf)), [graph]);
  const groupNames = useMemo(() => new Map(graph.groups.map((group) => [group.key, group.label])), [graph]);
  const fit = useMemo(() => fitted(layout.places, size.width, size.height, radius), [layout.places, size, radius]);
  // Until someone moves it, the view follows the layout.
  const shown = view ?? fit;

  const scene: Scene = useMemo(
    () => ({
      nodes: graph.nodes,
      edges: graph.edges,
      groupNames,
      places: layout.places,
      lanes,
      view: shown,
      ...size,
      hovered,
      selectedNode,
      selectedEdge,
      found,
    }),
    [graph, groupNames, layout.places, lanes, shown, size, hovered, selectedNode, selectedEdge, found],
  );

  useImperativeHandle(ref, () => ({ canvas: () => canvas.current, colours: () => colours.current }));

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    colours.current = coloursOf(element);
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    const stop = onThemeChange(() => {
      colours.current = coloursOf(element);
      setPaint((before) => before + 1);
    });
    return () => {
      observer.disconnect();
      stop();
    };
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || colours.current === undefined || size.width === 0) return;
    const current = colours.current;
    const ratio = Math.min(2, devicePixelRatio);
    const drawSharp = () => {
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (element.width !== width) element.width = width;
      if (element.height !== height) element.height = height;
      drawScene(context, scene, current, ratio);
      shot.current = isHeavy(scene) ? takeShot(element, scene, current, shot.current) : undefined;
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      const before = shot.current;
      if (before === undefined || !canGlide(before, scene, current)) {
        drawSharp();
        return;
      }
      drawShot(context, before, scene.view, current, ratio);
      timer = setTimeout(drawSharp, restMs);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [scene, size, paint]);

  // Found or chosen nodes come into sight, of a chosen edge its middle.
  const target = selectedNode ?? selectedEdge ?? (found?.size === 1 ? [...found][0] : undefined);
  const targetPlace = target === undefined || !layout.isDone ? undefined : placeOf(target, layout.places);
  const [centred, setCentred] = useState<string>();
  if (target !== centred && (target === undefined || targetPlace !== undefined)) {
    setCentred(target);
    if (targetPlace !== undefined) {
      // What is chosen opens the drawer: the middle is that of what the drawer leaves free.
      const hasDrawer = selectedNode !== undefined || selectedEdge !== undefined;
      const aside = hasDrawer && size.width > 2 * drawerWidth ? drawerWidth / 2 : 0;
      setView((before) => {
        const scale = Math.max(before?.scale ?? fit.scale, 0.8);
        return { x: targetPlace[0] + aside / scale, y: targetPlace[1], scale };
      });
    }
  }

  const zoom = (factor: number, x = size.width / 2, y = size.height / 2) => {
    const [mx, my] = toMap(scene, x, y);
    const scale = Math.max(0.05, Math.min(4, shown.scale * factor));
    setView({ scale, x: mx - (x - size.width / 2) / scale, y: my - (y - size.height / 2) / scale });
  };
  const zoomRef = useRef(zoom);
  useEffect(() => {
    zoomRef.current = zoom;
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      zoomRef.current(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), event.offsetX, event.offsetY);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', onWheel);
    };
  }, []);

  const drag = useRef<{ node: string | undefined; x: number; y: number; view: View; hasMoved: boolean }>(undefined);
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    setCursor(undefined);
    event.currentTarget.setPointerCapture(event.pointerId);
    const { offsetX: x, offsetY: y } = event.nativeEvent;
    drag.current = { node: nodeAt(scene, x, y)?.id, x, y, view: shown, hasMoved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const { offsetX: x, offsetY: y } = event.nativeEvent;
    const held = drag.current;
    if (held === undefined) {
      const node = nodeAt(scene, x, y);
      setHovered(node?.id);
      event.currentTarget.style.cursor = node !== undefined || edgeAt(scene, x, y) !== undefined ? 'pointer' : 'grab';
      return;
    }
    if (!held.hasMoved && Math.hypot(x - held.x, y - held.y) < 4) return;
    held.hasMoved = true;
    if (held.node !== undefined) layout.pin(held.node, toMap(scene, x, y));
    else setView({ ...held.view, x: held.view.x - (x - held.x) / held.view.scale, y: held.view.y - (y - held.y) / held.view.scale });
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>) => {
    const held = drag.current;
    drag.current = undefined;
    if (held === undefined || held.hasMoved) return;
    const { offsetX: x, offsetY: y } = event.nativeEvent;
    if (held.node !== undefined) onNode(held.node);
    else {
      const edge = edgeAt(scene, x, y);
      if (edge !== undefined) onEdge(edge.id);
      else onNode(undefined);
    }
  };

  const cursorNode = cursor === undefined ? undefined : graph.nodes.find((one) => one.id === cursor);
  const goTo = (id: string | undefined) => {
    setCursor(id);
    setHovered(id);
    const place = id === undefined ? undefined : layout.places.get(id);
    if (place === undefined) return;
    const isSeen =
      Math.abs(place[0] - shown.x) * shown.scale < size.width * 0.45 && Math.abs(place[1] - shown.y) * shown.scale < size.height * 0.4;
    if (!isSeen) setView({ ...shown, x: place[0], y: place[1] });
  };
  // Arrows move the map until Enter has put the keyboard on a device; from there they lead along its edges.
  const onKey = (key: string): boolean => {
    if (isArrow(key)) {
      if (cursorNode !== undefined) {
        goTo(neighbourTowards(graph.edges, layout.places, cursorNode.id, key) ?? cursorNode.id);
      } else {
        const [dx, dy] = directions[key];
        setView({ ...shown, x: shown.x + (dx * 60) / shown.scale, y: shown.y + (dy * 60) / shown.scale });
      }
    } else if (key === 'Enter') {
      if (cursorNode !== undefined) onNode(cursorNode.id);
      else goTo(selectedNode ?? nearestTo(layout.places, shown.x, shown.y));
    } else if (key === 'Escape' && cursorNode !== undefined) goTo(undefined);
    else if (key === '+' || key === ';') zoom(1.25);
    else if (key === '-') zoom(0.8);
    else if (key === '0') setView(undefined);
    else return false;
    return true;
  };

  return (
    <div className={style['map']}>
      <canvas
        ref={canvas}
        className={style['canvas']}
        role="img"
        tabIndex={0}
        aria-label={t('network.mapLabel', { nodes: graph.nodes.length, edges: graph.edges.length })}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => {
          setHovered(undefined);
        }}
        onKeyDown={(event) => {
          if (onKey(event.key)) event.preventDefault();
        }}
      />
      <p className={style['spoken']} role="status">
        {cursorNode === undefined ? '' : [cursorNode.label, cursorNode.address ?? ''].join(' ')}
      </p>
      <div className={style['mapButtons']}>
        <Button small icon={<Plus size={16} aria-hidden />} aria-label={t('network.zoomIn')} title={t('network.zoomIn')} onClick={() => { zoom(1.25); }} />
        <Button small icon={<Minus size={16} aria-hidden />} aria-label={t('network.zoomOut')} title={t('network.zoomOut')} onClick={() => { zoom(0.8); }} />
        <Button small icon={<Maximize size={16} aria-hidden />} aria-label={t('network.fit')} title={t('network.fit')} onClick={() => { setView(undefined); }} />
        <Button small icon={<RotateCcw size={16} aria-hidden />} aria-label={t('network.newLayout')} title={t('network.newLayout')} onClick={() => { layout.reset(); setView(undefined); }} />
      </div>
      {!layout.isDone && (
        <p className={style['working']} role="status">
          {t('network.layingOut')}
        </p>
      )}
    </div>
  );
}
