#!/bin/bash
# test.sh [LANGUAGE...]  - write each example anew below target/examples, with `docker-ovs mode new`, and run the commands
# that it prints: they build the module and test it. examples/tools.sh has unpacked what they need.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$PWD/target/examples
export PATH=$PWD/target/debug:$PWD/target/tools/bin:$PATH
unset DOCKER_OVS_CONFIG

# write LANGUAGE: the project, but for what cargo built of it before. (Where a failure is looked at, set -e does nothing.)
write() {
  local project=$out/$1 built=$out/$1.built
  { [ ! -d "$project/target" ] || { rm -rf "$built" && mv "$project/target" "$built"; }; } &&
    rm -rf "$project" &&
    docker-ovs mode new lab --lang "$1" "$project" | sed -n 's/^  //p' >"$out/$1.commands" &&
    diff -r "examples/$1" "$project" &&
    { [ ! -d "$built" ] || mv "$built" "$project/target"; }
}

mkdir -p "$out"
for language in "${@:-rust c js python}"; do
  for language in $language; do
    since=$SECONDS
    if { write "$language" && bash -euo pipefail "$out/$language.commands"; } >"$out/$language.log" 2>&1; then
      echo "examples: $language: $(tail -n 1 "$out/$language.log") (all of it $((SECONDS - since)) s)"
    else
      cat "$out/$language.log"
      echo "examples: $language failed: what it said stands above"
      exit 1
    fi >&2
  done
done
