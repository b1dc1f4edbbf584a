//! Open vSwitch away, dying, coming back, and remembering what is no longer so.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::host::{endpoint, endpoint_port, host_port, is_fine, network, on_bare_host, on_host, own_bridge, soon};
use crate::{Condition, Dataplane, Error, Event};

fn shortly() -> Instant {
    Instant::now() + Duration::from_millis(300)
}

#[test]
fn without_open_vswitch_the_error_says_so_and_with_it_all_works() {
    on_bare_host(async |host| {
        let plumbing = host.plumbing().await;
        let before = host.links();
        let net = network("net", vec![own_bridge("ovb1")]);
        let error = plumbing.perform(&net, shortly()).await.unwrap_err();
        assert!(matches!(error, Error::OvsAway { .. }), "{error}");
        let text = format!("Open vSwitch does not answer at {}: is it running?", host.switch.remote());
        assert!(error.to_string().starts_with(&text), "{error}");
        assert!(!plumbing.health().connected);
        assert_eq!(host.links(), before);

        let mut events = plumbing.events();
        let waiting = tokio::spawn({
            let (plumbing, net) = (plumbing.clone(), net.clone());
            async move { plumbing.perform(&net, soon()).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        host.switch.start_database();
        host.switch.start_daemon();
        waiting.await.unwrap().expect("a call waits for an Open vSwitch that is starting");
        assert_eq!(events.recv().await.unwrap(), Event::OvsUp);
        let health = plumbing.health();
        assert!(health.connected && health.settled, "{health:?}");
    });
}

#[test]
fn without_the_daemon_nothing_is_left_and_later_all_works() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let links = host.links();
        host.switch.kill_daemon();
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        let error = plumbing.perform(&end, shortly()).await.unwrap_err();
        assert!(matches!(error, Error::NotTakenOver { .. }), "{error}");
        assert!(error.to_string().contains("port ove2 of bridge ovb1"), "{error}");
        assert!(!plumbing.health().settled);
        assert!(matches!(plumbing.ready(shortly()).await, Err(Error::NotTakenOver { .. })));
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("--no-wait list-ports ovb1"), "");
        assert_eq!(host.links(), links);

        host.switch.start_daemon();
        let again = endpoint(&net, "end", vec![endpoint_port("ove3", 3)]);
        plumbing.perform(&again, soon()).await.unwrap();
        plumbing.ready(soon()).await.unwrap();
        assert!(is_fine(&plumbing, &again).await);
    });
}

#[test]
fn a_database_that_restarts_is_followed() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1"), host_port("ovh1", "10.9.0.1/24")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let mut events = plumbing.events();
        plumbing.ready(soon()).await.unwrap();
        assert!(timeout_at(shortly(), plumbing.lost()).await.is_err(), "it is there");
        host.switch.kill_database();
        assert_eq!(events.recv().await.unwrap(), Event::OvsDown);
        assert!(matches!(timeout_at(soon(), plumbing.lost()).await, Ok(Error::OvsAway { .. })));
        assert!(matches!(plumbing.ready(shortly()).await, Err(Error::OvsAway { .. })));
        host.switch.start_database();
        assert_eq!(events.recv().await.unwrap(), Event::OvsUp);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await && is_fine(&plumbing, &end).await);
    });
}

#[test]
fn a_number_that_a_crash_left_behind_is_not_believed() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        host.switch.kill_daemon();
        assert_eq!(
            host.switch.vsctl("--no-wait get Interface ove2 ofport error"),
            "1\n[]",
            "the row claims to be ready"
        );
        let error = plumbing.perform(&end, shortly()).await.unwrap_err();
        assert!(matches!(error, Error::NotTakenOver { .. }), "{error}");
        host.switch.start_daemon();
        plumbing.perform(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &end).await, "what was there before a call that failed stays");
    });
}

#[test]
fn a_removal_that_open_vswitch_missed_is_done_when_it_is_back() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        host.switch.kill_database();
        let error = plumbing.undo(&end, shortly()).await.unwrap_err();
        assert!(matches!(error, Error::OvsAway { .. }), "{error}");
        host.switch.start_database();
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("list-ports ovb1"), "");
        assert!(!host.links().contains(&"ove2".to_owned()));
    });
}

#[test]
fn a_failing_last_step_takes_everything_back() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let before = host.traces();
        let good = endpoint_port("ove2", 2);
        let mut taken = endpoint_port("ove3", 3);
        taken.label = plan::Label::new("second").unwrap();
        host.sh("ip link add ove3 type bridge");
        let end = endpoint(&net, "end", vec![good, taken]);
        let error = plumbing.perform(&end, soon()).await.unwrap_err();
        assert_eq!(error.to_string(), "link ove3 belongs to somebody else: it is left as it is");
        host.sh("ip link delete ove3");
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(host.traces(), before);
        assert!(
            plumbing.verify(&end, soon()).await.unwrap().iter().all(|it| matches!(it.condition, Condition::Broken(_)))
        );
    });
}
