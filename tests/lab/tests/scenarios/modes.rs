//! A site's own mode: written from the template, built, tested, dropped in, granted, used, upgraded under running
//! containers, and removed. The driver is neither restarted nor told.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use lab::{Docker, Host, LONG, Place as _, World};
use tempfile::TempDir;

use crate::desk::{folder, run};

/// Where the driver looks for the site's modules.
const DROPPED: &str = "/etc/docker-ovs/modes.d/lab.wasm";

/// A project of a mode that no driver knows.
struct Project {
    folder: TempDir,
}

impl Project {
    /// As the template has it.
    fn new() -> Self {
        let folder = TempDir::new_in(folder("site-mode")).expect("a folder can be made");
        run(folder.path(), "docker-ovs mode new lab --lang rust");
        // What is built for one run of the tests serves the next.
        symlink("../../built", folder.path().join("lab/target")).expect("the project has no such folder yet");
        fs::create_dir_all(folder.path().join("../built")).expect("a folder can be made");
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("lab")
    }

    /// Makes it the second version: a network without a word about its gateway has this host there.
    fn change(&self) {
        let manifest = self.path().join("mode.toml");
        let text = fs::read_to_string(&manifest).expect("the template has a manifest");
        let changed = text.replace("version = \"0.1.0\"", "version = \"0.2.0\"");
        let changed = changed.replace("default = \"none\"", "default = \"host\"");
        assert_eq!(changed.lines().zip(text.lines()).filter(|(new, old)| new != old).count(), 2, "{text}");
        fs::write(manifest, changed).expect("it can be written");
    }

    /// Builds it, and gives the module.
    fn build(&self) -> Vec<u8> {
        run(&self.path(), "cargo build --release --target wasm32-unknown-unknown");
        fs::read(self.path().join("target/wasm32-unknown-unknown/release/mode_lab.wasm")).expect("it was built")
    }
}

/// Puts a module where it is picked up, as a copy and a rename would.
fn drop_in(host: &Host, module: &[u8]) {
    host.write("/etc/docker-ovs/modes.d/.lab.new", module);
    host.sh(&format!("mv /etc/docker-ovs/modes.d/.lab.new {DROPPED}"));
}

#[test]
fn a_mode_of_the_sites_own_lives_its_whole_life() {
    let project = Project::new();
    let first = project.build();
    assert!(run(&project.path(), "docker-ovs mode test").contains(" 0 failed"));

    let mut world = World::new();
    let mut host = world.docker_host(Docker::Newest);
    host.sh("mkdir -p /etc/docker-ovs/modes.d");
    host.start_driver();
    let before = host.snapshot();
    let create = "docker network create -d ovs --opt mode=lab --subnet 10.88.0.0/24";
    let said = host.fails(&format!("{create} team"));
    assert!(said.contains("there is no mode lab"), "{said}");

    drop_in(&host, &first);
    host.until(LONG, "docker-ovs mode ls | grep 'lab .*0.1.0'");
    let said = host.fails(&format!("{create} --opt gateway=host team"));
    assert!(said.contains("lab") && said.contains("grant"), "it has what any module has, and no more: {said}");
    host.returns_to(&before);

    host.sh(&format!("{create} team"));
    let left = host.start_container("left", "--network team");
    host.start_container("right", "--network team");
    left.pings("right");
    host.fails("docker exec left ping -c 1 -W 1 10.88.0.1");

    project.change();
    let second = project.build();
    drop_in(&host, &second);
    host.until(LONG, "docker-ovs mode ls | grep 'lab .*0.2.0'");
    let said = host.fails("docker-ovs mode upgrade team --yes");
    assert!(said.contains("grant"), "a new module has the grants of none before it: {said}");
    host.sh(&format!(
        "cp {DROPPED} /run/lab/second.wasm && docker-ovs mode add /run/lab/second.wasm --grant host-address"
    ));
    let shown = host.sh("docker-ovs mode upgrade team --dry-run");
    assert!(shown.contains("host-port") && shown.contains("10.88.0.1"), "{shown}");
    host.fails("docker exec left ping -c 1 -W 1 10.88.0.1");

    let traffic = host.start_sh("docker exec left ping -i 0.2 -c 30 right");
    host.sh("docker-ovs mode upgrade team --yes");
    let counted = traffic.finish();
    assert!(counted.contains(" 0% packet loss"), "running containers hear nothing of it: {counted}");
    host.sh("docker exec left ping -c 1 -W 2 10.88.0.1");
    assert!(host.sh("docker-ovs mode upgrade team --yes").contains("already"), "nothing is left to do");

    let said = host.fails("docker-ovs mode rm lab");
    assert!(said.contains("team"), "who uses it: {said}");
    host.sh("docker rm -f left right && docker network rm team");
    host.sh("docker-ovs mode rm lab");
    host.until(LONG, "! docker-ovs mode ls | grep 'lab '");
    let said = host.fails(&format!("{create} team"));
    assert!(said.contains("there is no mode lab"), "{said}");
    host.returns_to(&before);
}
