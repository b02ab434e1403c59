# What scripts/etcd-image and scripts/zookeeper-image share. Sourced by POSIX sh; expects $root and $testbed, and a function
# add_files FOLDER that puts into the build context what is not in images/$testbed.

usage() {
  cat <<TEXT
Usage: sudo scripts/$testbed-image [--base IMAGE] [--name NAME:TAG]

Builds images/$testbed. Does nothing when the image is there and was made of the same files on the same base.

  --base IMAGE      a Debian 12; default: nmzc/base if it is one, otherwise nmzc/bookworm. Both are made by
                    scripts/base-image when missing, so no image registry is needed
  --name NAME:TAG   default: nmzc/$testbed:latest
TEXT
}

base=''
name=nmzc/$testbed:latest
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --base | --name)
      [ $# -ge 2 ] || { echo "scripts/$testbed-image: $1 needs a value" >&2; exit 2; }
      if [ "$1" = --base ]; then base=$2; else name=$2; fi
      shift 2 ;;
    *) echo "scripts/$testbed-image: unknown argument $1; see --help" >&2; exit 2 ;;
  esac
done

. "$root/scripts/lib/machine.sh"
needs_engine
needs_testbed_tools
install_missing
ensure_engine

if [ -z "$base" ]; then
  ensure_image
  base=$base_image
  # shellcheck disable=SC2016
  if [ "$(docker run --rm --network none "$base" sh -c '. /etc/os-release && echo "$VERSION_CODENAME"')" != bookworm ]; then
    base=nmzc/bookworm:latest
    docker image inspect "$base" >/dev/null 2>&1 || "$root/scripts/base-image" --suite bookworm --name "$base"
  fi
fi

inputs=$( (docker image inspect --format '{{.Id}}' "$base" 2>/dev/null || echo "$base"
  cd "$root" && find "images/$testbed" -type f ! -name README.md ! -name smoke-test ! -name autopilot.toml | LC_ALL=C sort |
    xargs sha256sum) | sha256sum | cut -c1-16)
old=$(docker image inspect --format '{{.Id}} {{index .Config.Labels "nmzc.inputs"}}' "$name" 2>/dev/null || true)
[ "${old#* }" != "$inputs" ] || exit 0

say "building $name on $base"
context=$(mktemp -d "/var/tmp/nmzc-$testbed-image.XXXXXX")
finish() { rm -rf "$context"; }
cp -R "$root/images/$testbed/." "$context"
add_files "$context"
# The host's network: what apt reaches here it reaches there, whatever the engine's own network looks like.
docker build --quiet --network host --build-arg "BASE=$base" --build-arg "INPUTS=$inputs" --tag "$name" "$context" \
  >"$logs/build.log" 2>&1 </dev/null || { tail -n 20 "$logs/build.log" >&2; fail "the image $name does not build"; }
# An image that a newer one took the name of would stay for ever.
new=$(docker image inspect --format '{{.Id}}' "$name")
[ -z "$old" ] || [ "${old%% *}" = "$new" ] || remove_untagged "${old%% *}"
