//! What Docker asks for, as it asks for it.

use super::support::{both, endpoint, gateway, ip, net, soon, subnet, whatever};
use crate::{Wanted, WantedPool};

/// Runs what follows on both kinds of store.
macro_rules! on_both {
    ($driver:ident => $work:expr) => {{
        let (drivers, _database) = both();
        for $driver in &drivers {
            $work
        }
    }};
}

#[tokio::test]
async fn addresses_are_given_once_and_come_back() {
    on_both!(driver => {
        let pool = driver.pool(&subnet("10.1.0.0/29")).await;
        assert_eq!(driver.gets(&pool, &gateway(None)).await, "10.1.0.1/29");
        let mut given = std::collections::BTreeSet::new();
        for number in 0..5 {
            assert!(given.insert(driver.gets(&pool, &endpoint(None, &format!("m{number}"))).await));
        }
        let said = driver.is_refused(&pool, &endpoint(None, "m9")).await;
        assert_eq!(said, "no address is left in 10.1.0.0/29 of 10.1.0.0/29 of vrf default");
        driver.release_address(&pool, ip("10.1.0.4"), soon()).await;
        assert_eq!(driver.gets(&pool, &endpoint(None, "m9")).await, "10.1.0.4/29");
    });
}

#[tokio::test]
async fn an_address_that_was_asked_for_is_given_unless_somebody_has_it() {
    on_both!(driver => {
        let pool = driver.pool(&subnet("10.1.0.0/24")).await;
        driver.gets(&pool, &gateway(Some("10.1.0.254"))).await;
        assert_eq!(driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await, "10.1.0.9/24");
        let said = driver.is_refused(&pool, &endpoint(Some("10.1.0.9"), "m2")).await;
        assert_eq!(said, "address 10.1.0.9 of 10.1.0.0/24 of vrf default is in use: by m1 on h1");
        let said = driver.is_refused(&pool, &endpoint(Some("10.1.0.254"), "m2")).await;
        assert!(said.ends_with("in use: it is a gateway on h1"), "{said}");
        for outside in ["10.1.0.0", "10.1.0.255", "10.2.0.1", "fd00::1"] {
            let said = driver.is_refused(&pool, &endpoint(Some(outside), "m2")).await;
            assert!(said.contains("is not in subnet 10.1.0.0/24"), "{said}");
        }
    });
}

/// The same call once more, or a container of a daemon that died before it wrote the first one down.
#[tokio::test]
async fn who_has_an_address_already_gets_it_again_unless_it_is_used() {
    on_both!(driver => {
        let pool = driver.pool(&subnet("10.1.0.0/24")).await;
        let asked = endpoint(Some("10.1.0.9"), "m1");
        assert_eq!(driver.gets(&pool, &asked).await, driver.gets(&pool, &asked).await);
        let used = Wanted::Endpoint { address: Some(ip("10.1.0.9")), mac: Some("m1".to_owned()), again: false };
        assert!(driver.is_refused(&pool, &used).await.contains("in use"));
        driver.release_address(&pool, ip("10.1.0.9"), soon()).await;
        driver.release_address(&pool, ip("10.1.0.9"), soon()).await;
        assert_eq!(driver.gets(&pool, &used).await, "10.1.0.9/24");
    });
}

#[tokio::test]
async fn a_range_is_where_addresses_come_from_and_others_can_be_asked_for() {
    on_both!(driver => {
        let range = WantedPool { range: Some(net("10.1.0.128/30")), ..subnet("10.1.0.0/24") };
        let pool = driver.pool(&range).await;
        assert_eq!(driver.gets(&pool, &gateway(Some("10.1.0.1"))).await, "10.1.0.1/24");
        assert_eq!(driver.gets(&pool, &Wanted::Auxiliary { address: ip("10.1.0.130") }).await, "10.1.0.130/24");
        let mut given = Vec::new();
        for number in 0..3 {
            given.push(driver.gets(&pool, &endpoint(None, &format!("m{number}"))).await);
        }
        given.sort();
        assert_eq!(given, ["10.1.0.128/24", "10.1.0.129/24", "10.1.0.131/24"]);
        assert!(driver.is_refused(&pool, &endpoint(None, "m9")).await.contains("no address is left in 10.1.0.128/30"));
        assert_eq!(driver.gets(&pool, &endpoint(Some("10.1.0.7"), "m9")).await, "10.1.0.7/24");
        let outside = WantedPool { range: Some(net("10.2.0.0/24")), ..subnet("10.1.0.0/24") };
        let said = driver.request_pool(&outside, soon()).await.unwrap_err().to_string();
        assert_eq!(said, "ip range 10.2.0.0/24 is no part of subnet 10.1.0.0/24");
        let alone = WantedPool { range: Some(net("10.2.0.0/24")), ..whatever(false) };
        let said = driver.request_pool(&alone, soon()).await.unwrap_err().to_string();
        assert_eq!(said, "ip range 10.2.0.0/24 is of no subnet: name it with --subnet");
    });
}

#[tokio::test]
async fn networks_on_one_pool_share_its_gateway_and_nothing_else() {
    on_both!(driver => {
        let (one, other) = (driver.pool(&subnet("10.1.0.0/24")).await, driver.pool(&subnet("10.1.0.0/24")).await);
        assert_ne!(one, other);
        assert_eq!(driver.gets(&one, &gateway(Some("10.1.0.254"))).await, "10.1.0.254/24");
        assert_eq!(driver.gets(&other, &gateway(None)).await, "10.1.0.254/24");
        let auxiliary = Wanted::Auxiliary { address: ip("10.1.0.7") };
        driver.gets(&one, &auxiliary).await;
        driver.gets(&other, &auxiliary).await;
        driver.gets(&one, &endpoint(Some("10.1.0.9"), "m1")).await;
        assert!(driver.is_refused(&other, &endpoint(Some("10.1.0.9"), "m1")).await.contains("in use"));
        assert!(driver.is_refused(&other, &Wanted::Auxiliary { address: ip("10.1.0.9") }).await.contains("in use"));
        // Who does not have it lets go of nothing.
        driver.release_address(&other, ip("10.1.0.9"), soon()).await;
        driver.release_address(&one, ip("10.1.0.254"), soon()).await;
        driver.release_address(&one, ip("10.1.0.7"), soon()).await;
        for held in ["10.1.0.9", "10.1.0.254", "10.1.0.7"] {
            assert!(driver.is_refused(&other, &endpoint(Some(held), "m3")).await.contains("in use"), "{held}");
        }
        driver.release_pool(&one, soon()).await;
        assert_eq!(driver.gets(&other, &endpoint(Some("10.1.0.9"), "m3")).await, "10.1.0.9/24");
        assert!(driver.is_refused(&other, &endpoint(Some("10.1.0.254"), "m3")).await.contains("in use"));
        driver.release_pool(&other, soon()).await;
        driver.release_pool(&other, soon()).await;
        assert_eq!(driver.all().await, []);
    });
}

/// Docker lets go of a pool whose network failed, and not of the gateway that it was given: seen with 20.10 and 28.
#[tokio::test]
async fn with_a_claim_goes_all_that_was_given_through_it() {
    on_both!(driver => {
        let (one, other) = (driver.pool(&subnet("10.1.0.0/24")).await, driver.pool(&subnet("10.1.0.0/24")).await);
        driver.gets(&one, &gateway(Some("10.1.0.1"))).await;
        driver.gets(&one, &endpoint(Some("10.1.0.9"), "m1")).await;
        driver.release_pool(&one, soon()).await;
        for free in ["10.1.0.1", "10.1.0.9"] {
            assert_eq!(driver.gets(&other, &endpoint(Some(free), "m2")).await, format!("{free}/24"));
        }
    });
}

#[tokio::test]
async fn vrfs_are_apart_and_subnets_of_one_do_not_overlap() {
    on_both!(driver => {
        let blue = WantedPool { vrf: "blue".parse().unwrap(), ..subnet("10.1.0.0/24") };
        let (one, other) = (driver.pool(&subnet("10.1.0.0/24")).await, driver.pool(&blue).await);
        driver.gets(&one, &endpoint(Some("10.1.0.9"), "m1")).await;
        assert_eq!(driver.gets(&other, &endpoint(Some("10.1.0.9"), "m1")).await, "10.1.0.9/24");
        for overlapping in ["10.1.0.0/16", "10.1.0.128/25"] {
            let said = driver.request_pool(&subnet(overlapping), soon()).await.unwrap_err().to_string();
            assert!(said.contains("overlaps 10.1.0.0/24, which h1 has"), "{said}");
        }
        let apart = WantedPool { vrf: "red".parse().unwrap(), ..subnet("10.1.0.0/16") };
        driver.pool(&apart).await;
    });
}

#[tokio::test]
async fn a_network_without_a_subnet_gets_one_of_its_own() {
    on_both!(driver => {
        driver.pool(&WantedPool { vrf: "blue".parse().unwrap(), ..subnet("172.17.4.0/24") }).await;
        let mut chosen = Vec::new();
        for _ in 0..2 {
            chosen.push(driver.pool(&whatever(false)).await.key.subnet.to_string());
        }
        assert_eq!(chosen, ["172.18.0.0/16", "172.19.0.0/16"], "172.17.0.0/16 is in use, though in another vrf");
        let elsewhere = WantedPool { avoid: vec![net("172.20.1.0/24"), net("172.21.0.0/16")], ..whatever(false) };
        assert_eq!(driver.pool(&elsewhere).await.key.subnet, net("172.22.0.0/16"));
        let six = driver.pool(&whatever(true)).await;
        assert!(net("fd00::/8").contains(&six.key.subnet) && six.key.subnet.prefix_len() == 64);
        assert_eq!(driver.gets(&six, &gateway(None)).await, format!("{}1/64", six.key.subnet.addr()));
        for _ in 0..27 {
            driver.pool(&whatever(false)).await;
        }
        let said = driver.request_pool(&whatever(false), soon()).await.unwrap_err().to_string();
        assert_eq!(said, "no subnet is left that could be chosen for vrf default: name one with --subnet");
    });
}

/// The last one that Docker knows is not forgotten because somebody let go of it for this host by mistake.
#[tokio::test]
async fn a_claim_that_docker_still_has_comes_back_with_its_next_request() {
    on_both!(driver => {
        let range = WantedPool { range: Some(net("10.1.0.128/30")), ..subnet("10.1.0.0/24") };
        let pool = driver.pool(&range).await;
        driver.release_pool(&pool, soon()).await;
        let given = driver.gets(&pool, &endpoint(None, "m1")).await;
        assert!(net("10.1.0.128/30").contains(&given.parse::<ipnet::IpNet>().unwrap().addr()), "{given}");
        let [listed] = &driver.all().await[..] else { panic!("one pool") };
        assert_eq!(listed.pool.claims[&pool.claim].range, Some(net("10.1.0.128/30")));
    });
}
