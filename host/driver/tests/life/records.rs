//! What modes are asked becomes fixtures: every call of the contract, and every way in which one ends.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use mode_tools::test::{Subject, Suite};
use plan::{BridgeOwner, HostBridge, HostInterface, NetworkId};
use policy::{BuiltIn, Checked, Compiler, Limits, Origin};

use crate::house::{ENDPOINT, House, NETWORK, OTHER, free_port, until};
use crate::test;
use crate::upgrades::{ISOLATED, ROUTED, lab, lab_of, look, upgrade, world};

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a network, a container and its port become fixtures that pass", passing),
        test("what is refused and what is denied becomes fixtures that pass", refused),
        test("a record has of the host what the plan was judged by, and no more", host),
        test("an upgrade becomes fixtures that pass, a look at one becomes none", upgraded),
        test("what was judged by another plan becomes no fixture", not_alone),
    ]
}

fn records(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// A mode that is part of the driver.
fn own(mode: &str) -> BuiltIn {
    let own = builtin_modes::builtin().map(|(name, wasm)| BuiltIn { name, wasm });
    own.into_iter().find(|own| own.name == mode).unwrap()
}

/// Waits for so many records: what each is called, and what is in it.
pub(crate) async fn written(house: &House, count: usize) -> Vec<(String, String)> {
    let folder = house.directory().join("plans");
    until(async || records(&folder).len() >= count).await;
    read(&records(&folder))
}

fn read(files: &[PathBuf]) -> Vec<(String, String)> {
    let name = |file: &PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

/// Waits for so many records, and tests a mode with them, as they are: what each is called, and what is in it.
pub(crate) async fn tested(house: &House, mode: BuiltIn, count: usize) -> Vec<(String, String)> {
    let folder = house.directory().join("plans");
    until(async || records(&folder).len() >= count).await;
    let files = records(&folder);
    let limits = Limits::default();
    let module = Checked::new(mode.name, Origin::BuiltIn, mode.wasm.into(), &limits).unwrap();
    let suite = Suite::load(&files).unwrap();
    let testing = tokio::task::spawn_blocking(move || {
        let subject = Subject::load(module, &limits, &Compiler::default()).unwrap();
        suite.run(&subject).unwrap()
    });
    let report = testing.await.unwrap();
    assert_eq!(report.status.code(), 0, "{report}");
    read(&files)
}

async fn passing() {
    let house = House::new().await;
    house.create(&[("mtu", "1400"), ("icc", "false")]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house.program(ENDPOINT, &[free_port()]).await.unwrap();
    let records = tested(&house, own("nat"), 3).await;
    let names: Vec<_> = records.iter().map(|(name, _)| name.as_str()).collect();
    let calls = ["000001-nat-plan-network.toml", "000002-nat-plan-endpoint.toml", "000003-nat-plan-publish.toml"];
    assert_eq!(names, calls);
    assert!(records[0].1.contains(NETWORK) && records[0].1.contains("mtu = 1400"), "{}", records[0].1);
    assert!(records[1].1.contains(ENDPOINT) && records[1].1.contains("10.9.0.2/24"), "{}", records[1].1);
}

async fn refused() {
    let house = House::new().await;
    house.create(&[("gateway_mode", "routed"), ("masquerade", "true")]).await.unwrap_err();
    house.create(&[("bridge", "br-int")]).await.unwrap_err();
    house.create(&[("bridge", "far too long to be the name of a bridge, or of anything")]).await.unwrap_err();
    let records = tested(&house, own("nat"), 3).await;
    for ((_, text), said) in records.iter().zip(["masquerade-routed", "rule = \"bridge\"", "code = \"bad-value\""]) {
        assert!(text.contains(said), "{text}");
    }
}

async fn host() {
    let house = House::new().await;
    let link =
        |index, name: &str| HostInterface { index, name: name.to_owned(), mtu: 1500, ..HostInterface::default() };
    let vlan = HostInterface { parent: Some(2), addressed: true, kind: "vlan".to_owned(), ..link(3, "eth2.7") };
    let uplink = HostInterface { alternatives: vec!["wire".to_owned()], mtu: 9000, ..link(1, "eth1") };
    house.fake.world().facts.interfaces = vec![uplink, link(2, "eth2"), vlan, link(4, "secret0")];
    house.create(&[("mode", "flat"), ("uplink", "wire")]).await.unwrap();
    house.create_as(OTHER, &[("mode", "flat"), ("uplink", "eth2")]).await.unwrap_err();
    let records = tested(&house, own("flat"), 2).await;
    let [(_, free), (_, busy)] = records.as_slice() else { panic!("{records:?}") };
    assert!(free.contains("name = \"eth1\"") && free.contains("\"uplink.mtu\" = 9000"), "{free}");
    assert!(busy.contains("name = \"eth2.7\"") && busy.contains("rule = \"uplink\""), "{busy}");
    assert!(records.iter().all(|(_, text)| !text.contains("secret0")), "the rest is nobody's business");
}

async fn upgraded() {
    let mut house = House::with(&[lab("0.1.0", &[])]).await;
    house.create(&[("mode", "lab")]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house.program(ENDPOINT, &[free_port()]).await.unwrap();
    let only_shown = lab("0.2.0", &[ISOLATED]);
    house.has_now(&[only_shown], &[]);
    let shown = look(&house).await.unwrap();
    let next = lab("0.3.0", &[ISOLATED, ROUTED]);
    house.has_now(&[next], &[]);
    let done = upgrade(&house).await.unwrap();

    let folder = house.directory().join("plans");
    until(async || records(&folder).len() >= 6).await;
    let of = |digest: &str| {
        let is_of = |file: &PathBuf| fs::read_to_string(file).unwrap().contains(&digest[..12]);
        records(&folder).into_iter().filter(is_of).collect::<Vec<_>>()
    };
    assert!(of(&shown.to.digest).is_empty());
    assert_eq!((of(&done.from.digest).len(), of(&done.to.digest).len()), (3, 3));
    of(&done.from.digest).iter().for_each(|file| fs::remove_file(file).unwrap());
    let records = tested(&house, next, 3).await;
    assert!(records.iter().all(|(_, text)| text.contains("icc = false")), "{records:?}");
}

/// An uplink is on its network's bridge already, which only the plan before says.
async fn not_alone() {
    let mut house = House::with(&[lab_of("flat", "0.1.0", &[])]).await;
    let link = HostInterface { index: 1, name: "eth1".to_owned(), mtu: 1500, ..HostInterface::default() };
    house.fake.world().facts.interfaces = vec![link];
    house.create(&[("mode", "lab"), ("uplink", "eth1")]).await.unwrap();
    let steps = world(&house).into_values();
    let name = steps.filter(|step| step.action.kind() == "bridge").find_map(|step| step.name).unwrap().to_string();
    let interfaces = vec![name.clone(), "eth1".to_owned()];
    let owner = BridgeOwner::Network(NetworkId::new(NETWORK).unwrap());
    house.fake.world().facts.bridges = vec![HostBridge { name, owner, controller: false, interfaces }];
    house.has_now(&[lab_of("flat", "0.2.0", &[])], &[]);
    upgrade(&house).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    let folder = house.directory().join("plans");
    until(async || records(&folder).len() >= 2).await;
    let names: Vec<_> = records(&folder).into_iter().map(|file| file.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["000001-lab-plan-network.toml", "000002-lab-plan-endpoint.toml"]);
}
