import type { ContainerInspectInfo } from "dockerode";
import { describe, expect, it } from "vitest";
import { containerInfoOf } from "../../../runtime/engine/container-info.js";
import { humanDuration } from "../../../runtime/engine/human-duration.js";
import { describePorts } from "../../../runtime/engine/published-ports.js";

const never = "0001-01-01T00:00:00Z";
const nowMs = Date.parse("2026-01-01T01:00:00Z");

function statusOf(state: object): string {
  const inspected = {
    Id: "abc",
    Name: "/brave",
    Path: "sh",
    Args: ["-c", "true"],
    Created: "2026-01-01T00:00:00Z",
    Config: { Image: "ubuntu", Labels: null },
    HostConfig: {},
    State: { StartedAt: never, FinishedAt: never, ExitCode: 0, ...state },
  } as unknown as ContainerInspectInfo;
  return containerInfoOf(inspected, nowMs).status;
}

describe("containerInfoOf", () => {
  const started = { Status: "running", Running: true, StartedAt: "2026-01-01T00:59:57Z" };
  it.each<[string, object]>([
    ["Created", { Status: "created" }],
    ["Up 3 seconds", started],
    ["Up 3 seconds (Paused)", { ...started, Paused: true }],
    ["Up 3 seconds (healthy)", { ...started, Health: { Status: "healthy" } }],
    ["Up 3 seconds (health: starting)", { ...started, Health: { Status: "starting" } }],
    [
      "Exited (137) About an hour ago",
      { Status: "exited", FinishedAt: "2026-01-01T00:00:00Z", ExitCode: 137 },
    ],
    ["Removal In Progress", { Status: "removing" }],
    ["Dead", { Status: "dead", Dead: true }],
  ])("says %s as docker ps does", (status, state) => {
    expect(statusOf(state)).toBe(status);
  });
});

describe("humanDuration", () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const day = 24 * hour;
  it.each([
    [0, "Less than a second"],
    [-5 * second, "Less than a second"],
    [second, "1 second"],
    [59 * second, "59 seconds"],
    [minute, "About a minute"],
    [59 * minute, "59 minutes"],
    [hour, "About an hour"],
    [47 * hour, "47 hours"],
    [3 * day, "3 days"],
    [15 * day, "2 weeks"],
    [90 * day, "3 months"],
    [800 * day, "2 years"],
  ])("says %i ms as go-units does", (milliseconds, words) => {
    expect(humanDuration(milliseconds)).toBe(words);
  });
});

describe("describePorts", () => {
  const at = (HostIp: string, HostPort: number) => ({ HostIp, HostPort: String(HostPort) });
  it("names published and exposed ports, neighbours in one", () => {
    expect(
      describePorts({
        "443/tcp": null,
        "80/tcp": [at("0.0.0.0", 8080), at("::", 8080)],
        "81/tcp": [at("0.0.0.0", 8081), at("::", 8081)],
        "90/tcp": [at("0.0.0.0", 8099)],
        "444/tcp": null,
        "53/udp": [at("127.0.0.1", 53)],
      }),
    ).toBe(
      "127.0.0.1:53->53/udp, 0.0.0.0:8080-8081->80-81/tcp, :::8080-8081->80-81/tcp, 0.0.0.0:8099->90/tcp, 443-444/tcp",
    );
  });

  it("is empty without ports", () => {
    expect(describePorts(undefined)).toBe("");
    expect(describePorts({})).toBe("");
  });
});
