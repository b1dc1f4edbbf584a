# The recipes people and CI use: the same ones. `make` alone lists them.
SHELL := /bin/bash
# Under sudo, the caller's toolchain serves where root has none; what it downloads stays with root.
CALLER := $(if $(SUDO_USER),$(shell getent passwd $(SUDO_USER) | cut -d: -f6))
export PATH := $(PATH):$(HOME)/.cargo/bin$(CALLER:%=:%/.cargo/bin)
ifeq ($(wildcard $(HOME)/.rustup)$(RUSTUP_HOME),)
ifneq ($(CALLER),)
export RUSTUP_HOME := $(CALLER)/.rustup
endif
endif
PREFIX ?= /usr/local

# The tests of the lab that the kernel's own datapath has to pass, too (tests/lab/tests/scenarios).
KERNEL_TESTS := nat::stable flat::stable families::stable families::ipv6_alone publish::stable \
  limits::stable::a_secured_port_speaks_for_itself_only \
  vlan::stable::networks_of_one_wire_are_vlans_of_it mesh::a_way_that_no_tunnel_takes

.DEFAULT_GOAL := help
.PHONY: help demo lab lab-demo build examples lint test test-kernel bench install units clean need-rust need-root

help: ## list the recipes
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: need-root build lab-demo ## two containers on a nat network over Open vSwitch, privately, and gone at the end
	@LAB_QUIET=1 target/debug/lab-demo

lab: ## unpack Docker, Open vSwitch and QEMU for the tests into target/lab; installs nothing
	@tests/lab/fetch.sh

lab-demo: need-root
	@tests/lab/fetch.sh debian12

# With all targets, as the tests are built: without, cargo settles the features of dependencies another way, and builds
# every one of them twice.
build: need-rust ## build the driver with its built-in modes, and what the tests need
	cargo build --workspace --all-targets

examples: build ## build and test the examples in Rust, C, JavaScript and Python; their tools are unpacked into target/tools
	@examples/tools.sh
	@examples/test.sh

lint: need-rust ## formatting and lints, as strict as CI
	cargo fmt --all --check
	cargo fmt --manifest-path examples/rust/Cargo.toml --check
	cargo clippy --workspace --all-targets -- -D warnings

test: need-root lint build examples lab ## every test: lints, units, hostile modules, the lab, faults, the kernel datapath
	cargo test --workspace --no-fail-fast
	@tests/kernel-test.sh $(KERNEL_TESTS)

test-kernel: need-root build lab ## the core scenarios on the kernel datapath, in a virtual machine
	@tests/kernel-test.sh $(KERNEL_TESTS)

bench: need-root need-rust lab ## what the driver costs, beside Docker's bridge, as one table
	cargo build --release -p docker-ovs -p lab
	@target/release/lab-bench

install: need-rust ## put the driver, its units and the default configuration in place, below DESTDIR and PREFIX
	cargo build --release -p docker-ovs
	install -D -m 755 target/release/docker-ovs $(DESTDIR)$(PREFIX)/bin/docker-ovs
	install -d $(DESTDIR)/usr/local/lib/docker/cli-plugins $(DESTDIR)/etc/docker-ovs/modes.d $(DESTDIR)/etc/docker-ovs/grants.d
	ln -sf $(PREFIX)/bin/docker-ovs $(DESTDIR)/usr/local/lib/docker/cli-plugins/docker-ovs
	[ -e $(DESTDIR)/etc/docker-ovs/config.toml ] || install -m 644 config/config.toml $(DESTDIR)/etc/docker-ovs/config.toml
	@$(MAKE) --no-print-directory units

# systemd looks for a command without a path in a few folders of its own, and PREFIX may be anywhere.
units:
	install -D -m 644 -t $(DESTDIR)/etc/systemd/system config/docker-ovs.service config/docker-ovs.socket
	sed -i 's|^ExecStart=docker-ovs |ExecStart=$(PREFIX)/bin/docker-ovs |' $(DESTDIR)/etc/systemd/system/docker-ovs.service

clean: ## remove all that was built and unpacked
	rm -rf target

need-rust:
	@command -v cargo >/dev/null || { echo "Rust is not installed. This installs it for you alone:"; \
	  echo "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"; exit 1; } >&2
	@command -v cc >/dev/null || { echo "Rust needs a linker. This installs one:"; \
	  echo "  apt-get install -y gcc libc6-dev"; exit 1; } >&2

need-root:
	@[ "$$(id -u)" = 0 ] || { echo "Namespaces need root: sudo make $(MAKECMDGOALS)"; exit 1; } >&2
