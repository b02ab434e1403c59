import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPolicyFrom } from "../../../src/policy/index.js";
import { isPolicyPath, loadAutopilotWithPolicy, loadPolicy } from "../../../src/user-policy/index.js";
import { NmzError } from "../../../src/util/index.js";
import { packet, TestContext } from "../policy/policy-harness.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-policy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return `./${name}`;
}

const late = `import { definePolicy, duration, PacketEvent } from "nmzc";
interface Params { readonly late: number }
export default definePolicy({
  name: "late",
  params: { late: duration(80, { meaning: "how late" }) },
  create({ params, delay }) {
    const { late }: Params = params;
    return {
      onEvent: (event) => (event instanceof PacketEvent ? delay(event, late) : undefined),
    };
  },
});
`;

async function errorOf(promise: Promise<unknown>): Promise<NmzError> {
  const error = await promise.then(
    () => new Error("it was accepted"),
    (reason: unknown) => reason,
  );
  if (error instanceof NmzError) return error;
  throw error;
}

describe("loadPolicy", () => {
  it("loads TypeScript without a build, whose packages are ours", async () => {
    const entry = await loadPolicy(write("late.ts", late), folder);
    const event = packet();
    expect(createPolicyFrom(entry, { late: "5ms" }, new TestContext()).onEvent(event)).toMatchObject({
      delayMs: 5,
      action: { class: "EventAcceptanceAction", event },
    });
  });

  it.each([
    ["default.mjs", 'import { definePolicy } from "nmzc";\nawait 1;\nexport default definePolicy(POLICY);\n'],
    [
      "named.js",
      'import { definePolicy } from "nmzc";\nexport const other = 1;\nexport const p = definePolicy(POLICY);\n',
    ],
    ["common.cjs", 'const { definePolicy } = require("nmzc");\nmodule.exports = definePolicy(POLICY);\n'],
  ])("loads %s", async (name, text) => {
    const policy = '{ name: "p", create: ({ accept }) => ({ onEvent: (event) => accept(event) }) }';
    const entry = await loadPolicy(write(name, text.replace("POLICY", policy)), folder);
    expect(entry).toMatchObject({ name: "p", summary: "", params: {} });
  });

  it("reads the file anew each time", async () => {
    const path = write("again.ts", late);
    await loadPolicy(path, folder);
    write("again.ts", late.replace('"late"', '"later"'));
    expect((await loadPolicy(path, folder)).name).toBe("later");
  });

  it("lets a policy import its own modules", async () => {
    write("much.ts", "export const much: number = 7;\n");
    const text = late
      .replace("duration(80", "duration(much")
      .replace("import", 'import { much } from "./much.ts";\nimport');
    expect((await loadPolicy(write("parts.ts", text), folder)).params["late"]!.default).toBe(7);
  });

  it.each<[string, string, string, string, RegExp]>([
    [
      "nothing that is a policy",
      "none.ts",
      "export const a = 1, b = 2;\n",
      "NMZ_POLICY_FILE_EXPORT",
      /exports no policy \(it exports a, b\)/,
    ],
    [
      "two policies",
      "two.ts",
      `${late.replace("export default", "export const a =")}export const b = definePolicy({ ...a, name: "b" });\n`,
      "NMZ_POLICY_FILE_EXPORT",
      /exports 2 policies \(late, b\)/,
    ],
    [
      "what is no TypeScript",
      "syntax.ts",
      "export const a = {\n  b: 1 2\n};\n",
      "NMZ_POLICY_FILE_SYNTAX",
      /syntax\.ts:2:7: Unexpected token/,
    ],
    [
      "a file that throws",
      "throws.ts",
      "interface A {}\n\nthrow new Error('boom');\n",
      "NMZ_POLICY_FILE_LOAD",
      /throws\.ts:3:7: .*boom/,
    ],
    [
      "a file that imports what is not there",
      "needs.ts",
      'import "./not-there.js";\n',
      "NMZ_POLICY_FILE_LOAD",
      /Cannot find module/,
    ],
    [
      "a policy without a name",
      "nameless.ts",
      'import { definePolicy } from "nmzc";\nexport default definePolicy({ create() {} });\n',
      "NMZ_POLICY_FILE_LOAD",
      /nameless\.ts:2:\d+: .*its name must be a word/,
    ],
    [
      "params of no kind",
      "kind.ts",
      'import { definePolicy } from "nmzc";\nexport default definePolicy({ name: "a", params: { x: 3 }, create() {} });\n',
      "NMZ_POLICY_FILE_LOAD",
      /params\.x is no kind of key/,
    ],
  ])("refuses %s", async (_, name, text, code, message) => {
    const error = await errorOf(loadPolicy(write(name, text), folder));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(error.hint).not.toBe(undefined);
  });

  it("says which file is missing, and what is no file", async () => {
    const error = await errorOf(loadPolicy("./nope.ts", folder));
    expect([error.code, error.message]).toEqual([
      "NMZ_POLICY_FILE_MISSING",
      `there is no file "${folder}/nope.ts"`,
    ]);
    mkdirSync(join(folder, "folder.ts"));
    expect((await errorOf(loadPolicy("./folder.ts", folder))).message).toMatch(/is no file$/);
  });
});

describe("isPolicyPath", () => {
  it("tells a file from a name", () => {
    const names = ["random", "my-policy", "mypolicy-2.0", "./a.ts", "a.ts", "a.mjs", "/x/y", "../z.cjs"];
    expect(names.filter(isPolicyPath)).toEqual(names.slice(3));
  });
});

describe("loadAutopilotWithPolicy", () => {
  it("finds the policy beside the config, whatever the working folder is, and checks its parameters", async () => {
    write("late.ts", late);
    write("good.toml", 'ExplorePolicy = "late.ts"\n[explorePolicyParam]\nLATE = "30ms"\n');
    const { loaded, policies } = await loadAutopilotWithPolicy(join(folder, "good.toml"));
    expect(policies.get(loaded.autopilot.explorePolicy)!.name).toBe("late");
    expect(loaded.policyParams!.values).toEqual({ late: 30 });
    expect([...policies.keys()]).toContain("random");
  });

  it("names file and line of a wrong parameter, and what was probably meant", async () => {
    write("late.ts", late);
    write("bad.yaml", "explorePolicy: ./late.ts\nexplorePolicyParam:\n  lat: 30ms\n");
    const error = await errorOf(loadAutopilotWithPolicy(join(folder, "bad.yaml")));
    expect(error.message).toMatch(
      /bad\.yaml:3: unknown key "explorePolicyParam\.lat"; did you mean "late"\?$/,
    );
  });

  it("names the config's line when the policy cannot be loaded", async () => {
    write("missing.json", '{\n  "explorePolicy": "./nope.ts"\n}\n');
    const error = await errorOf(loadAutopilotWithPolicy(join(folder, "missing.json")));
    expect(error.message).toMatch(/missing\.json:2: explorePolicy: there is no file ".*nope\.ts"$/);
  });

  it("needs no file", async () => {
    expect((await loadAutopilotWithPolicy(undefined)).loaded.autopilot.explorePolicy).toBe("random");
  });
});
