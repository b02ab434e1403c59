import { renderKeyTable } from "../config/index.js";
import { policies } from "./registry.js";

const opening = `# Policies

A policy answers each intercepted event with an action (let it go, or a fault) and a delay. \`explorePolicy\` names it,
\`explorePolicyParam\` holds its parameters; both are keys of the [configuration](config.md).

Every decision is drawn from the run's seed, the inspector, the event's replay hint and how often that hint has come
before, and from nothing else. The same seed on the same workload decides the same, and the traffic of one connection
does not change the decisions on another. \`pos\` is the exception that its purpose makes: it draws priorities like that, and
what an event is up against is what comes at the same time.

Your own policy is a file that \`explorePolicy\` names by its path: [write a policy](write-a-policy.md).

This page is made from the registry in \`src/policy/registry.ts\`; a test compares the two.`;

const closing = `## Where the ideas are from

| policy | after |
|---|---|
| \`random\`, \`dumb\`, \`replayable\` | [Namazu](https://github.com/osrg/namazu) |
| \`pct\` | S. Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010: random priorities and few change points |
| \`pos\` | X. Yuan, J. Yang, R. Gu, "Partial Order Aware Concurrency Sampling", CAV 2018: random priorities, drawn anew for who lost a race |
| \`starve\` | the starvation intervals of rr's chaos mode: R. O'Callahan, "Introducing rr Chaos Mode", 2016 |
| \`partition\` | the partition nemesis of [Jepsen](https://jepsen.io), without its hosts: each address falls on a side by the seed |
| \`mix\` | P. Thomson et al., "Concurrency Testing Using Controlled Schedulers", TOPC 2016: no one strategy finds all bugs |

A *stream* is what an event is part of, under a name that is the same in every run: one direction of the connections to a
port, a file, a function. \`pct\` draws a stream's priority from the seed and its name, \`starve\` counts the stream's own
events; what other streams do changes nothing. Only when partitions begin and end goes by the clock.

\`\`\`toml
explorePolicy = "mix"

[explorePolicyParam]
packets = { policy = "pct", slow = 0.3, maxDelay = "200ms" }
files = { policy = "random", maxInterval = "20ms" }
threads = { policy = "random", procPolicy = "extreme" }
\`\`\`

## How threads are scheduled

| procPolicy | what a thread gets |
|---|---|
| \`mild\` | \`SCHED_BATCH\` (or \`SCHED_NORMAL\`) with a nice value, uniform from −20 to 19 |
| \`extreme\` | \`prioritized\` draws with replacement pick threads for \`SCHED_RR\` with a priority from 1 to 9; the others get \`SCHED_BATCH\` |
| \`dirichlet\` | a share of the CPU time from a flat Dirichlet distribution, as a \`SCHED_DEADLINE\` reservation; with \`resetProbability\` \`SCHED_NORMAL\` instead |

All threads are drawn anew each \`container.procWatchInterval\`, and a thread is scheduled when it is born: under \`extreme\`
it becomes real-time with the chance it would have had in a sweep, under \`dirichlet\` it stays \`SCHED_NORMAL\` until the next
one. Deadline shares add up to at most 0.9 × 0.95 of the CPUs (the kernel admits 0.95), each is at least a
hundredth of a CPU, or a program that is killed would take minutes to end; of more threads than that allows (85 on two CPUs)
those with the smallest draws stay \`SCHED_NORMAL\`.

The first sweep of a container that nmzc starts sees its first thread only: under \`extreme\` that one is real-time until the next
sweep. The threads that runc has in the container before it calls exec(2) are left out, for their number is chance.

## Differences from Namazu

- \`faultActionProbability\` is exact. Namazu compares \`rand(0…998)\` with \`int(p × 1000)\`, so that 0.999 already means always.
- An upper bound below the lower one is an error.
- \`extreme\` never asks for priority 0, which the kernel refuses.
- A thread that is scheduled under \`dumb\` or \`replayable\` is left alone; Namazu's inspector waited for ever.`;

/** docs/policies.md, whole. */
export function renderPolicyDocs(): string {
  const parts = [opening];
  for (const policy of policies.values()) {
    parts.push(`## \`${policy.name}\``, policy.summary, renderKeyTable(policy.params));
  }
  return `${[...parts, closing].join("\n\n")}\n`;
}
