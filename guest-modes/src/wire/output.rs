//! What a mode answers.

use super::value::nets;
use crate::bindings::ovs::mode::types;
use crate::{Action, Datapath, Label, Plan, Protocol, Refusal, RefusalClass, Step};

impl From<Plan> for types::Plan {
    fn from(plan: Plan) -> Self {
        Self { steps: plan.steps.into_iter().map(Into::into).collect(), reply: plan.reply.into() }
    }
}

impl From<Step> for types::Step {
    fn from(step: Step) -> Self {
        Self { label: text(&step.label), action: step.action.into(), why: Some(step.why) }
    }
}

fn text(label: &Label) -> String {
    label.as_str().to_owned()
}

impl From<Action> for types::Action {
    fn from(action: Action) -> Self {
        match action {
            Action::Bridge(bridge) => {
                Self::Bridge(types::Bridge { name: bridge.name, datapath: bridge.datapath.into() })
            }
            Action::Uplink(uplink) => Self::Uplink(types::Uplink {
                bridge: text(&uplink.bridge),
                name: uplink.name,
                vlan: uplink.vlan,
                trunks: uplink.trunks,
            }),
            Action::HostPort(port) => Self::HostPort(types::HostPort {
                bridge: text(&port.bridge),
                addresses: nets(port.addresses),
                vlan: port.vlan,
                mtu: port.mtu,
            }),
            Action::EndpointPort(port) => Self::EndpointPort(types::EndpointPort {
                bridge: text(&port.bridge),
                mac: port.mac.into(),
                addresses: nets(port.addresses),
                vlan: port.vlan,
                trunks: port.trunks,
                mtu: port.mtu,
                isolated: port.isolated,
            }),
            Action::Masquerade(masquerade) => {
                Self::Masquerade(types::Masquerade { port: text(&masquerade.port), sources: nets(masquerade.sources) })
            }
            Action::Forward(forward) => {
                Self::Forward(types::Forward { port: text(&forward.port), hairpin: forward.hairpin })
            }
            Action::Publish(publish) => Self::Publish(types::Publish {
                port: text(&publish.port),
                protocol: publish.protocol.into(),
                host_address: publish.host_address.map(Into::into),
                host_port: publish.host_port,
                target: publish.target.into(),
                target_port: publish.target_port,
                translate: publish.translate,
            }),
            Action::Custom(custom) => {
                Self::Custom(types::Custom { kind: custom.kind, arguments: custom.arguments.into() })
            }
        }
    }
}

impl From<Datapath> for types::Datapath {
    fn from(datapath: Datapath) -> Self {
        match datapath {
            Datapath::Auto => Self::Auto,
            Datapath::System => Self::System,
            Datapath::Netdev => Self::Netdev,
        }
    }
}

impl From<Protocol> for types::Protocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Tcp => Self::Tcp,
            Protocol::Udp => Self::Udp,
            Protocol::Sctp => Self::Sctp,
        }
    }
}

impl From<Refusal> for types::Refusal {
    fn from(refusal: Refusal) -> Self {
        Self { class: refusal.class.into(), code: refusal.code, message: refusal.message, at: refusal.at }
    }
}

impl From<RefusalClass> for types::RefusalClass {
    fn from(class: RefusalClass) -> Self {
        match class {
            RefusalClass::Invalid => Self::Invalid,
            RefusalClass::Unsupported => Self::Unsupported,
            RefusalClass::Conflict => Self::Conflict,
            RefusalClass::Exhausted => Self::Exhausted,
            RefusalClass::Denied => Self::Denied,
            RefusalClass::Internal => Self::Internal,
        }
    }
}
