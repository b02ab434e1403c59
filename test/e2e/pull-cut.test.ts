import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { argumentsFor, hostArchitecture, PullRig, pullRequirements } from "../helpers/registry/pull-rig.js";
import { isPodman } from "../helpers/registry/pulled-images.js";
import { requires } from "../helpers/requires.js";
import { startNmzc } from "../helpers/run-nmzc.js";

requires(...pullRequirements);

let rig: PullRig;
beforeAll(async () => {
  rig = await PullRig.start();
});
afterEach(() => rig.forget());
afterAll(() => rig[Symbol.asyncDispose]());

describe("nmzc run, of an image whose pull is cut short", () => {
  it("goes on where it was when the registry is killed amid a blob and comes back", async () => {
    const sizeBytes = 24_000_000;
    await rig.upload("cut", "v1", [rig.noise(sizeBytes)]);
    const image = `${rig.registry.host}/cut:v1`;
    rig.registry.door.passedBytes = 0;
    rig.registry.door.slowFromBytes = (sizeBytes * 2) / 3;
    const started = startNmzc(argumentsFor(image, []), { env: rig.environment() });
    await expect
      .poll(() => rig.registry.door.passedBytes, { timeout: 60_000 })
      .toBeGreaterThan((sizeBytes * 2) / 3);
    await rig.registry.kill();
    rig.registry.door.hurry();
    rig.registry.door.passedBytes = 0;
    await rig.registry.start();
    const end = await started.finished;
    if (isPodman) {
      // The difference "pull-resume": the user is told, and the next run succeeds.
      expect(end.stderr).toContain(`hint: the connection to ${rig.registry.host} was lost: try again`);
      const next = await rig.run(image);
      expect(next.stdout, next.stderr).toBe(`cut v1 ${hostArchitecture}\n`);
      return;
    }
    expect(end.stdout, end.stderr).toBe(`cut v1 ${hostArchitecture}\n`);
    expect(rig.registry.door.passedBytes).toBeLessThan(sizeBytes * 0.6);
  });
});
