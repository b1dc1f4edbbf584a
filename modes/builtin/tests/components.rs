//! What is embedded: components of the contract, with the manifests that stand beside their sources.

use std::path::Path;

use builtin_modes::builtin;
use wasmparser::{Parser, Payload};

fn imports(component: &[u8]) -> Vec<String> {
    let mut depth = 0_u32;
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.expect("a component that was built") {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                names.extend(section.into_iter().map(|import| import.expect("an import").name.name.to_owned()));
            }
            _ => {}
        }
    }
    names.sort();
    names
}

#[test]
fn each_has_the_manifest_of_its_sources() {
    for (name, component) in builtin() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(format!("{name}.wasm-src"));
        let written = std::fs::read(sources.join("mode.toml")).unwrap();
        let embedded = component::manifest_section(component).unwrap();
        assert!(embedded == written, "mode {name} carries another manifest than {}", sources.display());
        let manifest: toml::Table = String::from_utf8(written).unwrap().parse().unwrap();
        assert_eq!(manifest["name"].as_str(), Some(name));
    }
}

#[test]
fn each_imports_the_contract_and_nothing_else() {
    for (name, component) in builtin() {
        assert_eq!(imports(component), ["ovs:mode/log@1.0.0", "ovs:mode/types@1.0.0"], "mode {name}");
    }
}

/// The digest of a mode says what it was made of, on whatever machine it was built.
#[test]
fn none_holds_a_path_of_the_machine_it_was_built_on() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let home = std::env::home_dir().unwrap().join(".cargo");
    for (name, component) in builtin() {
        for path in [&root, &home] {
            let path = path.to_str().unwrap().as_bytes();
            assert!(!component.windows(path.len()).any(|bytes| bytes == path), "mode {name} holds a path");
        }
    }
}
