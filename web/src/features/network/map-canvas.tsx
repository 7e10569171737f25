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
import type { Layout } from './use-layout';

export interface MapHandle {
  canvas: () => HTMLCanvasElement | null;
  colours: () => Colours | undefined;
}

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

export function MapCanvas({ graph, layout, lanes, selectedNode, selectedEdge, found, onNode, onEdge, ref }: MapCanvasProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useRef<Colours>(undefined);
  const shot = useRef<Shot>(undefined);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [view, setView] = useState<View>();
  const [hovered, setHovered] = useState<string>();
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

  // Found or chosen nodes come into sight.
  const target = selectedNode ?? (found?.size === 1 ? [...found][0] : undefined);
  const targetPlace = target === undefined || !layout.isDone ? undefined : layout.places.get(target);
  const [centred, setCentred] = useState<string>();
  if (target !== centred && (target === undefined || targetPlace !== undefined)) {
    setCentred(target);
    if (targetPlace !== undefined) {
      setView((before) => ({ x: targetPlace[0], y: targetPlace[1], scale: Math.max(before?.scale ?? fit.scale, 0.8) }));
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

  const step = 60 / shown.scale;
  const moves: Record<string, [number, number]> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
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
          const move = moves[event.key];
          if (move !== undefined) setView({ ...shown, x: shown.x + move[0], y: shown.y + move[1] });
          else if (event.key === '+' || event.key === ';') zoom(1.25);
          else if (event.key === '-') zoom(0.8);
          else if (event.key === '0') setView(undefined);
          else return;
          event.preventDefault();
        }}
      />
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
