import type { Attachment, ContainerBody, Engine } from "../../../runtime/engine/index.js";
import { baseImage } from "../../helpers/requires.js";

export const testLabel = "nmzt.engine=1";

/** A container that is removed with the test, whatever state it is in. */
export interface TestContainer extends AsyncDisposable {
  readonly id: string;
}

export async function createTestContainer(
  engine: Engine,
  command: readonly string[],
  body: Partial<ContainerBody> = {},
  name?: string,
): Promise<TestContainer> {
  const { id } = await engine.createContainer(
    {
      Image: baseImage,
      Cmd: [...command],
      Labels: { "nmzt.engine": "1" },
      AttachStdout: true,
      AttachStderr: true,
      HostConfig: {},
      ...body,
    },
    name === undefined ? {} : { name },
  );
  return {
    id,
    [Symbol.asyncDispose]: async () => {
      await engine.removeContainer(id, { force: true, volumes: true }).catch((error: { status?: number }) => {
        if (error.status !== 404 && error.status !== 409) throw error;
      });
    },
  };
}

export const withStdin = { OpenStdin: true, StdinOnce: true, AttachStdin: true } as const;

/** Attached, waited for and started, in the order of `docker run`. */
export async function startAttached(
  engine: Engine,
  id: string,
  options: { readonly stdin: boolean; readonly tty: boolean },
): Promise<{ attachment: Attachment; exitCode: Promise<number> }> {
  const attachment = await engine.attachContainer(id, options);
  const exitCode = engine.waitContainer(id, "next-exit");
  await engine.startContainer(id);
  return { attachment, exitCode };
}
