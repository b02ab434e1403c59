import type { Control } from "../endpoint.js";
import { closing, type Exchange, type Handler, HttpError, type Route, readBody } from "../http/index.js";
import { crashFilesystems } from "./crash-filesystems.js";
import type { Poller } from "./entity-queue.js";
import type { EntityQueues } from "./entity-queues.js";
import { readEvent } from "./read-event.js";

export interface V3Setup {
  readonly control: Control;
  readonly queues: EntityQueues;
  readonly maxBodyBytes: number;
}

const done = "{}\n";

/** Namazu's REST API, version 3 (docs/rest.md). */
export function v3Routes(setup: V3Setup): readonly Route[] {
  return [
    { path: "/api/v3/events/{entity}/{uuid}", handlers: { POST: postEvent(setup) } },
    { path: "/api/v3/actions/{entity}", handlers: { GET: getAction(setup) } },
    { path: "/api/v3/actions/{entity}/{uuid}", handlers: { DELETE: deleteAction(setup) } },
    { path: "/api/v3/control", handlers: { POST: postControl(setup) } },
  ];
}

function postEvent({ control, queues, maxBodyBytes }: V3Setup): Handler {
  return (exchange) => {
    const [entity = "", uuid = ""] = exchange.params;
    readBody(exchange, maxBodyBytes, (text, bytes) => {
      const event = readEvent(text, entity, uuid);
      queues.admit(event, bytes);
      exchange.json(200, done);
      control.submit(event, queues);
    });
  };
}

/** Answers when there is an action, however long that takes, and gives the same one until it is deleted. */
function getAction({ queues }: V3Setup): Handler {
  return (exchange) => {
    const [entity = ""] = exchange.params;
    const body = queues.head(entity);
    if (body !== undefined) {
      exchange.json(200, body);
      return;
    }
    const poller = pollerOf(exchange, entity);
    queues.wait(entity, poller);
    exchange.whenGone(() => queues.leave(entity, poller));
  };
}

function pollerOf(exchange: Exchange, entity: string): Poller {
  return {
    take: (body) => exchange.json(200, body),
    giveUp: (reason) => exchange.refuse(reason === "closing" ? closing() : displaced(entity)),
  };
}

function displaced(entity: string): HttpError {
  return new HttpError(409, "NMZ_REST_POLLER", `another request waits for the actions of ${entity} now`, {
    hint: "poll with one request at a time per entity, and give each inspector an entity of its own",
  });
}

function deleteAction({ queues }: V3Setup): Handler {
  return (exchange) => {
    const [entity = "", uuid = ""] = exchange.params;
    queues.remove(entity, uuid);
    exchange.json(200, done);
  };
}

function postControl({ control }: V3Setup): Handler {
  const operations: Readonly<Record<string, boolean>> = {
    enableOrchestration: true,
    disableOrchestration: false,
  };
  return (exchange) => {
    const query = new URLSearchParams(exchange.query);
    const op = query.get("op");
    if (op === "crashFs") {
      crashFilesystems(control, query.get("entity") ?? undefined, exchange);
      return;
    }
    if (op === null || !Object.hasOwn(operations, op)) {
      const message = op === null ? "the query has no op" : `there is no operation "${op}"`;
      throw new HttpError(400, "NMZ_REST_OPERATION", message, {
        hint: `use ?op=${[...Object.keys(operations), "crashFs"].join(" or ?op=")}`,
      });
    }
    control.setEnabled(operations[op] === true);
    exchange.empty(200);
  };
}
