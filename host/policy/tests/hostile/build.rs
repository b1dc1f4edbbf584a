//! Modules from text. The tests of other crates take this file, too.

use std::path::Path;

use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What every module says about itself that has nothing else to say.
pub(crate) const MANIFEST: &str = r#"
name = "hostile"
version = "0.0.1"
summary = "a module that means no good"
contract = "1.0"
capabilities = ["bridge", "uplink", "vlan", "host-address", "nat", "publish", "tunnel", "ovn"]
"#;

/// The contract, as modules are built for it.
pub(crate) fn contract() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/mode.wit")).unwrap()
}

/// A text of `tests/hostile`, as bytes of WebAssembly.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../policy/tests/hostile/{name}.wat"));
    wat::parse_file(path).unwrap()
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
