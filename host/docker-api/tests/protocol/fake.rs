//! A driver that only takes notes.

use std::sync::Mutex;

use docker_api::{
    Context, CreateEndpoint, CreateNetwork, CreatedEndpoint, Discovery, EndpointRef, GatewaySkip, InterfaceName,
    IpamDriver, Join, Joined, NetworkDriver, NetworkId, NetworkOptions, PoolId, ProgramExternalConnectivity, Refusal,
    ReleaseAddress, RequestAddress, RequestPool, RequestedPool, StaticRoute,
};
use ipnet::IpNet;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

/// A driver that writes down what it is asked, and does as the endpoint's name says: `slow...` goes on only when the test
/// says so, `late` fails at its deadline, `panic` panics.
pub(crate) struct FakeDriver {
    calls: Mutex<Vec<String>>,
    gate: Semaphore,
}

impl Default for FakeDriver {
    fn default() -> Self {
        Self { calls: Mutex::default(), gate: Semaphore::new(0) }
    }
}

impl FakeDriver {
    /// Lets the slow calls go on, those to come as well.
    pub(crate) fn open_gate(&self) {
        self.gate.close();
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }

    async fn behave(&self, context: Context, endpoint: &EndpointRef) -> Result<(), Refusal> {
        match endpoint.endpoint.as_str() {
            slow if slow.starts_with("slow") => {
                // A gate is open when it is closed as a semaphore.
                self.gate.acquire().await.unwrap_err();
                self.note(format!("finished {slow}"));
            }
            "late" => {
                sleep_until(context.deadline).await;
                return Err(Refusal::new("ovs-vswitchd gave no ofport in time"));
            }
            "panic" => panic!("asked to"),
            _ => {}
        }
        Ok(())
    }
}

impl NetworkDriver for FakeDriver {
    async fn gw_alloc_check(&self, _: Context, options: NetworkOptions) -> Result<GatewaySkip, Refusal> {
        let flat = options.generic.get("mode").is_some_and(|mode| mode == "flat");
        self.note(format!("{options:#?}"));
        Ok(GatewaySkip { ipv4: flat, ipv6: flat })
    }

    async fn create_network(&self, context: Context, request: CreateNetwork) -> Result<(), Refusal> {
        assert!(context.deadline > Instant::now());
        self.note(format!("{request:#?}"));
        match request.options.generic.get("typo") {
            Some(_) => Err(Refusal::new("no option `typo`")),
            None => Ok(()),
        }
    }

    async fn delete_network(&self, _: Context, network: NetworkId) -> Result<(), Refusal> {
        self.note(format!("delete network {network}"));
        Ok(())
    }

    /// Answers more than Docker wants to hear.
    async fn create_endpoint(&self, _: Context, request: CreateEndpoint) -> Result<CreatedEndpoint, Refusal> {
        self.note(format!("{request:#?}"));
        Ok(CreatedEndpoint {
            mac: Some("02:00:00:00:00:01".parse()?),
            ipv4: Some(request.ipv4.unwrap_or("10.9.9.9/24".parse()?)),
            ipv6: request.ipv6,
        })
    }

    async fn endpoint_info(&self, _: Context, endpoint: EndpointRef) -> Result<Map<String, Value>, Refusal> {
        self.note(format!("info {} {}", endpoint.network, endpoint.endpoint));
        Ok(Map::from_iter([("interface".to_owned(), "ovs1".into())]))
    }

    async fn delete_endpoint(&self, context: Context, endpoint: EndpointRef) -> Result<(), Refusal> {
        self.note(format!("delete {} {}", endpoint.network, endpoint.endpoint));
        self.behave(context, &endpoint).await
    }

    async fn join(&self, context: Context, request: Join) -> Result<Joined, Refusal> {
        self.note(format!("{request:#?}"));
        let endpoint = EndpointRef { network: request.network, endpoint: request.endpoint };
        self.behave(context, &endpoint).await?;
        let interface = InterfaceName { source: "ovs1".into(), prefix: "eth".into(), name: None };
        let routes = vec![
            StaticRoute { destination: "10.0.0.0/8".parse()?, next_hop: Some("10.1.0.254".parse()?) },
            StaticRoute { destination: "169.254.0.0/16".parse()?, next_hop: None },
        ];
        let (gateway_ipv4, gateway_ipv6) = (Some("10.1.0.1".parse()?), Some("fd00::1".parse()?));
        Ok(Joined { interface, gateway_ipv4, gateway_ipv6, routes, disable_gateway_service: true })
    }

    async fn leave(&self, context: Context, endpoint: EndpointRef) -> Result<(), Refusal> {
        self.note(format!("leave {} {}", endpoint.network, endpoint.endpoint));
        self.behave(context, &endpoint).await
    }

    async fn program_external_connectivity(
        &self,
        _: Context,
        request: ProgramExternalConnectivity,
    ) -> Result<(), Refusal> {
        self.note(format!("{request:#?}"));
        Ok(())
    }

    async fn revoke_external_connectivity(&self, _: Context, endpoint: EndpointRef) -> Result<(), Refusal> {
        self.note(format!("revoke {} {}", endpoint.network, endpoint.endpoint));
        Ok(())
    }

    async fn discover(&self, _: Context, discovery: Discovery) -> Result<(), Refusal> {
        self.note(format!("{discovery:?}"));
        Ok(())
    }
}

impl IpamDriver for FakeDriver {
    async fn request_pool(&self, _: Context, request: RequestPool) -> Result<RequestedPool, Refusal> {
        self.note(format!("{request:#?}"));
        match request.options.get("vrf").map(String::as_str) {
            Some("no such") => Err(Refusal::new("no vrf")),
            _ => Ok(RequestedPool { id: "p".into(), subnet: request.pool.unwrap_or("10.9.0.0/16".parse()?) }),
        }
    }

    async fn release_pool(&self, _: Context, pool: PoolId) -> Result<(), Refusal> {
        self.note(format!("release pool {pool}"));
        Ok(())
    }

    async fn request_address(&self, _: Context, request: RequestAddress) -> Result<IpNet, Refusal> {
        self.note(format!("{request:#?}"));
        Ok(IpNet::new(request.address.unwrap_or([10, 9, 0, 1].into()), 24)?)
    }

    async fn release_address(&self, _: Context, request: ReleaseAddress) -> Result<(), Refusal> {
        self.note(format!("release {} of pool {}", request.address, request.pool));
        Ok(())
    }
}
