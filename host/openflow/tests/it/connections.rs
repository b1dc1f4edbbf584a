//! Connections that cannot be made, and those that end.

use std::os::unix::net::UnixStream;
use std::time::Duration;

use openflow::{Change, Connection, Error, FlowFilter, Meter};
use tokio::time::{Instant, timeout_at};

use crate::switch::{Switch, soon, until};

#[tokio::test]
async fn nobody_there_is_said() {
    let error = Connection::open("/nowhere/br.mgmt".as_ref(), soon()).await.unwrap_err();
    assert_eq!(error.to_string(), "no bridge listens at /nowhere/br.mgmt: is ovs-vswitchd running?");
    assert!(error.is_lost());
}

#[tokio::test]
async fn a_bridge_that_is_not_to_speak_openflow_1_3_says_so() {
    let switch = Switch::start();
    switch.vsctl("set Bridge br protocols=OpenFlow10");
    let error = Connection::open(&switch.socket(), soon()).await.unwrap_err();
    assert!(matches!(error, Error::Version { version: 1, .. }), "{error}");
}

#[tokio::test]
async fn a_daemon_that_is_killed_is_noticed_and_its_flows_are_gone() {
    let mut switch = Switch::start();
    let bridge = switch.connect().await;
    bridge.change(&[Change::AddMeter(Meter { number: 1, rate: 1, burst: 1 })], soon()).await.unwrap();
    let shortly = Instant::now() + Duration::from_millis(100);
    assert!(timeout_at(shortly, bridge.closed()).await.is_err() && !bridge.is_closed());
    switch.kill_daemon();
    timeout_at(soon(), bridge.closed()).await.expect("the end is noticed while nothing is asked");
    assert!(matches!(bridge.meters(soon()).await, Err(Error::Closed { .. })));
    switch.start_daemon();
    until("the bridge listens again", || UnixStream::connect(switch.socket()).is_ok());
    let bridge = switch.connect().await;
    assert_eq!(bridge.meters(soon()).await.unwrap(), []);
}

#[tokio::test]
async fn calls_at_the_same_time_get_their_own_answers() {
    let switch = Switch::start();
    let bridge = switch.connect().await;
    let calls = (1..=40).map(|number| {
        let bridge = bridge.clone();
        tokio::spawn(async move {
            let meter = Meter { number, rate: number, burst: 1 };
            // An odd one is refused: it is there already.
            let twice = [Change::AddMeter(meter), Change::AddMeter(meter)];
            let changes = if number % 2 == 0 { &twice[..1] } else { &twice[..] };
            (number, bridge.change(changes, soon()).await.is_ok(), bridge.ports(soon()).await.unwrap().len())
        })
    });
    for call in calls.collect::<Vec<_>>() {
        let (number, fine, ports) = call.await.unwrap();
        assert_eq!((fine, ports), (number % 2 == 0, 3), "call {number}");
    }
    assert_eq!(bridge.meters(soon()).await.unwrap().len(), 40);
    assert_eq!(bridge.flows(&FlowFilter::of(vec![]), soon()).await.unwrap(), []);
}
