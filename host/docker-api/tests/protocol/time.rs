//! Deadlines, clients that hang up, and the end of the server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use docker_api::{Drained, Limits};
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::time::sleep;

use crate::client::post;
use crate::lab::{Lab, endpoint, short};

/// Sends a call and hangs up before the answer.
async fn call_and_hang_up(lab: &Lab, endpoint_name: &str) {
    let body = endpoint(endpoint_name);
    let request =
        format!("POST /NetworkDriver.Leave HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut stream = UnixStream::connect(lab.socket()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    until(lab, &format!("leave net {endpoint_name}")).await;
}

/// Waits, at most five seconds, until the driver has noted this.
async fn until(lab: &Lab, note: &str) {
    for _ in 0..500 {
        if lab.calls().iter().any(|call| call == note) {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the driver never noted {note:?}: {:?}", lab.calls());
}

/// Waits, at most five seconds, until nobody listens any more.
async fn until_closed(lab: &Lab) {
    for _ in 0..500 {
        if UnixStream::connect(lab.socket()).await.is_err() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the listener is still open");
}

#[tokio::test]
async fn after_the_deadline_docker_is_told_which_call_is_late_and_the_call_goes_on() {
    let lab = Lab::start(short());
    let answer = lab.call("NetworkDriver.Leave", endpoint("slow")).await;
    assert_eq!(answer.status, 200);
    let expected = "NetworkDriver.Leave of endpoint slow on network net did not finish within 0.1 s and goes on in the \
                    background";
    assert_eq!(answer.error(), expected);
    assert_eq!(lab.calls(), ["leave net slow"]);
    lab.driver.open_gate();
    until(&lab, "finished slow").await;
}

#[tokio::test]
async fn join_has_more_time() {
    let lab = Lab::start(short());
    let started = Instant::now();
    let answer = lab.call("NetworkDriver.Join", endpoint("slow")).await;
    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
    assert!(answer.error().contains("did not finish within 0.3 s"), "{answer:?}");
}

#[tokio::test]
async fn an_error_at_the_deadline_is_the_drivers_own() {
    let lab = Lab::start(Limits { grace: Duration::from_secs(5), ..short() });
    let answer = lab.call("NetworkDriver.Leave", endpoint("late")).await;
    assert_eq!(answer.error(), "ovs-vswitchd gave no ofport in time");
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_server_lives() {
    let lab = Lab::start(Limits::default());
    let answer = lab.call("NetworkDriver.Leave", endpoint("panic")).await;
    let expected = "NetworkDriver.Leave of endpoint panic on network net failed inside the driver: its log says more";
    assert_eq!((answer.status, answer.error()), (200, expected));
    assert_eq!(lab.call("Plugin.Activate", "").await.status, 200);
}

#[tokio::test]
async fn a_daemon_that_hangs_up_stops_nothing() {
    let lab = Lab::start(Limits::default());
    call_and_hang_up(&lab, "slow").await;
    sleep(Duration::from_millis(50)).await;
    lab.driver.open_gate();
    until(&lab, "finished slow").await;
}

#[tokio::test]
async fn calls_under_way_finish_before_the_server_ends() {
    let mut lab = Lab::start(Limits::default());
    let socket = lab.socket().to_owned();
    let call = tokio::spawn(async move { post(&socket, "NetworkDriver.Leave", endpoint("slow").as_bytes()).await });
    until(&lab, "leave net slow").await;
    call_and_hang_up(&lab, "slow-unheard").await;
    lab.ask_to_stop();
    until_closed(&lab).await;
    lab.driver.open_gate();
    assert_eq!(call.await.unwrap().status, 200);
    let driver = Arc::clone(&lab.driver);
    assert_eq!(lab.stopped().await, Drained { unfinished: 0 });
    let finished = driver.calls().split_off(2);
    assert!(finished.contains(&"finished slow".into()) && finished.contains(&"finished slow-unheard".into()));
}

#[tokio::test]
async fn the_server_ends_with_its_time_to_drain() {
    let mut lab = Lab::start(Limits { drain: Duration::from_millis(50), ..Limits::default() });
    call_and_hang_up(&lab, "slow").await;
    lab.ask_to_stop();
    let Drained { unfinished } = lab.stopped().await;
    assert!(unfinished >= 1);
}

#[tokio::test]
async fn nobody_is_accepted_after_the_shutdown() {
    let mut lab = Lab::start(Limits::default());
    assert_eq!(lab.call("Plugin.Activate", "").await.status, 200);
    lab.ask_to_stop();
    until_closed(&lab).await;
    assert_eq!(lab.stopped().await, Drained { unfinished: 0 });
}

#[tokio::test]
async fn connections_over_the_limit_wait_for_their_turn() {
    let lab = Lab::start(Limits { connections: 2, ..Limits::default() });
    let opening = async {
        until(&lab, "leave net slow-2").await;
        sleep(Duration::from_millis(50)).await;
        assert_eq!(lab.calls(), ["leave net slow-1", "leave net slow-2"]);
        lab.driver.open_gate();
    };
    let call = |name| lab.call("NetworkDriver.Leave", endpoint(name));
    let (one, two, three, ()) = tokio::join!(call("slow-1"), call("slow-2"), call("slow-3"), opening);
    assert_eq!([one.status, two.status, three.status], [200; 3]);
    assert_eq!(lab.calls().len(), 6);
}
