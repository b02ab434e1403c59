import { describe, expect, it } from "vitest";
import type { ContainerBody, HostConfig } from "../../../../runtime/engine/index.js";
import { parse } from "./parse.js";

const bodies: readonly (readonly [string, Partial<ContainerBody>])[] = [
  ["-e A=1 -e B=2 img", { Env: ["A=1", "B=2"] }],
  ["-e A=1 -e A=2 img", { Env: ["A=2"] }],
  ["-e FROM_HERE -e MISSING -e EMPTY img", { Env: ["FROM_HERE=here", "MISSING", "EMPTY="] }],
  ["--env-file env img", { Env: ["A=1", "B=two words ", "FROM_HERE=here", "C='quoted'", "D="] }],
  ["--env-file windows -e B=3 img", { Env: ["A=1", "B=3"] }],
  ["-w /src -u 1000:1000 img", { WorkingDir: "/src", User: "1000:1000" }],
  ["--entrypoint sh img -c true", { Entrypoint: ["sh"], Cmd: ["-c", "true"] }],
  ["--entrypoint= img", { Entrypoint: [""] }],
  ["-l a=1 -l b -l c=x=y img", { Labels: { a: "1", b: "", c: "x=y" } }],
  ["--label-file labels -l x=2 img", { Labels: { x: "2", y: "a=b" } }],
  ["-h box --domainname example.com img", { Hostname: "box", Domainname: "example.com" }],
  ["--stop-signal SIGINT --stop-timeout 0 img", { StopSignal: "SIGINT", StopTimeout: 0 }],
  ["--no-healthcheck img", { Healthcheck: { Test: ["NONE"] } }],
  [
    "--health-cmd a␣||␣b --health-interval 90s --health-retries 3 img",
    { Healthcheck: { Test: ["CMD-SHELL", "a || b"], Interval: 90e9, Retries: 3 } },
  ],
  ["--expose 80 --expose 1-2/udp img", { ExposedPorts: { "80/tcp": {}, "1/udp": {}, "2/udp": {} } }],
  [
    "--network net --network-alias web --ip 172.30.0.5 img",
    {
      NetworkingConfig: {
        EndpointsConfig: { net: { Aliases: ["web"], IPAMConfig: { IPv4Address: "172.30.0.5" } } },
      },
    },
  ],
  ["--network one --network two img", { NetworkingConfig: { EndpointsConfig: { one: {}, two: {} } } }],
  [
    "--mac-address 92:d0:c6:0a:29:33 img",
    {
      MacAddress: "92:d0:c6:0a:29:33",
      NetworkingConfig: { EndpointsConfig: { default: { MacAddress: "92:d0:c6:0a:29:33" } } },
    },
  ],
];

const hosts: readonly (readonly [string, HostConfig])[] = [
  ["-p 80 img", { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "" }] } }],
  ["-p 8080:80/udp img", { PortBindings: { "80/udp": [{ HostIp: "", HostPort: "8080" }] } }],
  ["-p 8000-8010:80 img", { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8000-8010" }] } }],
  [
    "-p [::1]:8-9:1-2 img",
    {
      PortBindings: {
        "1/tcp": [{ HostIp: "::1", HostPort: "8" }],
        "2/tcp": [{ HostIp: "::1", HostPort: "9" }],
      },
    },
  ],
  [
    "-p 80:80 -p 127.0.0.1:81:80 img",
    {
      PortBindings: {
        "80/tcp": [
          { HostIp: "", HostPort: "80" },
          { HostIp: "127.0.0.1", HostPort: "81" },
        ],
      },
    },
  ],
  ["--network none img", { NetworkMode: "none" }],
  ["--net container:db img", { NetworkMode: "container:db" }],
  ["--network host --nmz-disable ethernet img", { NetworkMode: "host" }],
  ["--init img", { Init: true }],
  ["--init=false img", { Init: false }],
  ["--privileged --read-only img", { Privileged: true, ReadonlyRootfs: true }],
  [
    "--cap-add net_admin --cap-add CAP_SYS_TIME --cap-drop all img",
    { CapAdd: ["CAP_NET_ADMIN", "CAP_SYS_TIME"], CapDrop: ["ALL"] },
  ],
  [
    "-m 512m --memory-swap -1 --cpus 1.5 -c 512 img",
    { Memory: 2 ** 29, MemorySwap: -1, NanoCpus: 1.5e9, CpuShares: 512 },
  ],
  [
    "--pids-limit -1 --shm-size 1g --oom-score-adj -500 img",
    { PidsLimit: -1, ShmSize: 2 ** 30, OomScoreAdj: -500 },
  ],
  [
    "--ulimit nofile=1:2 --ulimit core=-1 --ulimit core=0 img",
    {
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "nofile", Soft: 1, Hard: 2 },
      ],
    },
  ],
  ["--tmpfs /run --tmpfs /tmp:size=64m,exec img", { Tmpfs: { "/run": "", "/tmp": "size=64m,exec" } }],
  [
    "--mount type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1770 img",
    { Mounts: [{ Type: "tmpfs", Target: "/t", TmpfsOptions: { SizeBytes: 2 ** 26, Mode: 0o1770 } }] },
  ],
  [
    "--device /dev/null:/dev/zip:r --device /dev/fuse img",
    {
      Devices: [
        { PathOnHost: "/dev/null", PathInContainer: "/dev/zip", CgroupPermissions: "r" },
        { PathOnHost: "/dev/fuse", PathInContainer: "/dev/fuse", CgroupPermissions: "rwm" },
      ],
    },
  ],
  [
    "--security-opt seccomp=seccomp.json --security-opt no-new-privileges img",
    { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}', "no-new-privileges"] },
  ],
  ["--security-opt systempaths=unconfined img", { MaskedPaths: [], ReadonlyPaths: [] }],
  [
    "--log-driver json-file --log-opt max-size=1m img",
    { LogConfig: { Type: "json-file", Config: { "max-size": "1m" } } },
  ],
  ["--log-opt tag --log-driver syslog img", { LogConfig: { Type: "syslog", Config: { tag: "" } } }],
  ["--sysctl net.ipv4.ip_forward=1 img", { Sysctls: { "net.ipv4.ip_forward": "1" } }],
  ["--add-host a=[::1] --add-host b:host-gateway img", { ExtraHosts: ["a:::1", "b:host-gateway"] }],
  [
    "--dns 2001:db8:0::1 --dns-search . --dns-opt ndots:2 img",
    { Dns: ["2001:db8::1"], DnsSearch: ["."], DnsOptions: ["ndots:2"] },
  ],
  [
    "--pid host --uts host --userns host --ipc shareable --cgroupns private img",
    { PidMode: "host", UTSMode: "host", UsernsMode: "host", IpcMode: "shareable", CgroupnsMode: "private" },
  ],
  ["--device-read-bps /dev/sda:1mb img", { BlkioDeviceReadBps: [{ Path: "/dev/sda", Rate: 2 ** 20 }] }],
  [
    "--blkio-weight 300 --blkio-weight-device /dev/sda:10 img",
    { BlkioWeight: 300, BlkioWeightDevice: [{ Path: "/dev/sda", Weight: 10 }] },
  ],
  ["--restart no img", {}],
];

describe("run body", () => {
  it.each(bodies)("sends for `%s`", (line, expected) => {
    expect(parse(line).body).toMatchObject(expected);
  });

  it.each(hosts)("sends in HostConfig for `%s`", (line, expected) => {
    expect(parse(line).body.HostConfig).toEqual(expected);
  });

  it.each([
    ["--env-file missing img", "cannot read missing: ENOENT"],
    ["--env-file noname img", "noname, line 1: no variable name"],
    ["--env-file spaces img", "spaces, line 1: variable 'A B' contains whitespaces"],
    ["--network-alias web img", "network-scoped aliases are only supported for user-defined networks"],
    ["--network a --network a img", 'network "a" is specified multiple times'],
    ["--network a --network bridge img", "cannot attach both user-defined and non-user-defined"],
    ["--ip nonsense img", "IP address is not correctly formatted: nonsense"],
    ["--ip ::1 img", "not an IPv4 address"],
    ["--no-healthcheck --health-cmd x img", "--no-healthcheck conflicts with --health-* options"],
    ["--security-opt seccomp=missing.json img", "opening seccomp profile (missing.json) failed"],
    ["--security-opt seccomp=broken.json img", "compacting json for seccomp profile (broken.json) failed"],
    ["--log-driver none --log-opt a=b img", "invalid logging opts for driver none"],
  ])("refuses `%s`", (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });
});
