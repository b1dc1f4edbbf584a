//! What holds of an answer without its being written down.

use std::net::IpAddr;

use plan::{Action, Admitted, Attachment, Capability, HostPort, Network};

use super::ask::Prepared;
use super::run::{Answer, Asked};
use crate::fixture::Invariant;
use crate::refusal::unclear;
use crate::undo;

/// Why an invariant does not hold of an answer; nothing: it does.
pub(super) fn broken(invariant: Invariant, prepared: &Prepared, asked: &Asked) -> Option<String> {
    // Of a question that was never asked, nothing holds.
    if let Answer::NoNetwork(why) = &asked.answer {
        return Some(format!("there is no network: {why}"));
    }
    match invariant {
        Invariant::Deterministic => asked.differs.clone(),
        Invariant::Accepted => not_accepted(&asked.answer),
        Invariant::EveryStepGranted => match &asked.answer {
            Answer::Denied { denial, .. } if denial.rule == plan::Rule::Grant => Some(denial.to_string()),
            Answer::Planned { plan, .. } => ungranted(plan, prepared),
            _ => None,
        },
        Invariant::AddressesInPool => match &asked.answer {
            Answer::Planned { plan, .. } => outside(plan, prepared.network()),
            _ => None,
        },
        Invariant::UndoIsClean => match &asked.answer {
            Answer::Planned { plan, of } => {
                let plans: Vec<&Admitted> = of.iter().chain([plan]).collect();
                undo::check(&plans).err().map(|unclean| unclean.to_string())
            }
            _ => None,
        },
        Invariant::NeverDenied => match &asked.answer {
            Answer::Denied { denial, .. } if denial.asked.is_none() => Some(denial.to_string()),
            _ => None,
        },
        Invariant::RefusalIsClear => match &asked.answer {
            Answer::Refused(refusal) => unclear(refusal, &prepared.manifest),
            _ => None,
        },
    }
}

fn not_accepted(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Planned { .. } => None,
        Answer::Refused(refusal) => Some(format!("the mode refuses: {refusal}")),
        Answer::Denied { denial, .. } => Some(format!("the guard denies: {denial}")),
        Answer::NoNetwork(why) => Some(format!("there is no network: {why}")),
        Answer::Broken(fault) => Some(fault.to_string()),
    }
}

/// The capability that an action needs, where it needs one.
pub(super) fn needs(action: &Action) -> Vec<Capability> {
    let vlan = |has: bool| has.then_some(Capability::Vlan);
    let own = match action {
        Action::Bridge(bridge) => bridge.name.as_ref().map(|_| Capability::Bridge),
        Action::Uplink(_) => Some(Capability::Uplink),
        Action::HostPort(_) => Some(Capability::HostAddress),
        Action::Masquerade(_) | Action::Forward(_) | Action::LogicalNat(_) => Some(Capability::Nat),
        Action::Publish(_) | Action::LoadBalancer(_) => Some(Capability::Publish),
        Action::Tunnel(_) => Some(Capability::Tunnel),
        Action::LogicalSwitch(_)
        | Action::LogicalRouter(_)
        | Action::RouterPort(_)
        | Action::StaticRoute(_)
        | Action::Localnet(_)
        | Action::Acl(_) => Some(Capability::Ovn),
        Action::EndpointPort(_) | Action::Custom(_) => None,
    };
    let tagged = match action {
        Action::Uplink(uplink) => vlan(uplink.vlan.is_some() || !uplink.trunks.is_empty()),
        Action::HostPort(port) => vlan(port.vlan.is_some()),
        Action::EndpointPort(port) => vlan(port.vlan.is_some() || !port.trunks.is_empty()),
        _ => None,
    };
    own.into_iter().chain(tagged).collect()
}

/// A step that needs more than was granted. The guard asks the same with the values that grants are narrowed to.
fn ungranted(plan: &Admitted, prepared: &Prepared) -> Option<String> {
    let granted = |capability: &Capability| prepared.grants.allow(*capability, |_| true);
    plan.steps.iter().find_map(|step| {
        let missing = needs(&step.action).into_iter().find(|capability| !granted(capability))?;
        Some(format!("step \"{}\" needs {missing}, which is not granted", step.label))
    })
}

/// An address of the plan or the reply that lies in no pool of the network. A network without pools has no rule.
fn outside(plan: &Admitted, network: &Network) -> Option<String> {
    if network.subnets.is_empty() {
        return None;
    }
    let gateways = [plan.reply.gateway.map(IpAddr::V4), plan.reply.gateway6.map(IpAddr::V6)];
    let of_reply = gateways.into_iter().flatten().map(|address| ("the reply".to_owned(), address));
    let of_steps = plan.steps.iter().flat_map(|step| {
        addresses(&step.action).into_iter().map(|address| (format!("step \"{}\"", step.label), address))
    });
    let mut all = of_steps.chain(of_reply);
    let (place, address) = all.find(|(_, address)| !network.contains(*address))?;
    Some(format!("{place} has {address}, which is in no pool of the network"))
}

/// The addresses that an action gives to something in the network.
fn addresses(action: &Action) -> Vec<IpAddr> {
    match action {
        // On a logical switch it may be one of what joins a VRF's router to its hosts.
        Action::HostPort(HostPort { on: Attachment::LogicalSwitch(_), .. }) => Vec::new(),
        Action::HostPort(port) => port.addresses.iter().map(ipnet::IpNet::addr).collect(),
        Action::EndpointPort(port) => port.addresses.iter().map(ipnet::IpNet::addr).collect(),
        Action::Masquerade(masquerade) => masquerade.sources.iter().map(ipnet::IpNet::addr).collect(),
        Action::Publish(publish) => vec![publish.target],
        Action::LogicalNat(nat) => nat.sources.iter().map(ipnet::IpNet::addr).collect(),
        Action::LoadBalancer(balancer) => vec![balancer.target],
        // A router's and a switch's addresses may be those that a VRF's routers have between them; rules name others.
        Action::Bridge(_)
        | Action::Uplink(_)
        | Action::Forward(_)
        | Action::Tunnel(_)
        | Action::LogicalSwitch(_)
        | Action::LogicalRouter(_)
        | Action::RouterPort(_)
        | Action::StaticRoute(_)
        | Action::Localnet(_)
        | Action::Acl(_)
        | Action::Custom(_) => Vec::new(),
    }
}
