//! The directories of a site while a driver runs: files that come, change, are being written, and go.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use plan::Grants;
use policy::{BuiltIn, Catalog, Change, GrantFile, GrantSection, Granted, Limits, Origin, Reloaded, Site, digest};
use tempfile::TempDir;

use crate::support::{module, sandbox, with_section};

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for directory in ["modes.d", "grants.d"] {
            std::fs::create_dir(place.0.path().join(directory)).unwrap();
        }
        place
    }

    fn site(&self) -> Site {
        let [mode_dir, grants_dir] = ["modes.d", "grants.d"].map(|name| Some(self.0.path().join(name)));
        Site { mode_dir, grants_dir, ..Site::default() }
    }

    fn open(&self) -> Catalog {
        Catalog::of_site(sandbox(Limits::default()), &[], &self.site())
    }

    fn reload(&self, catalog: &Catalog) -> Reloaded {
        catalog.reload(&[], &self.site())
    }

    fn module(&self, version: &str) -> Vec<u8> {
        let bytes = with_section(module("good"), "version", version.as_bytes());
        std::fs::write(self.file("modes.d/lab.wasm"), &bytes).unwrap();
        bytes
    }

    fn grant(&self, file: &GrantFile) {
        std::fs::write(self.file("grants.d/lab.toml"), file.to_toml("lab")).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn grants(texts: &[&str]) -> Grants {
    Grants(texts.iter().map(|text| text.parse().unwrap()).collect())
}

fn words(reloaded: &Reloaded) -> Vec<String> {
    let changes = reloaded.changes.iter().map(ToString::to_string);
    changes.chain(reloaded.notices.iter().map(ToString::to_string)).collect()
}

async fn granted(catalog: &Catalog) -> Grants {
    catalog.by_name("lab").await.unwrap().grants().clone()
}

#[tokio::test]
async fn what_a_file_grants_is_for_its_module() {
    let place = Place::new();
    let catalog = place.open();
    let first = digest(&place.module("one"));
    place.grant(&GrantFile { digest: Some(first.clone()), allow: grants(&["vlan=7"]), ..GrantFile::default() });
    let said = words(&place.reload(&catalog));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("new mode lab 0.0.1 (sha256:") && said[0].contains("granted vlan=7; it asks for bridge")
    );
    assert_eq!(granted(&catalog).await, grants(&["vlan=7"]));
    assert_eq!(words(&place.reload(&catalog)), Vec::<String>::new(), "nothing is said twice");

    let second = digest(&place.module("two"));
    let reloaded = place.reload(&catalog);
    assert!(matches!(&reloaded.changes[..], [Change::Replaced { before, .. }] if *before == first), "{reloaded:?}");
    assert!(words(&reloaded)[1].contains("nothing is granted; if the new file is to be trusted, docker-ovs mode add"));
    assert_eq!(granted(&catalog).await, Grants::default());

    let earlier = vec![Granted { digest: first.clone(), allow: grants(&["vlan=7"]) }];
    place.grant(&GrantFile { digest: Some(second), allow: grants(&["nat"]), earlier });
    assert!(matches!(&place.reload(&catalog).changes[..], [Change::Granted(_)]));
    assert!(catalog.notices().is_empty());
    assert_eq!(granted(&catalog).await, grants(&["nat"]));
    assert_eq!(catalog.allowed("lab", Origin::Site, &first), grants(&["vlan=7"]), "networks keep what they have");

    std::fs::remove_file(place.file("modes.d/lab.wasm")).unwrap();
    let said = words(&place.reload(&catalog));
    assert!(said[0].contains("is gone; networks that were made with it keep it"), "{said:?}");
    assert!(said[1].contains("there is no mode lab") && said[1].contains("docker-ovs mode rm lab"), "{said:?}");
}

#[tokio::test]
async fn what_stands_in_the_configuration_wins_over_a_file() {
    let place = Place::new();
    let module = digest(&place.module("one"));
    place.grant(&GrantFile { digest: Some(module.clone()), allow: grants(&["nat"]), ..GrantFile::default() });
    let section = GrantSection { digest: Some(module.to_string()), allow: grants(&["vlan"]) };
    let site = Site { grants: [("lab".to_owned(), section.clone())].into(), ..place.site() };
    let catalog = Catalog::of_site(sandbox(Limits::default()), &[], &site);
    assert_eq!(granted(&catalog).await, grants(&["vlan"]));
    assert!(catalog.notices()[0].0.contains("passed over, grants.lab in the configuration wins over it"));

    // Under another name, too: the digest is what counts.
    let site = Site { grants: [("other".to_owned(), section)].into(), ..place.site() };
    let catalog = Catalog::of_site(sandbox(Limits::default()), &[], &site);
    assert_eq!(granted(&catalog).await, grants(&["vlan"]));
}

#[tokio::test]
async fn what_is_being_written_is_what_it_was() {
    let place = Place::new();
    let first = digest(&place.module("one"));
    place.grant(&GrantFile { digest: Some(first.clone()), allow: grants(&["nat"]), ..GrantFile::default() });
    let catalog = place.open();
    for file in ["modes.d/lab.wasm", "modes.d/new.wasm", "grants.d/lab.toml"] {
        std::fs::write(place.file(file), "half of it").unwrap();
    }
    let unfinished = ["modes.d/lab.wasm", "modes.d/new.wasm", "grants.d/lab.toml"].map(|name| place.file(name));
    let site = Site { unfinished: BTreeSet::from(unfinished), ..place.site() };
    assert_eq!(words(&catalog.reload(&[], &site)), Vec::<String>::new());
    assert_eq!(catalog.by_name("lab").await.unwrap().digest(), &first);
    assert_eq!(granted(&catalog).await, grants(&["nat"]));
    assert!(catalog.names().iter().all(|(name, _)| name != "new"));

    let said = words(&place.reload(&catalog));
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(catalog.by_name("lab").await.is_err());
}

#[tokio::test]
async fn hidden_files_are_nobodys() {
    let place = Place::new();
    for file in ["modes.d/.new-lab.wasm", "modes.d/.swp", "grants.d/.lab.toml.swp"] {
        std::fs::write(place.file(file), "half of it").unwrap();
    }
    assert!(place.open().notices().is_empty());
    std::fs::write(place.file("grants.d/notes.txt"), "").unwrap();
    assert!(place.open().notices()[0].0.ends_with("notes.txt: passed over, grants are called NAME.toml"));
}

#[tokio::test]
async fn what_nothing_needs_is_forgotten() {
    let place = Place::new();
    let first = digest(&place.module("one"));
    let catalog = place.open();
    place.module("two");
    let _ = place.reload(&catalog);
    assert!(catalog.by_digest(&first).await.is_ok());
    catalog.keep_only(&BTreeSet::from([first.clone()]));
    assert!(catalog.by_digest(&first).await.is_ok(), "a network uses it");
    catalog.keep_only(&BTreeSet::new());
    assert!(catalog.by_digest(&first).await.is_err());
    assert!(catalog.by_name("lab").await.is_ok());
}

#[test]
fn nobodys_directory_is_empty() {
    let site = Site { mode_dir: Some(Path::new("/nonexistent").to_owned()), ..Site::default() };
    let catalog = Catalog::of_site(sandbox(Limits::default()), &[], &site);
    assert!(catalog.names().is_empty() && catalog.notices().is_empty());
}

#[tokio::test]
async fn a_file_of_grants_that_cannot_be_read_grants_a_built_in_mode_nothing() {
    let place = Place::new();
    let built_in = [BuiltIn { name: "lab", wasm: module("good").leak() }];
    let catalog = Catalog::of_site(sandbox(Limits::default()), &built_in, &place.site());
    assert!(granted(&catalog).await.0.len() > 1, "all that it asks for");
    std::fs::write(place.file("grants.d/lab.toml"), "allow = [").unwrap();
    let reloaded = catalog.reload(&built_in, &place.site());
    assert!(words(&reloaded).concat().contains("it grants nothing until then"), "{reloaded:?}");
    assert_eq!(granted(&catalog).await, Grants::default());
    std::fs::write(place.file("grants.d/lab.toml"), "allow = [\"nat\"]").unwrap();
    assert!(catalog.reload(&built_in, &place.site()).notices.is_empty());
    assert_eq!(granted(&catalog).await, grants(&["nat"]));
}
