//! Many at once.

use futures_util::future::join_all;

use super::host::{Host, endpoint, endpoint_port, network, on_host, own_bridge, soon};
use crate::{Condition, Dataplane, Error};

#[test]
fn thirty_endpoints_come_and_go_at_once() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let before = host.traces();
        let ends: Vec<_> = (2..32u8)
            .map(|number| endpoint(&net, &format!("end{number}"), vec![endpoint_port(&format!("ove{number}"), number)]))
            .collect();
        for result in join_all(ends.iter().map(|end| plumbing.perform(end, soon()))).await {
            result.unwrap();
        }
        let together = largest_transaction(host);
        assert!(together > 5, "no more than {together} were added together");
        for end in &ends {
            let found = plumbing.verify(end, soon()).await.unwrap();
            assert!(found.iter().all(|finding| finding.condition == Condition::Fine), "{found:?}");
        }
        for result in join_all(ends.iter().map(|end| plumbing.undo(end, soon()))).await {
            result.unwrap();
        }
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(host.traces(), before);
    });
}

/// How many changes there were in the transaction that had most.
fn largest_transaction(host: &Host) -> usize {
    let log = host.sh(&format!("ovsdb-tool show-log {}", host.switch.path("conf.db")));
    log.split("record ").map(|record| record.matches("docker-ovs: ").count()).max().unwrap_or_default()
}

#[test]
fn one_that_cannot_be_added_does_not_take_the_others_with_it() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        // The last one wants the port of the one before, in one transaction with it: Open vSwitch refuses that whole.
        let ends: Vec<_> = (2..23u8)
            .map(|number| (number, format!("ove{}", number.min(21))))
            .map(|(number, port)| endpoint(&net, &format!("end{number}"), vec![endpoint_port(&port, number)]))
            .collect();
        let results = join_all(ends.iter().map(|end| plumbing.perform(end, soon()))).await;
        let errors: Vec<&Error> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        assert!(matches!(errors[..], [Error::Foreign { .. }]), "{errors:?}");
        for (end, result) in ends.iter().zip(&results) {
            let found = plumbing.verify(end, soon()).await.unwrap();
            assert_eq!(found[0].condition == Condition::Fine, result.is_ok(), "{found:?}");
        }
        assert_eq!(host.switch.vsctl("list-ports ovb1").lines().count(), 20);
    });
}

#[test]
fn one_that_comes_does_not_wait_behind_many_that_go() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let ends: Vec<_> = (2..62u8)
            .map(|number| endpoint(&net, &format!("end{number}"), vec![endpoint_port(&format!("ove{number}"), number)]))
            .collect();
        join_all(ends.iter().map(|end| plumbing.perform(end, soon()))).await;
        join_all(ends.iter().map(|end| plumbing.undo(end, soon()))).await;
        let still_there = host.switch.vsctl("list-ports ovb1").lines().count();
        let late = endpoint(&net, "late", vec![endpoint_port("ove99", 99)]);
        plumbing.perform(&late, soon()).await.unwrap();
        let left = host.switch.vsctl("list-ports ovb1").lines().count();
        assert!(
            left > 20,
            "of {still_there} ports that were leaving {left} still are: the new one did not wait for them"
        );
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("list-ports ovb1"), "ove99");
    });
}
