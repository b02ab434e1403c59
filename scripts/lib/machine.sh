# What the scripts share: bring a bare Debian or Ubuntu machine with Node to where nmzc can run, and say what is done.
# Sourced by POSIX sh; expects $root, the repository. Everything is asked for first and installed in one go.

export DEBIAN_FRONTEND=noninteractive
# Logs: one folder for a script and those that it calls, gone after a run that went well.
inner=${NMZC_LOG_FOLDER:+yes}
logs=${NMZC_LOG_FOLDER:-$(mktemp -d /tmp/nmzc-scripts.XXXXXX)}
export NMZC_LOG_FOLDER="$logs"
base_image=${NMZC_BASE_IMAGE:-nmzc/base:latest}
missing=''
started_engine=''
started_podman=''
podman_socket=$logs/podman.sock

# What was started here is stopped on every way out; a script that has something to say last redefines finish.
finish() { :; }
leave() {
  status=$?
  trap - EXIT
  stop_podman
  stop_engine
  finish
  [ "$status" -ne 0 ] || [ -n "$inner" ] || rm -rf "$logs" || true
  exit "$status"
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# "sudo" drops the PATH of a Node that a version manager put into the user's home.
find_node() {
  if ! command -v node >/dev/null 2>&1 && [ -n "${SUDO_USER:-}" ]; then
    theirs=$(runuser -l "$SUDO_USER" -c 'bash -lic "command -v node"' 2>/dev/null </dev/null | tail -n 1)
    if [ -x "$theirs" ]; then PATH=$(dirname "$theirs"):$PATH; export PATH; fi
  fi
  command -v node >/dev/null 2>&1 || fail 'Node 20.19 or newer is needed: https://nodejs.org/en/download'
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node 20.19 or newer is needed, this is $(node --version)"
  # node-gyp takes the headers that came with this Node instead of downloading them.
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [ -e "$prefix/include/node/node.h" ]; then npm_config_nodedir=$prefix; export npm_config_nodedir; fi
}

# needs_tools TOOL:PACKAGE... notes the packages of the tools that are not here.
needs_tools() {
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
  done
}

# needs_packages PACKAGE... for what has no tool to look for: headers, libraries.
needs_packages() {
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing="$missing $package"
  done
}

# A machine whose engine answers keeps the one it has, whoever made it.
needs_engine() {
  engine_answers || needs_tools docker:docker.io dockerd:docker.io
}

install_missing() {
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null 2>&1 || fail "missing:$missing (this script installs through apt-get only)"
  [ "$(id -u)" -eq 0 ] || fail "missing:$missing; run it with sudo to have them installed"
  missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
  say "installing what is missing: $missing"
  log=$logs/apt.log
  # A list of packages that is weeks old names files that the mirror no longer has: one update, then once more.
  # shellcheck disable=SC2086
  apt-get install -y --no-install-recommends $missing >"$log" 2>&1 </dev/null ||
    { apt-get update >>"$log" 2>&1 </dev/null &&
      apt-get install -y --no-install-recommends $missing >>"$log" 2>&1 </dev/null; } ||
    { tail -n 20 "$log" >&2; fail "apt-get could not install:$missing (all of it: $log)"; }
  # Debian starts these with their packages; the tests start their own.
  for service in docker-registry rsyslog openvswitch-switch; do
    case $missing in
      *"$service"*) [ ! -d /run/systemd/system ] || systemctl disable --quiet --now "$service" || true ;;
    esac
  done
  missing=''
}

# An image that lost its name to a newer one, unless somebody gave it another.
remove_untagged() {
  if [ "$(docker image inspect --format '{{len .RepoTags}}' "$1" 2>/dev/null)" = 0 ]; then
    docker rmi "$1" >/dev/null 2>&1 || true
  fi
}

engine_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# Starts dockerd when no engine answers; what was started here is stopped at the end.
ensure_engine() {
  # Newer distributions have the command line in a package of its own.
  if ! command -v docker >/dev/null 2>&1; then
    missing=docker-cli
    install_missing
  fi
  engine_answers && return 0
  if [ -d /run/systemd/system ] && timeout 60 systemctl start docker >/dev/null 2>&1 && engine_answers; then
    say 'started the docker service'
    return 0
  fi
  say "no engine answers: starting dockerd (log: $logs/dockerd.log)"
  # A session of its own: a Ctrl-C for us must not take the engine away before the containers are gone.
  setsid dockerd >"$logs/dockerd.log" 2>&1 </dev/null &
  started_engine=$!
  tries=0
  until engine_answers; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$started_engine" 2>/dev/null; then
      tail -n 15 "$logs/dockerd.log" >&2
      fail "dockerd did not start (all of it: $logs/dockerd.log)"
    fi
    sleep 0.5
  done
}

stop_engine() {
  [ -n "$started_engine" ] || return 0
  say 'stopping the dockerd that was started here'
  kill "$started_engine" 2>/dev/null || true
  wait "$started_engine" 2>/dev/null || true
  started_engine=''
}

# Podman, what starts its containers, and its networks: netavark where the distribution has it, CNI's plugins elsewhere.
needs_podman() {
  needs_tools podman:podman conmon:conmon runc:runc catatonit:catatonit
  if [ -x /usr/lib/podman/netavark ] || [ -d /usr/lib/cni ]; then return 0; fi
  if apt-cache show netavark >/dev/null 2>&1; then missing="$missing netavark aardvark-dns"
  else missing="$missing containernetworking-plugins"; fi
}

# What Podman would not find out by itself; docs/engines.md says why, and the embedded engine does the same.
podman_config() {
  # Bit 24 is CAP_SYS_RESOURCE: without it no limit can be raised above our own.
  if [ $((0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status) >> 24 & 1)) -eq 0 ]; then
    most=$(cat /proc/sys/kernel/pid_max)
    processes=$(ulimit -H -p 2>/dev/null || ulimit -H -u)
    if [ "$processes" = unlimited ] || [ "$processes" -gt "$most" ]; then processes=$most; fi
    files=$(ulimit -H -n)
    printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=%s:%s"]\n' "$files" "$files" "$processes" "$processes"
  fi
  printf '[engine]\n'
  [ -d /run/systemd/system ] || printf 'cgroup_manager = "cgroupfs"\n'
  if grep -q . /sys/fs/cgroup/unified/cgroup.controllers 2>/dev/null; then
    printf 'runtime = "runc"\n'
  fi
}

podman_answers() { DOCKER_HOST=unix://$podman_socket engine_answers; }

# A Podman service of our own on $podman_socket, stopped at the end, with the images of the Docker Engine that are named.
ensure_podman() {
  if [ -z "$started_podman" ]; then
    say "starting podman system service (log: $logs/podman.log)"
    podman_config >"$logs/containers.conf"
    # For what the tests start besides, too.
    export CONTAINERS_CONF="$logs/containers.conf"
    setsid podman system service --time=0 "unix://$podman_socket" \
      >"$logs/podman.log" 2>&1 </dev/null &
    started_podman=$!
    tries=0
    until podman_answers; do
      tries=$((tries + 1))
      if [ "$tries" -gt 120 ] || ! kill -0 "$started_podman" 2>/dev/null; then
        tail -n 15 "$logs/podman.log" >&2
        fail "podman did not start (all of it: $logs/podman.log)"
      fi
      sleep 0.5
    done
  fi
  for image in "$@"; do
    # Podman calls by localhost/ what has no registry in its name, and finds it by the short name, too.
    [ "$(docker image inspect -f '{{.Id}}' "$image")" = "sha256:$(podman image inspect -f '{{.Id}}' "$image" 2>/dev/null)" ] ||
      docker save "$image" | podman load --quiet >"$logs/podman-load.log" 2>&1 || fail "$image did not get into podman's store"
  done
}

stop_podman() {
  [ -n "$started_podman" ] || return 0
  kill "$started_podman" 2>/dev/null || true
  wait "$started_podman" 2>/dev/null || true
  unset CONTAINERS_CONF
  started_podman=''
}

# Runs a command as whoever owns the repository, so that "sudo" leaves no files of root in it.
as_owner() {
  owner=$(stat -c %U "$root")
  if [ "$(id -u)" -eq 0 ] && [ "$owner" != root ] && [ "$owner" != UNKNOWN ]; then
    runuser -u "$owner" -- env HOME="$(getent passwd "$owner" | cut -d: -f6)" PATH="$PATH" "$@"
  else
    "$@"
  fi
}

# npm ci when the lockfile is not the one that was installed last.
ensure_dependencies() {
  [ -L "$root/node_modules" ] && return 0
  lock=$(sha256sum <"$root/package-lock.json")
  [ "$(cat "$root/node_modules/.nmzc-installed" 2>/dev/null)" = "$lock" ] && return 0
  say 'npm ci'
  (cd "$root" && as_owner npm ci --no-audit --no-fund --loglevel=error </dev/null)
  printf '%s\n' "$lock" >"$root/node_modules/.nmzc-installed"
}

# What the tests compile, by name: .npmrc keeps every other install script from running.
ensure_drivers() {
  [ -L "$root/node_modules" ] && return 0
  [ -e "$root/node_modules/.nmzc-drivers" ] && return 0
  say 'building the optional drivers: nfqueue, fuse-native, node-pty'
  (cd "$root" && as_owner npm rebuild --ignore-scripts=false nfqueue fuse-native node-pty </dev/null) >"$logs/drivers.log" 2>&1 ||
    { tail -n 20 "$logs/drivers.log" >&2; fail "the optional drivers do not build (all of it: $logs/drivers.log)"; }
  : >"$root/node_modules/.nmzc-drivers"
}

ensure_built() {
  find_node
  ensure_dependencies
  (cd "$root" && as_owner npm run --silent build -- --if-changed </dev/null) || fail 'the build failed'
}

# A small Debian of our own, because a test must not depend on a registry that may be out of reach.
ensure_image() {
  docker image inspect "$base_image" >/dev/null 2>&1 || "$root/scripts/base-image" --name "$base_image"
}
