import type { Exchange } from "./exchange.js";
import { HttpError } from "./http-error.js";

/** Answers, now or later. May throw an HttpError while it runs. */
export type Handler = (exchange: Exchange) => void;

export interface Route {
  /** Fixed segments, then variable ones: `/api/v3/events/{entity}/{uuid}`. A variable segment is never empty. */
  readonly path: string;
  /** By method. HEAD is served by GET's where `hasHead`. */
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly hasHead?: boolean;
  /** Anybody may ask, token or not. */
  readonly isOpen?: boolean;
}

export type Match =
  | { readonly kind: "route"; readonly route: Route; readonly params: readonly string[] }
  /** The same place by its proper name. */
  | { readonly kind: "moved"; readonly path: string }
  | { readonly kind: "none" };

interface PreparedRoute {
  readonly route: Route;
  /** The fixed part; with variables, including the slash before the first. */
  readonly prefix: string;
  readonly variables: number;
}

const none: Match = { kind: "none" };

/** Few routes, and three of them asked for all the time: a look at each prefix is the quickest. */
export class Routes {
  readonly #routes: readonly PreparedRoute[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => {
      const [prefix = "", ...rest] = route.path.split("{");
      return { route, prefix, variables: rest.length };
    });
  }

  /** `path` as the request spelled it, still percent-encoded. Throws an HttpError for a bad encoding. */
  match(path: string): Match {
    if (isUnclean(path)) return { kind: "moved", path: cleaned(path) };
    for (const prepared of this.#routes) {
      const params = paramsOf(prepared, path);
      if (params !== undefined) return { kind: "route", route: prepared.route, params };
    }
    if (path.length > 1 && path.endsWith("/")) {
      const shorter = path.slice(0, -1);
      if (this.#routes.some((prepared) => paramsOf(prepared, shorter) !== undefined)) {
        return { kind: "moved", path: shorter };
      }
    }
    return none;
  }
}

function paramsOf({ prefix, variables }: PreparedRoute, path: string): string[] | undefined {
  if (variables === 0) return path === prefix ? [] : undefined;
  if (!path.startsWith(prefix)) return undefined;
  const segments = path.slice(prefix.length).split("/");
  if (segments.length !== variables || segments.includes("")) return undefined;
  return segments.map(decoded);
}

function decoded(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, "NMZ_REST_PATH", `the path segment "${segment}" is not percent-encoded UTF-8`, {
      hint: "encode a literal % as %25",
    });
  }
}

function isUnclean(path: string): boolean {
  return path.includes("//") || /\/\.\.?(?:\/|$)/.test(path);
}

/** As Go's path.Clean does, but a slash at the end stays. */
function cleaned(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/");
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const last = segments.at(-1);
  const isFolder = kept.length > 0 && (last === "" || last === "." || last === "..");
  return `/${kept.join("/")}${isFolder ? "/" : ""}`;
}
