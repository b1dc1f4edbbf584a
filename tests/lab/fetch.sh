#!/bin/bash
# fetch.sh [debian12] [sid] [kernel]  - unpack what the lab runs into target/lab (all by default); install nothing.
#
#   target/lab/debian12   Open vSwitch, OVN, Docker, firewall tools, QEMU: this machine's Debian release, as far as the
#                         machine does not have them, with the libraries they need that it does not have
#   target/lab/sid        the newest Docker in Debian's unstable release, to lay over debian12
#   target/lab/kernel     this release's stock kernel with its modules, for the virtual machine
#   target/lab/bin        the tools of debian12 as commands that run outside of the lab, too
#
# apt works on folders of its own (apt.sh). A tree that is there and complete is left alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
lab=$PWD/target/lab
libs=usr/lib/x86_64-linux-gnu
say() { echo "lab: $*" >&2; }
fail() { say "$*"; exit 1; }

debian12=(openvswitch-switch openvswitch-common ovn-central ovn-host ovn-common docker.io docker-compose containerd runc
  tini iptables nftables conntrack iproute2 iputils-ping tcpdump ethtool socat busybox-static jq kmod python3 util-linux
  procps cpio xz-utils qemu-system-x86)
sid=(docker.io docker-cli docker-compose)
kernel=linux-image-amd64
commands=(ovsdb-server ovsdb-tool ovsdb-client ovs-vswitchd ovs-vsctl ovs-ofctl ovs-appctl ovs-dpctl ovs-pki ovn-northd
  ovn-controller ovn-nbctl ovn-sbctl ovn-appctl nft conntrack iptables ip6tables tcpdump ethtool socat jq kmod xz
  qemu-system-x86_64)

trees=$lab apt=$lab/apt
# shellcheck source=tests/lab/apt.sh
. tests/lab/apt.sh

# Names that the packages' maintainer scripts would have made through update-alternatives.
alternatives() {
  local sbin=$1/usr/sbin name
  if [ -e "$sbin/xtables-nft-multi" ]; then
    for name in iptables ip6tables; do
      for name in "$name" "$name-save" "$name-restore"; do ln -sf xtables-nft-multi "$sbin/$name"; done
    done
  fi
  if [ -e "$1/usr/lib/openvswitch-switch/ovs-vswitchd" ]; then
    ln -sf ../lib/openvswitch-switch/ovs-vswitchd "$sbin/ovs-vswitchd"
  fi
}

# Commands for outside of the lab: each finds the unpacked libraries (and QEMU and OVS their data) by itself.
wrappers() {
  local name file
  rm -rf "$lab/bin"
  mkdir -p "$lab/bin"
  for name in "${commands[@]}"; do
    for file in "$lab"/debian12/usr/{sbin,bin}/"$name"; do
      [ -x "$file" ] || continue
      local data=()
      [ "$name" != qemu-system-x86_64 ] ||
        for file in qemu seabios ipxe/qemu; do [ ! -d "$lab/debian12/usr/share/$file" ] || data+=(-L "$lab/debian12/usr/share/$file"); done
      for file in "$lab"/debian12/usr/{sbin,bin}/"$name"; do [ -x "$file" ] && break; done
      {
        echo '#!/bin/sh'
        echo "LD_LIBRARY_PATH='$lab/debian12/$libs'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
        echo "OVS_PKGDATADIR='$lab/debian12/usr/share/openvswitch' XTABLES_LIBDIR='$lab/debian12/$libs/xtables'"
        echo 'export LD_LIBRARY_PATH OVS_PKGDATADIR XTABLES_LIBDIR'
        printf 'exec %s' "'$file'"
        [ ${#data[@]} = 0 ] || printf " '%s'" "${data[@]}"
        echo ' "$@"'
      } >"$lab/bin/$name"
      chmod +x "$lab/bin/$name"
      break
    done
  done
}

fetch_debian12() {
  say "fetching the packages of ${PRETTY_NAME:-this release} that the lab runs"
  own_release | prepare debian12 /var/lib/dpkg/status
  apt debian12 apt-get install -y --download-only --no-install-recommends --no-upgrade "${debian12[@]}" >"$apt/debian12/log" 2>&1 ||
    { cat "$apt/debian12/log" >&2; fail "the packages cannot be downloaded"; }
  unpack debian12
  alternatives "$lab/debian12"
  wrappers
}

fetch_sid() {
  say "fetching the newest Docker of Debian's unstable release"
  sources | awk '$2 == "bookworm" || $2 == "trixie" { print "deb " ($3 == "-" ? "" : "[signed-by=" $3 "] ") $1, "sid main"; exit }' |
    prepare sid /dev/null
  (cd "$apt/sid/cache/archives" && apt sid apt-get download "${sid[@]}") >"$apt/sid/log" 2>&1 ||
    { cat "$apt/sid/log" >&2; fail "Docker cannot be downloaded from Debian's unstable release"; }
  unpack sid
  dpkg-deb -f "$apt"/sid/cache/archives/docker.io_*.deb Version >"$lab/sid/version"
}

fetch_kernel() {
  say "fetching the stock kernel of ${PRETTY_NAME:-this release}"
  own_release | prepare kernel /dev/null
  local package image at new=$apt/kernel/tree
  package=$(apt kernel apt-cache show --no-all-versions "$kernel" | sed -nE 's/^Depends:.*(linux-image-[0-9][^ ,]*).*/\1/p') || :
  [ -n "$package" ] || fail "the archive has no $kernel"
  (cd "$apt/kernel/cache/archives" && apt kernel apt-get download "$package") >"$apt/kernel/log" 2>&1 ||
    { cat "$apt/kernel/log" >&2; fail "$package cannot be downloaded"; }
  dpkg-deb -x "$apt"/kernel/cache/archives/*.deb "$new"
  (export LD_LIBRARY_PATH=$lab/debian12/$libs
   exec -a depmod "$(tool kmod)" -b "$new" "$(ls "$new/lib/modules")")
  # Taken out of its xz wrapping here, it starts 4 s sooner than if the guest did that. What follows it in the file, xz
  # does not know, and says so.
  image=$(echo "$new"/boot/vmlinuz-*)
  at=$(LC_ALL=C grep -aobm1 $'\xfd7zXZ' "$image" | head -n 1 | cut -d: -f1) || :
  tail -c "+$((${at:-0} + 1))" "$image" | "$(tool xz)" -dc >"$new/vmlinux" 2>/dev/null || :
  [ -s "$new/vmlinux" ] || cp "$image" "$new/vmlinux"
  rm -rf "$lab/kernel"
  mv "$new" "$lab/kernel"
}

# tool NAME: the unpacked one, or the machine's own if that made unpacking one needless.
tool() {
  local file
  for file in "$lab/debian12/usr/bin/$1" "$lab/debian12/usr/sbin/$1"; do [ ! -x "$file" ] || { echo "$file"; return; }; done
  command -v "$1" || fail "$1 is neither unpacked nor installed"
}

mkdir -p "$apt"
exec 9>"$lab/lock"
flock 9
# What is installed decides what has to be unpacked.
installed() { dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' "${debian12[@]}" 2>/dev/null | sort || :; }
for tree in "${@:-debian12 sid kernel}"; do
  for tree in $tree; do
    stamp=$({ cat tests/lab/fetch.sh tests/lab/apt.sh; echo "$lab"; [ "$tree" != debian12 ] || installed; } | sha256sum)
    [ "$(cat "$lab/$tree.stamp" 2>/dev/null)" != "$stamp" ] || continue
    rm -f "$lab/$tree.stamp"
    "fetch_$tree"
    rm -rf "${apt:?}/$tree"
    echo "$stamp" >"$lab/$tree.stamp"
  done
done
[ ! -e "$lab/sid.stamp" ] || say "Docker: $(cat "$lab/sid/version") (sid)"
