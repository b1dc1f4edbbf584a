//! The actions of a mode's answer.

use super::value::nets;
use crate::bindings::ovs::mode::types;
use crate::{Action, Datapath, Encapsulation, Label};

pub(super) fn text(label: &Label) -> String {
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
            Action::HostPort(port) => Self::HostPort(port.into()),
            Action::EndpointPort(port) => Self::EndpointPort(port.into()),
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
            Action::Tunnel(tunnel) => Self::Tunnel(types::Tunnel {
                bridge: text(&tunnel.bridge),
                encapsulation: tunnel.encapsulation.into(),
                vni: tunnel.vni,
                peers: tunnel.peers.into_iter().map(Into::into).collect(),
            }),
            Action::LogicalSwitch(switch) => Self::LogicalSwitch(switch.into()),
            Action::LogicalRouter(router) => Self::LogicalRouter(types::LogicalRouter { vrf: router.vrf }),
            Action::RouterPort(port) => Self::RouterPort(port.into()),
            Action::StaticRoute(route) => Self::StaticRoute(route.into()),
            Action::Localnet(localnet) => Self::Localnet(localnet.into()),
            Action::Acl(acl) => Self::Acl(acl.into()),
            Action::LoadBalancer(balancer) => Self::LoadBalancer(balancer.into()),
            Action::LogicalNat(nat) => Self::LogicalNat(nat.into()),
            Action::Custom(custom) => {
                Self::Custom(types::Custom { kind: custom.kind, arguments: custom.arguments.into() })
            }
        }
    }
}

impl From<Encapsulation> for types::Encapsulation {
    fn from(encapsulation: Encapsulation) -> Self {
        match encapsulation {
            Encapsulation::Vxlan => Self::Vxlan,
            Encapsulation::Geneve => Self::Geneve,
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
