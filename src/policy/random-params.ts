import { boolean, choice, duration, integer, list, probability, text } from "../config/index.js";

/** Namazu's parameters of `random`, in its spelling. */
export const randomParams = {
  minInterval: duration(0, { meaning: "lower bound of the delay" }),
  maxInterval: duration(undefined, {
    meaning:
      "upper bound of the delay (exclusive). Equal bounds make one queue: each event goes that long after the one before",
    defaultText: "minInterval",
  }),
  prioritizedEntities: list([], { meaning: "entities whose bounds are multiplied by 0.8" }),
  faultActionProbability: probability(0, {
    meaning: "chance that an event gets its fault: a packet is dropped, a file operation fails with EIO",
  }),
  shellActionInterval: duration(0, { meaning: "how often the shell command is run on the host; 0 is never" }),
  shellActionCommand: text("", { meaning: "the command, given to `sh -c`" }),
  procPolicy: choice("mild", ["mild", "extreme", "dirichlet"], {
    meaning:
      "how threads are scheduled. mild: random nice values; extreme: some threads real-time, the rest batch; dirichlet: random shares of the CPU",
  }),
  "procPolicyParam.useBatch": boolean(true, { meaning: "mild: SCHED_BATCH instead of SCHED_NORMAL" }),
  "procPolicyParam.prioritized": integer(3, {
    min: 0,
    meaning: "extreme: how many times a thread is drawn to be real-time",
  }),
  "procPolicyParam.resetProbability": probability(0.1, {
    meaning: "dirichlet: chance that a thread gets SCHED_NORMAL instead of a share",
  }),
} as const;
