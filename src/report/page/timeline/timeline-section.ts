import type { LaneKind, PackedTimelines } from "../../timeline/timeline-format.js";
import { groupedNumber } from "../../words/numbers.js";
import { announce } from "../announce.js";
import { element, section } from "../element.js";
import type { EventFilter } from "./event-index.js";
import { TimelinePanel } from "./panel.js";
import { placeLanes } from "./place-lanes.js";
import { type RunEvents, unpack } from "./run-events.js";
import { TimeWindow } from "./time-window.js";

const kindNames: Readonly<Record<LaneKind, string>> = {
  endpoint: "packets",
  file: "files",
  threads: "threads",
  function: "functions",
  log: "logs",
};

export interface TimelineSection {
  readonly root: HTMLElement;
  /** After the colours changed. */
  readonly redraw: () => void;
  /** Brings the predictor's event into sight. */
  readonly showPredictor: (predictor: number) => void;
}

/** A failing run and a passing one, one above the other on the same lanes and the same piece of time. */
export function timelineSection({ lanes, timelines }: PackedTimelines): TimelineSection | undefined {
  if (timelines.length === 0) return undefined;
  const body = element("div", { class: "timeline" }, element("p", { class: "aside" }, "Unpacking…"));
  const root = section(
    "timeline",
    timelines.length > 1 ? "A failing run beside a passing one" : "Timeline of a run",
    body,
  );
  let panels: readonly TimelinePanel[] = [];
  void Promise.all(timelines.map(unpack)).then(
    (runs) => {
      panels = build(body, lanes, runs);
      root.dataset["ready"] = "";
    },
    (error: unknown) =>
      body.replaceChildren(element("p", {}, `The timeline cannot be read: ${String(error)}`)),
  );
  const showPredictor = (predictor: number) => {
    const panel = panels.find(({ marks }) => (marks[predictor]?.length ?? 0) > 0);
    if (panel === undefined) return announce("The event is not in these timelines");
    panel.choose(panel.marks[predictor]![0]!);
    panel.canvas.focus({ preventScroll: true });
    root.scrollIntoView();
  };
  return { root, showPredictor, redraw: () => panels.forEach((panel) => void panel.setPalette()) };
}

function build(
  body: HTMLElement,
  lanes: PackedTimelines["lanes"],
  runs: readonly RunEvents[],
): readonly TimelinePanel[] {
  const window = new TimeWindow(Math.max(...runs.map(({ endMs }) => endMs)));
  const kinds = [...new Set(lanes.map(({ kind }) => kind))];
  const chosen = new Set(kinds);
  const search = element("input", {
    type: "search",
    id: "timeline-filter",
    placeholder: "file, address, fault…",
    autocomplete: "off",
    spellcheck: "false",
  });
  const shaken = element(
    "select",
    { id: "timeline-shaken" },
    element("option", { value: "all" }, "all events"),
    element("option", { value: "shaken" }, "only shaken"),
    element("option", { value: "marked" }, "only faults and scheduling"),
  );
  const filter = (): EventFilter => ({
    kinds: chosen,
    shaken: shaken.value as EventFilter["shaken"],
    text: search.value.trim().toLowerCase(),
  });
  const details = element(
    "p",
    { class: "status selected", role: "status" },
    "Nothing selected: click an event, or press N in a timeline.",
  );
  const select = (lines: readonly string[]) => {
    details.textContent = lines.join(" · ");
  };
  const failing = runs.filter(({ packed }) => packed.outcome === "fail");
  const passing = runs.filter(({ packed }) => packed.outcome === "pass");
  const sides = [failing, passing].filter((side) => side.length > 0);
  const panels = sides.map((side) => new TimelinePanel(lanes, side[0]!, filter(), window, select));
  const count = element("span", { class: "aside", role: "status" });

  const place = () => {
    const { laneY, height } = placeLanes(lanes, new Set(panels.flatMap((panel) => panel.usedLanes())));
    for (const panel of panels) panel.setLanes(laneY, height);
    count.textContent = panels
      .map(({ shown, total }) => `${groupedNumber(shown)} of ${groupedNumber(total)} events`)
      .join(", ");
  };
  const refilter = () => {
    for (const panel of panels) panel.setFilter(filter());
    place();
  };
  search.addEventListener("input", refilter);
  shaken.addEventListener("change", refilter);
  const kindBoxes = kinds.map((kind) => {
    const box = element("input", { type: "checkbox", id: `kind-${kind}` });
    box.checked = true;
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(kind);
      else chosen.delete(kind);
      refilter();
    });
    return element("label", { for: `kind-${kind}` }, box, kindNames[kind]);
  });
  const button = (text: string, label: string, act: () => void) =>
    element("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
  const range = element("span", { class: "aside range" });
  window.onChange(() => {
    range.textContent = rangeWords(window);
  });
  range.textContent = rangeWords(window);
  const steps = (direction: 1 | -1) => () => panels[0]!.step(direction);
  body.replaceChildren(
    element(
      "div",
      { class: "controls" },
      element("label", { for: "timeline-filter" }, "Filter", search),
      element("label", { for: "timeline-shaken" }, "Show", shaken),
      ...(kinds.length > 1 ? kindBoxes : []),
      count,
    ),
    element(
      "div",
      { class: "controls toolbar", role: "group", "aria-label": "Zoom and pan" },
      button("−", "Zoom out", () => window.zoom(1 / 1.5)),
      button("+", "Zoom in", () => window.zoom(1.5)),
      button("All", "Show the whole run", () => {
        window.fit();
        announce("The whole run");
      }),
      button("◀", "Earlier", () => window.pan(-0.25)),
      button("▶", "Later", () => window.pan(0.25)),
      button("Previous shaken", "Previous shaken event", steps(-1)),
      button("Next shaken", "Next shaken event", steps(1)),
      range,
    ),
    ...panels.flatMap((panel, index) => [chooser(sides[index]!, panel, filter, place), panel.root]),
    details,
    legend(),
    ...cutNotes(runs),
  );
  place();
  return panels;
}

/** Which run a panel shows, where there are several. */
function chooser(
  side: readonly RunEvents[],
  panel: TimelinePanel,
  filter: () => EventFilter,
  place: () => void,
): HTMLElement | string {
  if (side.length < 2) return "";
  const id = `run-${side[0]!.packed.outcome}`;
  const options = side.map(({ packed }, index) =>
    element("option", { value: index }, `Run ${packed.run}: ${packed.title.slice(0, 60)}`),
  );
  const select = element("select", { id }, ...options);
  select.addEventListener("change", () => {
    panel.setEvents(side[Number(select.value)]!, filter());
    place();
  });
  return element(
    "label",
    { for: id, class: "chooser" },
    side[0]!.packed.outcome === "fail" ? "Failing run" : "Passing run",
    select,
  );
}

function rangeWords({ fromMs, toMs, spanMs }: TimeWindow): string {
  const inSeconds = toMs >= 10_000;
  // Three digits of what is in sight.
  const digits = Math.min(3, Math.max(0, 2 - Math.floor(Math.log10(inSeconds ? spanMs / 1000 : spanMs))));
  const words = (timeMs: number) =>
    inSeconds ? `${(timeMs / 1000).toFixed(digits)} s` : `${timeMs.toFixed(digits)} ms`;
  return `${words(Math.max(0, fromMs))} to ${words(toMs)}`;
}

function legend(): HTMLElement {
  return element(
    "p",
    { class: "legend" },
    element("span", { class: "key event" }, "as it was"),
    element("span", { class: "key held" }, "held: a bar as long as the delay"),
    element("span", { class: "key fault" }, "fault"),
    element("span", { class: "key scheduled" }, "rescheduled"),
    element(
      "span",
      { class: "aside" },
      "Times count from a run's first event. An arrow is a packet, from one endpoint to the other. Drag to pan; click, then turn the wheel to zoom; keys ← → + − 0 N P.",
    ),
  );
}

function cutNotes(runs: readonly RunEvents[]): readonly HTMLElement[] {
  return runs.flatMap(({ packed: { leftOut, events, run } }) =>
    leftOut === 0
      ? []
      : [
          element(
            "p",
            { class: "aside" },
            `Of run ${run} the first ${groupedNumber(events)} events are shown; ${groupedNumber(leftOut)} more are in its trace.`,
          ),
        ],
  );
}
