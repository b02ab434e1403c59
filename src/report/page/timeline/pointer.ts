import type { TimeWindow } from "./time-window.js";

interface Receiver {
  readonly timeAt: (x: number) => number;
  readonly hover: (x: number, y: number) => void;
  readonly leave: () => void;
  readonly choose: (x: number, y: number) => void;
}

/** Further than that a press is a drag. */
const dragPixels = 4;

/**
 * Drag pans, two fingers zoom, a double click zooms in. The wheel zooms when the canvas has the focus or Ctrl is held:
 * otherwise who scrolls through the page would get caught in it.
 */
export function listenToPointer(canvas: HTMLCanvasElement, window: TimeWindow, receiver: Receiver): void {
  const pressed = new Map<number, { x: number; startX: number; startY: number }>();
  let dragged = false;

  canvas.addEventListener("pointerdown", (event) => {
    if (pressed.size === 0) dragged = false;
    pressed.set(event.pointerId, { x: event.offsetX, startX: event.offsetX, startY: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const own = pressed.get(event.pointerId);
    if (own === undefined) return receiver.hover(event.offsetX, event.offsetY);
    if (Math.abs(event.offsetX - own.startX) > dragPixels) dragged = true;
    if (!dragged) return;
    receiver.leave();
    const others = [...pressed].filter(([id]) => id !== event.pointerId);
    const before = receiver.timeAt(own.x);
    const now = receiver.timeAt(event.offsetX);
    if (others.length === 0) window.moveTo(window.fromMs + before - now);
    else {
      const anchor = others[0]![1].x;
      const [old, current] = [Math.abs(own.x - anchor), Math.abs(event.offsetX - anchor)];
      if (old > 1 && current > 1) window.zoom(current / old, receiver.timeAt(anchor));
    }
    own.x = event.offsetX;
  });
  const end = (event: PointerEvent) => {
    pressed.delete(event.pointerId);
    if (!dragged && event.type === "pointerup") receiver.choose(event.offsetX, event.offsetY);
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => receiver.leave());
  canvas.addEventListener("dblclick", (event) => window.zoom(3, receiver.timeAt(event.offsetX)));
  canvas.addEventListener(
    "wheel",
    (event) => {
      const isOurs = event.ctrlKey || document.activeElement === canvas;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) window.pan(event.deltaX / 1000);
      else if (isOurs) window.zoom(1.002 ** -event.deltaY, receiver.timeAt(event.offsetX));
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
}
