import { describe, expect, it } from "vitest";
import { withToolOption } from "../../../src/container/java/tool-options.js";

const option = "-javaagent:/.nmz/nmz-java.jar=functions=a.B#c";

describe("withToolOption", () => {
  it("sets the variable where nobody has", () => {
    expect(withToolOption(["A=1"], ["PATH=/bin"], option)).toEqual(["A=1", `JAVA_TOOL_OPTIONS=${option}`]);
  });

  it("keeps what the image sets", () => {
    expect(withToolOption([], ["JAVA_TOOL_OPTIONS=-Xmx1g"], option)).toEqual([
      `JAVA_TOOL_OPTIONS=-Xmx1g ${option}`,
    ]);
  });

  it("keeps what the user sets, which the engine would take instead of the image's", () => {
    const own = ["JAVA_TOOL_OPTIONS=-Dx=y ", "B=2"];
    expect(withToolOption(own, ["JAVA_TOOL_OPTIONS=-Xmx1g"], option)).toEqual([
      "B=2",
      `JAVA_TOOL_OPTIONS=-Dx=y ${option}`,
    ]);
  });

  it("drops the image's value when the user takes the variable away", () => {
    expect(withToolOption(["JAVA_TOOL_OPTIONS"], ["JAVA_TOOL_OPTIONS=-Xmx1g"], option)).toEqual([
      `JAVA_TOOL_OPTIONS=${option}`,
    ]);
  });

  it("is not mistaken by a name that begins the same way", () => {
    const own = ["JAVA_TOOL_OPTIONS_OLD=-Xint"];
    expect(withToolOption(own, [], option)).toEqual([...own, `JAVA_TOOL_OPTIONS=${option}`]);
  });
});
