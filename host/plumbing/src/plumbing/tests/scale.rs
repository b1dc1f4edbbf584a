//! Many at once.

use futures_util::future::join_all;

use super::host::{endpoint, endpoint_port, network, on_host, own_bridge, soon};
use crate::{Condition, Dataplane};

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
