import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isRootPodmanHere } from "../../../runtime/engine/podman-here.js";

const listening = "00010000";
const connected = "00000000";

let folder: string;
let proc: string;
let socket: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-podman-here-"));
  proc = join(folder, "proc");
  socket = join(folder, "podman.sock");
  writeFileSync(socket, "");
  mkdirSync(join(proc, "net"), { recursive: true });
  mkdirSync(join(proc, "self/ns"), { recursive: true });
  symlinkSync("user:[1]", join(proc, "self/ns/user"));
  symlinkSync("mnt:[2]", join(proc, "self/ns/mnt"));
  sockets([listening, 4711, socket]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sockets(...rows: readonly (readonly [flags: string, inode: number, path: string])[]): void {
  const lines = rows.map(
    ([flags, inode, path]) => `00000000b9: 00000002 00000000 ${flags} 0001 01 ${inode} ${path}`,
  );
  const head = "Num       RefCount Protocol Flags    Type St Inode Path";
  const unnamed = "00000000c1: 00000003 00000000 00000000 0001 03  1234";
  writeFileSync(join(proc, "net/unix"), `${[head, unnamed, ...lines].join("\n")}\n`);
}

interface Process {
  readonly comm?: string;
  readonly exe?: string;
  readonly user?: string;
  readonly mnt?: string;
  readonly holds?: string;
}

function addProcess(pid: number, process: Process = {}): void {
  const of = {
    comm: "podman",
    exe: "/usr/bin/podman",
    user: "user:[1]",
    mnt: "mnt:[2]",
    holds: "socket:[4711]",
  };
  const { comm, exe, user, mnt, holds } = { ...of, ...process };
  const at = (path: string): string => join(proc, String(pid), path);
  mkdirSync(at("ns"), { recursive: true });
  mkdirSync(at("fd"));
  writeFileSync(at("comm"), `${comm}\n`);
  symlinkSync(exe, at("exe"));
  symlinkSync(user, at("ns/user"));
  symlinkSync(mnt, at("ns/mnt"));
  symlinkSync("/dev/null", at("fd/0"));
  symlinkSync(holds, at("fd/7"));
}

describe("isRootPodmanHere", () => {
  it("is so where a podman of this user's holds the listening socket, in our namespaces, and the user is root", () => {
    addProcess(7, { comm: "conmon", exe: "/usr/bin/conmon" });
    addProcess(8, { holds: "socket:[1]" });
    addProcess(9);
    expect(isRootPodmanHere(socket, proc)).toBe(statSync(proc).uid === 0);
  });

  it("finds the socket that was bound by the name behind a link", () => {
    addProcess(9);
    mkdirSync(join(folder, "run"));
    symlinkSync(socket, join(folder, "run/podman.sock"));
    expect(isRootPodmanHere(join(folder, "run/podman.sock"), proc)).toBe(statSync(proc).uid === 0);
  });

  it.each<[string, Process]>([
    ["something else holds it: ssh, that forwards it", { comm: "ssh", exe: "/usr/bin/ssh" }],
    ["the program has but the name", { exe: "/usr/bin/socat" }],
    ["it is in a user namespace, as one without root is", { user: "user:[9]" }],
    ["it is in a container", { mnt: "mnt:[9]" }],
    ["it holds another socket", { holds: "socket:[471]" }],
  ])("is not where %s", (_, process) => {
    addProcess(9, process);
    expect(isRootPodmanHere(socket, proc)).toBe(false);
  });

  it("is not where nobody listens, or two do", () => {
    addProcess(9);
    sockets([connected, 4711, socket]);
    expect(isRootPodmanHere(socket, proc)).toBe(false);
    sockets([listening, 4711, socket], [listening, 4712, socket]);
    expect(isRootPodmanHere(socket, proc)).toBe(false);
    sockets([listening, 4711, `${socket}.other`]);
    expect(isRootPodmanHere(socket, proc)).toBe(false);
  });

  it("is not where nothing can be seen", () => {
    expect(isRootPodmanHere(socket, join(folder, "none"))).toBe(false);
    expect(isRootPodmanHere(join(folder, "none.sock"), proc)).toBe(false);
  });
});
