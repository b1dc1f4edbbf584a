#!/bin/bash
# test.sh [LANGUAGE...]  - write each example anew below target/examples, with `docker-ovs mode new`, and run the commands
# that it prints: they build the module and test it. Then the same with a defect in it, which has to be told in the log.
# examples/tools.sh has unpacked what they need, and has what they install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$PWD/target/examples
export PATH=$PWD/target/debug:$PWD/target/tools/bin:$PATH
unset DOCKER_OVS_CONFIG
# Unpacked, if the machine had it not.
[ ! -d target/tools/debian/usr/lib/wasm32-wasi ] || export SYSROOT=$PWD/target/tools/debian/usr
[ ! -x target/tools/debian/usr/bin/python3 ] || export LD_LIBRARY_PATH=$PWD/target/tools/debian/usr/lib/x86_64-linux-gnu
# What is installed is what was fetched already: nothing is fetched for it.
export PIP_NO_INDEX=1 PIP_FIND_LINKS=$PWD/target/tools/wheels PIP_DISABLE_PIP_VERSION_CHECK=1
export npm_config_cache=$PWD/target/tools/npm npm_config_offline=true npm_config_audit=false npm_config_fund=false

# write LANGUAGE: the project, but for what cargo built of it before. (Where a failure is looked at, set -e does nothing.)
write() {
  local project=$out/$1 built=$out/$1.built
  { [ ! -d "$project/target" ] || { rm -rf "$built" && mv "$project/target" "$built"; }; } &&
    rm -rf "$project" &&
    docker-ovs mode new lab --lang "$1" "$project" | sed -n 's/^  //p' >"$out/$1.commands" &&
    diff -r "examples/$1" "$project" &&
    { [ ! -d "$built" ] || mv "$built" "$project/target"; }
}

# works LANGUAGE: builds it and passes its tests.
works() {
  write "$1" && bash -euo pipefail "$out/$1.commands"
}

# A refusal becomes what no mode should do.
defect() {
  case $1 in
    rust) sed -i 's/Err(Refusal::unsupported(.*/drop(message); panic!("on purpose")/' src/lib.rs ;;
    c) sed -i 's/^  (void)network.*/&\n  fail("on purpose");/; 1i #include "log.h"' src/endpoint.c ;;
    js) sed -i 's/throw new Refusal("unsupported".*/throw new TypeError("on purpose");/' mode.js ;;
    python) sed -i 's/raise Refusal("unsupported".*/raise TypeError("on purpose")/' app.py ;;
  esac
}

# again LANGUAGE: the commands but for those that install tools, which are there now.
again() {
  grep -vE '^(npm ci|python3 -m (venv|pip) .*)$' "$out/$1.commands" | bash -euo pipefail
}

# breaks LANGUAGE: the defect is a broken mode's (exit code 3) and no refusal, and it is said what it was.
breaks() {
  local status=0
  (cd "$out/$1" && defect "$1") && { again "$1" >"$out/$1.broken" 2>&1 || status=$?; }
  [ "$status" = 3 ] && grep -q 'log  *error: .*on purpose' "$out/$1.broken" ||
    { cat "$out/$1.broken"; echo "a defect is not told as one: exit code $status"; return 1; }
}

# all_of LANGUAGE: says how it went, with the whole log where it went wrong.
all_of() {
  local log=$out/$1.log since=$SECONDS
  if { works "$1" && tail -n 1 "$log" >"$out/$1.result" && breaks "$1"; } >"$log" 2>&1; then
    echo "examples: $1: $(cat "$out/$1.result") (all of it $((SECONDS - since)) s)" >&2
  else
    { cat "$log"; echo "examples: $1 failed: what it said stands above"; } >&2
    return 1
  fi
}

mkdir -p "$out"
[ $# -gt 0 ] || set -- rust c js python
# At once: most of each is one program on one processor.
started=() status=0
for language; do
  all_of "$language" &
  started+=($!)
done
for one in "${started[@]}"; do wait "$one" || status=1; done
exit "$status"
