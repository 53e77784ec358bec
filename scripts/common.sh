# SPDX-License-Identifier: Apache-2.0
# What both commands share: finding the root of the project, installing what is missing, building a preset.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build_packages=(g++ cmake ninja-build pkg-config ccache ca-certificates
  libboost1.81-dev libboost-json1.81-dev libmosquitto-dev mosquitto libmodbus-dev libsqlite3-dev libzstd-dev
  zlib1g-dev libtomlplusplus-dev libcli11-dev libspdlog-dev libfmt-dev libsodium-dev liboath-dev libssl-dev libpango1.0-dev
  fonts-dejavu-core libzip-dev libasound2-dev libaubio-dev libebur128-dev libmpv-dev)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev clang-format clang-tidy chromium mosquitto-clients openssl
  libedf-dev poppler-utils python3 python3-jsonschema aubio-tools sox)
firmware_packages=(gcc-arm-none-eabi libstdc++-arm-none-eabi-dev libnewlib-dev qemu-system-arm)
fuzz_packages=(clang libclang-rt-14-dev)
node_wanted=20.19.0
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$PWD

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "needs root or sudo to install: $*"
  fi
}

# Installs the Debian packages that are not there, and names them.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || fail "needs Debian's apt-get to install: ${missing[*]}"
  echo "Installing: ${missing[*]}"
  local log; log=$(mktemp)
  { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 || { tail -n 3 "$log" >&2; fail "could not install ${missing[*]}; is the network there?"; }
  rm -f "$log"
}

# true when the first version is at least the second
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Node for the pages: the system's when it is new enough, else npm's own `node` package under build/tools.
install_node() {
  export PATH="$PWD/build/tools/node_modules/.bin:$PATH"
  if command -v node >/dev/null && command -v npm >/dev/null && version_at_least "$(node --version | tr -d v)" "$node_wanted"; then
    return
  fi
  install_packages nodejs npm
  version_at_least "$(node --version | tr -d v)" "$node_wanted" && return
  echo "Installing: node and npm from npm, under build/tools"
  mkdir -p build/tools
  npm install --silent --no-fund --no-audit --prefix build/tools node@22 npm@11 \
    || fail "could not install node from npm; is the network there?"
  hash -r
}

# Configures once, and again when packages came (tests and images are left out where what they need is not there); builds
# always: a build that is up to date takes well under a second.
build_preset() {
  local preset=$1; shift
  local log="build/$preset.log"
  mkdir -p build
  [ "build/$preset/build.ninja" -nt /var/lib/dpkg/status ] && [ "build/$preset/build.ninja" -nt CMakePresets.json ] ||
    cmake --preset "$preset" >"$log" 2>&1 || { tail -n 30 "$log" >&2; fail "configuring $preset failed"; }
  cmake --build --preset "$preset" "$@" >"$log" 2>&1 || { grep -E 'error|FAILED' -A 4 "$log" | head -n 60 >&2; fail "building $preset failed; the whole log is in $log"; }
}
