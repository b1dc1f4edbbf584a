//! What a guard is made of: the flows and the meter of one port. A pure function.
//!
//! - table 0: whose frame it is. What comes from the network goes to the container; what comes from the container goes on if
//!   it has one of its Ethernet addresses.
//! - table 1: what it says its sender's address is, in ARP and IP. Anything but ARP, IPv4 and IPv6 ends here: it could carry
//!   what is not looked at.
//! - table 2: what an IPv6 neighbour message says who has which address. A container that is guarded is no router either:
//!   what routers say ends here.
//! - table 3: the meter, and out.

use std::net::{IpAddr, Ipv6Addr};

use openflow::{Action, Change, Field, Flow, FlowFilter, Instruction, Meter};
use plan::MacAddress;

use super::spec::{GuardSpec, Senders};

const SENDER: u8 = 0;
const ADDRESS: u8 = 1;
const NEIGHBOUR: u8 = 2;
const OUT: u8 = 3;

/// The higher one counts.
const FINE: u16 = 20;
const REST: u16 = 10;

/// "docker-o", for those who look at flows.
const COOKIE: u64 = u64::from_be_bytes(*b"docker-o");

const ARP: u16 = 0x0806;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const ICMPV6: u8 = 58;
const ROUTER_ADVERTISEMENT: u8 = 134;
const SOLICITATION: u8 = 135;
const ADVERTISEMENT: u8 = 136;
const REDIRECT: u8 = 137;
/// What groups a station listens to: said before it has an address.
const MULTICAST_REPORT: u8 = 143;

/// The numbers that a guard's two ports have now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The container's port.
    pub(super) port: u32,
    /// The patch to the network.
    pub(super) patch: u32,
}

impl Numbers {
    /// The flows that there are for either port.
    pub(super) fn filters(self) -> [FlowFilter; 2] {
        [self.port, self.patch].map(|number| FlowFilter::of(vec![Field::InPort(number)]))
    }

    /// What takes all of it away.
    pub(super) fn removal(self) -> Vec<Change> {
        let flows = self.filters().map(Change::DeleteFlows);
        flows.into_iter().chain([Change::DeleteMeter(self.port)]).collect()
    }
}

/// The meter of a guard: it has the number of the port. Bursts are half a second's worth: with less, TCP does not reach the
/// rate.
pub(super) fn meter(guard: &GuardSpec, numbers: Numbers) -> Option<Meter> {
    let kilobits = |bits: u64| u32::try_from(bits.div_ceil(1000)).unwrap_or(u32::MAX);
    guard.rate.map(|rate| Meter { number: numbers.port, rate: kilobits(rate), burst: kilobits(rate.div_ceil(2)) })
}

/// The flows of a guard, each with sorted fields.
pub(super) fn flows(guard: &GuardSpec, numbers: Numbers) -> Vec<Flow> {
    let mut all = Writer { port: numbers.port, flows: Vec::new() };
    let out = |port: u32| Instruction::Apply(vec![Action::Output(port)]);
    let from_network = Flow {
        table: SENDER,
        priority: FINE,
        cookie: COOKIE,
        fields: vec![Field::InPort(numbers.patch)],
        instructions: vec![out(numbers.port)],
    };
    all.flows.push(from_network);
    match &guard.senders {
        None => all.add(SENDER, FINE, [], [Instruction::Goto(OUT)]),
        Some(senders) => all.secure(senders),
    }
    let meter = meter(guard, numbers).map(|meter| Instruction::Meter(meter.number));
    all.add(OUT, FINE, [], meter.into_iter().chain([out(numbers.patch)]));
    all.flows.into_iter().map(Flow::sorted).collect()
}

/// Collects flows about what comes from one port.
struct Writer {
    port: u32,
    flows: Vec<Flow>,
}

impl Writer {
    fn add(
        &mut self,
        table: u8,
        priority: u16,
        fields: impl IntoIterator<Item = Field>,
        instructions: impl IntoIterator<Item = Instruction>,
    ) {
        let fields = [Field::InPort(self.port)].into_iter().chain(fields).collect();
        self.flows.push(Flow {
            table,
            priority,
            cookie: COOKIE,
            fields,
            instructions: instructions.into_iter().collect(),
        });
    }

    fn pass(&mut self, table: u8, fields: impl IntoIterator<Item = Field>, next: u8) {
        self.add(table, FINE, fields, [Instruction::Goto(next)]);
    }

    fn secure(&mut self, senders: &Senders) {
        for mac in &senders.macs {
            self.pass(SENDER, [Field::EthSrc(mac.0)], ADDRESS);
        }
        if senders.addresses.is_empty() {
            return self.secure_ethernet(&senders.macs);
        }
        let (ipv4, ipv6) = (ipv4(senders), ipv6(senders));
        for address in ipv4 {
            for MacAddress(mac) in &senders.macs {
                let says = [Field::EthType(ARP), Field::ArpSha(*mac), Field::ArpSpa(address)];
                self.pass(ADDRESS, says, OUT);
            }
            self.pass(ADDRESS, [Field::EthType(IPV4), Field::Ipv4Src(address)], OUT);
        }
        if ipv6.is_empty() {
            return;
        }
        for address in &ipv6 {
            self.pass(ADDRESS, [Field::EthType(IPV6), Field::Ipv6Src(*address)], NEIGHBOUR);
            // Before it takes an address a station asks whether somebody has it.
            let asks = [Field::Ipv6Src(Ipv6Addr::UNSPECIFIED), Field::NdTarget(*address)];
            self.pass(ADDRESS, icmpv6(SOLICITATION).into_iter().chain(asks), NEIGHBOUR);
        }
        let listens = [Field::Ipv6Src(Ipv6Addr::UNSPECIFIED)];
        self.pass(ADDRESS, icmpv6(MULTICAST_REPORT).into_iter().chain(listens), OUT);
        self.secure_neighbours(&senders.macs, &ipv6.into_iter().map(Some).collect::<Vec<_>>());
    }

    /// Where nobody knows the addresses: what says whose an Ethernet address is says one of its own.
    fn secure_ethernet(&mut self, macs: &[MacAddress]) {
        for MacAddress(mac) in macs {
            self.pass(ADDRESS, [Field::EthType(ARP), Field::ArpSha(*mac)], OUT);
        }
        self.pass(ADDRESS, [Field::EthType(IPV4)], OUT);
        self.pass(ADDRESS, [Field::EthType(IPV6)], NEIGHBOUR);
        self.secure_neighbours(macs, &[None]);
    }

    /// What neighbour messages may say. Without a target: about any.
    fn secure_neighbours(&mut self, macs: &[MacAddress], targets: &[Option<Ipv6Addr>]) {
        // Zeros: it does not say.
        let stations = || macs.iter().map(|mac| mac.0).chain([[0; 6]]);
        for mac in stations() {
            self.pass(NEIGHBOUR, icmpv6(SOLICITATION).into_iter().chain([Field::NdSll(mac)]), OUT);
            for target in targets {
                let says = target.map(Field::NdTarget).into_iter().chain([Field::NdTll(mac)]);
                self.pass(NEIGHBOUR, icmpv6(ADVERTISEMENT).into_iter().chain(says), OUT);
            }
        }
        for message in [ROUTER_ADVERTISEMENT, SOLICITATION, ADVERTISEMENT, REDIRECT] {
            self.add(NEIGHBOUR, REST, icmpv6(message), []);
        }
        self.add(NEIGHBOUR, 0, [], [Instruction::Goto(OUT)]);
    }
}

fn icmpv6(message: u8) -> [Field; 3] {
    [Field::EthType(IPV6), Field::IpProtocol(ICMPV6), Field::Icmpv6Type(message)]
}

fn ipv4(senders: &Senders) -> Vec<std::net::Ipv4Addr> {
    let of_family = |address: &IpAddr| if let IpAddr::V4(address) = address { Some(*address) } else { None };
    senders.addresses.iter().filter_map(of_family).collect()
}

fn ipv6(senders: &Senders) -> Vec<Ipv6Addr> {
    let of_family = |address: &IpAddr| if let IpAddr::V6(address) = address { Some(*address) } else { None };
    senders.addresses.iter().filter_map(of_family).collect()
}
