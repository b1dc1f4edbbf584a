#!/bin/bash
# kernel-vm.sh COMMAND...  - run COMMAND as root in a throw-away virtual machine with Debian's stock kernel: for tests that
# need the kernel's own Open vSwitch datapath. QEMU emulates the processor, so it runs wherever a shell does, only slowly.
#
# The guest's files are this machine's, read-only, under a layer in memory: everything is there, every write is thrown
# away. COMMAND runs in the caller's working directory; what it prints comes through, and its exit status is this script's
# (124 when out of time, 125 when the machine itself failed). QEMU and the tools come from target/lab, as `make lab`
# unpacks them; the kernel, which is fetched here, is kept there, too.
#
#   VM_TIMEOUT   seconds for the whole machine, boot included   (default 1500)
#   VM_MEMORY    megabytes, everything written included         (default 6144)
set -euo pipefail
cd_back=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
checkout=$PWD
lab=$PWD/target/lab tools=$PWD/target/lab/debian12 kernel=$PWD/target/lab/kernel
fail() { echo "kernel-vm: $*" >&2; exit 125; }
[ $# -gt 0 ] || fail "usage: kernel-vm.sh COMMAND..."
[ "$(id -u)" = 0 ] || fail "must be root, as whom the guest reads this machine's files"
tests/lab/fetch.sh debian12 kernel
emulator=$lab/bin/qemu-system-x86_64
[ -x "$emulator" ] || emulator=$(command -v qemu-system-x86_64) || fail "QEMU is neither unpacked nor installed"

# --- the first files of the guest: busybox, and the modules that reach the others ----------------------------------------
dir=$(mktemp -d -t docker-ovs-vm.XXXXXX)
qemu=
end() {
  [ -z "$qemu" ] || kill "$qemu" 2>/dev/null || :
  rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "$dir"/first/{bin,modules,proc,lower,memory,root}
busybox=$tools/usr/bin/busybox
[ -x "$busybox" ] || busybox=$(command -v busybox)
cp "$busybox" "$dir/first/bin/busybox"
version=$(ls "$kernel/lib/modules")
order=100
needed() { # MODULE: the files it takes, the ones it depends on first
  LD_LIBRARY_PATH=$tools/usr/lib/x86_64-linux-gnu bash -c 'exec -a modprobe "$@"' - "$(kmod)" -d "$kernel" -S "$version" --show-depends "$1"
}
kmod() { [ -x "$tools/usr/bin/kmod" ] && echo "$tools/usr/bin/kmod" || command -v kmod; }
for module in virtio_pci 9pnet_virtio 9p overlay virtio_console; do needed $module; done |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
  cp "$file" "$dir/first/modules/$((order++)).ko"
done

quote() { printf %q "$1"; }
cat >"$dir/first/init" <<END
#!/bin/busybox sh
# The layers of the root, then all that a booted system has mounted; what follows is the second file's.
/bin/busybox --install /bin
set -e
for module in /modules/*; do insmod \$module; done
mount -t 9p -o ro,cache=loose,trans=virtio,version=9p2000.L,msize=512000 root /lower
mount -t tmpfs -o mode=755 tmpfs /memory
mkdir /memory/upper /memory/work
mount -t overlay -o lowerdir=/lower,upperdir=/memory/upper,workdir=/memory/work overlay /root
mkdir -p /root/lib/modules
mount -o bind /lower$(quote "$kernel")/lib/modules /root/lib/modules
mount -t proc proc /root/proc
mount -t sysfs sysfs /root/sys
mount -t cgroup2 cgroup2 /root/sys/fs/cgroup
mount -t devtmpfs dev /root/dev
mkdir -p /root/dev/pts /root/dev/shm /root/dev/mqueue
mount -t devpts -o mode=620,ptmxmode=666 devpts /root/dev/pts
mount -t tmpfs -o mode=1777 tmpfs /root/dev/shm
mount -t mqueue mqueue /root/dev/mqueue
ln -s /proc/self/fd /root/dev/fd
for folder in tmp run; do mount -t tmpfs -o mode=1777 tmpfs /root/\$folder; done
# The checkout may lie in one of these.
mkdir -p /memory/checkout/upper /memory/checkout/work /root$(quote "$checkout")
mount -t overlay -o lowerdir=/lower$(quote "$checkout"),upperdir=/memory/checkout/upper,workdir=/memory/checkout/work \\
  overlay /root$(quote "$checkout")
cp /second /root/run/second
[ -e /root/sbin/modprobe ] || cp /modprobe /root/sbin/modprobe
for controller in \$(cat /root/sys/fs/cgroup/cgroup.controllers); do
  echo +\$controller >/root/sys/fs/cgroup/cgroup.subtree_control
done
exec switch_root /root /bin/bash /run/second
END
chmod +x "$dir/first/init"

# The kernel asks for modules by this name.
cat >"$dir/first/modprobe" <<END
#!/bin/bash
LD_LIBRARY_PATH=$(quote "$tools/usr/lib/x86_64-linux-gnu") exec -a modprobe $(quote "$(kmod)") "\$@"
END
chmod +x "$dir/first/modprobe"

cat >"$dir/first/second" <<END
# Process 1 from now on. The first port carries what COMMAND prints, the second its exit status; a port can be opened
# once only, hence the cat.
export PATH=$(quote "$tools/usr/sbin:$tools/usr/bin"):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8 TERM=dumb
LD_LIBRARY_PATH=$(quote "$tools/usr/lib/x86_64-linux-gnu") ip link set lo up
# OVS looks whether its module is there instead of asking for it, and br_netfilter changes what bridges do. The others would
# come when they are first needed, within deadlines that are not made for loading modules on an emulated processor.
/sbin/modprobe -a openvswitch br_netfilter sctp veth tun bridge overlay nf_tables nf_conntrack nf_nat nft_ct nft_chain_nat \\
  nft_masq nft_redir nft_reject_inet nft_fib_inet nft_compat xt_conntrack xt_MASQUERADE xt_nat xt_addrtype xt_comment \\
  nf_conntrack_netlink vport_vxlan vport_geneve
# An ovs-vswitchd older than 3.1.1 that starts within 10 s of boot counts no processors, and then loses every packet that
# the kernel's datapath sends up to it.
while read -r up _ </proc/uptime; [ \${up%.*} -lt 10 ]; do sleep .2; done
cd $(quote "$cd_back")
exec 3>/dev/vport0p2
exec 4> >(exec cat >/dev/vport0p1 3>&-)
cat=\$!
$(for word in "$@"; do quote "$word"; printf ' '; done) </dev/null >&4 2>&1 3>&- 4>&-
status=\$?
exec 4>&-
for wait in 1 2 3 4 5 6 7 8 9 10; do kill -0 \$cat 2>/dev/null || break; sleep .1; done
echo \$status >&3
echo b >/proc/sysrq-trigger
sleep 60
END
(cd "$dir/first" && find . | "$busybox" cpio -o -H newc 2>/dev/null) >"$dir/first.cpio"

# --- the machine ---------------------------------------------------------------------------------------------------------
mkfifo "$dir/output"
touch "$dir/status" "$dir/console"
cat "$dir/output" &
reader=$!
processors=$(nproc)
[ "$processors" -le 4 ] || processors=4
# Without random addresses (norandmaps) QEMU uses its translations again, and programs start in half the time. The time
# stamp counters are one and the same clock here (tsc=reliable): Linux would ask the emulated HPET for the time instead. An
# emulated `rep movsb` moves byte by byte: without erms, Linux and libc copy by words.
timeout -k 5 "${VM_TIMEOUT:-1500}" "$emulator" \
  -accel tcg,thread=multi -cpu max,-erms -smp "$processors" -m "${VM_MEMORY:-6144}" \
  -nodefaults -no-user-config -display none -no-reboot -kernel "$kernel/vmlinux" -initrd "$dir/first.cpio" \
  -append "console=ttyS0 quiet panic=-1 mitigations=off no5lvl norandmaps tsc=reliable" \
  -serial "file:$dir/console" -device virtio-serial-pci \
  -chardev "file,id=output,path=$dir/output" -device virtserialport,chardev=output,nr=1 \
  -chardev "file,id=status,path=$dir/status" -device virtserialport,chardev=status,nr=2 \
  -fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap \
  -device virtio-9p-pci,fsdev=root,mount_tag=root </dev/null >"$dir/qemu" 2>&1 &
qemu=$!
status=0
wait "$qemu" || status=$?
qemu=
: 3<>"$dir/output" # had QEMU not opened it, the cat would wait still
wait "$reader"
[ ! -s "$dir/status" ] || exit "$(<"$dir/status")"
[ "$status" != 124 ] || { echo "kernel-vm: out of time (${VM_TIMEOUT:-1500} s)" >&2; exit 124; }
cat "$dir/qemu" "$dir/console" >&2
fail "the virtual machine ended early"
