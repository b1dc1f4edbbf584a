//! Modules to ask: the built-in ones, and such as a test writes.

use mode_tools::fuzz::{Budget, FuzzReport, Seed, fuzz};
use plan::Grants;
use policy::{Checked, Compiler, Limits, Loaded, Origin, Sandbox};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What modules of tests say about themselves, with one option that does nothing.
const MANIFEST: &str = r#"
name = "broken"
version = "0.0.1"
summary = "breaks in one way"
contract = "1.0"

[[options]]
key = "colour"
type = "text"
help = "means nothing"
"#;

/// A sandbox, for `Limits::default` of everything.
pub(crate) fn sandbox() -> Sandbox {
    Sandbox::new(Limits::default(), Compiler::default()).unwrap()
}

/// A built-in mode.
pub(crate) fn built_in(name: &str) -> Checked {
    let (name, bytes) = builtin_modes::builtin().into_iter().find(|(known, _)| *known == name).unwrap();
    checked(name, bytes.to_vec())
}

/// A module that answers to `plan-network` as the text does: instructions of a function with the nine parameters that a
/// network comes to (identifier, internal, subnets, options and facts, lists as pointer and length). At 1024 there are
/// zeros, which are an empty plan; every endpoint is refused.
pub(crate) fn answering(instructions: &str) -> Checked {
    answering_both(instructions, "(i32.const 1280)")
}

/// The same, and `plan-endpoint` as another text does.
pub(crate) fn answering_both(instructions: &str, endpoint: &str) -> Checked {
    let text = format!(
        r#"(module
          (memory (export "memory") 2)
          (global $next (mut i32) (i32.const 8192))
          (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            (local.set $at (global.get $next))
            (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get 3)) (i32.const 7)) (i32.const -8)))
            (local.get $at))
          (data (i32.const 2048) "bad-colourhueno")
          (data (i32.const 1280)
            "\01\00\00\00\00\00\00\00\00\08\00\00\0a\00\00\00\0d\08\00\00\02\00\00\00\00")
          (func (export "ovs:mode/policy@1.0.0#plan-network")
            (param $id i32) (param i32) (param $internal i32) (param $subnets i32) (param $count i32)
            (param $options i32) (param $given i32) (param i32 i32) (result i32)
            {instructions})
          (func (export "ovs:mode/policy@1.0.0#plan-endpoint") (param i32) (result i32) {endpoint})
          (func (export "ovs:mode/policy@1.0.0#plan-publish") (param i32) (result i32) unreachable))"#
    );
    let mut module = wat::parse_str(text).unwrap();
    let mut resolve = Resolve::default();
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/mode.wit");
    let package = resolve.push_str(contract, &std::fs::read_to_string(contract).unwrap()).unwrap();
    let world = resolve.select_world(&[package], Some("mode")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    checked("broken", component::with_manifest(&module, MANIFEST.as_bytes()).unwrap())
}

fn checked(name: &str, bytes: Vec<u8>) -> Checked {
    let checked = Checked::new(name, Origin::Site, bytes.into(), &Limits::default()).unwrap();
    checked.granted(&Grants::everything())
}

/// Loads a module.
pub(crate) fn load(sandbox: &Sandbox, checked: Checked) -> Loaded {
    tokio::runtime::Runtime::new().unwrap().block_on(sandbox.load(checked)).unwrap()
}

/// Tries so many inputs of a seed.
pub(crate) fn tried(checked: Checked, seed: u64, runs: u64) -> FuzzReport {
    let sandbox = sandbox();
    let mode = load(&sandbox, checked);
    fuzz(&sandbox, &mode, Seed(seed), Budget::Runs(runs), &|_| ()).unwrap()
}
