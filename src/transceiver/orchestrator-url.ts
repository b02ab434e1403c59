import { NmzError } from "../util/index.js";

/** Where an orchestrator is. */
export interface OrchestratorUrl {
  /** As messages name it, without what may be secret: `http://127.0.0.1:10080`. */
  readonly name: string;
  readonly protocol: "http:" | "https:";
  readonly hostname: string;
  readonly port: number;
  /** What stands before `/api/v3`: mostly "". */
  readonly prefix: string;
}

const knownForms = "http://HOST:PORT/api/v3, https://HOST:PORT/api/v3 or local://";

/** Namazu's form ends in `/api/v3`; it may be left out. Throws NMZ_TRANSCEIVER_URL. */
export function parseOrchestratorUrl(text: string): OrchestratorUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const { protocol } = url ?? {};
  if (url === undefined || (protocol !== "http:" && protocol !== "https:") || url.hostname === "") {
    throw new NmzError("NMZ_TRANSCEIVER_URL", `orchestrator URL ${JSON.stringify(text)}: not a known form`, {
      hint: `give ${knownForms}`,
    });
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    const name = `${protocol}//${url.host}${url.pathname}`;
    throw new NmzError(
      "NMZ_TRANSCEIVER_URL",
      `orchestrator URL ${name}: has a query, a fragment or a user name`,
      {
        hint: `give ${knownForms}; a token goes beside it, not into it`,
      },
    );
  }
  const prefix = url.pathname.replace(/\/+$/, "").replace(/\/api\/v3$/, "");
  return {
    name: `${protocol}//${url.host}${prefix}`,
    protocol: protocol === "https:" ? "https:" : "http:",
    // Node's own clients take an IPv6 address without its brackets.
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? (protocol === "https:" ? 443 : 80) : Number(url.port),
    prefix,
  };
}
