//! Modes that change, or turn bad, while networks use them.

use std::fs;

use admin::Operations;
use admin::report::{Mode, ModeOrigin};
use libtest_mimic::Trial;
use policy::BuiltIn;

use crate::build::{MANIFEST, built, contract, file, with_section};
use crate::house::{ENDPOINT, House, NETWORK, OTHER, context, endpoint};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a module that turns bad harms only calls on its own networks", turns_bad),
        test("a network keeps its module, whatever becomes of the file", kept),
        test("a module that is replaced loses what it was granted", replaced),
        test("a module that only networks have is listed under every name that it had", every_name),
    ]
}

async fn turns_bad() {
    let option = "\n[[options]]\nkey = \"spin\"\ntype = \"text\"\nhelp = \"anything\"\n";
    let bad = built(file("turns-bad"), &contract(), &format!("{MANIFEST}{option}"));
    let own = builtin_modes::builtin().map(|(name, wasm)| BuiltIn { name, wasm });
    let house = House::with(&[&own[..], &[BuiltIn { name: "bad", wasm: bad.leak() }]].concat()).await;
    house.create(&[]).await.unwrap();
    let spinning = house.create_as(OTHER, &[("mode", "bad"), ("spin", "yes")]).await.unwrap_err().to_string();
    assert!(spinning.contains("ran for too long (limit cpu"), "{spinning}");
    house.create_as(OTHER, &[("mode", "bad")]).await.unwrap();

    let on_it = |id: &str| {
        let mut request = endpoint(id, "10.9.0.9/24");
        request.network = docker_api::NetworkId::new(OTHER).unwrap();
        docker_api::NetworkDriver::create_endpoint(&*house.driver, context(), request)
    };
    let flood = async { tokio::join!(on_it("e1"), on_it("e2"), on_it("e3"), on_it("e4"), on_it("e5"), on_it("e6")) };
    let others = async {
        house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
        house.join(ENDPOINT).await.unwrap();
    };
    let (flood, ()) = tokio::join!(flood, others);
    let (one, two, three, four, five, six) = flood;
    for refused in [one, two, three, four, five, six] {
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("mode bad") && said.contains("limit cpu"), "{said}");
    }
    house.delete(OTHER).await;
    assert_eq!(house.driver.networks().await.unwrap().len(), 1, "it can be removed without its mode");
    assert_eq!(house.inspect().await.endpoint_list.len(), 1);
}

/// A module of this site: the built-in `flat` with something behind it, another file of the same mode.
fn lab(version: &str) -> Vec<u8> {
    let (name, flat) = builtin_modes::builtin()[0];
    assert_eq!(name, "flat");
    with_section(flat.to_vec(), "version", version.as_bytes())
}

async fn modes_called(house: &House, name: &str) -> Vec<Mode> {
    house.driver.modes().await.unwrap().modes.into_iter().filter(|mode| mode.name == name).collect()
}

async fn kept() {
    let house = House::of_site().await;
    fs::write(house.mode_dir().join("lab.wasm"), lab("one")).unwrap();
    house.driver.reload_modes().await;
    house.create(&[("mode", "lab")]).await.unwrap();
    let first = policy::digest(&lab("one")).to_string();

    fs::write(house.mode_dir().join("lab.wasm"), lab("two")).unwrap();
    house.driver.reload_modes().await;
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    let [now, before] = &modes_called(&house, "lab").await[..] else { panic!("two modules have the name") };
    assert_eq!((now.origin, now.users.len()), (ModeOrigin::File, 0));
    assert_eq!((before.origin, before.digest.as_str()), (ModeOrigin::Store, first.as_str()));
    assert_eq!(before.users[0].id, NETWORK);

    fs::remove_file(house.mode_dir().join("lab.wasm")).unwrap();
    house.driver.reload_modes().await;
    house.endpoint("e2", "10.9.0.3/24").await.unwrap();
    let house = house.restart().await;
    house.endpoint("e3", "10.9.0.4/24").await.unwrap();
    assert_eq!(house.inspect().await.summary.mode_digest, first);
    house.delete(NETWORK).await;
    assert!(modes_called(&house, "lab").await.is_empty(), "nobody needs it any more");
}

async fn every_name() {
    let house = House::of_site().await;
    for name in ["lab", "again"] {
        fs::write(house.mode_dir().join(format!("{name}.wasm")), lab("one")).unwrap();
    }
    house.driver.reload_modes().await;
    house.create(&[("mode", "lab")]).await.unwrap();
    house.create_as(OTHER, &[("mode", "again")]).await.unwrap();
    for name in ["lab", "again"] {
        fs::remove_file(house.mode_dir().join(format!("{name}.wasm"))).unwrap();
    }
    house.driver.reload_modes().await;
    for (name, network) in [("lab", NETWORK), ("again", OTHER)] {
        let [kept] = &modes_called(&house, name).await[..] else { panic!("mode {name} is listed once") };
        assert_eq!((kept.origin, kept.networks), (ModeOrigin::Store, 1));
        assert_eq!(kept.users[0].id, network);
    }
}

async fn replaced() {
    let house = House::of_site().await;
    fs::write(house.mode_dir().join("lab.wasm"), lab("one")).unwrap();
    let grants = format!("digest = \"{}\"\nallow = [\"uplink=eth1\"]\n", policy::digest(&lab("one")));
    fs::write(house.grants_dir().join("lab.toml"), grants).unwrap();
    house.driver.reload_modes().await;
    assert_eq!(modes_called(&house, "lab").await[0].granted, ["uplink=eth1"]);

    fs::write(house.mode_dir().join("lab.wasm"), lab("two")).unwrap();
    house.driver.reload_modes().await;
    assert!(modes_called(&house, "lab").await[0].granted.is_empty());
    let notices = house.driver.modes().await.unwrap().notices;
    assert!(notices.len() == 1 && notices[0].contains("nothing is granted"), "{notices:?}");
}
