#!/bin/sh
# node.sh ID HOST-SH-ARGUMENT...  - runs a node of the lab until standard input ends, however the test that holds its other
# end went, and then removes all of it. Prints the process id of the node's first process, beside what host.sh prints.
#
# Then it removes LAB_FOLDER as well, if that is set: the folder of a test that could not do so itself.
#
# The node gets its own network, mount, PID, UTS and control group namespaces, and its own control groups, named ID.
set -eu
id=$1
shift
tops=$(awk '$3 == "cgroup" { print $2 }' /proc/mounts)
[ -n "$tops" ] || tops=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)

groups() { for top in $tops; do echo "$top/$id"; done; }
make_groups() {
  for group in $(groups); do
    mkdir "$group"
    # Without processors and memory a cpuset takes no processes.
    [ ! -e "$group/cpuset.effective_cpus" ] || {
      cat "$group/../cpuset.cpus" >"$group/cpuset.cpus"
      cat "$group/../cpuset.mems" >"$group/cpuset.mems"
      echo 1 >"$group/cgroup.clone_children"
    }
  done
}
# Only the node's own processes may be in its groups: the unshare that waits for them stays outside.
join='for group in $groups; do echo 0 >"$group/cgroup.procs"; done; exec unshare --cgroup "$@"'
end() {
  [ -z "${LAB_FOLDER:-}" ] || rm -rf "$LAB_FOLDER"
  [ -z "$init" ] || kill -9 "$init" || :
  wait "$node" || :
  for group in $(groups); do
    for try in 1 2 3 4 5 6 7 8 9 10; do
      find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
      [ -e "$group" ] || break
      sleep 0.05
    done
  done
} 2>/dev/null

init=
make_groups
groups=$(groups) unshare --mount --net --pid --fork --uts --kill-child=KILL \
  sh -euc "$join" - sh "$(dirname "$0")/host.sh" "$@" 5>&2 2>/dev/null </dev/null & # it complains when its child is killed
node=$!
trap end EXIT
trap 'exit 1' PIPE TERM HUP # also when the test is gone before it could read what is printed here
until [ "$(cat "/proc/$node/comm")" = unshare ] && init=$(cat "/proc/$node/task/$node/children") && [ -n "$init" ]; do
  kill -0 "$node"
  sleep 0.01
done 2>/dev/null
init=${init% }
echo "$init"
cat >/dev/null
