//! Modules that mean no good: Docker prints what they did, and other networks keep working.

use builtin_modes::builtin;
use lab::{Docker, Host, Place as _, World};
use policy::{Checked, Limits, Origin};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A mode that never answers.
const LOOPS: &str = r#"
(module
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 8192)
  (func (export "ovs:mode/policy@1.0.0#plan-network") (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (loop $forever (br $forever))
    unreachable)
  (func (export "ovs:mode/policy@1.0.0#plan-endpoint") (param i32) (result i32) unreachable)
  (func (export "ovs:mode/policy@1.0.0#plan-publish") (param i32) (result i32) unreachable)
  (@custom "ovs-mode-manifest" "name = \"loops\"\nversion = \"0.0.1\"\nsummary = \"never answers\"\ncontract = \"1.0\"\n"))
"#;

/// The module, built for the contract of this checkout.
fn loops() -> Vec<u8> {
    let mut module = wat::parse_str(LOOPS).expect("the text is a module");
    let mut resolve = Resolve::default();
    let contract = include_str!("../../../../wit/mode.wit");
    let package = resolve.push_str("mode.wit", contract).expect("the contract is well-formed");
    let world = resolve.select_world(&[package], Some("mode")).expect("it has the world of modes");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("it can be embedded");
    module
}

/// A host with two modules of the site's: one that loops, and the built-in flat mode under another name, which has the
/// grants of any module that was dropped in, and no more.
fn host_with_modules(world: &mut World) -> Host {
    let mut host = world.docker_host(Docker::Newest);
    let [(_, flat), ..] = builtin();
    host.write("/etc/docker-ovs/modes.d/loops.wasm", &loops());
    host.write("/etc/docker-ovs/modes.d/greedy.wasm", flat);
    host.start_driver();
    host
}

/// Or else the driver would refuse it before it runs, and nothing would be shown here.
#[test]
fn the_module_that_loops_is_one_that_a_driver_takes() {
    let taken = Checked::new("loops", Origin::Site, loops().into(), &Limits::default());
    assert_eq!(taken.expect("the driver takes it").manifest().name, "loops");
}

#[test]
fn a_module_that_loops_is_stopped_and_named() {
    let mut world = World::new();
    let host = host_with_modules(&mut world);
    host.sh("docker network create -d ovs --opt mode=nat web");
    let left = host.start_container("left", "--network web");
    let before = host.snapshot();
    let said = host.fails("docker network create -d ovs --opt mode=loops bad");
    assert!(said.contains("mode loops") && said.contains("fuel"), "says which mode and which limit: {said}");
    host.returns_to(&before);
    host.start_container("right", "--network web");
    left.pings("right");
}

#[test]
fn a_module_that_asks_for_another_networks_bridge_is_refused() {
    let mut world = World::new();
    let host = host_with_modules(&mut world);
    host.sh("docker network create -d ovs --opt mode=nat web");
    let left = host.start_container("left", "--network web");
    let bridge = host.sh("ovs-vsctl list-br");
    let before = host.snapshot();
    let create = "docker network create -d ovs --subnet 10.88.0.0/24";
    let said = host.fails(&format!("{create} --opt mode=greedy --opt bridge={bridge} bad"));
    assert!(said.contains("greedy") && said.contains(&bridge), "says which mode and which bridge: {said}");
    // Built-in modes may use any bridge of the user's, but not that one either.
    let said = host.fails(&format!("{create} --opt mode=flat --opt bridge={bridge} bad"));
    assert!(said.contains(&bridge), "says which bridge: {said}");
    host.returns_to(&before);

    host.sh(&format!("{create} --opt mode=greedy good"));
    host.start_container("other", "--network good");
    host.start_container("right", "--network web");
    left.pings("right");
}
