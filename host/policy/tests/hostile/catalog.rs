//! The modes of a host: built-in ones, dropped ones, restored ones, and what they are granted.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use plan::{Capability, Grants};
use policy::{
    BuiltIn, Cache, Catalog, Compiler, GrantSection, Limits, ModeError, Notice, Origin, Owner, Question, Sandbox,
    Scope, Site, digest,
};

use crate::support::{MANIFEST, built, check, contract, file, load, module, network, sandbox, with_section};

fn built_in() -> [BuiltIn; 1] {
    let manifest = format!("{}\n[[options]]\nkey = \"mtu\"\ntype = \"integer\"\nhelp = \"bytes\"", MANIFEST);
    [BuiltIn { name: "flat", wasm: built(file("good"), &contract(), &manifest).leak() }]
}

fn open(directory: &Path, grants: &[(&str, GrantSection)]) -> (Catalog, Vec<String>) {
    let grants: BTreeMap<_, _> = grants.iter().map(|(name, section)| ((*name).to_owned(), section.clone())).collect();
    let (catalog, notices) = Catalog::open(sandbox(Limits::default()), &built_in(), Some(directory), &grants);
    (catalog, notices.into_iter().map(|Notice(text)| text).collect())
}

fn section(digest: Option<&str>, allow: &[&str]) -> GrantSection {
    let allow = Grants(allow.iter().map(|grant| grant.parse().unwrap()).collect());
    GrantSection { digest: digest.map(str::to_owned), allow }
}

#[tokio::test]
async fn modes_are_found_by_name_and_by_digest() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("lab.wasm"), module("good")).unwrap();
    let (catalog, notices) = open(directory.path(), &[]);
    assert_eq!(notices, Vec::<String>::new());
    assert_eq!(catalog.names(), [("flat".to_owned(), None), ("lab".to_owned(), None)]);

    let lab = catalog.by_name("lab").await.unwrap();
    assert_eq!((lab.name(), lab.origin(), lab.digest()), ("lab", Origin::Site, &digest(&module("good"))));
    assert_eq!(lab.grants(), &Grants::default(), "a site's module gets nothing by itself");
    assert_eq!(catalog.by_digest(lab.digest()).await.unwrap().name(), "lab");

    let flat = catalog.by_name("flat").await.unwrap();
    assert_eq!((flat.origin(), flat.grants()), (Origin::BuiltIn, &Grants::everything()));
    assert_eq!(catalog.owner_of("mtu", Scope::Network, "lab"), Some(Owner(vec!["flat".into()])));
    assert_eq!(catalog.owner_of("mtu", Scope::Network, "flat"), None);
    assert_eq!(catalog.owner_of("mtu", Scope::Endpoint, "lab"), None, "it is no endpoint's");
    assert_eq!(catalog.owner_of("vrf", Scope::Network, "flat"), None, "nobody here knows it");
}

#[tokio::test]
async fn an_unknown_name_is_refused_with_what_would_be_right() {
    let directory = tempfile::tempdir().unwrap();
    let (catalog, _) = open(&directory.path().join("missing"), &[]);
    let unknown = catalog.by_name("nope").await.unwrap_err().to_string();
    assert_eq!(unknown, "there is no mode nope: this host has flat");
    assert_eq!(catalog.by_name("flta").await.unwrap_err().to_string(), "there is no mode flta: did you mean flat?");
    assert_eq!(catalog.by_name("FLAT").await.unwrap_err().to_string(), "there is no mode FLAT: did you mean flat?");
    assert!(matches!(catalog.by_digest(&digest(b"")).await, Err(ModeError::Gone(_))));
}

#[tokio::test]
async fn what_cannot_be_used_is_offered_to_nobody() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("cut.wasm"), &module("good")[..100]).unwrap();
    std::fs::write(directory.path().join("loops.wasm"), module("loop-in-start")).unwrap();
    let (catalog, _) = open(directory.path(), &[]);
    catalog.warm().await;
    assert_eq!(catalog.by_name("nope").await.unwrap_err().to_string(), "there is no mode nope: this host has flat");
    assert_eq!(catalog.by_name("cud").await.unwrap_err().to_string(), "there is no mode cud: this host has flat");
}

#[tokio::test]
async fn what_cannot_be_a_mode_is_said_and_harms_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let files: [(&str, Vec<u8>); 6] = [
        ("broken.wasm", b"\x7fELF".to_vec()),
        ("flat.wasm", module("good")),
        ("Loud Name.wasm", module("good")),
        ("notes.txt", Vec::new()),
        ("huge.wasm", vec![0; Limits::default().module_size + 1]),
        ("loops.wasm", module("loop-in-start")),
    ];
    for (name, bytes) in files {
        std::fs::write(directory.path().join(name), bytes).unwrap();
    }
    let (catalog, notices) = open(directory.path(), &[]);
    let said = |words: &str| assert!(notices.iter().any(|notice| notice.contains(words)), "{words}: {notices:#?}");
    said("broken.wasm: mode broken cannot be used: it is machine code");
    said("flat.wasm: passed over, flat is a built-in mode");
    said("Loud Name.wasm: passed over, a mode's name is 1 to 32 lower case");
    said("notes.txt: passed over, modules are called NAME.wasm");
    said("huge.wasm: mode huge cannot be used: it is 33554433 bytes long");
    assert_eq!(notices.len(), 5, "{notices:#?}");

    catalog.warm().await;
    for _ in 0..2 {
        let error = catalog.by_name("loops").await.unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("start ran for too long (limit cpu"), "{cause}");
    }
    assert!(catalog.by_name("flat").await.is_ok());
    assert!(matches!(catalog.by_name("broken").await, Err(ModeError::Unusable { .. })));
}

#[tokio::test]
async fn a_grant_belongs_to_a_digest() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("lab.wasm"), module("good")).unwrap();
    let (good, other) = (digest(&module("good")), digest(b"another file"));
    let prefixed = format!("sha256:{good}");

    let (catalog, notices) = open(directory.path(), &[("lab", section(Some(&prefixed), &["uplink=eth1", "nat"]))]);
    assert!(notices.is_empty(), "{notices:#?}");
    let granted = catalog.by_name("lab").await.unwrap().grants().clone();
    assert_eq!(granted, section(None, &["uplink=eth1", "nat"]).allow);

    let stale = section(Some(other.as_str()), &["nat"]);
    let (catalog, notices) = open(directory.path(), &[("lab", stale)]);
    assert!(notices[0].contains(&format!("if the new file is to be trusted, its digest is {good}")), "{notices:#?}");
    assert_eq!(catalog.by_name("lab").await.unwrap().grants(), &Grants::default());

    let grants = [("lab", section(None, &["nat"])), ("gone", section(Some("abc"), &[])), ("typo", section(None, &[]))];
    let (catalog, notices) = open(directory.path(), &grants);
    assert_eq!(catalog.by_name("lab").await.unwrap().grants(), &Grants::default());
    let said = |words: &str| assert!(notices.iter().any(|notice| notice.contains(words)), "{words}: {notices:#?}");
    said("grants.lab: a site's module gets nothing without a digest: add digest = ");
    said("grants.gone: \"abc\" is not a module digest");
    said("grants.typo: there is no mode typo");
}

#[tokio::test]
async fn a_built_in_mode_can_be_narrowed() {
    let directory = tempfile::tempdir().unwrap();
    let (catalog, notices) = open(directory.path(), &[("flat", section(None, &["bridge=br-lab"]))]);
    assert!(notices.is_empty(), "{notices:#?}");
    let grants = catalog.by_name("flat").await.unwrap().grants().clone();
    assert_eq!(grants.0.len(), 1);
    assert_eq!((grants.0[0].capability, grants.0[0].parameter.as_deref()), (Capability::Bridge, Some("br-lab")));
}

#[tokio::test]
async fn a_module_out_of_the_store_runs_though_its_file_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let (catalog, _) = open(directory.path(), &[]);
    let old = with_section(module("good"), "version", b"older");
    let restored = catalog.restore("flat", Origin::BuiltIn, &old).unwrap();
    assert_eq!(restored, digest(&old));
    let loaded = catalog.by_digest(&restored).await.unwrap();
    assert_eq!((loaded.name(), loaded.origin(), loaded.grants()), ("flat", Origin::BuiltIn, &Grants::everything()));
    assert_eq!(&**loaded.bytes(), &old[..]);
    assert_ne!(catalog.by_name("flat").await.unwrap().digest(), &restored, "new networks get the new one");
    assert!(catalog.restore("lab", Origin::Site, b"garbage").is_err());
}

fn reload(catalog: &Catalog, directory: &Path, grants: &[(&str, GrantSection)]) -> Vec<String> {
    let grants: BTreeMap<_, _> = grants.iter().map(|(name, section)| ((*name).to_owned(), section.clone())).collect();
    let site = Site { mode_dir: Some(directory.to_owned()), grants, ..Site::default() };
    catalog.reload(&built_in(), &site).notices.into_iter().map(|Notice(text)| text).collect()
}

#[tokio::test]
async fn a_reload_grants_anew_what_is_there_already() {
    let directory = tempfile::tempdir().unwrap();
    let (catalog, _) = open(directory.path(), &[]);
    let before = catalog.by_name("flat").await.unwrap();
    assert_eq!(before.grants(), &Grants::everything());
    let old = catalog.restore("flat", Origin::BuiltIn, &with_section(module("good"), "version", b"older")).unwrap();
    catalog.by_digest(&old).await.unwrap();

    let narrow = section(None, &["bridge=br-lab"]);
    assert_eq!(reload(&catalog, directory.path(), &[("flat", narrow.clone())]), Vec::<String>::new());
    for loaded in
        [catalog.by_name("flat").await, catalog.by_digest(before.digest()).await, catalog.by_digest(&old).await]
    {
        assert_eq!(loaded.unwrap().grants(), &narrow.allow);
    }
    assert_eq!(before.grants(), &Grants::everything(), "a call under way ends as it began");

    reload(&catalog, directory.path(), &[]);
    assert_eq!(catalog.by_digest(&old).await.unwrap().grants(), &Grants::everything());
}

#[tokio::test]
async fn a_reload_reads_the_directory_again_and_networks_keep_their_modules() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("lab.wasm");
    let (catalog, _) = open(directory.path(), &[]);
    assert!(matches!(catalog.by_name("lab").await, Err(ModeError::Unknown { .. })));

    let (first, second) = (module("good"), with_section(module("good"), "version", b"newer"));
    let grants = [("lab", section(Some(digest(&first).as_str()), &["nat"]))];
    std::fs::write(&file, &first).unwrap();
    assert_eq!(reload(&catalog, directory.path(), &grants), Vec::<String>::new());
    assert_eq!(catalog.by_name("lab").await.unwrap().digest(), &digest(&first));

    std::fs::write(&file, &second).unwrap();
    let notices = reload(&catalog, directory.path(), &grants);
    assert!(notices.len() == 1 && notices[0].contains("nothing is granted"), "{notices:#?}");
    let lab = catalog.by_name("lab").await.unwrap();
    assert_eq!((lab.digest(), lab.grants()), (&digest(&second), &Grants::default()));
    let kept = catalog.by_digest(&digest(&first)).await.unwrap();
    assert_eq!((kept.name(), kept.grants()), ("lab", &section(None, &["nat"]).allow));

    std::fs::write(&file, b"garbage").unwrap();
    reload(&catalog, directory.path(), &[]);
    assert!(matches!(catalog.by_name("lab").await, Err(ModeError::Unusable { .. })));
    std::fs::remove_file(&file).unwrap();
    reload(&catalog, directory.path(), &[]);
    assert!(matches!(catalog.by_name("lab").await, Err(ModeError::Unknown { .. })));
    for bytes in [&first, &second] {
        assert_eq!(catalog.by_digest(&digest(bytes)).await.unwrap().grants(), &Grants::default(), "granted no more");
    }
}

/// What was wrong with the host is not held against a module, or one busy moment would take it from its networks for good.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_module_that_had_no_place_to_be_tried_is_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("lab.wasm"), module("good")).unwrap();
    let limits = Limits { calls: 1, fuel: u64::MAX, ticks: 50, ..Limits::default() };
    let cache = Cache { worth: Duration::ZERO, ..Cache::new(directory.path().join("cache")) };
    let compiler = Compiler { program: env!("CARGO_BIN_EXE_policy-compiler").into(), arguments: Vec::new() };
    let sandbox = Sandbox::with_cache(limits, compiler, cache).unwrap();
    let looping = load(&sandbox, module("loop-in-plan")).await.unwrap();
    let good = check(&sandbox, module("good")).unwrap();
    sandbox.load(good.clone()).await.unwrap();
    let (catalog, _) = Catalog::open(sandbox.clone(), &built_in(), Some(directory.path()), &BTreeMap::new());

    // As many as there are places: for the one call at a time, and for modules that are tried.
    let calls: Vec<_> = (0..9)
        .map(|_| {
            let (sandbox, looping) = (sandbox.clone(), looping.clone());
            tokio::task::spawn_blocking(move || sandbox.ask_here(&looping, &Question::Network(network())))
        })
        .collect();
    let busy = loop {
        match sandbox.load(good.clone()).await {
            Ok(_) => assert!(!calls.iter().all(tokio::task::JoinHandle::is_finished), "there was place all the time"),
            Err(error) => break error,
        }
    };
    assert!(busy.can_retry() && busy.to_string().starts_with("there is no place or memory to try it"), "{busy}");
    let error = catalog.by_name("lab").await.unwrap_err();
    assert!(matches!(&error, ModeError::Unusable { cause, .. } if cause.can_retry()), "{error}");
    for call in calls {
        assert!(call.await.unwrap().answer.is_err(), "it loops until its time is over");
    }
    assert_eq!(catalog.by_name("lab").await.unwrap().name(), "lab");
}
