import { type Flag, pathInto, valueFlag, word } from "../flags/index.js";

/** Where inspectors elsewhere reach an orchestrator that is started here. */
export interface EndpointDraft {
  listen: string;
  tokenFile: string | undefined;
  readonly cwd: string;
}

export function listenFlag<Draft extends EndpointDraft>(): Flag<Draft> {
  return valueFlag({
    name: "listen",
    placeholder: "ADDRESS",
    help: 'Address of this machine for REST and stream (default "127.0.0.1"); any that others can reach needs a token',
    apply: (value, draft) => {
      draft.listen = word(value).replace(/^\[(.*)\]$/, "$1");
    },
  });
}

export function tokenFileFlag<Draft extends EndpointDraft>(help: string): Flag<Draft> {
  return valueFlag({
    name: "token-file",
    placeholder: "FILE",
    help,
    completes: "file",
    apply: pathInto("tokenFile"),
  });
}
