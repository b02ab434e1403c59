import type { SiteLoss } from "../../signal/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import type { Control } from "../endpoint.js";
import { type Exchange, HttpError } from "../http/index.js";

const statuses: Readonly<Record<string, readonly [status: number, code: string]>> = {
  NMZ_CRASH_NOBODY: [409, "NMZ_REST_CRASH_NOBODY"],
  NMZ_CRASH_ENTITY: [404, "NMZ_REST_CRASH_ENTITY"],
  NMZ_CRASH_FAILED: [502, "NMZ_REST_CRASH_FAILED"],
};

/** `POST /api/v3/control?op=crashFs[&entity=E]`: answered when it is done, with what was lost. */
export function crashFilesystems(
  { crashes }: Pick<Control, "crashes">,
  entity: string | undefined,
  exchange: Exchange,
): void {
  if (crashes === undefined) {
    throw new HttpError(501, "NMZ_REST_CRASH", "nobody who answers events here can make file systems crash");
  }
  crashes.crash(entity).then(
    (losses) => exchange.json(200, bodyOf(losses)),
    (error: unknown) =>
      exchange.attempt(() => {
        throw refusalOf(error);
      }),
  );
}

function bodyOf(losses: readonly SiteLoss[]): string {
  const crashed = losses.map(({ entities, lost, failed }) => ({
    entities,
    failed,
    lost: lost.map(({ path, writes, bytes }) => ({ bytes, path, writes })),
  }));
  return `${JSON.stringify({ crashed })}\n`;
}

function refusalOf(error: unknown): unknown {
  const [status, code] = (error instanceof NmzError ? statuses[error.code] : undefined) ?? [];
  if (status === undefined || code === undefined) return error;
  const { hint } = error as NmzError;
  return new HttpError(status, code, messageOf(error), hint === undefined ? {} : { hint });
}
