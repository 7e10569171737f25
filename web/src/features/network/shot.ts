// While a large map is dragged or zoomed, its last sharp picture moves; it is drawn anew when it rests. Software rendering on
// an old PC needs tens of milliseconds for thousands of lines and names, and a hand notices more than sixteen.
import type { Colours, Scene, View } from './scene';

export interface Shot {
  picture: HTMLCanvasElement;
  scene: Scene;
  colours: Colours;
}

/** Lines and nodes that can be drawn within a frame without a graphics processor. */
const lightMost = 300;

export function isHeavy(scene: Scene): boolean {
  return scene.nodes.length + scene.edges.length > lightMost;
}

/** Keeps what has just been drawn; `before` lends its canvas. */
export function takeShot(drawn: HTMLCanvasElement, scene: Scene, colours: Colours, before: Shot | undefined): Shot {
  const picture = before?.picture ?? document.createElement('canvas');
  picture.width = drawn.width;
  picture.height = drawn.height;
  picture.getContext('2d')?.drawImage(drawn, 0, 0);
  return { picture, scene, colours };
}

/** Whether the picture differs from the scene in nothing but where the window is. */
export function canGlide(shot: Shot, scene: Scene, colours: Colours): boolean {
  const was = shot.scene;
  return (
    shot.colours === colours &&
    was.view !== scene.view &&
    was.nodes === scene.nodes &&
    was.edges === scene.edges &&
    was.places === scene.places &&
    was.lanes === scene.lanes &&
    was.width === scene.width &&
    was.height === scene.height &&
    was.hovered === scene.hovered &&
    was.selectedNode === scene.selectedNode &&
    was.selectedEdge === scene.selectedEdge &&
    was.found === scene.found
  );
}

export function drawShot(context: CanvasRenderingContext2D, shot: Shot, view: View, colours: Colours, pixelRatio: number): void {
  const { picture, scene } = shot;
  const grown = view.scale / scene.view.scale;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  const left = (picture.width / 2) * (1 - grown) + (scene.view.x - view.x) * view.scale * pixelRatio;
  const top = (picture.height / 2) * (1 - grown) + (scene.view.y - view.y) * view.scale * pixelRatio;
  context.drawImage(picture, left, top, picture.width * grown, picture.height * grown);
}
