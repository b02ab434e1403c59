import { describe, expect, it } from "vitest";
import type { VolumeRequest } from "../../../../src/container/run-request.js";
import { parse } from "./parse.js";

const bind: VolumeRequest = {
  type: "bind",
  source: "/a",
  target: "/b",
  isReadOnly: false,
  createSource: true,
  noCopy: false,
  options: [],
  driver: undefined,
  driverOptions: {},
  labels: {},
};
const mounted: VolumeRequest = { ...bind, createSource: false };
const volume: VolumeRequest = { ...bind, type: "volume", source: "data", target: "/data" };

describe("volumes", () => {
  it.each<[string, VolumeRequest]>([
    ["-v /a:/b img", bind],
    ["-v /a:/b/ img", bind],
    ["-v /a:/x/../b img", bind],
    ["-v /a/:/b img", bind],
    ["-v /a:/b:ro img", { ...bind, isReadOnly: true }],
    ["-v /a:/b:rw img", bind],
    ["-v /a:/b:ro,z,rslave img", { ...bind, isReadOnly: true, options: ["z", "rslave"] }],
    ["-v ./rel:/b img", { ...bind, source: "/cwd/rel" }],
    ["-v ..:/b img", { ...bind, source: "/" }],
    ["-v data:/data img", volume],
    ["-v data:/data:nocopy,ro img", { ...volume, noCopy: true, isReadOnly: true }],
    ["-v /anon img", { ...volume, source: undefined, target: "/anon" }],
    ["--volume-driver nfs -v data:/data img", { ...volume, driver: "nfs" }],
    ["--volume-driver nfs -v /a:/b img", bind],
    ["--mount type=bind,source=/a,target=/b img", mounted],
    ["--mount type=bind,src=/a,dst=/b,readonly img", { ...mounted, isReadOnly: true }],
    ["--mount type=bind,src=/a,dst=/b,ro=false img", mounted],
    ["--mount type=bind,src=./rel,destination=/b img", { ...mounted, source: "/cwd/rel" }],
    ["--mount type=bind,src=/a,dst=/b,bind-create-src img", bind],
    ["--mount type=bind,src=/a,dst=/b,bind-propagation=rslave img", { ...mounted, options: ["rslave"] }],
    ["--mount type=bind,src=/a,dst=/b,bind-recursive=enabled img", mounted],
    ["--mount type=bind,src=/a,dst=/b,bind-nonrecursive=false img", mounted],
    ['--mount type=bind,"src=/a,b",dst=/b img', { ...mounted, source: "/a,b" }],
    ["--mount source=data,target=/data img", volume],
    ["--mount target=/anon img", { ...volume, source: undefined, target: "/anon" }],
    [
      "--mount src=data,dst=/data,volume-nocopy,volume-driver=local,volume-opt=type=nfs,volume-opt=o=addr=x,volume-label=a=b img",
      {
        ...volume,
        noCopy: true,
        driver: "local",
        driverOptions: { type: "nfs", o: "addr=x" },
        labels: { a: "b" },
      },
    ],
  ])("reads `%s`", (line, expected) => {
    expect(parse(line).volumes).toEqual([expected]);
  });

  it("keeps the order and takes the same -v once", () => {
    const { volumes } = parse("-v /a:/1 -v /a:/2 -v /a:/1 img");
    expect(volumes.map(({ target }) => target)).toEqual(["/1", "/2"]);
  });

  it.each([
    ["-v /a:/b:ro:x img", "too many colons"],
    ["-v :/b img", "empty section between colons"],
    ["-v /a: img", "empty section between colons"],
    ["-v /a:b img", "mount path must be absolute"],
    ["-v anon img", "mount path must be absolute"],
    ["-v /a:/ img", "destination can't be '/'"],
    ["-v /a:/b/.. img", "destination can't be '/'"],
    ["-v /a:/b:rx img", "invalid mode: rx"],
    ["-v /a:/b:ro,rw img", "invalid mode: ro,rw"],
    ["-v data:/b:rslave img", "only a folder has a propagation"],
    ["-v /a:/b:nocopy img", "a folder of the host is never copied to"],
    ["-v x:/b img", "volume name is too short"],
    ["-v a/b:/b img", '"a/b" includes invalid characters for a local volume name'],
    ["-v ~/x:/b img", "the shell expands ~ only at the beginning of a word"],
    ["-v /a:/x -v /b:/x img", "Duplicate mount point: /x"],
    ["-v /a:/x --tmpfs /x img", "Duplicate mount point: /x"],
    ["--tmpfs x img", "mount path must be absolute"],
    ["--mount type=bind,target=/b img", "source is required for type=bind"],
    ["--mount type=bind,source=rel,target=/b img", 'mount source "rel" must be an absolute path'],
    ["--mount type=bind,source=/a img", "target is required"],
    [
      "--mount type=bind,source=/a,trget=/b img",
      "unexpected key 'trget' in 'trget=/b'; did you mean target?",
    ],
    [
      "--mount type=bind,source=/a,target=/b,volume-nocopy img",
      "cannot mix 'volume-*' options with mount type 'bind'",
    ],
    ["--mount type=tmpfs,source=/a,target=/b img", "a tmpfs has no source"],
    ["--mount type=bogus,target=/b img", 'mount type unknown: "bogus"'],
    ["--mount type=image,source=x,target=/b img", "nmzc makes no mounts of type image"],
    ["--mount source=data,target=/b,volume-subpath=x img", "nmzc mounts whole volumes"],
    ["--mount type=bind,src=/a,dst=/b,bind-nonrecursive img", "serves what is mounted below the folder"],
    [
      "--mount type=bind,src=/a,dst=/b,ro,bind-recursive=writable img",
      "serves what is mounted below the folder",
    ],
    ["--mount type=bind,src=/a,dst=/b,bind-recursive=some img", "invalid value for bind-recursive: some"],
    ["--mount readonly=maybe,target=/b img", "invalid value for readonly: maybe"],
  ])("refuses `%s`", (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });
});
