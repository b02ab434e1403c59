import {
  type Engine,
  EngineError,
  type ImageInfo,
  parseImageReference,
} from "../../../runtime/engine/index.js";
import { NmzError } from "../../util/index.js";
import { ProgressDisplay, type ProgressOutput } from "./progress-display.js";

export interface EnsureImageOptions {
  readonly pull: "always" | "missing" | "never";
  /** "linux/amd64"; undefined takes the engine's own. */
  readonly platform: string | undefined;
  readonly stderr: ProgressOutput;
  /** Without one, SIGINT, SIGTERM and SIGHUP end the pull. */
  readonly signal?: AbortSignal;
}

/**
 * The image on this host, pulled when the policy says so, with docker's words on stderr. Throws NMZ_IMAGE_REFERENCE,
 * NMZ_IMAGE_MISSING, NMZ_PULL_FAILED, NMZ_PULL_ABORTED, all with exit code 125.
 */
export async function ensureImage(
  engine: Pick<Engine, "inspectImage" | "pullImage">,
  reference: string,
  options: EnsureImageOptions,
): Promise<ImageInfo> {
  const here = await rethrow(engine.inspectImage(reference), reference);
  const isHere = here !== undefined && matchesPlatform(here, options.platform);
  if (options.pull === "never" && !isHere) throw missing(reference, here, options.platform);
  if (isHere && options.pull !== "always") return here;
  const { familiar } = await rethrow(
    Promise.resolve().then(() => parseImageReference(reference)),
    reference,
  );
  if (options.pull === "missing") options.stderr.write(`Unable to find image '${familiar}' locally\n`);
  await pull(engine, familiar, options);
  const pulled = await rethrow(engine.inspectImage(reference), reference);
  if (pulled === undefined) throw missing(reference, undefined, options.platform);
  return pulled;
}

async function pull(
  engine: Pick<Engine, "pullImage">,
  familiar: string,
  options: EnsureImageOptions,
): Promise<void> {
  const display = new ProgressDisplay(options.stderr);
  const interruption = options.signal === undefined ? interruptedBySignals() : undefined;
  const signal = options.signal ?? interruption?.signal;
  try {
    await engine.pullImage(familiar, {
      platform: options.platform,
      onProgress: (progress) => display.show(progress),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw pullFailure(error, familiar);
  } finally {
    interruption?.release();
  }
}

function interruptedBySignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, abort);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.removeListener(signal, abort);
    },
  };
}

/** "linux/arm64" is satisfied by "linux/arm64/v8"; an operating system alone by any of its architectures. */
function matchesPlatform(image: ImageInfo, platform: string | undefined): boolean {
  if (platform === undefined || platform === "") return true;
  const wanted = platform.toLowerCase().replace("x86_64", "amd64").replace("aarch64", "arm64").split("/");
  const has = image.platform.toLowerCase().split("/");
  if (wanted.length === 1) return has.includes(wanted[0]!); // "linux" or "arm64"
  return wanted.every((part, index) => has[index] === part || has[index] === undefined);
}

function missing(reference: string, other: ImageInfo | undefined, platform: string | undefined): NmzError {
  const what =
    other === undefined
      ? `No such image: ${reference}`
      : `image ${reference} is here for ${other.platform}, not for ${platform}`;
  return new NmzError("NMZ_IMAGE_MISSING", what, {
    hint: `pull it first (docker pull ${reference}), or leave --pull never out`,
  });
}

function pullFailure(error: unknown, familiar: string): unknown {
  if (!(error instanceof EngineError)) return error;
  if (error.code === "ABORTED") {
    return new NmzError("NMZ_PULL_ABORTED", `the pull of ${familiar} was interrupted`, { cause: error });
  }
  return new NmzError("NMZ_PULL_FAILED", `cannot pull ${familiar}: ${error.message}`, {
    hint: error.hint ?? hintFor(error, familiar),
    cause: error,
  });
}

function hintFor(error: EngineError, familiar: string): string {
  const { registry } = parseImageReference(familiar);
  if (error.code === "UNAUTHORIZED") {
    return `see whether the name is right and you are logged in: docker login${registry === "docker.io" ? "" : ` ${registry}`}`;
  }
  if (/not found|manifest unknown|no matching manifest/i.test(error.message)) {
    return "see whether the name, tag and platform exist in the registry";
  }
  return `see whether ${registry} can be reached from this host`;
}

async function rethrow<T>(answer: Promise<T>, reference: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof EngineError && error.code === "INVALID_REFERENCE") {
      throw new NmzError("NMZ_IMAGE_REFERENCE", error.message, {
        hint: error.hint ?? `"${reference}" is no image name`,
        cause: error,
      });
    }
    throw error;
  }
}
