//! Files that are no modes of this host: each is refused, in words that say why and what would be right.

use policy::{Allocation, Limits, LoadError, Question};

use crate::support::{MANIFEST, built, check, contract, file, load, module, network, sandbox, with_section};

/// What whoever dropped these bytes is told.
fn refused(bytes: Vec<u8>) -> String {
    let error = check(&sandbox(Limits::default()), bytes).unwrap_err();
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}

#[test]
fn wasi_is_refused_with_the_fix() {
    let core = refused(built(file("wasi"), &contract(), MANIFEST));
    assert!(core.starts_with("it imports wasi_snapshot_preview1: a mode gets no system interface (WASI)"), "{core}");
    let component = refused(file("wasi-component"));
    assert!(component.starts_with("it imports wasi:sockets/network@0.2.0: "), "{component}");
    assert!(core.contains("wasm32-unknown-unknown") && component.contains("componentize-py --stub-wasi"));
}

#[test]
fn other_imports_and_contracts_are_refused_by_name() {
    assert_eq!(
        refused(file("other-contract")),
        "it was built for ovs:mode/log@9.0.0: this driver speaks ovs:mode@1.0.0 and 0.1.0; build it with the SDK of this \
         driver, which docker-ovs mode new writes, or run a driver that speaks it"
    );
    let import = refused(file("other-import"));
    assert_eq!(
        import,
        "it imports acme:secrets/store@1.0.0: all that a mode can import is ovs:mode/log@1.0.0, or 0.1.0"
    );
    assert!(refused(file("no-policy")).starts_with("it does not export ovs:mode/policy@1.0.0"));
    for number in ["0.2.0", "2.0.0"] {
        assert!(refused(good_of(&contract(), number)).starts_with("it was built for ovs:mode/"), "{number}");
    }
}

fn good_text() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/good.wat")).unwrap()
}

/// `good.wat`, built for a version of a contract.
fn good_of(contract: &str, number: &str) -> Vec<u8> {
    let contract = contract.replace("ovs:mode@1.0.0", &format!("ovs:mode@{number}"));
    built(wat::parse_str(good_text().replace("@1.0.0", &format!("@{number}"))).unwrap(), &contract, MANIFEST)
}

#[tokio::test]
async fn modules_of_both_contracts_are_asked_side_by_side() {
    let archive = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/archive/0.1.0/mode.wit");
    let sandbox = sandbox(Limits::default());
    let text = good_text().replace("@1.0.0", "@0.1.0");
    let manifest = MANIFEST.replace("contract = \"1.0\"", "contract = \"0.1\"");
    let old = built(wat::parse_str(text).unwrap(), &std::fs::read_to_string(archive).unwrap(), &manifest);
    for module in [old, module("good"), good_of(&contract(), "1.7.0")] {
        let loaded = load(&sandbox, module).await.unwrap();
        assert_eq!(sandbox.plan_network(&loaded, &network()).await, Ok(plan::Plan::default()));
    }
}

#[tokio::test]
async fn other_types_under_the_same_version_are_found_when_the_module_is_tried() {
    let more = contract().replace("code: string,", "code: string,\n        more: string,");
    assert_ne!(more, contract());
    let sandbox = sandbox(Limits::default());
    let error = load(&sandbox, built(file("good"), &more, MANIFEST)).await.unwrap_err();
    assert!(matches!(&error, LoadError::Unfit(_)), "{error}");
}

#[test]
fn a_manifest_is_wanted_once_and_for_this_contract() {
    assert!(refused(file("two-manifests")).starts_with("the module has 2 manifests"));
    assert!(refused(file("no-manifest")).starts_with("the module has no manifest"));
    let twice = with_section(module("good"), "ovs-mode-manifest", MANIFEST.as_bytes());
    assert!(refused(twice).starts_with("the module has 2 manifests"));
    let other = MANIFEST.replace("contract = \"1.0\"", "contract = \"9.0\"");
    let other = refused(built(file("good"), &contract(), &other));
    assert!(other.contains("it is for contract 9.0, this driver speaks 0.1 and 1.0"), "{other}");
    let older = MANIFEST.replace("contract = \"1.0\"", "contract = \"0.1\"");
    let two = refused(built(file("good"), &contract(), &older));
    assert!(two.starts_with("its manifest says contract 0.1, and it was built for 1.0"), "{two}");
}

#[test]
fn forged_files_are_refused() {
    let elf = std::fs::read(env!("CARGO_BIN_EXE_policy-compiler")).unwrap();
    assert!(refused(elf[..1 << 20].to_vec()).starts_with("it is machine code (an ELF file)"));
    for junk in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0", b"#!/bin/sh\n", &[0xff; 4096]] {
        assert!(!refused(junk.to_vec()).is_empty());
    }
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    let (sandbox, good) = (sandbox(Limits::default()), module("good"));
    assert!(check(&sandbox, good.clone()).is_ok());
    for end in 0..good.len() {
        assert!(check(&sandbox, good[..end].to_vec()).is_err(), "the first {end} bytes");
    }
    let cut = refused(good[..100].to_vec());
    assert!(cut.starts_with("malformed WebAssembly, it is cut off: copy or build it again: unexpected end"), "{cut}");
}

#[test]
fn a_garbled_file_is_refused_with_the_fix() {
    let (mut module, name) = (module("good"), b"memory\x02");
    let kind = module.windows(name.len()).position(|window| window == name).unwrap() + name.len() - 1;
    // There is no such kind of exports.
    module[kind] = 0x7f;
    let said = refused(module);
    assert!(said.starts_with("malformed WebAssembly, something changed it"), "{said}");
    assert!(said.contains("copy or build it again: "), "{said}");
}

#[test]
fn a_wrong_word_in_a_manifest_is_told_with_its_line_and_key() {
    let said = |more: &str| refused(built(file("good"), &contract(), &format!("{MANIFEST}{more}")));
    let lines = MANIFEST.lines().count();
    let gateway = said("gateway = \"maybe\"\n");
    let words = format!("line {}: gateway: unknown variant `maybe`, expected one of `required`", lines + 1);
    assert!(gateway.contains(&words), "{gateway}");
    let option = said("\n[[options]]\nkey = \"mtu\"\ntype = \"number\"\nhelp = \"\"\n");
    assert!(option.contains(&format!("line {}: type: unknown variant `number`", lines + 4)), "{option}");
    let unknown = said("gatewy = \"none\"\n");
    assert!(unknown.contains(&format!("line {}: unknown field `gatewy`, expected one of", lines + 1)), "{unknown}");
}

#[test]
fn a_file_with_any_byte_changed_is_survived() {
    let (sandbox, good) = (sandbox(Limits::default()), module("good"));
    let mut taken = Vec::new();
    for at in 0..good.len() {
        let mut garbled = good.clone();
        garbled[at] ^= 0x55;
        taken.extend(check(&sandbox, garbled).ok());
    }
    assert!(!taken.is_empty() && taken.len() < good.len(), "{} of {} look like modules", taken.len(), good.len());
}

/// Metadata in which a world exports an interface of another package than it defines sends the code that makes
/// components into endless recursion. That ends a process, so it is another process that does it.
#[tokio::test]
async fn metadata_that_exhausts_a_stack_exhausts_the_childs() {
    let (sandbox, mut module) = (sandbox(Limits::default()), module("good"));
    let interface = b"ovs:mode/policy@1.0.0";
    let found = module.windows(interface.len()).rposition(|window| window == interface).unwrap();
    module[found + "ovs:mod".len()] = b'y';
    let error = load(&sandbox, module).await.unwrap_err();
    assert!(matches!(error, LoadError::Compile(_) | LoadError::Compiler(_)), "{error}");
}

#[tokio::test]
async fn a_memory_limit_of_any_size_is_one_that_modules_run_under() {
    for memory in [1 << 20, (48 << 20) + 1, 1 << 30] {
        let sandbox = sandbox(Limits { memory, ..Limits::default() });
        assert_eq!(sandbox.allocation(), Allocation::Pooled, "{memory} bytes");
        let good = load(&sandbox, module("good")).await.unwrap();
        let outcome = sandbox.ask(&good, Question::Network(network())).await;
        assert!(outcome.answer.is_ok(), "{memory} bytes: {outcome:?}");
    }
}
