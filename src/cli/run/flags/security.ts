import { cutPair, type Flag, type FlagSection, listFlag, switchFlag, valueFlag } from "../../flags/index.js";
import { parseDevice } from "../device-spec.js";
import type { RunDraft } from "../run-draft.js";
import { applySecurityOption, seccompFile } from "../security-options.js";

type ModeKey = "PidMode" | "UTSMode" | "UsernsMode" | "CgroupnsMode" | "IpcMode";

/** Privileges, devices and namespaces. */
export const securityFlags: FlagSection<RunDraft> = {
  title: "Privileges, devices and namespaces",
  flags: [
    switchFlag({
      name: "privileged",
      help: "Give extended privileges to this container",
      apply: (on, draft) => {
        draft.body.HostConfig.Privileged = on;
      },
    }),
    listFlag({
      name: "cap-add",
      placeholder: "CAPABILITY",
      help: "Add a Linux capability",
      apply: (value, draft) => {
        draft.body.HostConfig.CapAdd = [...(draft.body.HostConfig.CapAdd ?? []), value];
      },
    }),
    listFlag({
      name: "cap-drop",
      placeholder: "CAPABILITY",
      help: "Drop a Linux capability",
      apply: (value, draft) => {
        draft.body.HostConfig.CapDrop = [...(draft.body.HostConfig.CapDrop ?? []), value];
      },
    }),
    listFlag({
      name: "security-opt",
      placeholder: "KEY=VALUE",
      help: "Security option; seccomp=FILE is read here, as docker does",
      fileIn: seccompFile,
      apply: (value, draft) => {
        applySecurityOption(value, draft.body.HostConfig, draft.surroundings);
      },
    }),
    listFlag({
      name: "group-add",
      placeholder: "GROUP",
      help: "Further group of the user",
      apply: (value, draft) => {
        draft.body.HostConfig.GroupAdd = [...(draft.body.HostConfig.GroupAdd ?? []), value];
      },
    }),
    listFlag({
      name: "device",
      placeholder: "HOST[:CONTAINER][:rwm]",
      help: "Add a device of the host",
      completes: "file",
      fileIn: () => undefined, // the host's
      apply: (value, draft) => {
        draft.body.HostConfig.Devices = [...(draft.body.HostConfig.Devices ?? []), parseDevice(value)];
      },
    }),
    listFlag({
      name: "device-cgroup-rule",
      placeholder: "RULE",
      help: 'Allow devices, like "c 42:* rmw"',
      apply: (value, draft) => {
        if (!/^[acb] (\d+|\*):(\d+|\*) [rwm]{1,3}$/.test(value)) {
          throw new Error(`invalid device cgroup format '${value}'`);
        }
        draft.body.HostConfig.DeviceCgroupRules = [...(draft.body.HostConfig.DeviceCgroupRules ?? []), value];
      },
    }),
    listFlag({
      name: "sysctl",
      placeholder: "KEY=VALUE",
      help: "Kernel parameter of the container's namespaces",
      apply: (value, draft) => {
        const [key, text, hasValue] = cutPair(value);
        const isNamespaced =
          /^(net\.|fs\.mqueue\.)/.test(key) ||
          /^kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$/.test(key);
        if (!hasValue || !isNamespaced) throw new Error(`sysctl '${value}' is not allowed`);
        draft.body.HostConfig.Sysctls = { ...draft.body.HostConfig.Sysctls, [key]: text };
      },
    }),
    mode("ipc", "none|private|shareable|container:NAME|host", "IPC namespace", "IpcMode", /^/),
    mode("pid", "container:NAME|host", "PID namespace", "PidMode", /^(|host|container:.+)$/),
    mode("uts", "host", "UTS namespace", "UTSMode", /^(|host)$/),
    mode("userns", "host", "User namespace", "UsernsMode", /^(|host)$/),
    mode("cgroupns", "host|private", "Cgroup namespace", "CgroupnsMode", /^(|host|private)$/),
    valueFlag({
      name: "cgroup-parent",
      placeholder: "CGROUP",
      help: "Parent cgroup of the container",
      apply: (value, draft) => {
        draft.body.HostConfig.CgroupParent = value;
      },
    }),
    valueFlag({
      name: "runtime",
      placeholder: "RUNTIME",
      help: "OCI runtime of the container",
      apply: (value, draft) => {
        draft.body.HostConfig.Runtime = value;
      },
    }),
  ],
};

/** Which namespace of a kind the container lives in: its own, the host's or another container's. */
function mode(name: string, placeholder: string, help: string, key: ModeKey, valid: RegExp): Flag<RunDraft> {
  return valueFlag({
    name,
    placeholder,
    help: `${help} to use`,
    completes: placeholder.split("|").map((word) => word.replace("NAME", "")),
    apply: (value, draft) => {
      if (!valid.test(value)) throw new Error(`invalid ${name} mode (${placeholder})`);
      draft.body.HostConfig[key] = value;
    },
  });
}
