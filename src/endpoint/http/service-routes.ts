import { messageOf } from "../../util/index.js";
import { closing } from "./closing.js";
import { HttpError } from "./http-error.js";
import type { MetricsPage } from "./metrics-page.js";
import type { Route } from "./routes.js";

export interface ServiceSetup {
  readonly metrics: MetricsPage;
  /** Further headers of `GET /`, as a flat list. */
  readonly announcements: () => readonly string[];
  /** What `GET /healthz` says beyond its status; `isClosing` makes it, and `GET /`, 503. */
  readonly health: () => { readonly isClosing: boolean; readonly isEnabled: boolean };
}

/** What is there whatever else is: the root's greeting, health, metrics. */
export function serviceRoutes({ metrics, announcements, health }: ServiceSetup): readonly Route[] {
  return [
    {
      path: "/",
      hasHead: true,
      handlers: {
        GET: (exchange) => {
          // Who has just been let go asks here whether we are back.
          if (health().isClosing) throw closing();
          exchange.text(200, `Hello Namazu! -- RESTInspectorHandler(pid=${process.pid})\n`, announcements());
        },
      },
    },
    {
      path: "/healthz",
      hasHead: true,
      isOpen: true,
      handlers: {
        GET: (exchange) => {
          const { isClosing, isEnabled } = health();
          const status = isClosing ? "closing" : "ok";
          exchange.json(
            isClosing ? 503 : 200,
            `${JSON.stringify({ orchestration: isEnabled ? "enabled" : "disabled", status })}\n`,
          );
        },
      },
    },
    {
      path: "/metrics",
      hasHead: true,
      handlers: {
        GET: (exchange) => {
          metrics.render().then(
            ({ contentType, text }) => exchange.typed(200, contentType, text),
            (error: unknown) => exchange.refuse(new HttpError(500, "NMZ_REST_METRICS", messageOf(error))),
          );
        },
      },
    },
  ];
}
