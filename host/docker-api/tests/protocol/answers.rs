//! What Docker hears.

use docker_api::{ADDRESS_SPACE, Limits};
use serde_json::json;

use crate::client::raw;
use crate::lab::{Lab, endpoint};

#[tokio::test]
async fn the_plugin_introduces_itself_without_a_body() {
    let lab = Lab::start(Limits::default());
    let activated = lab.call("Plugin.Activate", "").await;
    assert_eq!((activated.status, activated.body), (200, json!({"Implements": ["NetworkDriver", "IpamDriver"]})));
    let capabilities = lab.call("NetworkDriver.GetCapabilities", "").await;
    let expected = json!({"Scope": "local", "ConnectivityScope": "global", "GwAllocChecker": true});
    assert_eq!((capabilities.status, capabilities.body), (200, expected));
}

#[tokio::test]
async fn the_address_management_introduces_itself_without_a_body() {
    let lab = Lab::start(Limits::default());
    let capabilities = lab.call("IpamDriver.GetCapabilities", "").await;
    let expected = json!({"RequiresMACAddress": true, "RequiresRequestReplay": false});
    assert_eq!((capabilities.status, capabilities.body), (200, expected));
    let spaces = lab.call("IpamDriver.GetDefaultAddressSpaces", "").await;
    let expected = json!({"LocalDefaultAddressSpace": ADDRESS_SPACE, "GlobalDefaultAddressSpace": ADDRESS_SPACE});
    assert_eq!((spaces.status, spaces.body), (200, expected));
}

#[tokio::test]
async fn pools_and_addresses_are_given_as_docker_reads_them() {
    let lab = Lab::start(Limits::default());
    let ask = async |call: &str, body: &str| lab.call(&format!("IpamDriver.{call}"), body).await.body;
    let pool = ask("RequestPool", r#"{"Pool": "10.1.0.0/24"}"#).await;
    assert_eq!(pool, json!({"PoolID": "p", "Pool": "10.1.0.0/24", "Data": {}}));
    let address = ask("RequestAddress", r#"{"PoolID": "p", "Address": "10.1.0.9"}"#).await;
    assert_eq!(address, json!({"Address": "10.1.0.9/24", "Data": {}}));
    assert_eq!(ask("ReleaseAddress", r#"{"PoolID": "p", "Address": "10.1.0.9"}"#).await, json!({}));
    assert_eq!(ask("ReleasePool", r#"{"PoolID": "p"}"#).await, json!({}));
}

/// Docker looks at `Error` there, and at `Err` elsewhere.
#[tokio::test]
async fn a_refusal_of_an_address_is_an_error_with_status_200() {
    let lab = Lab::start(Limits::default());
    let answer = lab.call("IpamDriver.RequestPool", r#"{"Options": {"vrf": "no such"}}"#).await;
    assert_eq!((answer.status, answer.body), (200, json!({"Error": "no vrf"})));
}

#[tokio::test]
async fn every_answer_is_plugin_json_and_closes_its_connection() {
    let lab = Lab::start(Limits::default());
    for path in ["Plugin.Activate", "NetworkDriver.Nonsense", "NetworkDriver.Join"] {
        let head = lab.call(path, "").await.head;
        assert!(head.contains("content-type: application/vnd.docker.plugins.v1.2+json"), "{head}");
        assert!(head.contains("connection: close"), "{head}");
    }
}

/// Docker before 24 sends an empty or an odd one.
#[tokio::test]
async fn any_host_header_will_do() {
    let lab = Lab::start(Limits::default());
    for host in ["Host: \r\n", "Host: %2Frun%2Fdocker%2Fplugins%2Fovs.sock\r\n", "Host: plugin.moby.localhost\r\n"] {
        let request = format!("POST /Plugin.Activate HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n");
        assert_eq!(raw(lab.socket(), request.as_bytes()).await.status, 200, "{host}");
    }
}

#[tokio::test]
async fn gateways_are_skipped_as_the_driver_says() {
    let lab = Lab::start(Limits::default());
    let ask = async |mode: &str| {
        let options = json!({"Options": {"com.docker.network.generic": {"mode": mode}}});
        lab.call("NetworkDriver.GwAllocCheck", options.to_string()).await.body
    };
    assert_eq!(ask("flat").await, json!({"SkipIPv4": true, "SkipIPv6": true}));
    assert_eq!(ask("nat").await, json!({"SkipIPv4": false, "SkipIPv6": false}));
}

#[tokio::test]
async fn a_refusal_is_an_err_with_status_200() {
    let lab = Lab::start(Limits::default());
    let body = json!({"NetworkID": "net", "Options": {"com.docker.network.generic": {"typo": "1"}}}).to_string();
    let answer = lab.call("NetworkDriver.CreateNetwork", body).await;
    assert_eq!((answer.status, answer.body), (200, json!({"Err": "no option `typo`"})));
}

#[tokio::test]
async fn what_docker_decided_is_never_echoed() {
    let lab = Lab::start(Limits::default());
    let create = async |interface: serde_json::Value| {
        let body = json!({"NetworkID": "net", "EndpointID": "one", "Interface": interface}).to_string();
        lab.call("NetworkDriver.CreateEndpoint", body).await.body
    };
    let all = json!({"Address": "10.1.0.2/24", "AddressIPv6": "fd00::2/64", "MacAddress": "02:00:00:00:00:09"});
    assert_eq!(create(all).await, json!({}));
    let no_mac = json!({"Address": "10.1.0.2/24", "AddressIPv6": "", "MacAddress": ""});
    let mac_only = json!({"Interface": {"Address": "", "AddressIPv6": "", "MacAddress": "02:00:00:00:00:01"}});
    assert_eq!(create(no_mac).await, mac_only);
    let made = json!({"Interface": {"Address": "10.9.9.9/24", "AddressIPv6": "", "MacAddress": "02:00:00:00:00:01"}});
    assert_eq!(create(json!(null)).await, made);
}

#[tokio::test]
async fn join_says_all_of_it() {
    let lab = Lab::start(Limits::default());
    let expected = json!({
        "InterfaceName": {"SrcName": "ovs1", "DstPrefix": "eth", "DstName": ""},
        "Gateway": "10.1.0.1",
        "GatewayIPv6": "fd00::1",
        "StaticRoutes": [
            {"Destination": "10.0.0.0/8", "RouteType": 0, "NextHop": "10.1.0.254"},
            {"Destination": "169.254.0.0/16", "RouteType": 1, "NextHop": ""}
        ],
        "DisableGatewayService": true
    });
    assert_eq!(lab.call("NetworkDriver.Join", endpoint("one")).await.body, expected);
}

#[tokio::test]
async fn what_has_no_answer_is_answered_with_some_json() {
    let lab = Lab::start(Limits::default());
    for call in ["Leave", "DeleteEndpoint", "RevokeExternalConnectivity", "ProgramExternalConnectivity"] {
        let answer = lab.call(&format!("NetworkDriver.{call}"), endpoint("one")).await;
        assert_eq!((answer.status, answer.body), (200, json!({})), "{call}");
    }
    let info = lab.call("NetworkDriver.EndpointOperInfo", endpoint("one")).await.body;
    assert_eq!(info, json!({"Value": {"interface": "ovs1"}}));
}

#[tokio::test]
async fn a_swarm_manager_gets_its_options_back() {
    let lab = Lab::start(Limits::default());
    let body = json!({"NetworkID": "9uz1xrqwtlaoz0zqj6vw8h4pv", "Options": {"mode": "nat"}, "IPv4Data": null});
    let answer = lab.call("NetworkDriver.AllocateNetwork", body.to_string()).await.body;
    assert_eq!(answer, json!({"Options": {"mode": "nat"}}));
    let free = lab.call("NetworkDriver.FreeNetwork", r#"{"NetworkID": "9uz1xrqwtlaoz0zqj6vw8h4pv"}"#).await;
    assert_eq!((free.status, free.body), (200, json!({})));
    assert_eq!(lab.calls(), [""; 0]);
}

#[tokio::test]
async fn only_nodes_are_discovered() {
    let lab = Lab::start(Limits::default());
    let node = json!({"DiscoveryType": 1, "DiscoveryData": {"Address": "192.0.2.7", "BindAddress": "", "Self": true}});
    let keys = json!({"DiscoveryType": 3, "DiscoveryData": {"Keys": ["c2VjcmV0"]}});
    for body in [node, keys] {
        for call in ["DiscoverNew", "DiscoverDelete"] {
            assert_eq!(lab.call(&format!("NetworkDriver.{call}"), body.to_string()).await.body, json!({}));
        }
    }
    let expected =
        ["Found", "Lost"].map(|change| format!("Discovery {{ change: {change}, address: 192.0.2.7, own: true }}"));
    assert_eq!(lab.calls(), expected);
}
