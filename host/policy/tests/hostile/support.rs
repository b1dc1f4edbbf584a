//! Modules from text, a sandbox to run them in, and something to ask them about.

use std::path::Path;
use std::sync::Arc;

use plan::{Endpoint, Network, Subnet};
use policy::{Checked, Compiler, Limits, LoadError, Loaded, Origin, Outcome, Question, Sandbox};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What every module says about itself that has nothing else to say.
pub(crate) const MANIFEST: &str = r#"
name = "hostile"
version = "0.0.1"
summary = "a module that means no good"
contract = "0.1"
capabilities = ["bridge", "uplink", "vlan", "host-address", "nat", "publish"]
"#;

/// The contract, as modules are built for it.
pub(crate) fn contract() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/mode.wit")).unwrap()
}

/// A text of `tests/hostile`, as bytes of WebAssembly.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/hostile/{name}.wat"));
    wat::parse_file(path).unwrap()
}

/// A core module of `tests/hostile` as `cargo build` would leave it: built for the contract, with a manifest.
pub(crate) fn module(name: &str) -> Vec<u8> {
    built(file(name), &contract(), MANIFEST)
}

/// A core module with the two sections that make it a mode.
pub(crate) fn built(mut module: Vec<u8>, contract: &str, manifest: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("mode.wit", contract).unwrap();
    let world = resolve.select_world(&[package], Some("mode")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    with_section(module, "ovs-mode-manifest", manifest.as_bytes())
}

/// Appends a custom section.
pub(crate) fn with_section(mut module: Vec<u8>, name: &str, content: &[u8]) -> Vec<u8> {
    let mut section = Vec::new();
    length(&mut section, name.len());
    section.extend(name.bytes());
    section.extend(content);
    module.push(0);
    length(&mut module, section.len());
    module.extend(section);
    module
}

/// LEB128.
fn length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

/// A sandbox whose modules are compiled by this crate's own child.
pub(crate) fn sandbox(limits: Limits) -> Sandbox {
    let compiler = Compiler { program: env!("CARGO_BIN_EXE_policy-compiler").into(), arguments: Vec::new() };
    Sandbox::new(limits, compiler).unwrap()
}

/// Checks a module under the limits of a sandbox.
pub(crate) fn check(sandbox: &Sandbox, bytes: Vec<u8>) -> Result<Checked, LoadError> {
    Checked::new("hostile", Origin::Site, bytes.into(), sandbox.limits())
}

/// Checks and loads a module.
pub(crate) async fn load(sandbox: &Sandbox, bytes: Vec<u8>) -> Result<Loaded, LoadError> {
    sandbox.load(check(sandbox, bytes)?).await
}

/// Loads a module of `tests/hostile` and asks it about [`network`], under the usual limits.
pub(crate) async fn ask(name: &str) -> Outcome {
    ask_within(name, Limits::default()).await
}

/// The same, under other limits.
pub(crate) async fn ask_within(name: &str, limits: Limits) -> Outcome {
    let sandbox = sandbox(limits);
    let loaded = load(&sandbox, module(name)).await.unwrap();
    sandbox.ask(&loaded, Question::Network(network())).await
}

/// 10.0.0.0/24.
pub(crate) fn network() -> Network {
    let subnet = Subnet {
        pool: "10.0.0.0/24".parse().unwrap(),
        gateway: Some("10.0.0.1/24".parse().unwrap()),
        auxiliary: Vec::new(),
    };
    Network {
        id: "net1".to_owned().try_into().unwrap(),
        internal: false,
        subnets: vec![subnet],
        options: Vec::new(),
        facts: Vec::new(),
    }
}

/// 10.0.0.2 in it.
pub(crate) fn endpoint() -> Endpoint {
    Endpoint {
        id: "ep1".to_owned().try_into().unwrap(),
        mac: "02:42:0a:00:00:02".parse().unwrap(),
        addresses: vec!["10.0.0.2/24".parse().unwrap()],
        options: Vec::new(),
        facts: Vec::new(),
    }
}

/// The class of the fault a call ended with.
pub(crate) fn class(outcome: &Outcome) -> &'static str {
    match &outcome.answer {
        Err(policy::Verdict::Broken(fault)) => fault.kind.class(),
        other => panic!("no fault: {other:?}"),
    }
}

/// What a person is shown of a call's end.
pub(crate) fn shown(outcome: &Outcome) -> String {
    outcome.answer.as_ref().unwrap_err().to_string()
}

/// Bytes, shared.
pub(crate) fn shared(bytes: Vec<u8>) -> Arc<[u8]> {
    bytes.into()
}
