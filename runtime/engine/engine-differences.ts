/** One way in which Podman is not Docker Engine, for somebody who runs nmzc. */
export interface EngineDifference {
  /** What code and tests call it. */
  readonly id: string;
  readonly docker: string;
  readonly podman: string;
  readonly reason: string;
  /** What nmzc does about it; undefined where it is left as it is. */
  readonly remedy: string | undefined;
}

/**
 * Everything that differs. Code that does something else on Podman names the row it stands for, and so does a test that
 * holds on one engine only; docs/engines.md prints the table.
 */
export const engineDifferences: readonly EngineDifference[] = [
  {
    id: "daemon",
    docker: "A daemon runs",
    podman: "A service may be started for one command (`--engine embedded`)",
    reason: "Podman keeps its state in files; conmon, not the service, holds a container",
    remedy: "started as a child on a socket of its own, ended by the kernel with nmzc",
  },
  {
    id: "restart",
    docker: "An engine that is stopped stops its containers",
    podman: "Containers run on without the service",
    reason: "conmon holds them",
    remedy:
      "waits up to a minute for the service to come back, as with Docker; an embedded one is started again",
  },
  {
    id: "limits",
    docker: "A container has the daemon's own limits",
    podman: "Each container is given 1048576 open files and processes",
    reason:
      "Podman raises both, which takes CAP_SYS_RESOURCE; without it every start fails with `setrlimit: Operation not permitted`",
    remedy: "where nmzc lacks the capability, `--ulimit nofile` and `nproc` default to what may be had",
  },
  {
    id: "hybrid",
    docker: "Starts containers with runc",
    podman: "Starts them with crun, which refuses cgroup v1 beside a unified hierarchy that has controllers",
    reason: "crun: `cgroups in hybrid mode not supported`",
    remedy:
      "the embedded engine is given runc on such a machine; for a service of your own set `runtime` in containers.conf",
  },
  {
    id: "attach",
    docker: "A command that cannot be run fails the start",
    podman: "It fails the attaching of streams, which comes before",
    reason: "Podman prepares the container (`runc create`) when it is attached to",
    remedy: "the failure is kept until the start: the same message and exit code (126, 127)",
  },
  {
    id: "wait",
    docker: "A wait for the next exit may begin before the start",
    podman: "Such a wait can miss a short container, or answers 0 for one that has not run",
    reason:
      "Podman answers the headers before it listens (mended in version 6), and looks at states otherwise",
    remedy: "begins the wait after the start, at Podman's own endpoint, which keeps exit codes",
  },
  {
    id: "auto-remove",
    docker: "The engine removes a container of `--rm`",
    podman: "nmzc removes it",
    reason: "with a container that Podman removes its exit code is gone",
    remedy: "removed by nmzc with its anonymous volumes; after a kill -9 of nmzc by `nmzc prune`",
  },
  {
    id: "volumes",
    docker: "An empty volume is filled from the image when the container is created",
    podman: "It is filled when the container is first prepared",
    reason: "Podman mounts at preparation",
    remedy: "prepares a container that never starts, and removes it",
  },
  {
    id: "volume-size",
    docker: "`-o o=size=1m` of a tmpfs volume is handed to the mount",
    podman: "It is a quota, refused where the disk has no project quotas",
    reason: "Podman takes `size` and `inodes` out of a volume's options for itself",
    remedy: undefined,
  },
  {
    id: "names",
    docker: "`nmzc/base`",
    podman: "`localhost/nmzc/base`, and `docker.io/library/debian` for `debian`",
    reason: "every name in Podman's store has a registry",
    remedy: undefined,
  },
  {
    id: "pull-resume",
    docker: "A pull goes on where it was when the registry is back",
    podman: "It fails, and the next one begins that blob anew",
    reason: "Podman 4.3 gives up at a lost connection, and keeps nothing of that blob",
    remedy: "says that the connection was lost, and to try again",
  },
  {
    id: "pull-abort",
    docker: "A pull ends when nmzc is interrupted",
    podman: "The image arrives all the same",
    reason: "Podman 4.3 does not notice who has left, and finishes the pull",
    remedy: undefined,
  },
  {
    id: "logs",
    docker: "A followed log ends with the container's last line",
    podman: "The last lines can be missing",
    reason: "Podman 4.3 stops reading the log when it hears of the exit",
    remedy: "reads the log once more at its end and hands on what did not come; not with `--tail N`",
  },
  {
    id: "identity",
    docker: "`/version` and `/info` answer at once",
    podman: "Each takes some tenths of a second",
    reason: "Podman starts crun, conmon and dpkg to ask for their versions",
    remedy:
      "the headers of `/_ping` say what is needed, and the kernel whose Podman it is: `/info` is asked only where that cannot be told, and by `doctor`",
  },
];
