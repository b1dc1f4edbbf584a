//! A network is moved to another module whole, with the containers on it, or stays what it was.
//!
//! The versions of a module are mode nat with other manifests: what a user did not say, they take for something else.

use std::collections::BTreeMap;

use admin::report::{StepFate, Upgrade, UpgradeStage};
use admin::{Failure, FailureKind, Operations, Upgrading};
use component::{MANIFEST_SECTION, manifest_section, with_manifest};
use libtest_mimic::Trial;
use plan::{Action, AdmittedStep};
use policy::BuiltIn;

use crate::house::{ENDPOINT, House, NETWORK, OTHER, free_port, until};
use crate::ports::is_free;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a look at an upgrade changes nothing, and what it showed is done", shown_and_done),
        test("a network that has the module already is told so", current),
        test("what was not shown is not done", not_shown),
        test("what a user gave stays, whatever the new default", given),
        test("a module without an option that was given is refused", vanished),
        test("a module that plans what it may not is refused", denied),
        test("a module that says no is refused", refused),
        test("a container's link is never made again", live_link),
        test("a bridge without containers is made anew", other_bridge),
        test("published ports are planned anew, and stay held", published),
        test("a module that publishes no port of a container that runs is refused", unpublished),
        test("endpoints that nobody joined are planned anew", planned),
        test("whatever fails, all is taken back", failures),
        test("a driver that dies in the middle leaves the network as it was", crashes),
        test("what cannot be taken back at once is taken back later", halfway),
        test("a network can go in the middle of it", removed),
        test("what another network holds is refused", taken),
        test("a digest leads back", back),
    ]
}

/// Mode nat under another name, with lines of its manifest replaced.
fn lab(version: &str, replaced: &[(&str, &str)]) -> BuiltIn {
    let (_, nat) = builtin_modes::builtin().into_iter().find(|(name, _)| *name == "nat").unwrap();
    let mut manifest = String::from_utf8(manifest_section(nat).unwrap().to_vec()).unwrap();
    for (old, new) in [("version = \"0.1.0\"", format!("version = \"{version}\"").as_str())].iter().chain(replaced) {
        assert!(manifest.contains(old), "{old} is not in the manifest");
        manifest = manifest.replacen(old, new, 1);
    }
    BuiltIn { name: "lab", wasm: with_manifest(without_manifest(nat), manifest.as_bytes()).unwrap().leak() }
}

/// A module of ours up to its manifest, which is its last section: a byte, its length, its name with that one's length,
/// and the text.
fn without_manifest(module: &[u8]) -> &[u8] {
    let text = manifest_section(module).unwrap();
    assert!(module.ends_with(text), "the manifest comes last");
    let section = 1 + MANIFEST_SECTION.len() + text.len();
    let length = (usize::BITS - section.leading_zeros()).div_ceil(7) as usize;
    &module[..module.len() - section - length - 1]
}

const ISOLATED: (&str, &str) =
    ("key = \"icc\"\ntype = \"boolean\"\ndefault = true", "key = \"icc\"\ntype = \"boolean\"\ndefault = false");
const ROUTED: (&str, &str) = ("default = \"nat\"", "default = \"routed\"");
const SMALL: (&str, &str) = ("default = 1500", "default = 1400");
const NETDEV: (&str, &str) = ("default = \"auto\"", "default = \"netdev\"");

fn first() -> BuiltIn {
    lab("0.1.0", &[])
}

/// A network of the first version with these options, and a container on it.
async fn joined(options: &[(&str, &str)]) -> House {
    let house = created(options).await;
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house
}

async fn created(options: &[(&str, &str)]) -> House {
    let house = House::with(&[first()]).await;
    house.create(&[&[("mode", "lab")], options].concat()).await.unwrap();
    house
}

async fn ask(house: &House, to: Option<&str>, confirmation: Option<String>) -> Result<Upgrade, Failure> {
    let upgrading = Upgrading { to: to.map(str::to_owned), confirmation };
    house.driver.upgrade(NETWORK.parse().unwrap(), upgrading).await
}

async fn look(house: &House) -> Result<Upgrade, Failure> {
    ask(house, None, None).await
}

/// Looks, and does what was shown.
async fn upgrade(house: &House) -> Result<Upgrade, Failure> {
    let shown = look(house).await?;
    ask(house, None, Some(shown.confirmation)).await
}

/// All that there is.
fn world(house: &House) -> BTreeMap<(String, Option<String>, String), AdmittedStep> {
    house.fake.world().there.clone()
}

async fn digest(house: &House) -> String {
    house.inspect().await.summary.mode_digest
}

fn isolated(house: &House) -> bool {
    let ports = world(house).into_values().filter_map(|step| match step.action {
        Action::EndpointPort(port) => Some(port.isolated),
        _ => None,
    });
    ports.collect::<Vec<_>>() == [true]
}

async fn shown_and_done() {
    let mut house = joined(&[]).await;
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    let (before, old) = (world(&house), digest(&house).await);
    let shown = look(&house).await.unwrap();
    assert_eq!(world(&house), before);
    assert_eq!(
        (shown.stage, shown.from.version.as_deref(), shown.to.version.as_deref()),
        (UpgradeStage::Planned, Some("0.1.0"), Some("0.2.0"))
    );
    assert_eq!((&shown.from.digest, shown.options[0].field.as_str()), (&old, "icc"));
    let [forward] = &shown.steps[..] else { panic!("{shown:?}") };
    assert_eq!(
        (forward.change, forward.step.label.as_str(), forward.fields[0].field.as_str()),
        (StepFate::Changed, "forward", "hairpin")
    );
    let [port] = &shown.endpoints[0].steps[..] else { panic!("{shown:?}") };
    assert_eq!(
        (port.change, port.fields[0].field.as_str(), port.fields[0].after.as_bool()),
        (StepFate::Changed, "isolated", Some(true))
    );
    assert_eq!((shown.endpoints.len(), shown.unchanged_endpoints), (1, 0));

    let done = ask(&house, None, Some(shown.confirmation.clone())).await.unwrap();
    assert_eq!((done.stage, &done.steps), (UpgradeStage::Done, &shown.steps));
    assert!(isolated(&house));
    assert_eq!(world(&house).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "no name is another one");
    assert_eq!(digest(&house).await, shown.to.digest);
    assert!(house.reconcile().await.repaired.is_empty());

    // The old module is gone, and nobody misses it.
    let house = house.restart().await;
    assert!(isolated(&house) && house.reconcile().await.removed.is_empty());
    assert_eq!(ask(&house, Some(&old), None).await.unwrap_err().kind, FailureKind::NotFound);
    house.endpoint("another", "10.9.0.3/24").await.unwrap();
    house.leave(ENDPOINT).await;
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty());
}

async fn current() {
    let house = joined(&[]).await;
    for confirmation in [None, Some("anything".to_owned())] {
        let told = ask(&house, None, confirmation).await.unwrap();
        assert_eq!((told.stage, &told.from, told.unchanged_endpoints), (UpgradeStage::Current, &told.to, 1));
    }
}

async fn not_shown() {
    let mut house = joined(&[]).await;
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    let shown = look(&house).await.unwrap();
    assert_eq!(look(&house).await.unwrap().confirmation, shown.confirmation);
    house.endpoint("another", "10.9.0.3/24").await.unwrap();
    let before = world(&house);
    let failure = ask(&house, None, Some(shown.confirmation.clone())).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("look at it again"), "{failure}");
    house.remove("another").await;
    house.has_now(&[lab("0.3.0", &[ISOLATED])], &[]);
    ask(&house, None, Some(shown.confirmation)).await.unwrap_err();
    assert_eq!(world(&house), before);
    upgrade(&house).await.unwrap();
}

async fn given() {
    let mut house = joined(&[("com.docker.network.bridge.enable_icc", "true"), ("mtu", "1500")]).await;
    house.has_now(&[lab("0.2.0", &[ISOLATED, SMALL])], &[]);
    let (before, done) = (world(&house), upgrade(&house).await.unwrap());
    assert!(done.steps.is_empty() && done.endpoints.is_empty() && done.options.is_empty(), "{done:?}");
    assert_eq!((done.unchanged_endpoints, done.stage), (1, UpgradeStage::Done));
    assert_eq!((world(&house), digest(&house).await), (before, done.to.digest));
}

async fn vanished() {
    let mut house = joined(&[("host_binding", "127.0.0.1")]).await;
    house.has_now(&[lab("0.2.0", &[("key = \"host_binding\"", "key = \"publish_at\"")])], &[]);
    let before = world(&house);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("no option host_binding"), "{failure}");
    assert_eq!(world(&house), before);
}

async fn denied() {
    let mut house = joined(&[]).await;
    let (before, old) = (world(&house), digest(&house).await);
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[("lab", &["bridge", "host-address"])]);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("nat is not granted"), "{failure}");
    assert_eq!((world(&house), digest(&house).await), (before, old));

    house.has_now(&[lab("0.2.0", &[("[\"bridge\", ", "[\"uplink\", \"bridge\", ")])], &[]);
    let shown = look(&house).await.unwrap();
    assert_eq!((shown.granted, shown.lost.is_empty()), (vec!["uplink".to_owned()], true));
}

async fn refused() {
    let mut house = joined(&[("masquerade", "true")]).await;
    house.has_now(&[lab("0.2.0", &[ROUTED])], &[]);
    let (before, failure) = (world(&house), upgrade(&house).await.unwrap_err());
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("gateway_mode=routed"), "{failure}");
    assert_eq!(world(&house), before);
}

async fn live_link() {
    let mut house = joined(&[]).await;
    house.has_now(&[lab("0.2.0", &[SMALL])], &[]);
    let (before, failure) = (world(&house), look(&house).await.unwrap_err());
    assert!(failure.message.contains(ENDPOINT) && failure.message.contains("MTU 1500 and would get 1400"), "{failure}");
    house.has_now(&[lab("0.2.0", &[NETDEV])], &[]);
    let failure = look(&house).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("on another bridge"), "{failure}");
    assert_eq!(world(&house), before);

    house.leave(ENDPOINT).await;
    house.has_now(&[lab("0.2.0", &[SMALL])], &[]);
    let done = upgrade(&house).await.unwrap();
    assert_eq!(done.endpoints[0].steps[0].change, StepFate::Replaced);
    house.join(ENDPOINT).await.unwrap();
    let mtus = world(&house).into_values().filter_map(|step| match step.action {
        Action::EndpointPort(port) => port.mtu,
        Action::HostPort(port) => port.mtu,
        _ => None,
    });
    assert_eq!(mtus.collect::<Vec<_>>(), [1400, 1400]);
}

async fn other_bridge() {
    let mut house = created(&[]).await;
    house.has_now(&[lab("0.2.0", &[NETDEV])], &[]);
    let before = world(&house);
    let fates: Vec<_> =
        upgrade(&house).await.unwrap().steps.into_iter().map(|step| (step.step.label, step.change)).collect();
    let fate = |label: &str| fates.iter().find(|(of, _)| of == label).unwrap().1;
    assert_eq!(
        (fate("bridge"), fate("host"), fate("forward")),
        (StepFate::Replaced, StepFate::Replaced, StepFate::Changed)
    );
    let after = world(&house);
    assert_eq!(
        (after.len(), house.fake.kinds()),
        (before.len(), ["bridge", "forward", "host-port", "masquerade"].map(str::to_owned).to_vec())
    );
    let links = |there: BTreeMap<_, AdmittedStep>| there.into_values().filter_map(|step| step.name).collect::<Vec<_>>();
    let (before, after) = (links(before), links(after));
    assert!(before.iter().all(|name| !after.contains(name)), "a name is never used twice: {before:?} {after:?}");
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty());
}

async fn published() {
    let (mut house, port) = (joined(&[]).await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[ROUTED])], &[]);
    let done = upgrade(&house).await.unwrap();
    assert_eq!(done.steps[0].change, StepFate::Removed, "nothing is hidden any more");
    assert_eq!(done.endpoints[0].steps[0].fields[0].field, "translate");
    let translates = world(&house).into_values().find_map(|step| match step.action {
        Action::Publish(publish) => Some(publish.translate),
        _ => None,
    });
    assert_eq!((translates, is_free(port)), (Some(false), false));
    assert!(!house.fake.kinds().contains(&"masquerade".to_owned()));
    let house = house.restart().await;
    assert!(!is_free(port));
    house.revoke(ENDPOINT).await;
    until(async || is_free(port)).await;
    assert!(!house.fake.kinds().contains(&"publish".to_owned()));
}

async fn unpublished() {
    let (mut house, port) = (joined(&[]).await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    let (_, flat) = builtin_modes::builtin().into_iter().find(|(name, _)| *name == "flat").unwrap();
    let mut manifest = String::from_utf8(manifest_section(flat).unwrap().to_vec()).unwrap();
    manifest = manifest.replace("default = \"refuse\"", "default = \"ignore\"");
    house.has_now(
        &[BuiltIn { name: "lab", wasm: with_manifest(without_manifest(flat), manifest.as_bytes()).unwrap().leak() }],
        &[],
    );
    let before = world(&house);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.message.contains("publishes no port") && failure.message.contains(&port.to_string()), "{failure}");
    assert_eq!((world(&house), is_free(port)), (before, false));
}

async fn planned() {
    let mut house = created(&[]).await;
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    assert_eq!(upgrade(&house).await.unwrap().endpoints.len(), 1);
    assert!(!house.fake.kinds().contains(&"endpoint-port".to_owned()), "it is only planned");
    let house = house.restart().await;
    house.join(ENDPOINT).await.unwrap();
    assert!(isolated(&house));
}

/// A network with a container that publishes a port, and a version that changes something of everything.
async fn busy() -> House {
    let mut house = joined(&[]).await;
    house.program(ENDPOINT, &[free_port()]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[ISOLATED, ROUTED])], &[]);
    house
}

/// How many turns an upgrade of [`busy`] takes.
async fn turns() -> usize {
    let house = busy().await;
    let before = house.fake.world().turns;
    upgrade(&house).await.unwrap();
    let after = house.fake.world().turns;
    assert!(after - before >= 2, "the network, and the endpoint");
    after - before
}

async fn failures() {
    for turn in 1..=turns().await {
        let house = busy().await;
        let (before, old) = (world(&house), digest(&house).await);
        let at = house.fake.world().turns + turn;
        house.fake.world().failing_turns = at..at + 1;
        let failure = upgrade(&house).await.unwrap_err();
        for words in ["step", "nothing of the kind", "all is again as it was"] {
            assert!(failure.message.contains(words), "{failure}");
        }
        assert_eq!((world(&house), digest(&house).await), (before, old), "turn {turn}");
        let house = house.restart().await;
        assert!(house.reconcile().await.repaired.is_empty());
        upgrade(&house).await.unwrap();
        assert!(isolated(&house));
    }
}

async fn crashes() {
    for turn in 1..=turns().await {
        let house = busy().await;
        let (before, old) = (world(&house), digest(&house).await);
        let at = house.fake.world().turns + turn;
        house.fake.world().hanging_turn = Some(at);
        let shown = look(&house).await.unwrap();
        let driver = std::sync::Arc::clone(&house.driver);
        let upgrading = Upgrading { to: None, confirmation: Some(shown.confirmation) };
        let call = tokio::spawn(async move { driver.upgrade(NETWORK.parse().unwrap(), upgrading).await });
        until(async || house.fake.world().turns == at).await;
        call.abort();
        let _ = call.await;
        let house = house.restart().await;
        assert_eq!((world(&house), digest(&house).await), (before, old), "turn {turn}");
        assert_eq!(look(&house).await.unwrap().stage, UpgradeStage::Planned);
        upgrade(&house).await.unwrap();
        let house = house.restart().await;
        assert!(isolated(&house));
    }
}

async fn halfway() {
    let house = busy().await;
    let (before, old, next) = (world(&house), digest(&house).await, house.fake.world().turns + 1);
    house.fake.world().failing_turns = next + 1..usize::MAX;
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.message.contains("the driver tries again"), "{failure}");
    assert_ne!(world(&house), before);
    assert!(house.inspect().await.drift[0].problem.contains("an upgrade failed"));
    assert_eq!(house.reconcile().await.broken.len(), 1);
    house.fake.world().failing_turns = 0..0;
    let repaired = house.reconcile().await.repaired;
    assert!(repaired.iter().any(|change| change.what.contains("taken back")), "{repaired:?}");
    assert_eq!((world(&house), digest(&house).await), (before, old));
    assert!(house.reconcile().await.repaired.is_empty());
    upgrade(&house).await.unwrap();
}

async fn removed() {
    let house = busy().await;
    let next = house.fake.world().turns + 1;
    house.fake.world().failing_turns = next + 1..usize::MAX;
    upgrade(&house).await.unwrap_err();
    house.fake.world().failing_turns = 0..0;
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty(), "{:?}", world(&house));
    let house = house.restart().await;
    assert!(house.reconcile().await.removed.is_empty());
}

async fn taken() {
    const NAMED: (&str, &str) =
        ("key = \"bridge\"\ntype = \"text\"", "key = \"bridge\"\ntype = \"text\"\ndefault = \"br-lab\"");
    let mut house = created(&[]).await;
    house.create_as(OTHER, &[("mode", "lab"), ("bridge", "br-lab")]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[NAMED])], &[]);
    let before = world(&house);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(
        failure.message.contains("bridge br-lab belongs to network") && failure.message.contains(OTHER),
        "{failure}"
    );
    assert_eq!(world(&house), before);
    house.delete(OTHER).await;
    upgrade(&house).await.unwrap();
    house.create_as(OTHER, &[("mode", "lab")]).await.unwrap_err();
    house.has_now(&[lab("0.3.0", &[])], &[]);
    upgrade(&house).await.unwrap();
    let house = house.restart().await;
    house.create_as(OTHER, &[("mode", "lab"), ("bridge", "br-lab")]).await.unwrap();
}

async fn back() {
    let mut house = joined(&[]).await;
    house.create_as(OTHER, &[("mode", "lab")]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    let old = format!("sha256:{}", upgrade(&house).await.unwrap().from.digest);
    for (to, kind, words) in [
        ("lba", FailureKind::NotFound, "did you mean lab?"),
        ("sha256:12", FailureKind::Invalid, "the whole digest"),
        (&"0".repeat(64), FailureKind::NotFound, "neither among the modes"),
    ] {
        let failure = ask(&house, Some(to), None).await.unwrap_err();
        assert!(failure.kind == kind && failure.message.contains(words), "{to}: {failure}");
    }
    // Another network still has the old module.
    let shown = ask(&house, Some(&old), None).await.unwrap();
    assert_eq!(shown.to.version.as_deref(), Some("0.1.0"));
    ask(&house, Some(&old), Some(shown.confirmation)).await.unwrap();
    assert!(!isolated(&house));
    assert_eq!(format!("sha256:{}", digest(&house).await), old);
}
