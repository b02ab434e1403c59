import http from "node:http";
import https from "node:https";
import type { OrchestratorUrl } from "./orchestrator-url.js";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Behind the URL's prefix. */
  readonly path: string;
  readonly body?: string;
  /** Without it, as long as it takes: a long poll. */
  readonly timeoutMs?: number;
}

// An answer is one action; the longest one schedules some ten thousand threads.
const maxAnswerCharacters = 64 * 1024 * 1024;

/**
 * HTTP with connections that are kept. Node's `http`, not `fetch`: three requests per event, and with 16 at a time `http`
 * made 9,500 a second where `fetch` made 1,800, with a seventh of the CPU time.
 */
export class HttpClient {
  readonly #url: OrchestratorUrl;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;
  readonly #headers: Readonly<Record<string, string>>;
  #isClosed = false;

  constructor(url: OrchestratorUrl, token: string | undefined) {
    this.#url = url;
    const { Agent, request } = url.protocol === "https:" ? https : http;
    this.#agent = new Agent({ keepAlive: true, noDelay: true });
    this.#request = request;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Rejects when there is no whole answer; any status is an answer. */
  send(request: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => this.#send(request, resolve, reject));
  }

  /** Ends what is under way, with an error. */
  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  #send(request: HttpRequest, resolve: (answer: HttpAnswer) => void, reject: (error: Error) => void): void {
    const { method, path, body, timeoutMs } = request;
    const sent = this.#request({
      agent: this.#agent,
      hostname: this.#url.hostname,
      port: this.#url.port,
      method,
      path: this.#url.prefix + path,
      headers:
        body === undefined
          ? this.#headers
          : {
              ...this.#headers,
              "content-type": "application/json",
              "content-length": Buffer.byteLength(body),
            },
    });
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      // The server closed a connection that was kept at the very moment when it was used again.
      if (sent.reusedSocket && isReset(error) && !this.#isClosed) this.#send(request, resolve, reject);
      else reject(error);
    };
    sent.on("error", fail);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
        if (text.length > maxAnswerCharacters) response.destroy(new Error("the answer is too long"));
      });
      response.on("error", (error) => {
        clearTimeout(timer);
        reject(error);
      });
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.end(body);
  }
}

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNRESET" || code === "EPIPE";
}
