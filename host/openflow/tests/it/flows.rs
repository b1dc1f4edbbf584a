//! Flows, meters and ports.

use std::net::{Ipv4Addr, Ipv6Addr};

use openflow::{Action, Change, Error, Field, Flow, FlowFilter, Instruction, Meter, Refusal};

use crate::switch::{Switch, soon};

const MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const ADDRESS6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1);

fn flow(table: u8, fields: Vec<Field>, instructions: Vec<Instruction>) -> Flow {
    Flow { table, priority: 10, cookie: 0xd0c, fields, instructions }
}

fn out(port: u32) -> Vec<Instruction> {
    vec![Instruction::Apply(vec![Action::Output(port)])]
}

/// One of each field.
fn all_fields() -> Vec<Flow> {
    let ip = |kind: u16| vec![Field::InPort(1), Field::EthSrc(MAC), Field::EthType(kind)];
    let with = |head: Vec<Field>, more: &[Field]| [head.as_slice(), more].concat();
    let nd = |kind: u8| [Field::IpProtocol(58), Field::Icmpv6Type(kind), Field::NdTarget(ADDRESS6)];
    let fields = [
        with(ip(0x0806), &[Field::ArpSha(MAC), Field::ArpSpa(ADDRESS)]),
        with(ip(0x0800), &[Field::Ipv4Src(ADDRESS)]),
        with(ip(0x86dd), &[Field::Ipv6Src(ADDRESS6)]),
        with(with(ip(0x86dd), &nd(135)), &[Field::NdSll(MAC)]),
        with(with(ip(0x86dd), &nd(136)), &[Field::NdTll([0; 6])]),
    ];
    fields.into_iter().map(|fields| flow(1, fields, out(2)).sorted()).collect()
}

#[tokio::test]
async fn what_is_added_is_listed_and_removed() {
    let switch = Switch::start();
    let bridge = switch.connect().await;
    let first = flow(0, vec![Field::InPort(1)], vec![Instruction::Meter(7), Instruction::Goto(1)]);
    let back = flow(0, vec![Field::InPort(2)], out(1));
    let meter = Meter { number: 7, rate: 10_000, burst: 5_000 };
    let mut changes = vec![Change::AddMeter(meter), Change::AddFlow(first.clone()), Change::AddFlow(back.clone())];
    changes.extend(all_fields().into_iter().map(Change::AddFlow));
    bridge.change(&changes, soon()).await.unwrap();

    let said = switch.ofctl("dump-flows --no-stats");
    assert!(
        said.contains("table=0, priority=10,in_port=p1 actions=meter:7,goto_table:1") || said.contains("in_port=1"),
        "{said}"
    );
    for part in ["arp_spa=10.0.0.1,arp_sha=02:00:00:00:00:01", "icmp_type=136", "nd_tll=00:00:00:00:00:00"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(switch.ofctl("dump-meters").contains("rate=10000 burst_size=5000"));

    let of = |port: u32| FlowFilter::of(vec![Field::InPort(port)]);
    let mut listed = bridge.flows(&of(1), soon()).await.unwrap();
    let mut wanted = all_fields();
    wanted.push(first);
    for flows in [&mut listed, &mut wanted] {
        flows.sort_by(|one, other| (one.table, &one.fields).cmp(&(other.table, &other.fields)));
    }
    assert_eq!(listed, wanted);
    assert_eq!(bridge.meters(soon()).await.unwrap(), [meter]);

    bridge.change(&[Change::DeleteFlows(of(1)), Change::DeleteMeter(7)], soon()).await.unwrap();
    assert_eq!(bridge.flows(&FlowFilter::of(vec![]), soon()).await.unwrap(), [back]);
    assert_eq!(bridge.meters(soon()).await.unwrap(), []);
}

#[tokio::test]
async fn a_refusal_says_which_change_and_why_and_the_others_are_made() {
    let switch = Switch::start();
    let bridge = switch.connect().await;
    let fine = flow(0, vec![Field::InPort(1)], out(2));
    let no_meter = flow(0, vec![Field::InPort(2)], vec![Instruction::Meter(9)]);
    let meter = Meter { number: 3, rate: 1, burst: 1 };
    let changes =
        [Change::AddFlow(no_meter), Change::AddMeter(meter), Change::AddMeter(meter), Change::AddFlow(fine.clone())];
    let error = bridge.change(&changes, soon()).await.unwrap_err();
    let Error::Refused { change, refusal } = &error else { panic!("{error}") };
    assert!(change.starts_with("add the flow of priority 10 in table 0") && change.contains("InPort(2)"), "{change}");
    assert_eq!(*refusal, Refusal { kind: 12, code: 2 }, "{refusal}");
    let error = bridge.change(&changes[1..2], soon()).await.unwrap_err();
    let text = "the bridge refused to add meter 3 of 1 kbit/s: there is a meter of this number already";
    assert_eq!(error.to_string(), text);
    assert_eq!(bridge.flows(&FlowFilter::of(vec![]), soon()).await.unwrap(), [fine]);

    let without_protocol = flow(0, vec![Field::Ipv4Src(ADDRESS)], out(2));
    let error = bridge.change(&[Change::AddFlow(without_protocol)], soon()).await.unwrap_err();
    assert!(
        error.to_string().ends_with("a field is matched without what makes it there, such as the protocol"),
        "{error}"
    );
}

#[tokio::test]
async fn what_others_make_reads_as_other() {
    let switch = Switch::start();
    let bridge = switch.connect().await;
    switch.ofctl("add-flow in_port=1,nw_src=10.0.0.0/8,ip,actions=mod_dl_dst:02:00:00:00:00:02,output:2");
    switch.ofctl("add-meter meter=5,pktps,band=type=drop,rate=9");
    let flows = bridge.flows(&FlowFilter::of(vec![Field::InPort(1)]), soon()).await.unwrap();
    let [flow] = &flows[..] else { panic!("{flows:?}") };
    assert!(matches!(flow.fields.last(), Some(Field::Other(0x8000, 23, _))), "{flow:?}");
    let [Instruction::Apply(actions)] = &flow.instructions[..] else { panic!("{flow:?}") };
    assert!(matches!(actions[..], [Action::Other(..), Action::Output(2)]), "{actions:?}");
    assert_eq!(bridge.meters(soon()).await.unwrap(), []);
    // What was read can be written: the switch has it again as it was.
    bridge.change(&[Change::DeleteFlows(FlowFilter::of(vec![])), Change::AddFlow(flow.clone())], soon()).await.unwrap();
    assert_eq!(bridge.flows(&FlowFilter::of(vec![]), soon()).await.unwrap(), flows);
}

#[tokio::test]
async fn lists_of_many_parts_are_whole() {
    let switch = Switch::start();
    let bridge = switch.connect().await;
    let flow = |number: u32| flow(0, vec![Field::InPort(number)], out(2));
    let all: Vec<Flow> = (1..=2000).map(flow).collect();
    let changes: Vec<Change> = all.iter().cloned().map(Change::AddFlow).collect();
    bridge.change(&changes, soon()).await.unwrap();
    let mut listed = bridge.flows(&FlowFilter::of(vec![]), soon()).await.unwrap();
    listed.sort_by(|one, other| one.fields.cmp(&other.fields));
    assert_eq!(listed, all);
}

#[tokio::test]
async fn ports_have_the_numbers_that_the_database_says() {
    let switch = Switch::start();
    let bridge = switch.connect().await;
    let mut ports: Vec<_> =
        bridge.ports(soon()).await.unwrap().into_iter().map(|port| (port.name, port.number)).collect();
    ports.sort();
    assert_eq!(ports, [("br".to_owned(), 0xffff_fffe), ("p1".to_owned(), 1), ("p2".to_owned(), 2)]);
}
