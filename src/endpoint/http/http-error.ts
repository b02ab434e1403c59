import { NmzError } from "../../util/index.js";

export interface HttpErrorOptions {
  readonly hint?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The rest of the request cannot be read, or shall not: the connection ends with the answer. */
  readonly endsConnection?: boolean;
}

/** A request that is refused. What the client reads: `{"error":{"code":…,"message":…,"hint":…}}` and a line feed. */
export class HttpError extends NmzError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly endsConnection: boolean;

  constructor(status: number, code: string, message: string, options: HttpErrorOptions = {}) {
    super(code, message, options.hint === undefined ? {} : { hint: options.hint });
    this.name = "HttpError";
    this.status = status;
    this.headers = options.headers ?? {};
    this.endsConnection = options.endsConnection ?? false;
  }

  toJson(): string {
    const { code, message, hint } = this;
    return `${JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } })}\n`;
  }
}
