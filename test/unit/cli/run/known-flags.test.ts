import { describe, expect, it } from "vitest";
import { runFlagSections } from "../../../../src/cli/run/index.js";
import { parse } from "./parse.js";

/** Every flag that docker/cli, cli/command/container/{run,opts}.go has registered from 20.10 to 28. */
const dockerFlags =
  `add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns
  cidfile cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems
  detach detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops
  disable-content-trust dns dns-opt dns-option dns-search domainname entrypoint env env-file expose gpus group-add
  health-cmd health-interval health-retries health-start-interval health-start-period health-timeout hostname init
  interactive io-maxbandwidth io-maxiops ip ip6 ipc isolation kernel-memory label label-file link link-local-ip log-driver
  log-opt mac-address memory memory-reservation memory-swap memory-swappiness mount name net net-alias network
  network-alias no-healthcheck oom-kill-disable oom-score-adj pid pids-limit platform privileged publish publish-all pull
  quiet read-only restart rm runtime security-opt shm-size sig-proxy stop-signal stop-timeout storage-opt sysctl tmpfs tty
  ulimit use-api-socket user userns uts volume volume-driver volumes-from workdir`.split(/\s+/);
const dockerShorts = "a c d e h i l m p P q t u v w".split(" ");

const flags = runFlagSections.flatMap((section) => section.flags);

describe("run flags", () => {
  it("know every flag of docker's, by its long name and its letter", () => {
    const names = flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]);
    const ours = (name: string) => name.startsWith("nmz-") || name === "preset";
    expect(names.filter((name) => !ours(name)).sort()).toEqual([...dockerFlags].sort());
    expect(flags.flatMap((flag) => flag.short ?? []).sort()).toEqual([...dockerShorts].sort());
  });

  it("have no name twice, and a help text each", () => {
    const names = flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? []), ...(flag.short ?? [])]);
    expect(new Set(names).size).toBe(names.length);
    for (const flag of flags) expect(flag.help.length, flag.name).toBeGreaterThan(8);
  });

  const refused = flags.filter((flag) => flag.refusal !== undefined);
  it.each(refused.map((flag) => [flag.name, flag] as const))("refuse --%s with the reason", (name, flag) => {
    const words = flag.placeholder === undefined ? `--${name}` : `--${name} x`;
    expect(() => parse(`${words} img`)).toThrow(
      expect.objectContaining({
        code: "NMZ_CLI_FLAG_REFUSED",
        exitCode: 125,
        message: `--${name} is not possible: ${flag.refusal}`,
      }),
    );
  });

  it.each([
    [
      "--restart always img",
      "--restart=always is not possible: a restarted container would run outside the inspectors",
    ],
    ["--restart on-failure:3 img", "a restarted container would run outside the inspectors"],
    ["--network host img", "--network host is not possible: the host's own packets would be shaken"],
    ["--net host --nmz-disable fs img", "the host's own packets would be shaken"],
    ["--disable-content-trust=false img", "nmzc does not verify image signatures"],
    ["--device vendor.com/gpu=all img", "nmzc hands no CDI devices to the engine"],
    [
      "--mount type=bind,src=/a,dst=/b,ro,bind-recursive=readonly img",
      "the fs inspector serves what is mounted below",
    ],
  ])("refuse the value in `%s` with a reason", (line, message) => {
    expect(() => parse(line)).toThrow(message);
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ code: "NMZ_CLI_FLAG_REFUSED", exitCode: 125 }),
    );
  });
});
