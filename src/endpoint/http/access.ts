import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { NmzError } from "../../util/index.js";
import { isLoopback } from "../listen.js";
import { HttpError } from "./http-error.js";

/** Says why a request may not speak to us; undefined: it may. */
export type AccessRule = (request: IncomingMessage) => HttpError | undefined;

/**
 * Who may speak to a server that listens on `host`. With a token: whoever brings it, as `Authorization: Bearer …`. Without
 * one: every program on this machine, but no web page that a browser on it has open. Throws NMZ_ENDPOINT_TOKEN when
 * others could reach the server and there is no token.
 */
export function accessRule(host: string, token: string | undefined): AccessRule {
  if (token !== undefined && !/^[!-~]+$/.test(token)) {
    const fault = token === "" ? "is empty" : "holds something that is no visible ASCII character";
    throw new NmzError("NMZ_ENDPOINT_TOKEN", `the token ${fault}`, {
      hint: "make one, for example with: openssl rand -hex 16",
      exitCode: 1,
    });
  }
  if (token !== undefined) return bearerRule(token);
  if (isLoopback(host)) return noBrowserRule();
  throw new NmzError("NMZ_ENDPOINT_TOKEN", `will not listen on ${host} without a token`, {
    hint: "whoever reaches the port decides on events: give --token, --token-file or NMZ_TOKEN, or listen on 127.0.0.1",
    exitCode: 1,
  });
}

function bearerRule(token: string): AccessRule {
  const wanted = digest(token);
  return ({ headers }) => {
    const given = /^bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
    // Digests have one length, so the comparison takes the same time whatever was given.
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return undefined;
    const lack = headers.authorization === undefined ? "the request has no token" : "the token is wrong";
    return new HttpError(401, "NMZ_REST_TOKEN", lack, {
      hint: "send the orchestrator's token: Authorization: Bearer TOKEN",
      headers: { "WWW-Authenticate": 'Bearer realm="nmz"' },
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/**
 * A web page can make the browser speak to this machine, directly (cross-site requests, which carry Origin or
 * Sec-Fetch-Site) or by giving its own name this machine's address (DNS rebinding, where the Host is that name).
 */
function noBrowserRule(): AccessRule {
  let lastGoodHost: string | undefined;
  return ({ headers }) => {
    const site = headers["sec-fetch-site"];
    if (headers.origin !== undefined || (site !== undefined && site !== "none" && site !== "same-origin")) {
      return new HttpError(403, "NMZ_REST_BROWSER", "the request comes from a web page", {
        hint: "web pages may not speak to the orchestrator unless it has a token: nmz orchestrator --token",
      });
    }
    const { host } = headers;
    if (host === undefined || host === lastGoodHost) return undefined;
    if (!isOwnName(host)) {
      return new HttpError(403, "NMZ_REST_HOST", `the request is for the host "${host}"`, {
        hint: "use the address (127.0.0.1) or localhost, or start the orchestrator with a token",
      });
    }
    lastGoodHost = host;
    return undefined;
  };
}

/** A name that nobody outside can give: an address, or localhost. */
function isOwnName(host: string): boolean {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  if (isIP(name) === 4 || (name.startsWith("[") && isIP(name.slice(1, -1)) === 6)) return true;
  return name === "localhost" || name.endsWith(".localhost");
}
