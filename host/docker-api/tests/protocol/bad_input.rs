//! Whatever is sent, the answer is a clear error, and the driver hears nothing.

use docker_api::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use crate::client::{post, raw};
use crate::lab::{Lab, ROUTES, endpoint, short};

/// What Docker sends when it repeats a call whose connection broke (moby#39331).
#[tokio::test]
async fn an_empty_body_is_refused_on_every_route() {
    let lab = Lab::start(Limits::default());
    for route in ROUTES {
        for body in ["", " \n"] {
            let answer = lab.call(route, body).await;
            assert_eq!(answer.status, 400, "{route}");
            assert!(answer.error().starts_with(&format!("{route}: the body is empty")), "{answer:?}");
        }
    }
    assert_eq!(lab.calls(), [""; 0]);
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_on_every_route() {
    let lab = Lab::start(Limits::default());
    let deep = "[".repeat(100_000);
    for route in ROUTES {
        for body in ["null", "[]", "7", "\"text\"", "{", "{\"NetworkID\": ", "{}x", "\u{0}", &deep] {
            let answer = lab.call(route, body).await;
            assert_eq!(answer.status, 400, "{route} {body:.20}");
            assert!(answer.error().starts_with(route), "{answer:?}");
        }
        assert_eq!(lab.call(route, b"{\"NetworkID\": \"\xff\"}").await.status, 400);
    }
    assert_eq!(lab.calls(), [""; 0]);
}

#[tokio::test]
async fn identifiers_that_are_missing_or_odd_are_named() {
    let lab = Lab::start(Limits::default());
    let cases = [
        ("{}", "NetworkDriver.Join: NetworkID is missing"),
        (r#"{"NetworkID": null, "EndpointID": "e"}"#, "NetworkDriver.Join: NetworkID is missing"),
        (r#"{"NetworkID": "n"}"#, "NetworkDriver.Join: EndpointID is missing"),
        (r#"{"NetworkID": "n", "EndpointID": "../e"}"#, "NetworkDriver.Join: EndpointID is \"../e\", expected"),
    ];
    for (body, expected) in cases {
        let answer = lab.call("NetworkDriver.Join", body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.error().starts_with(expected), "{answer:?}");
    }
    assert_eq!(lab.calls(), [""; 0]);
}

#[tokio::test]
async fn values_that_cannot_be_are_named() {
    let lab = Lab::start(Limits::default());
    let cases = [
        ("CreateNetwork", r#""IPv4Data": [{"Pool": "10.0.0.0/33"}]"#, "Pool is \"10.0.0.0/33\""),
        ("CreateNetwork", r#""IPv6Data": [{"Gateway": "fd00::g"}]"#, "Gateway is \"fd00::g\""),
        ("CreateNetwork", r#""IPv4Data": [{"AuxAddresses": {"tv": "x"}}]"#, "AuxAddresses: tv is \"x\""),
        ("CreateEndpoint", r#""Interface": {"MacAddress": "0:1"}"#, "Interface: MacAddress is \"0:1\""),
        ("CreateEndpoint", r#""Interface": {"Address": "10.0.0.256/8"}"#, "Interface: Address is \"10.0.0.256/8\""),
        ("Join", r#""Options": {"com.docker.network.portmap": [{"Proto": 1, "Port": 1}]}"#, "Proto is"),
    ];
    for (call, field, expected) in cases {
        let body = format!(r#"{{"NetworkID": "n", "EndpointID": "e", {field}}}"#);
        let answer = lab.call(&format!("NetworkDriver.{call}"), body).await;
        assert_eq!(answer.status, 400, "{field}");
        assert!(answer.error().contains(expected), "{answer:?}");
    }
    assert_eq!(lab.calls(), [""; 0]);
}

#[tokio::test]
async fn pools_and_addresses_that_cannot_be_are_named() {
    let lab = Lab::start(Limits::default());
    let cases = [
        ("RequestPool", r#"{"Pool": "10.0.0.0/33"}"#, "Pool is \"10.0.0.0/33\""),
        ("RequestPool", r#"{"SubPool": "x"}"#, "SubPool is \"x\""),
        ("ReleasePool", "{}", "PoolID is missing"),
        ("RequestAddress", r#"{"Address": "10.0.0.1"}"#, "PoolID is missing"),
        ("RequestAddress", r#"{"PoolID": "p q"}"#, "PoolID is \"p q\", expected the id of a pool"),
        ("RequestAddress", r#"{"PoolID": "p", "Address": "10.0.0.0/24"}"#, "Address is \"10.0.0.0/24\""),
        ("ReleaseAddress", r#"{"PoolID": "p", "Address": ""}"#, "Address is missing"),
    ];
    for (call, body, expected) in cases {
        let answer = lab.call(&format!("IpamDriver.{call}"), body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.error().contains(expected), "{answer:?}");
    }
    assert_eq!(lab.calls(), [""; 0]);
}

#[tokio::test]
async fn an_unknown_route_is_not_implemented() {
    let lab = Lab::start(Limits::default());
    for path in ["NetworkDriver.Nonsense", "IpamDriver.Nonsense", "", "NetworkDriver.Join/", "networkdriver.join"] {
        let answer = lab.call(path, endpoint("one")).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.error(), format!("no such call: /{path}"));
    }
}

#[tokio::test]
async fn calls_are_posted() {
    let lab = Lab::start(Limits::default());
    let answer = raw(lab.socket(), b"GET /Plugin.Activate HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(answer.status, 405);
    assert!(answer.head.contains("allow: post"), "{}", answer.head);
    assert_eq!(answer.error(), "GET is not how calls are made: POST them");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let lab = Lab::start(Limits { body: 1000, ..Limits::default() });
    let (fits, too_large) = (format!("{:1000}", endpoint("one")), format!("{:1001}", endpoint("one")));
    assert_eq!(lab.call("NetworkDriver.Leave", fits).await.status, 200);
    let announced = lab.call("NetworkDriver.Leave", &too_large).await;
    let head = "POST /NetworkDriver.Leave HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunked = format!("{head}3e9\r\n{too_large}\r\n0\r\n\r\n");
    let surprising = raw(lab.socket(), chunked.as_bytes()).await;
    for answer in [announced, surprising] {
        assert_eq!(answer.status, 413);
        assert_eq!(answer.error(), "the body is larger than 1000 bytes");
    }
    assert_eq!(lab.calls(), ["leave net one"]);
}

#[tokio::test]
async fn a_megabyte_is_the_limit_unless_told() {
    let lab = Lab::start(Limits::default());
    let large = vec![b' '; 1024 * 1024 + 1];
    assert_eq!(lab.call("NetworkDriver.Leave", large).await.status, 413);
}

#[tokio::test]
async fn a_slow_sender_is_told_and_a_silent_one_is_dropped() {
    let lab = Lab::start(short());
    let head = b"POST /NetworkDriver.Leave HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    let answer = raw(lab.socket(), head).await;
    assert_eq!(answer.status, 408);
    assert_eq!(answer.error(), "the body was not sent within 0.2 s");

    let mut stream = UnixStream::connect(lab.socket()).await.unwrap();
    stream.write_all(b"POST /Plugin.Ac").await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(!String::from_utf8_lossy(&rest).contains("200 OK"));
    assert_eq!(lab.calls(), [""; 0]);
}

#[tokio::test]
async fn a_body_that_breaks_off_reaches_nobody() {
    let lab = Lab::start(Limits::default());
    let mut stream = UnixStream::connect(lab.socket()).await.unwrap();
    let head = b"POST /NetworkDriver.Leave HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    stream.write_all(head).await.unwrap();
    drop(stream);
    assert_eq!(post(lab.socket(), "NetworkDriver.Leave", endpoint("one").as_bytes()).await.status, 200);
    assert_eq!(lab.calls(), ["leave net one"]);
}
