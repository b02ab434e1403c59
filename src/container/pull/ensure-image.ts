import {
  type Engine,
  EngineError,
  type ImageInfo,
  type ImageReference,
  parseImageReference,
} from "../../../runtime/engine/index.js";
import { NmzError } from "../../util/index.js";
import { ProgressDisplay, type ProgressOutput } from "./progress-display.js";

export interface EnsureImageOptions {
  readonly pull: "always" | "missing" | "never";
  /** "linux/amd64"; undefined takes the engine's own. */
  readonly platform: string | undefined;
  /** `--quiet`: nothing is told of a pull but its failure. */
  readonly isQuiet?: boolean | undefined;
  readonly stderr: ProgressOutput;
  /** Without one, SIGINT, SIGTERM and SIGHUP end the pull. */
  readonly signal?: AbortSignal;
}

const silence: ProgressOutput = { isTTY: false, write: () => true };

/**
 * The image on this host, pulled when the policy says so, with docker's words on stderr. Throws NMZ_IMAGE_REFERENCE,
 * NMZ_IMAGE_MISSING, NMZ_IMAGE_PLATFORM, NMZ_PULL_FAILED, NMZ_PULL_ABORTED, all with exit code 125.
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
  const name = await rethrow(
    Promise.resolve().then(() => parseImageReference(reference)),
    reference,
  );
  const output = options.isQuiet === true ? silence : options.stderr;
  if (options.pull === "missing") output.write(`Unable to find image '${name.familiar}' locally\n`);
  const display = new ProgressDisplay(output, name.digest ?? name.tag ?? "latest", name.repository);
  await pull(engine, name.familiar, display, options);
  const pulled = await rethrow(engine.inspectImage(reference), reference);
  if (pulled === undefined) throw missing(reference, undefined, options.platform);
  const isNew = pulled.id !== here?.id;
  display.end(
    digestOf(pulled, name),
    `${isNew ? "Downloaded newer image" : "Image is up to date"} for ${name.familiar}`,
  );
  if (!matchesPlatform(pulled, options.platform))
    throw otherPlatform(name.familiar, pulled, options.platform);
  return pulled;
}

/** Of the repository that it was pulled from: the same image may be in others under other digests. */
function digestOf(image: ImageInfo, { registry, repository }: ImageReference): string | undefined {
  const of = (prefix: string) => image.repoDigests.find((each) => each.startsWith(prefix));
  const found = of(`${registry}/${repository}@`) ?? of(`${repository.replace(/^library\//, "")}@`);
  return found?.slice(found.indexOf("@") + 1);
}

async function pull(
  engine: Pick<Engine, "pullImage">,
  familiar: string,
  display: ProgressDisplay,
  options: EnsureImageOptions,
): Promise<void> {
  const interruption = options.signal === undefined ? interruptedBySignals() : undefined;
  const signal = options.signal ?? interruption?.signal;
  try {
    await engine.pullImage(familiar, {
      platform: options.platform,
      onProgress: (progress) => display.show(progress),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // The terminal has written ^C where the next prompt would stand.
    if (options.stderr.isTTY === true && isAborted(error)) options.stderr.write("\n");
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

/** A registry gives an image that is there for one platform alone, whatever platform it was asked for. */
function otherPlatform(familiar: string, image: ImageInfo, platform: string | undefined): NmzError {
  return new NmzError(
    "NMZ_IMAGE_PLATFORM",
    `${familiar} is there for ${image.platform}, not for ${platform}`,
    {
      hint: `leave --platform out, or give --platform ${image.platform}`,
    },
  );
}

function isAborted(error: unknown): boolean {
  return error instanceof EngineError && error.code === "ABORTED";
}

function pullFailure(error: unknown, familiar: string): unknown {
  if (!(error instanceof EngineError)) return error;
  if (isAborted(error)) {
    return new NmzError("NMZ_PULL_ABORTED", `the pull of ${familiar} was interrupted`, { cause: error });
  }
  // A name on Docker's registry does not tell that it is.
  const { registry } = parseImageReference(familiar);
  const image = familiar.startsWith(`${registry}/`) ? familiar : `${familiar} from ${registry}`;
  return new NmzError("NMZ_PULL_FAILED", `cannot pull ${image}: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
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
