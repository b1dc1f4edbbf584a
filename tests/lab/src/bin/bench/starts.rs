//! What it takes after the driver was started: until it answers Docker, and until a network of a mode that brings an
//! interpreter is there, which was asked for at once; with the mode's machine code kept from an earlier start, and without.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use lab::{Host, machine_code};

use crate::module_load::python;
use crate::plugin::{Network, Plugin};
use crate::report::Row;
use crate::samples::{Samples, timed};

/// How often the driver is started, of each kind.
const ROUNDS: usize = 5;
/// The driver's deadline for a call: what takes longer than usual is measured, too.
const PATIENCE: Duration = Duration::from_secs(300);
/// The site's mode.
const MODE: &str = "lab";

/// Starts the driver of a host on which none runs again and again. None runs afterwards, and the mode is gone again.
pub(crate) fn measure(host: &mut Host) -> [Row; 4] {
    install(host);
    let directory = machine_code();
    let directory = directory.display();
    let (cold, compiled) = rounds(host, |host| drop(host.sh(&format!("rm -rf {directory}"))));
    let (warm, kept) = rounds(host, |host| drop(host.sh(&format!("ls {directory}/*"))));
    host.sh(&format!("rm -rf /etc/docker-ovs/modes.d {directory}"));
    [
        Row::time("start of the driver, nothing kept", &cold),
        Row::time("start of the driver, a module kept", &warm),
        Row::time("then a network of a mode in Python, compiled", &compiled),
        Row::time("then a network of a mode in Python, kept compiled", &kept),
    ]
}

/// A mode in Python among the site's, and what it may do.
fn install(host: &Host) {
    let module = python();
    let digest = policy::digest(&module);
    host.write(&format!("/etc/docker-ovs/modes.d/{MODE}.wasm"), &module);
    host.configure_driver(&format!("[grants.{MODE}]\ndigest = \"{digest}\"\nallow = [\"host-address\"]"));
}

/// How long each start took until the first answer, and after that the first network.
fn rounds(host: &mut Host, prepare: impl Fn(&Host)) -> (Samples, Samples) {
    let (mut starts, mut networks) = (Samples::default(), Samples::default());
    let plugin = Plugin(host.file(Path::new("/run/docker/plugins/ovs.sock")));
    let network = Network::new(200);
    for _ in 0..ROUNDS {
        prepare(host);
        let started = Instant::now();
        host.launch_driver(PATIENCE);
        until_answered(&plugin);
        starts.push(started.elapsed());
        networks.push(timed(|| plugin.create_network_of(&network, MODE)).0);
        plugin.delete_network(&network);
        host.until(Duration::from_secs(30), &format!("ls {}/*", machine_code().display()));
        host.stop_driver();
    }
    (starts, networks)
}

/// Nobody tells when a socket begins to answer.
fn until_answered(plugin: &Plugin) {
    while UnixStream::connect(&plugin.0).is_err() {
        sleep(Duration::from_millis(1));
    }
    plugin.activate();
}
