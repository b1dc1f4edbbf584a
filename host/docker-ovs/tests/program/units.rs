//! The units that are installed: the driver can do its work with what they leave it.

use std::process::Command;

use crate::run::{command, ended};

const SERVICE: &str = include_str!("../../../../config/docker-ovs.service");
const SOCKET: &str = include_str!("../../../../config/docker-ovs.socket");

/// What a unit sets a key to.
fn set<'a>(unit: &'a str, key: &str) -> &'a str {
    let mut values = unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let value = values.next().unwrap_or_else(|| panic!("{key} is not set"));
    assert_eq!(values.next(), None, "{key} is set twice");
    value
}

#[test]
fn every_capability_that_the_driver_needs_is_left_to_it() {
    let mut left: Vec<_> = set(SERVICE, "CapabilityBoundingSet").split(' ').collect();
    left.sort_unstable();
    let needed = [
        // Open vSwitch's socket and Docker's folders belong to others.
        "CAP_DAC_OVERRIDE",
        "CAP_DAC_READ_SEARCH",
        "CAP_FOWNER",
        // A compiler that hangs is another user's process.
        "CAP_KILL",
        // Links, the firewall, sysctls.
        "CAP_NET_ADMIN",
        // Published ports below 1024.
        "CAP_NET_BIND_SERVICE",
        "CAP_NET_RAW",
        // The compiler becomes nobody.
        "CAP_SETGID",
        "CAP_SETUID",
        // The kernel loads openvswitch when it is first asked for it.
        "CAP_SYS_MODULE",
    ];
    assert_eq!(left, needed);
}

/// The program with no more capabilities than the unit leaves it.
fn confined(arguments: &[&str]) -> Command {
    let program = command(arguments);
    let left = set(SERVICE, "CapabilityBoundingSet").replace("CAP_", "+").to_lowercase().replace(' ', ",");
    let mut confined = Command::new("setpriv");
    confined.arg("--no-new-privs").arg(format!("--bounding-set=-all,{left}"));
    confined.arg(program.get_program()).args(program.get_args());
    confined.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    confined
}

#[test]
fn modules_are_compiled_with_them() {
    assert_eq!(set(SERVICE, "NoNewPrivileges"), "yes");
    let ended = ended(&confined(&["plan", "--mode", "nat", "--subnet", "10.1.0.0/24"]).output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn what_is_kept_of_compiled_modules_is_roots_alone() {
    let shipped = include_str!("../../../../config/config.toml");
    let directory = format!("/var/cache/{}", set(SERVICE, "CacheDirectory"));
    assert!(shipped.contains(&format!("\n# cache_dir = \"{directory}\"\n")));
    assert_eq!(set(SERVICE, "CacheDirectoryMode"), "0700");
}

#[test]
fn both_units_and_the_configuration_mean_the_same_socket() {
    let shipped = include_str!("../../../../config/config.toml");
    assert!(shipped.contains(&format!("\n# socket = \"{}\"\n", set(SOCKET, "ListenStream"))));
    assert_eq!(set(SERVICE, "Requires"), "docker-ovs.socket");
}

#[test]
fn an_installed_unit_starts_the_program_where_it_is() {
    let root = tempfile::tempdir().unwrap();
    let made = Command::new("make")
        .args(["-C", concat!(env!("CARGO_MANIFEST_DIR"), "/../.."), "units", "PREFIX=/opt/ovs"])
        .arg(format!("DESTDIR={}", root.path().display()))
        .output();
    assert!(made.as_ref().is_ok_and(|made| made.status.success()), "{made:?}");
    let installed = |name| std::fs::read_to_string(root.path().join("etc/systemd/system").join(name)).unwrap();
    let service = installed("docker-ovs.service");
    assert_eq!(set(&service, "ExecStart"), "/opt/ovs/bin/docker-ovs serve");
    assert_eq!(service.replace("/opt/ovs/bin/", ""), SERVICE, "nothing else is changed");
    assert_eq!(installed("docker-ovs.socket"), SOCKET);
}
