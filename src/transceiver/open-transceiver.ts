import { streamHeader } from "../signal/index.js";
import { type Clock, NmzError } from "../util/index.js";
import { answerText } from "./answer-text.js";
import { HttpClient } from "./http-client.js";
import type { Link, LinkListener } from "./link.js";
import { type OrchestratorUrl, parseOrchestratorUrl } from "./orchestrator-url.js";
import { ReconnectingTransceiver } from "./reconnecting-transceiver.js";
import type { RemoteTransceiver } from "./remote-transceiver.js";
import { RestLink } from "./rest/rest-link.js";
import { NoStream, openStream } from "./stream/open-stream.js";

export interface OpenTransceiverOptions {
  /** What the orchestrator was started with, if with one (`--token`). */
  readonly token?: string | undefined;
  /** Lines for people: an outage, its end, the first of each kind of trouble. */
  readonly onWarning: (line: string) => void;
  readonly clock?: Clock;
  /** `rest`: the stream is not used although the server offers it. Default `auto`. */
  readonly wire?: "auto" | "rest";
  /** Deferred events that may wait at a time; more are accepted unseen. Default 65,536. */
  readonly maxWaiting?: number;
}

const probeTimeoutMs = 5_000;

/**
 * The way to the orchestrator at `url` (`http://HOST:PORT/api/v3`): the stream where the server offers it, REST v3 otherwise.
 * Resolves when the first attempt to reach it has ended. Without an orchestrator it resolves all the same, says so once,
 * accepts events unseen and goes on trying. Throws NMZ_TRANSCEIVER_URL for a URL that is none and NMZ_TRANSCEIVER_TOKEN
 * when the server does not let us in.
 */
export async function openTransceiver(
  url: string,
  options: OpenTransceiverOptions,
): Promise<RemoteTransceiver> {
  const target = parseOrchestratorUrl(url);
  const { token, wire = "auto", onWarning, clock, maxWaiting } = options;
  const transceiver = new ReconnectingTransceiver({
    name: `orchestrator ${target.name}`,
    connect: (listener) => connect(target, token, wire, listener),
    onWarning,
    ...(clock === undefined ? {} : { clock }),
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
  });
  await transceiver.open();
  return transceiver;
}

async function connect(
  url: OrchestratorUrl,
  token: string | undefined,
  wire: "auto" | "rest",
  listener: LinkListener,
): Promise<Link> {
  const http = new HttpClient(url, token);
  try {
    const hello = await http.send({ method: "GET", path: "/", timeoutMs: probeTimeoutMs });
    if (hello.status === 401 || hello.status === 403) throw refused(url, hello.status);
    if (hello.status !== 200) throw new Error(answerText("GET /", hello));
    if (wire === "rest" || hello.headers[streamHeader] === undefined) return new RestLink(http, listener);
    const stream = await openStream(url, token, listener).catch(unlessNoStream);
    if (stream === undefined) return new RestLink(http, listener);
    http.close();
    return stream;
  } catch (error) {
    http.close();
    throw error;
  }
}

/** A proxy between us and the orchestrator may not pass the stream on. */
function unlessNoStream(error: unknown): undefined {
  if (!(error instanceof NoStream)) throw error;
}

function refused(url: OrchestratorUrl, status: number): NmzError {
  return new NmzError("NMZ_TRANSCEIVER_TOKEN", `orchestrator ${url.name} does not let us in (${status})`, {
    hint: "give the token that the orchestrator was started with (--token)",
  });
}
