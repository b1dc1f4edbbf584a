//! The host that everything is measured on, and the ways into it.

use std::path::{Path, PathBuf};

use lab::{Docker, Host, World};
use tempfile::TempDir;

use crate::links::Links;
use crate::plugin::Plugin;
use crate::switch::Switch;

/// The network namespace that stands for the containers: their ends of the links live there, as Docker would have it.
const CONTAINERS: &str = "containers";

/// A host with Docker, Open vSwitch and the driver, and the ways into it.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) host: Host,
    pub(crate) plugin: Plugin,
    pub(crate) switch: Switch,
    pub(crate) links: Links,
    state: TempDir,
}

impl Stage {
    /// Starts the host. Its Docker is the newest one.
    pub(crate) fn set(world: &mut World) -> Self {
        let mut host = world.docker_host(Docker::Newest);
        let state = on_disk();
        host.configure_driver(&format!("state_dir = \"{}\"", state.path().display()));
        host.start_driver();
        // Nobody speaks on the links: a thousand neighbours that say hello would be measured, too.
        host.sh(&format!(
            "ip netns add {CONTAINERS} && ip netns exec {CONTAINERS} sysctl -qw net.ipv6.conf.default.disable_ipv6=1"
        ));
        let plugin = Plugin(host.file(Path::new("/run/docker/plugins/ovs.sock")));
        let links = Links(host.file(Path::new("/sys/class/net")));
        let switch = Switch::connect(&host);
        Self { host, plugin, switch, links, state }
    }

    /// The folder of the driver's store.
    pub(crate) fn store(&self) -> &Path {
        self.state.path()
    }

    /// Moves links into the containers' namespace and brings them up, as Docker does after a join.
    pub(crate) fn move_into_containers(&self, links: &[String]) {
        let moves: String = links.iter().map(|link| format!("link set {link} netns {CONTAINERS}\n")).collect();
        let ups: String = links.iter().map(|link| format!("link set {link} up\n")).collect();
        self.host.sh(&format!("ip -batch - <<'END' && ip -netns {CONTAINERS} -batch - <<'UP'\n{moves}END\n{ups}UP"));
    }

    /// What the numbers are of: the host, and where the driver's store is.
    pub(crate) fn machine(&self) -> Vec<(&'static str, String)> {
        let mut machine = machine(&self.host);
        machine.push(("store on", self.host.sh(&format!("stat -f -c %T {}", self.store().display()))));
        machine
    }
}

/// What a host is: its programs, and the datapath.
pub(crate) fn machine(host: &Host) -> Vec<(&'static str, String)> {
    let datapath = if host.has_kernel_datapath() { "kernel" } else { "userspace (netdev)" };
    vec![
        ("kernel", host.sh("uname -r")),
        ("processors", host.sh("nproc")),
        ("docker", host.sh("docker version --format '{{.Server.Version}}'")),
        ("open vswitch", host.sh("ovs-vswitchd --version | sed -n '1s/.* //p'")),
        ("datapath", datapath.to_owned()),
        ("driver", host.sh("docker-ovs --version")),
    ]
}

/// A folder for the driver's store. What a host of the lab writes is in memory, where a durable write costs nothing; the
/// checkout, which hosts see as it is, is on a disk.
fn on_disk() -> TempDir {
    let target: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../target"].iter().collect();
    let target = target.canonicalize().expect("the lab is unpacked there");
    TempDir::with_prefix_in("lab-bench-", target).expect("a folder can be made beside what was built")
}
