//! One host, one network and one endpoint, and plans for them that are right: each test breaks one thing.

use ipnet::IpNet;
use plan::{
    Action, Admitted, Asked, Attachment, Attribute, Bridge, BridgeOwner, Datapath, Denial, Endpoint, EndpointId,
    EndpointPort, Forward, Grants, HostBridge, HostFacts, HostInterface, HostPort, InterfaceName, Label, Masquerade,
    Network, NetworkId, Plan, Protocol, Publish, PublishedPort, Request, Rule, Step, Subnet, Uplink, Value, admit,
};

pub(crate) fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

pub(crate) fn text(key: &str, value: &str) -> Attribute {
    Attribute::new(key, Value::Text(value.to_owned()))
}

pub(crate) fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

pub(crate) fn step(label: &str, action: Action) -> Step {
    Step { label: label.to_owned(), action, why: None, shared: None }
}

/// A dual-stack network whose user named a bridge and an uplink.
pub(crate) fn network() -> Network {
    let subnet = |pool: &str, gateway: &str| Subnet {
        pool: net(pool),
        gateway: Some(net(gateway)),
        auxiliary: vec![Attribute::new("router", Value::Address("10.1.0.254".parse().unwrap()))],
    };
    Network {
        id: NetworkId::new("mine").unwrap(),
        internal: false,
        subnets: vec![subnet("10.1.0.0/24", "10.1.0.1/24"), subnet("fd01::/64", "fd01::1/64")],
        options: vec![
            text("bridge", "br-lab"),
            text("uplink", "eth1"),
            text("host_address", "10.1.0.7/24"),
            Attribute::new("routes", Value::Texts(vec!["10.0.0.0/8=10.1.0.254".to_owned()])),
        ],
        facts: Vec::new(),
    }
}

pub(crate) fn endpoint() -> Endpoint {
    Endpoint {
        id: EndpointId::new("ep").unwrap(),
        mac: "02:00:00:00:00:05".parse().unwrap(),
        addresses: vec![net("10.1.0.5/24"), net("fd01::5/64")],
        options: Vec::new(),
        facts: Vec::new(),
    }
}

pub(crate) const PORT: PublishedPort =
    PublishedPort { protocol: Protocol::Tcp, host_address: None, host_port: 8080, container_port: 80 };

fn link(index: u32, name: &str) -> HostInterface {
    HostInterface { index, name: name.to_owned(), mtu: 1500, ..HostInterface::default() }
}

fn bridge(name: &str, owner: BridgeOwner, interfaces: &[&str]) -> HostBridge {
    let interfaces = [name].iter().chain(interfaces).map(|&name| name.to_owned()).collect();
    HostBridge { name: name.to_owned(), owner, controller: name == "br-int" || name == "br-ctl", interfaces }
}

/// A host that has one of everything that goes wrong.
pub(crate) fn host() -> HostFacts {
    let other = BridgeOwner::Network(NetworkId::new("other").unwrap());
    let kind = |index, name, kind: &str| HostInterface { kind: kind.to_owned(), ..link(index, name) };
    HostFacts {
        interfaces: vec![
            link(1, "lo"),
            HostInterface { addressed: true, default_route: true, ..link(2, "eth0") },
            HostInterface { alternatives: vec!["enp1s0".to_owned()], ..link(3, "eth1") },
            HostInterface { master: Some(5), ..link(4, "slave") },
            kind(5, "bond0", "bond"),
            link(6, "vlans"),
            HostInterface { parent: Some(6), addressed: true, ..kind(7, "vlans.10", "vlan") },
            kind(8, "docker0", "bridge"),
            link(9, "bridged"),
            HostInterface { parent: Some(9), master: Some(11), ..kind(10, "bridged.20", "vlan") },
            HostInterface { addressed: true, ..kind(11, "br-lan", "bridge") },
            link(12, "taken"),
            HostInterface { ours: true, ..kind(13, "ovse7", "veth") },
            link(14, "switched"),
            HostInterface { parent: Some(14), ..kind(15, "switched.30", "vlan") },
            HostInterface { addressed: true, ..kind(16, "br-phy", "openvswitch") },
            kind(17, "br-lab", "openvswitch"),
            kind(18, "int0", "openvswitch"),
            HostInterface { master: Some(20), ..link(19, "member") },
            kind(20, "ovs-system", "openvswitch"),
            HostInterface { default_route: true, ..link(21, "ppp0") },
        ],
        bridges: vec![
            bridge("br-int", BridgeOwner::Stranger, &[]),
            bridge("br-lab", BridgeOwner::Stranger, &["int0", "member"]),
            bridge("br-phy", BridgeOwner::Stranger, &["switched.30"]),
            bridge("br-ctl", BridgeOwner::Stranger, &[]),
            bridge("br-other", other, &["taken"]),
            bridge("br-far", BridgeOwner::OtherInstance("cafecafe".to_owned()), &[]),
            bridge("br-mine", BridgeOwner::Network(NetworkId::new("mine").unwrap()), &[]),
        ],
        ..HostFacts::default()
    }
}

pub(crate) fn own_bridge() -> Action {
    Action::Bridge(Bridge { name: None, datapath: Datapath::Auto })
}

fn on_bridge() -> Attachment {
    Attachment::Bridge(label("bridge"))
}

pub(crate) fn host_port(addresses: &[&str]) -> Action {
    let addresses = addresses.iter().map(|text| net(text)).collect();
    Action::HostPort(HostPort { mtu: Some(1500), ..HostPort::new(on_bridge(), addresses) })
}

pub(crate) fn masquerade(port: &str, sources: &[&str]) -> Action {
    Action::Masquerade(Masquerade { port: label(port), sources: sources.iter().map(|text| net(text)).collect() })
}

pub(crate) fn forward(port: &str) -> Action {
    Action::Forward(Forward { port: label(port), hairpin: true })
}

pub(crate) fn uplink(name: &str) -> Action {
    let name = InterfaceName::new(name).unwrap();
    Action::Uplink(Uplink { bridge: label("bridge"), name, vlan: None, trunks: Vec::new() })
}

/// What nat answers for the network.
pub(crate) fn network_plan() -> Plan {
    let steps = vec![
        step("bridge", own_bridge()),
        step("gateway", host_port(&["10.1.0.1/24", "fd01::1/64"])),
        step("hide", masquerade("gateway", &["10.1.0.0/24", "fd01::/64"])),
        step("out", forward("gateway")),
    ];
    Plan { steps, reply: Vec::new() }
}

pub(crate) fn endpoint_port() -> EndpointPort {
    let Endpoint { mac, addresses, .. } = endpoint();
    EndpointPort { mtu: Some(1500), ..EndpointPort::new(on_bridge(), mac, addresses) }
}

/// What nat answers for the endpoint.
pub(crate) fn endpoint_plan() -> Plan {
    let reply = vec![
        Attribute::new("gateway", Value::Address("10.1.0.1".parse().unwrap())),
        Attribute::new("gateway6", Value::Address("fd01::1".parse().unwrap())),
        text("interface-prefix", "eth"),
    ];
    Plan { steps: vec![step("link", Action::EndpointPort(endpoint_port()))], reply }
}

pub(crate) fn publish() -> Publish {
    Publish {
        port: label("gateway"),
        protocol: PORT.protocol,
        host_address: PORT.host_address,
        host_port: PORT.host_port,
        target: "10.1.0.5".parse().unwrap(),
        target_port: PORT.container_port,
        translate: true,
    }
}

/// What nat answers for the endpoint's ports.
pub(crate) fn publish_plan() -> Plan {
    Plan { steps: vec![step("web", Action::Publish(publish()))], reply: Vec::new() }
}

/// Everything a request is about, to be changed before it is asked.
pub(crate) struct Case {
    pub(crate) network: Network,
    pub(crate) endpoint: Endpoint,
    pub(crate) ports: Vec<PublishedPort>,
    pub(crate) grants: Grants,
    pub(crate) host: HostFacts,
}

impl Default for Case {
    fn default() -> Self {
        let (grants, host) = (Grants::everything(), host());
        Self { network: network(), endpoint: endpoint(), ports: vec![PORT], grants, host }
    }
}

impl Case {
    pub(crate) fn granted(grants: &[&str]) -> Self {
        let grants = Grants(grants.iter().map(|text| text.parse().unwrap()).collect());
        Self { grants, ..Self::default() }
    }

    /// A case whose user gave an option another value.
    pub(crate) fn option(key: &str, value: &str) -> Self {
        let mut case = Self::default();
        case.network.options.retain(|option| option.key != key);
        case.network.options.push(text(key, value));
        case
    }

    pub(crate) fn request<'a>(&'a self, asked: Asked<'a>) -> Request<'a> {
        Request { network: &self.network, asked, grants: &self.grants, host: &self.host }
    }

    pub(crate) fn network(&self, plan: &Plan) -> Result<Admitted, Denial> {
        admit(plan, &self.request(Asked::Network))
    }

    pub(crate) fn endpoint(&self, plan: &Plan) -> Result<Admitted, Denial> {
        let of = Self::default().network(&network_plan()).unwrap();
        admit(plan, &self.request(Asked::Endpoint { endpoint: &self.endpoint, of: &of }))
    }

    pub(crate) fn publish(&self, plan: &Plan) -> Result<Admitted, Denial> {
        let of = Self::default().network(&network_plan()).unwrap();
        admit(plan, &self.request(Asked::Publish { endpoint: &self.endpoint, of: &of, ports: &self.ports }))
    }
}

/// Checks that a plan was refused by a rule for what the user asked for, in words that begin so.
#[track_caller]
pub(crate) fn asked(result: Result<Admitted, Denial>, rule: Rule, words: &str) {
    let denial = result.expect_err(&format!("the plan was admitted, {rule:?} should have refused it: {words}"));
    assert_eq!(denial.rule, rule, "{denial}");
    assert!(denial.asked.is_some() && denial.to_string().starts_with(words), "{denial}");
}

/// Checks that a plan was refused by a rule, at a step (0: the plan as a whole), in words that hold all of `words`.
#[track_caller]
pub(crate) fn refused(result: Result<Admitted, Denial>, rule: Rule, number: usize, words: &[&str]) {
    let denial = result.expect_err(&format!("the plan was admitted, {rule:?} should have refused it: {words:?}"));
    assert_eq!(denial.rule, rule, "{denial}");
    assert_eq!(denial.step.as_ref().map_or(0, |step| step.number), number, "{denial}");
    for word in words {
        assert!(denial.to_string().contains(word), "\"{word}\" is not in: {denial}");
    }
}
