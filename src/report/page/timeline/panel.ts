import type { TimelineLane } from "../../timeline/timeline-format.js";
import { element } from "../element.js";
import { drawDensity } from "./draw-density.js";
import { drawEvents, drawSelection } from "./draw-events.js";
import { drawLanes } from "./draw-lanes.js";
import { countBefore, type EventFilter, type EventIndex, indexEvents } from "./event-index.js";
import { countLines, eventLines } from "./event-text.js";
import { type Found, findAt } from "./find-event.js";
import { type Frame, timeAt } from "./frame.js";
import { currentPalette, type Palette } from "./palette.js";
import { listenToPointer } from "./pointer.js";
import { arrivedMs, type RunEvents, releasedMs } from "./run-events.js";
import type { TimeWindow } from "./time-window.js";
import { visibleEvents } from "./visible-events.js";

/** One run's events on a canvas, with the keyboard and the pointer. */
export class TimelinePanel {
  readonly root: HTMLElement;
  readonly canvas = element("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "timeline",
  });
  readonly #tooltip = element("div", { class: "tooltip", role: "tooltip", hidden: true });
  readonly #title = element("h3");
  readonly #lanes: readonly TimelineLane[];
  readonly #window: TimeWindow;
  readonly #onSelect: (lines: readonly string[]) => void;
  #palette: Palette = currentPalette();
  #events: RunEvents;
  #index: EventIndex;
  #laneY: (number | undefined)[] = [];
  #selected: number | undefined;
  #isDrawPending = false;

  constructor(
    lanes: readonly TimelineLane[],
    events: RunEvents,
    filter: EventFilter,
    window: TimeWindow,
    onSelect: (lines: readonly string[]) => void,
  ) {
    this.#lanes = lanes;
    this.#events = events;
    this.#window = window;
    this.#onSelect = onSelect;
    this.#index = indexEvents(events, lanes, filter);
    this.root = element(
      "div",
      { class: "panel" },
      this.#title,
      element("div", { class: "drawing" }, this.canvas, this.#tooltip),
    );
    new ResizeObserver(() => this.draw()).observe(this.root);
    window.onChange(() => this.draw());
    this.canvas.addEventListener("keydown", (event) => this.#onKey(event));
    listenToPointer(this.canvas, window, {
      timeAt: (x) => timeAt(this.#frame(), x),
      hover: (x, y) => this.#hover(x, y),
      leave: () => {
        this.#tooltip.hidden = true;
      },
      choose: (x, y) => this.#choose(this.#find(x, y)),
    });
    this.#name();
  }

  /** How many of the run's events pass the filter. */
  get shown(): number {
    return this.#index.all.length;
  }

  get total(): number {
    return this.#events.packed.events;
  }

  /** Lanes on which something is left by the filter. */
  usedLanes(): readonly number[] {
    const used = new Set<number>();
    this.#index.lists.forEach((lists, lane) => {
      if (lists.some((list) => list.length > 0)) used.add(lane);
    });
    for (const event of this.#index.all) {
      const other = this.#events.columns.otherLane[event]!;
      if (other < this.#lanes.length) used.add(other);
    }
    return [...used];
  }

  setEvents(events: RunEvents, filter: EventFilter): void {
    this.#events = events;
    this.#name();
    this.setFilter(filter);
  }

  setFilter(filter: EventFilter): void {
    this.#index = indexEvents(this.#events, this.#lanes, filter);
    this.#selected = undefined;
  }

  /** Both panels show the same lanes at the same heights. */
  setLanes(laneY: (number | undefined)[], height: number): void {
    this.#laneY = laneY;
    this.canvas.style.height = `${height}px`;
    this.draw();
  }

  setPalette(): void {
    this.#palette = currentPalette();
    this.draw();
  }

  /** At the next frame, however often it is asked for. */
  draw(): void {
    if (this.#isDrawPending) return;
    this.#isDrawPending = true;
    requestAnimationFrame(() => {
      this.#isDrawPending = false;
      this.#drawNow();
    });
  }

  /** Goes to an event, and tells what it was. */
  choose(event: number): void {
    this.#choose({ event });
  }

  /** What predicts failure, as far as it is in this run: the events of each predictor. */
  get marks(): readonly (readonly number[])[] {
    return this.#events.packed.marks;
  }

  /** To the next event that was shaken, or back. */
  step(direction: 1 | -1): void {
    const { shaken } = this.#index;
    if (shaken.length === 0) return;
    const place = this.#selected === undefined ? -1 : shaken.indexOf(this.#selected);
    const { arrived } = this.#events.columns;
    const start = countBefore(shaken, arrived, this.#window.fromMs / this.#events.unitMs);
    const next = place >= 0 ? place + direction : direction > 0 ? start : start - 1;
    this.#choose({ event: shaken[Math.min(shaken.length - 1, Math.max(0, next))]! });
  }

  #name(): void {
    const { packed } = this.#events;
    const { outcome, run, title } = packed;
    this.#title.replaceChildren(
      element("span", { class: `outcome ${outcome}` }, outcome === "fail" ? "✕ failed" : "✓ passed"),
      ` Run ${run}${title === "" ? "" : `: ${title}`}`,
    );
    this.canvas.setAttribute(
      "aria-label",
      `Timeline of run ${run}, which ${outcome === "fail" ? "failed" : "passed"}: ${packed.events} events. Left and right pan, plus and minus zoom, 0 shows all, N and P go to the next and the previous shaken event.`,
    );
  }

  #frame(): Frame {
    const { width, height } = this.canvas.getBoundingClientRect();
    return {
      ...{ context: this.canvas.getContext("2d")!, width, height },
      left: width < 520 ? 92 : 168,
      ...{ events: this.#events, index: this.#index, lanes: this.#lanes, laneY: this.#laneY },
      ...{ window: this.#window, palette: this.#palette, selected: this.#selected },
    };
  }

  #drawNow(): void {
    const frame = this.#frame();
    if (frame.width === 0) return;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height)
      Object.assign(this.canvas, { width, height });
    frame.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawLanes(frame);
    const visible = visibleEvents(frame);
    this.canvas.dataset["detail"] = visible === undefined ? "density" : "events";
    if (visible === undefined) drawDensity(frame);
    else drawEvents(frame, visible);
    if (this.#selected !== undefined) drawSelection(frame, this.#selected);
  }

  #find(x: number, y: number): Found | undefined {
    const frame = this.#frame();
    return findAt(frame, visibleEvents(frame), x, y);
  }

  #hover(x: number, y: number): void {
    const found = this.#find(x, y);
    this.#tooltip.hidden = found === undefined;
    this.canvas.style.cursor = found?.event === undefined ? "" : "pointer";
    if (found === undefined) return;
    this.#tooltip.replaceChildren(...this.#linesOf(found).map((line) => element("div", {}, line)));
    const { width } = this.canvas.getBoundingClientRect();
    const isRight = x > width / 2;
    this.#tooltip.style.left = isRight ? "" : `${x + 14}px`;
    this.#tooltip.style.right = isRight ? `${width - x + 14}px` : "";
    this.#tooltip.style.top = `${y + 14}px`;
  }

  #linesOf(found: Found): readonly string[] {
    if (found.event !== undefined) return eventLines(this.#events, found.event);
    if (found.lane !== undefined) return [found.lane];
    return countLines(found.counts ?? []);
  }

  #choose(found: Found | undefined): void {
    if (found?.event === undefined) return;
    this.#selected = found.event;
    this.#window.show(arrivedMs(this.#events, found.event), releasedMs(this.#events, found.event));
    const { run } = this.#events.packed;
    const lane = this.#lanes[this.#events.columns.lane[found.event]!]!;
    this.#onSelect([`Run ${run}, ${lane.name}`, ...eventLines(this.#events, found.event)]);
    this.draw();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  readonly #keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => this.#window.pan(-0.15),
    ArrowRight: () => this.#window.pan(0.15),
    "+": () => this.#window.zoom(1.5),
    "=": () => this.#window.zoom(1.5),
    "-": () => this.#window.zoom(1 / 1.5),
    "0": () => this.#window.fit(),
    Home: () => this.#window.moveTo(0),
    End: () => this.#window.moveTo(Number.MAX_SAFE_INTEGER),
    n: () => this.step(1),
    p: () => this.step(-1),
    Escape: () => {
      this.#selected = undefined;
      this.#tooltip.hidden = true;
      this.draw();
    },
  };
}
