//! What others break in our tables is noticed, and put back.

use super::lifecycle::everything;
use super::world::{World, ask, nat, serve, somebody};

#[test]
fn whatever_others_break_is_missed_and_repaired() {
    let world = World::new();
    serve(&world.a, 80);
    let rules = everything();
    world.with(&rules);
    for breakage in [
        "nft flush ruleset",
        "nft delete table arp docker-ovs",
        "nft flush chain inet docker-ovs forward",
        "nft flush chain inet docker-ovs postrouting; nft delete chain inet docker-ovs postrouting",
        "nft flush map inet docker-ovs published4",
        "nft delete element inet docker-ovs hairpins '{ \"ovh1\" . \"ovh1\" }'",
    ] {
        world.host.sh(breakage);
        let rules = rules.clone();
        world.firewall(move |firewall| async move {
            let missing = firewall.missing(&rules).await.unwrap();
            assert!(!missing.is_empty(), "{breakage}");
            firewall.apply(&missing, &[]).await.unwrap();
            assert_eq!(firewall.missing(&rules).await.unwrap(), [], "{breakage}");
        });
        assert!(ask(&world.outside, "192.0.2.1:8080").is_some(), "{breakage}");
    }
}

#[test]
fn a_rule_that_somebody_replaced_is_noticed_and_put_back() {
    let world = World::new();
    world.firewall(|firewall| async move {
        let rules = nat();
        firewall.ensure_base().await.unwrap();
        firewall.apply(&rules, &[]).await.unwrap();
        for breakage in [
            "rule=$(nft -a list chain inet docker-ovs entering | sed -n 's/^[[:space:]]*drop # handle //p') &&
            nft replace rule inet docker-ovs entering handle $rule accept",
            "nft chain inet docker-ovs forward '{ policy drop; }'",
        ] {
            let before = somebody("nft list ruleset").await;
            somebody(breakage).await;
            assert_ne!(somebody("nft list ruleset").await, before, "{breakage}");
            assert!(!firewall.missing(&rules).await.unwrap().is_empty(), "{breakage}");
            firewall.apply(&rules, &[]).await.unwrap();
            assert_eq!(firewall.missing(&rules).await.unwrap(), [], "{breakage}");
            assert_eq!(somebody("nft list ruleset").await, before, "{breakage}");
        }
    });
}
