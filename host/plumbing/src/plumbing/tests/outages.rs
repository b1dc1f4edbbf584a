//! OVN's northbound database does not answer: what is this host's own is put right meanwhile, the rest when it is back.

use std::time::Duration;

use plan::{Action, AdmittedStep, HostPort, RouteVia};
use tokio::time::Instant;

use super::central::nbctl;
use super::host::{Host, becomes, endpoint, found, is_fine, name, network, rule_step, soon};
use super::logical::{does_not_answer, gateway, on_chassis, on_switch, port, router, switch};
use crate::{Condition, Dataplane, Error, Event, Work};

/// A network on which the host has a foot, `ovh9`.
fn with_foot() -> Work {
    let route = RouteVia { destination: "10.2.0.0/16".parse().unwrap(), next_hop: "10.1.0.1".parse().unwrap() };
    let mut foot = HostPort::new(on_switch(), vec!["10.1.0.9/16".parse().unwrap()]);
    foot.routes = vec![route];
    let foot = AdmittedStep { name: Some(name("ovh9")), ..rule_step("host", Action::HostPort(foot)) };
    network("net", vec![switch("10.1.0.0/16"), router(), gateway("10.1.0.1/16"), foot])
}

fn lose_the_foots_row(host: &Host) {
    let port = nbctl(&host.switch, "--bare --columns=name find Logical_Switch_Port type=localport");
    nbctl(&host.switch, &format!("lsp-del {port}"));
}

fn has_foot(host: &Host) -> bool {
    host.links().contains(&"ovh9".to_owned())
        && host.sh("ip address show dev ovh9").contains("10.1.0.9/16")
        && host.sh("ip route show dev ovh9").contains("10.2.0.0/16 via 10.1.0.1")
}

#[test]
fn what_is_this_hosts_own_is_put_right_meanwhile_and_rows_when_it_is_back() {
    on_chassis(async |host, central| {
        let plumbing = host.plumbing_with_ovn().await;
        let (net, end) = (with_foot(), endpoint(&with_foot(), "end", vec![port(2, |_| {})]));
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        let mut events = plumbing.events();
        lose_the_foots_row(host);
        central.kill("nb");
        while events.recv().await.unwrap() != Event::NorthboundDown {}
        let began = Instant::now();

        host.sh("ip address flush dev ovh9");
        let found_now = found(&plumbing, &net).await;
        assert!(found_now[..3].iter().all(does_not_answer), "{found_now:?}");
        assert!(matches!(found_now[3], Condition::Different(_)), "what is known of a step comes first: {found_now:?}");
        assert_eq!(plumbing.repair(&net, soon()).await.unwrap().len(), 4);
        assert!(has_foot(host) && found(&plumbing, &net).await.iter().all(does_not_answer));

        host.switch.vsctl("del-port br-int ovh9");
        plumbing.ready(soon()).await.unwrap();
        assert_eq!(found(&plumbing, &net).await[3], Condition::Missing);
        plumbing.repair(&net, soon()).await.unwrap();
        assert!(has_foot(host) && found(&plumbing, &net).await.iter().all(does_not_answer));

        // Nor does anybody wait for OVN to connect what it was not told of.
        central.kill("controller");
        host.switch.vsctl("remove Interface ove2 external_ids ovn-installed");
        host.switch.vsctl("set Interface ove2 external_ids:iface-id=other");
        plumbing.ready(soon()).await.unwrap();
        plumbing.repair(&end, soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("get Interface ove2 external_ids:iface-id"), "end");
        for _ in 0..20 {
            assert!(found(&plumbing, &end).await.iter().all(does_not_answer));
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nobody waits for it again and again");

        central.start_controller(&host.switch);
        central.start_database(&host.switch, "nb");
        while events.recv().await.unwrap() != Event::NorthboundUp {}
        assert_eq!(found(&plumbing, &net).await[3], Condition::Missing);
        plumbing.repair(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await);
        becomes(&plumbing, &end, &[Condition::Fine]).await;
        plumbing.undo(&end, soon()).await.unwrap();
        plumbing.undo(&net, soon()).await.unwrap();
    });
}

#[test]
fn one_that_hangs_takes_nothing_from_what_is_this_hosts_own() {
    on_chassis(async |host, central| {
        let plumbing = host.plumbing_with_ovn().await;
        let net = with_foot();
        plumbing.perform(&net, soon()).await.unwrap();
        lose_the_foots_row(host);
        becomes(&plumbing, &net, &[Condition::Fine, Condition::Fine, Condition::Fine, Condition::Missing]).await;
        host.sh(&format!("kill -STOP {}", central.id_of("nb")));
        host.switch.vsctl("del-port br-int ovh9");
        plumbing.ready(soon()).await.unwrap();
        let error = plumbing.repair(&net, Instant::now() + Duration::from_secs(10)).await.unwrap_err();
        assert!(matches!(error, Error::NorthboundAway { .. }), "{error}");
        assert!(has_foot(host), "its row is all that waits");
    });
}
