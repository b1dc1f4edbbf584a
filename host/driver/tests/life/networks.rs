//! Networks come whole or not at all, and go for good.

use libtest_mimic::Trial;
use plan::{BridgeOwner, HostBridge, HostInterface};

use crate::house::{House, NETWORK, OTHER};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a nat network is made and removed", made_and_removed),
        test("a repeated create is a success, another one under the same id is not", repeated),
        test("a typing error names the key and the nearest one, and leaves nothing", typing_errors),
        test("a key of Docker's that nobody acts on is shown, and one of another mode refused", dockers_keys),
        test("a network that cannot be performed leaves nothing", not_performed),
        test("an undo that fails is kept and tried again", undo_fails),
        test("a bridge of the user's is shared, and stays until the last network goes", shared_bridge),
        test("a bridge made for one network is not another's", taken_bridge),
        test("deleting what is not known is a success", unknown),
    ]
}

async fn made_and_removed() {
    let house = House::new().await;
    house.create(&[("mode", "nat")]).await.unwrap();
    assert_eq!(house.fake.kinds(), ["bridge", "forward", "host-port", "masquerade"]);
    assert_eq!(house.fake.world().looks, 0, "nothing of it depends on the host");
    house.delete(NETWORK).await;
    assert!(house.fake.kinds().is_empty());
    house.create(&[("mode", "nat")]).await.unwrap();
}

async fn repeated() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    house.create(&[]).await.unwrap();
    let error = house.create(&[("mtu", "1400")]).await.unwrap_err();
    assert!(error.message().contains("exists already with other settings"), "{error}");
}

async fn typing_errors() {
    let house = House::new().await;
    for (key, value, expected) in [
        ("mtuu", "1400", "mtu"),
        ("mtu", "abc", "mtu"),
        ("mode", "nope", "nope"),
        ("mode", "NAT", "did you mean nat?"),
        ("vrf", "default", "option vrf belongs to mode ovn: create the network with --opt mode=ovn"),
        ("uplink", "eth1", "option uplink belongs to modes flat and vlan"),
    ] {
        let error = house.create(&[(key, value)]).await.unwrap_err();
        assert!(error.message().contains(key) && error.message().contains(expected), "{key}={value}: {error}");
    }
    assert!(house.fake.kinds().is_empty());
    assert!(house.fake.world().names.is_empty());
}

async fn dockers_keys() {
    let house = House::new().await;
    let masquerade = "com.docker.network.bridge.enable_ip_masquerade";
    let error = house.create(&[("mode", "flat"), (masquerade, "false")]).await.unwrap_err();
    assert!(error.message().starts_with(&format!("option {masquerade} belongs to mode nat")), "{error}");
    let typo = "com.docker.network.bridge.enable_iccc";
    house.create(&[(typo, "false"), ("com.docker.network.enable_ipv6", "false")]).await.unwrap();
    assert_eq!(house.inspect().await.ignored, [typo]);
    let house = house.restart().await;
    assert_eq!(house.inspect().await.ignored, [typo]);
}

async fn not_performed() {
    let house = House::new().await;
    house.fake.world().perform_fails = Some("no room for a bridge");
    let error = house.create(&[]).await.unwrap_err();
    assert!(error.message().contains("no room for a bridge"), "{error}");
    house.fake.world().perform_fails = None;
    house.create(&[("mtu", "1400")]).await.unwrap();
}

async fn undo_fails() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    house.fake.world().undo_fails = true;
    house.delete(NETWORK).await;
    assert_eq!(house.fake.kinds().len(), 4);
    let kept = house.reconcile().await.kept;
    assert_eq!((kept.len(), kept[0].attempts), (1, 2));
    assert!(kept[0].last_error.as_ref().unwrap().contains("not now"));
    let error = house.create(&[]).await.unwrap_err();
    assert!(error.message().contains("still being removed"), "{error}");
    // Nor does a restart lose it.
    let house = house.restart().await;
    house.fake.world().undo_fails = false;
    assert_eq!(house.reconcile().await.removed.len(), 1);
    assert!(house.fake.kinds().is_empty());
}

fn lan_bridge() -> HostBridge {
    let name = "br-lan".to_owned();
    HostBridge { name, owner: BridgeOwner::Stranger, controller: false, interfaces: Vec::new() }
}

async fn shared_bridge() {
    let house = House::new().await;
    house.fake.world().facts.bridges = vec![lan_bridge()];
    let link = HostInterface { name: "eth1".to_owned(), index: 7, mtu: 1500, ..HostInterface::default() };
    house.fake.world().facts.interfaces = vec![link];
    house.create_as(NETWORK, &[("mode", "flat"), ("bridge", "br-lan"), ("uplink", "eth1")]).await.unwrap();
    assert_eq!(house.fake.world().looks, 1);
    house.create_as(OTHER, &[("mode", "flat"), ("bridge", "br-lan")]).await.unwrap();
    assert_eq!(house.fake.world().looks, 2, "a bridge that a user named is looked for");
    let detail = house.inspect().await;
    assert_eq!(detail.objects[0].shared_with, [OTHER]);
    house.delete(NETWORK).await;
    assert_eq!(house.fake.kinds(), ["bridge", "bridge"], "the uplink went, the bridge is still claimed");
    house.delete(OTHER).await;
    assert!(!house.fake.kinds().contains(&"uplink".to_owned()));
}

async fn taken_bridge() {
    let house = House::new().await;
    house.create_as(NETWORK, &[("bridge", "br-web")]).await.unwrap();
    let error = house.create_in(OTHER, "10.8.0.0/24", &[("bridge", "br-web")]).await.unwrap_err();
    assert!(error.message().contains("br-web") && error.message().contains(NETWORK), "{error}");
    house.delete(NETWORK).await;
    house.create_in(OTHER, "10.8.0.0/24", &[("bridge", "br-web")]).await.unwrap();
}

async fn unknown() {
    let house = House::new().await;
    house.delete(OTHER).await;
}
