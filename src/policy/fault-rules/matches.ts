import type { FaultRule } from "../../config/index.js";
import { type Event, FilesystemEvent, PacketEvent, ProcSetEvent } from "../../signal/index.js";
import { globMatcher, nameMatcher } from "../../util/index.js";

type Test<E> = (event: E) => boolean;

/** What class of event a rule is about; somebody must wait for it, but threads are never held. */
export function isSubject({ on }: FaultRule, event: Event): boolean {
  if (on === "packets") return event instanceof PacketEvent && event.deferred;
  if (on === "files") return event instanceof FilesystemEvent && event.deferred;
  // All there are, not each newborn: what a rule draws is to depend on time, not on how much is started.
  return event instanceof ProcSetEvent && !event.isBirth;
}

/** Whether an event of the rule's class is one that it is about; times and counts are another matter. */
export function matcherOf(rule: FaultRule): Test<Event> {
  const tests: Test<Event>[] = [];
  const { entity, on } = rule;
  if (entity !== "") {
    const isEntity = nameMatcher(entity);
    tests.push((event) => isEntity(event.entity));
  }
  if (on === "packets") tests.push(...(packetTests(rule) as Test<Event>[]));
  if (on === "files") tests.push(...(fileTests(rule) as Test<Event>[]));
  return (event) => tests.every((test) => test(event));
}

function packetTests({ packets, settings }: FaultRule): Test<PacketEvent>[] {
  const tests: Test<PacketEvent>[] = [];
  const { protocol, ports, directions, from, to } = packets;
  if (protocol.length > 0) tests.push((event) => protocol.includes(hintWord(event, 0)));
  if (directions.length > 0) tests.push((event) => directions.includes(hintWord(event, 1) as "output"));
  if (ports.length > 0) {
    const isAny = (entity: string): boolean => {
      const port = Number(/:(\d+)$/.exec(entity)?.[1] ?? -1);
      return ports.some((range) => port >= range.from && port <= range.to);
    };
    tests.push(({ source }) => isAny(source.srcEntity) || isAny(source.dstEntity));
  }
  if (from.length > 0) {
    const isFrom = addressMatcher(from);
    tests.push(({ source }) => isFrom(source.srcEntity));
  }
  if (to.length > 0) {
    const isTo = addressMatcher(to);
    tests.push(({ source }) => isTo(source.dstEntity));
  }
  const between = settings["between"] as readonly (readonly string[])[] | undefined;
  if (between !== undefined) tests.push(isBetween(between));
  return tests;
}

function isBetween([one = [], other]: readonly (readonly string[])[]): Test<PacketEvent> {
  const isOne = addressMatcher(one);
  const isOther = other === undefined ? (entity: string) => !isOne(entity) : addressMatcher(other);
  return ({ source: { srcEntity, dstEntity } }) =>
    (isOne(srcEntity) && isOther(dstEntity)) || (isOther(srcEntity) && isOne(dstEntity));
}

function fileTests({ files: { op, path } }: FaultRule): Test<FilesystemEvent>[] {
  const tests: Test<FilesystemEvent>[] = [];
  if (op.length > 0) tests.push((event) => op.includes(event.op));
  if (path.length > 0) {
    const matchers = path.map((pattern) => globMatcher(pattern.replace(/^\//, "")));
    tests.push((event) => matchers.some((matches) => matches(event.path)));
  }
  return tests;
}

/** `tcp:output:…`: protocol and direction as src/inspector/ethernet/packet-hint.ts writes them. */
function hintWord(event: PacketEvent, place: 0 | 1): string {
  return event.replayHint.split(":", 2)[place] ?? "";
}

/** `10.0.0.2`, `10.0.0.2:80`, `fe80::1`, `[fe80::1]:80`, or an entity's whole name. */
function addressMatcher(patterns: readonly string[]): (entity: string) => boolean {
  const matchers = patterns.map(nameMatcher);
  return (entity) => {
    const name = entity.replace(/^entity-/, "");
    const host = /^\[(.*)\]:\d+$/.exec(name)?.[1] ?? name.replace(/^([^:]*):\d+$/, "$1");
    return matchers.some((matches) => matches(host) || matches(name) || matches(entity));
  };
}
