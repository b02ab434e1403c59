import { cutPair, type FlagSection, listFlag, switchFlag, valueFlag } from "../../flags/index.js";
import { parseMount } from "../mount-spec.js";
import type { RunDraft } from "../run-draft.js";
import { parseTarget, parseVolume } from "../volume-spec.js";

/** What the workload sees of the file system. */
export const mountFlags: FlagSection<RunDraft> = {
  title: "Volumes and mounts",
  flags: [
    listFlag({
      name: "volume",
      short: "v",
      placeholder: "[SOURCE:]TARGET[:MODE]",
      help: "Mount a folder or a named volume; alone, an anonymous volume. MODE: ro, rw, z, Z, nocopy, a propagation",
      completes: "folder",
      fileIn: () => undefined, // given to the engine, and judged then
      apply: (value, draft) => {
        draft.volumes.push(parseVolume(value, draft.surroundings.cwd));
      },
    }),
    listFlag({
      name: "mount",
      placeholder: "type=TYPE,source=…,target=…[,KEY=VALUE]",
      help: "Mount a folder, a volume or a tmpfs, with docker's keys",
      apply: (value, draft) => {
        const mount = parseMount(value, draft.surroundings.cwd);
        if ("volume" in mount) draft.volumes.push(mount.volume);
        else draft.body.HostConfig.Mounts = [...(draft.body.HostConfig.Mounts ?? []), mount.tmpfs];
      },
    }),
    listFlag({
      name: "volumes-from",
      placeholder: "CONTAINER[:ro|rw]",
      help: "Mount the volumes of another container",
      apply: (value, draft) => {
        const mode = value.split(":")[1];
        if (value === "" || value.startsWith(":")) throw new Error("no container named");
        if (mode !== undefined && !/^(ro|rw|z|Z)(,(ro|rw|z|Z))*$/.test(mode))
          throw new Error(`invalid mode: ${mode}`);
        draft.volumesFrom.push(value);
      },
    }),
    valueFlag({
      name: "volume-driver",
      placeholder: "DRIVER",
      help: "Driver of the volumes that -v makes",
      apply: (value, draft) => {
        draft.volumeDriver = value === "" ? undefined : value;
      },
    }),
    listFlag({
      name: "tmpfs",
      placeholder: "TARGET[:OPTIONS]",
      help: "Mount a tmpfs; it is memory, and not shaken",
      apply: (value, draft) => {
        const colon = value.indexOf(":");
        const target = colon < 0 ? value : value.slice(0, colon);
        parseTarget(target);
        const options = colon < 0 ? "" : value.slice(colon + 1);
        draft.body.HostConfig.Tmpfs = { ...draft.body.HostConfig.Tmpfs, [target]: options };
      },
    }),
    switchFlag({
      name: "read-only",
      help: "Mount the container's root filesystem as read only",
      apply: (on, draft) => {
        draft.body.HostConfig.ReadonlyRootfs = on;
      },
    }),
    listFlag({
      name: "storage-opt",
      placeholder: "KEY=VALUE",
      help: "Option of the engine's storage driver for the container",
      apply: (value, draft) => {
        const [key, text, hasValue] = cutPair(value);
        if (!hasValue) throw new Error("invalid storage option (KEY=VALUE)");
        draft.body.HostConfig.StorageOpt = { ...draft.body.HostConfig.StorageOpt, [key]: text };
      },
    }),
  ],
};
