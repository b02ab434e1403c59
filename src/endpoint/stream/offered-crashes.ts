import {
  type Crashes,
  type CrashLoss,
  crashAbility,
  type LostData,
  type StreamCommand,
} from "../../signal/index.js";
import { NmzError } from "../../util/index.js";

/** A file system with much to take back needs its time; one that is stuck must not keep whoever asked. */
const patienceMs = 30_000;

/** Entities of one connection: its inspectors' mounts. What is offered beyond them is not remembered. */
const mostOffers = 64;

interface Asked {
  readonly resolve: (loss: CrashLoss) => void;
  readonly reject: (error: Error) => void;
}

/** What one client can lose, and what it was asked to: its offers and results are taken out of what it sends. */
export class OfferedCrashes {
  readonly #crashes: Crashes;
  readonly #send: (command: StreamCommand) => void;
  readonly #withdrawals = new Map<string, () => void>();
  readonly #asked = new Map<string, Asked>();
  #lastId = 0;

  constructor(crashes: Crashes, send: (command: StreamCommand) => void) {
    this.#crashes = crashes;
    this.#send = send;
  }

  /** False when the item is for somebody else. */
  take(item: unknown): boolean {
    const fields = (item ?? {}) as Readonly<Record<string, unknown>>;
    if (fields["type"] === "offer") this.#offered(fields);
    else if (fields["type"] === "result") this.#answered(fields);
    else return false;
    return true;
  }

  /** The client is gone. */
  end(): void {
    for (const withdraw of this.#withdrawals.values()) withdraw();
    this.#withdrawals.clear();
    for (const { reject } of [...this.#asked.values()]) reject(noAnswer("its inspector has gone"));
  }

  /** What is offered beside crashes is for a later version. */
  #offered({ ability, entity }: Readonly<Record<string, unknown>>): void {
    if (ability !== crashAbility || typeof entity !== "string" || this.#withdrawals.has(entity)) return;
    if (this.#withdrawals.size >= mostOffers) return;
    const site = { entities: [entity], crash: () => this.#ask(entity) };
    this.#withdrawals.set(entity, this.#crashes.offer(site));
  }

  #ask(entity: string): Promise<CrashLoss> {
    const id = String(++this.#lastId);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#asked.delete(id);
      };
      const timer = setTimeout(() => {
        end();
        reject(noAnswer(`its inspector did not answer within ${patienceMs / 1000} s`));
      }, patienceMs);
      this.#asked.set(id, {
        resolve: (loss) => {
          end();
          resolve(loss);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      });
      this.#send({ type: "command", ability: crashAbility, id, entity });
    });
  }

  #answered({ id, error, lost, failed }: Readonly<Record<string, unknown>>): void {
    const asked = this.#asked.get(String(id));
    if (asked === undefined) return; // it took too long, and whoever asked has been told so
    if (typeof error === "string") asked.reject(new Error(error));
    else if (Array.isArray(lost) && lost.every(isLost) && isTexts(failed)) asked.resolve({ lost, failed });
    else asked.reject(new Error("its inspector answered with what is no result"));
  }
}

function noAnswer(why: string): NmzError {
  return new NmzError("NMZ_CRASH_NO_ANSWER", why);
}

function isLost(value: unknown): value is LostData {
  const { path, writes, bytes } = (value ?? {}) as Partial<LostData>;
  return typeof path === "string" && typeof writes === "number" && typeof bytes === "number";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
