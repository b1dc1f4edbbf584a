#!/bin/sh
# host.sh REPO DRIVER NAME TREE...  - makes the namespaces that it is started in (mount, network, PID, UTS, cgroup) a host of
# the lab, then stays as its first process: when it goes, everything of the host goes.
#
# The machine's own files are the host's, read-only, with the packages of the TREEs (first one on top) laid over /usr and
# /etc. Everything that is written, /etc /run /tmp /var, is the host's own and only in memory. Prints "ready" at the end.
set -eu
exec 2>&5 5>&-
repo=$1 driver=$2 name=$3
shift 3
export PATH=/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/sbin:/bin

mount --make-rprivate /
mount -t proc proc /proc
exec 3<"$repo" # stays reachable when /var or /tmp, where it may be, gets covered
[ ! -e "$driver" ] || exec 4<"$driver"

for dir in usr/bin usr/sbin usr/lib usr/libexec usr/share; do
  layers=
  for tree; do [ ! -d "$tree/$dir" ] || layers=$layers$tree/$dir:; done
  mount -t overlay -o "ro,lowerdir=$layers/$dir" overlay "/$dir"
done
layers=
for tree; do layers=$layers$tree/etc:; done
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/upper /mnt/work
mount -t overlay -o "lowerdir=$layers/etc,upperdir=/mnt/upper,workdir=/mnt/work" overlay /etc
umount -l /mnt
rm -rf /etc/docker-ovs # of a driver that this machine has
for dir in run tmp var root home; do [ ! -d /$dir ] || mount -t tmpfs -o mode=755 tmpfs /$dir; done
chmod 1777 /tmp
mkdir -p /run/lock /run/netns /run/openvswitch /run/lab /var/lib /var/log /var/tmp /var/cache /etc/openvswitch /etc/docker
ln -sfn /run /var/run
mkdir -p "$repo"
# As it is: by its name, mount would find the folder that was just made.
mount --no-canonicalize --bind /proc/self/fd/3 "$repo"
if [ -e /proc/self/fd/4 ]; then
  : >/run/lab/docker-ovs
  mount --no-canonicalize --bind /proc/self/fd/4 /run/lab/docker-ovs
fi

# A view of its own on the kernel's devices, and its own corner of every control group hierarchy as the top.
v1=$(awk '$3 == "cgroup" { print $2 }' /proc/mounts | sed 's|.*/cgroup/||')
mount -t sysfs sysfs /sys
if [ -n "$v1" ]; then
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  for controller in $v1; do
    mkdir "/sys/fs/cgroup/$controller"
    case $controller in
    systemd) mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd ;;
    *) mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller" ;;
    esac
  done
else
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  # Control groups that hold processes cannot pass controllers on: the processes stay in a leaf.
  mkdir /sys/fs/cgroup/lab
  echo 1 >/sys/fs/cgroup/lab/cgroup.procs
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
  done
fi

hostname "$name"
printf '127.0.0.1 localhost %s\n::1 localhost\n' "$name" >/etc/hosts
echo 'nameserver 192.0.2.100' >/etc/resolv.conf
ip link set lo up
exec 3<&- 4<&-
echo ready
exec docker-init -s -- sleep infinity
