import { definePolicy, duration, LogEvent, PacketEvent, ShellAction, text } from "nmzc";

/**
 * Acts on what a program logs: once a line matches, the packets of one end are held until the window is over, all of them
 * together, and a command may be run on the host. `nmz inspectors syslog` brings the lines.
 */
export const onLogLine = definePolicy({
  name: "on-log-line",
  summary: "Holds packets for a while after a program has logged a certain line.",
  params: {
    pattern: text("", { meaning: "regular expression that a log line has to match" }),
    holdPacketsOf: text("", { meaning: "part of the name of either end, such as `entity-10.0.0.2:`" }),
    window: duration(200, { meaning: "how long packets are held from the line on" }),
    command: text("", { meaning: "run on the host at each such line; none when empty" }),
  },
  check: ({ pattern }) =>
    pattern === ""
      ? { path: ["pattern"], kind: "wrong", expected: "a regular expression", got: pattern }
      : undefined,
  create({ params, clock, accept, holdUntil, emit, log }) {
    const pattern = new RegExp(params.pattern);
    let windowEndMs = Number.NEGATIVE_INFINITY;
    return {
      onEvent(event) {
        if (event instanceof LogEvent && pattern.test(event.message)) {
          windowEndMs = clock.nowMs() + params.window;
          log(`holding packets, because of "${event.message}"`);
          if (params.command !== "") emit(new ShellAction(params.command));
        }
        if (event instanceof PacketEvent && clock.nowMs() < windowEndMs) {
          const { srcEntity, dstEntity } = event.source;
          const isMeant =
            srcEntity.includes(params.holdPacketsOf) || dstEntity.includes(params.holdPacketsOf);
          if (isMeant) return holdUntil(event, windowEndMs);
        }
        return accept(event);
      },
    };
  },
});
