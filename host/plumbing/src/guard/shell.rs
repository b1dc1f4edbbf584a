//! Guards as the commands that would make them.

use openflow::{Action, Field, Flow, Instruction};

use super::flows::{Numbers, flows, meter};
use super::spec::GuardSpec;

/// Numbers that stand for the ports, whose names the commands take.
const NUMBERS: Numbers = Numbers { port: 1, patch: 2 };

/// The commands that open a guard.
pub(crate) fn shell(guard: &GuardSpec) -> Vec<String> {
    let bridge = &guard.bridge.name;
    let ofctl = |what: &str, arguments: &str| format!("ovs-ofctl -O OpenFlow13 {what} {bridge} '{arguments}'");
    let meter = meter(guard, NUMBERS).map(|meter| {
        let (rate, burst) = (meter.rate, meter.burst);
        ofctl("add-meter", &format!("meter=1,kbps,burst,band=type=drop,rate={rate},burst_size={burst}"))
    });
    let flows = flows(guard, NUMBERS);
    meter.into_iter().chain(flows.iter().map(|flow| ofctl("add-flow", &words(guard, flow)))).collect()
}

/// A flow as `ovs-ofctl` takes it.
fn words(guard: &GuardSpec, flow: &Flow) -> String {
    let head = format!("table={},priority={}", flow.table, flow.priority);
    let name = |number: u32| if number == NUMBERS.port { guard.port.as_str() } else { guard.inner.as_str() };
    let fields = flow.fields.iter().map(|field| format!(",{}", field_words(field, name)));
    let actions: Vec<String> = flow.instructions.iter().map(|step| step_words(step, name)).collect();
    let actions = if actions.is_empty() { "drop".to_owned() } else { actions.join(",") };
    format!("{head}{},actions={actions}", fields.collect::<String>())
}

fn field_words<'a>(field: &Field, name: impl Fn(u32) -> &'a str) -> String {
    match field {
        Field::InPort(port) => format!("in_port={}", name(*port)),
        Field::EthSrc(mac) => format!("dl_src={}", plan::MacAddress(*mac)),
        Field::EthType(kind) => format!("dl_type={kind:#06x}"),
        Field::IpProtocol(protocol) => format!("nw_proto={protocol}"),
        Field::Ipv4Src(address) => format!("nw_src={address}"),
        Field::ArpSpa(address) => format!("arp_spa={address}"),
        Field::ArpSha(mac) => format!("arp_sha={}", plan::MacAddress(*mac)),
        Field::Ipv6Src(address) => format!("ipv6_src={address}"),
        Field::Icmpv6Type(kind) => format!("icmp_type={kind}"),
        Field::NdTarget(address) => format!("nd_target={address}"),
        Field::NdSll(mac) => format!("nd_sll={}", plan::MacAddress(*mac)),
        Field::NdTll(mac) => format!("nd_tll={}", plan::MacAddress(*mac)),
        // None of ours has one.
        Field::Other(..) => String::new(),
    }
}

fn step_words<'a>(step: &Instruction, name: impl Fn(u32) -> &'a str) -> String {
    match step {
        Instruction::Meter(number) => format!("meter:{number}"),
        Instruction::Goto(table) => format!("goto_table:{table}"),
        Instruction::Apply(actions) => {
            let words = actions.iter().filter_map(|action| match action {
                Action::Output(port) => Some(format!("output:{}", name(*port))),
                Action::Other(..) => None,
            });
            words.collect::<Vec<_>>().join(",")
        }
        // None of ours has one.
        Instruction::Other(..) => String::new(),
    }
}
