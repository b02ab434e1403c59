import type { Exchange } from "./exchange.js";
import { HttpError } from "./http-error.js";

/** Hands the whole body over as text, or refuses with 413. What a client sends beyond the limit is read and dropped. */
export function readBody(
  exchange: Exchange,
  maxBytes: number,
  use: (text: string, bytes: number) => void,
): void {
  const { request } = exchange;
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw tooLarge(`${announced} bytes`, maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= maxBytes) {
      chunks.push(chunk);
      return;
    }
    chunks.length = 0;
    request.off("data", take);
    request.off("end", finish);
    request.resume();
    exchange.refuse(tooLarge(`more than ${maxBytes} bytes`, maxBytes));
  };
  const finish = (): void => {
    const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    exchange.attempt(() => use(whole.toString(), bytes));
  };
  request.on("data", take);
  request.on("end", finish);
}

function tooLarge(size: string, maxBytes: number): HttpError {
  return new HttpError(413, "NMZ_REST_BODY_SIZE", `the body has ${size}; ${maxBytes} are taken`, {
    hint: "send fewer bytes of the packet, or fewer threads at a time",
  });
}
