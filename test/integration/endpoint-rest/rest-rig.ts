import {
  type HttpEndpoint,
  type HttpEndpointOptions,
  SignalCounts,
  startHttpEndpoint,
} from "../../../src/endpoint/index.js";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicy } from "../../../src/policy/index.js";
import type { Clock } from "../../../src/util/index.js";
import { RawHttp, type Reply } from "./raw-http.js";

export interface RigOptions extends Partial<Pick<HttpEndpointOptions, "limits" | "token">> {
  readonly policy?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
}

/** An endpoint in this process, in front of a real orchestrator, and clients for it. */
export class RestRig implements AsyncDisposable {
  readonly endpoint: HttpEndpoint;
  readonly orchestrator: Orchestrator;
  readonly warnings: readonly string[];
  readonly #clients: RawHttp[] = [];

  private constructor(endpoint: HttpEndpoint, orchestrator: Orchestrator, warnings: readonly string[]) {
    this.endpoint = endpoint;
    this.orchestrator = orchestrator;
    this.warnings = warnings;
  }

  static async start(options: RigOptions = {}): Promise<RestRig> {
    const { policy = "random", params = {}, clock, limits, token } = options;
    const signals = new SignalCounts();
    const orchestrator = new Orchestrator({
      seed: "rig",
      cpuCount: 2,
      createPolicy: (context) => createPolicy(policy, params, context),
      observer: signals,
      ...(clock === undefined ? {} : { clock }),
    });
    const warnings: string[] = [];
    const endpoint = await startHttpEndpoint({
      control: orchestrator,
      host: "127.0.0.1",
      port: 0,
      signals,
      onWarning: (line) => warnings.push(line),
      // What a test leaves unfetched, nobody waits for.
      limits: { drainIdleMs: 20, ...limits },
      ...(token === undefined ? {} : { token }),
    });
    return new RestRig(endpoint, orchestrator, warnings);
  }

  async open(): Promise<RawHttp> {
    const client = await RawHttp.open(this.endpoint.port);
    this.#clients.push(client);
    return client;
  }

  /** One request on a connection of its own. */
  async call(method: string, path: string, body = "", headers: readonly string[] = []): Promise<Reply> {
    const client = await this.open();
    client.send(method, path, body, headers);
    const reply = await client.reply({ toHead: method === "HEAD" });
    client.close();
    return reply;
  }

  /** Posts a PacketEvent, or what `more` makes of it. */
  post(entity: string, uuid: string, more: object = {}): Promise<Reply> {
    return this.call("POST", eventPath(entity, uuid), eventJson(entity, uuid, more));
  }

  /** A request for the entity's next action, which has reached the server: another client can count on that. */
  async poll(entity: string): Promise<RawHttp> {
    const before = await this.metric("nmz_rest_pollers");
    const client = await this.open();
    client.send("GET", actionsPath(entity));
    await this.until("nmz_rest_pollers", (pollers) => pollers > before);
    return client;
  }

  async metric(name: string): Promise<number> {
    const { body } = await this.call("GET", "/metrics");
    const line = body.split("\n").find((each) => each.startsWith(`${name} `));
    if (line === undefined) throw new Error(`no metric ${name} in:\n${body}`);
    return Number(line.slice(name.length));
  }

  /** Waits until a metric is as it should be. */
  async until(name: string, isRight: (value: number) => boolean): Promise<void> {
    while (!isRight(await this.metric(name))) await new Promise((resolve) => setImmediate(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    this.orchestrator.stop();
    await this.endpoint.close();
  }
}

export function eventJson(entity: string, uuid: string, more: object = {}): string {
  return JSON.stringify({
    class: "PacketEvent",
    deferred: true,
    entity,
    option: { dst_entity: "b", message: { k: 1 }, src_entity: "a" },
    replay_hint: "h1",
    type: "event",
    uuid,
    ...more,
  });
}

export const eventPath = (entity: string, uuid: string): string =>
  `/api/v3/events/${encodeURIComponent(entity)}/${encodeURIComponent(uuid)}`;

export const actionsPath = (entity: string): string => `/api/v3/actions/${encodeURIComponent(entity)}`;
