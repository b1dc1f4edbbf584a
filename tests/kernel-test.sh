#!/bin/bash
# kernel-test.sh SCENARIO...  - run the named scenarios of the lab on the kernel's own Open vSwitch datapath: the test binary
# as it was built here, in a virtual machine. An emulated processor is slow: all deadlines are ten times as long, a tenth is
# sent, and scenarios share hosts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=$(cargo test --workspace --test scenarios --no-run 2>&1 | tee /dev/stderr | sed -n 's/^ *Executable .*(\(.*\))$/\1/p')
[ -x "$binary" ] || { echo "kernel-test: the scenarios are not built" >&2; exit 1; }
exec tests/kernel-vm.sh env LAB_SLOW=10 LAB_SHARED=1 LAB_DATAPATH=system "$binary" "$@"
