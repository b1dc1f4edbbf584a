//! A router on a switch: with the gateways' addresses on the network's own, with the configuration's in the physical
//! network, with any on what joins the VRF's router to its hosts.

use ipnet::IpNet;

use super::denial::Broken;
use super::logical::{self, Outside, Whose, broken};
use super::scene::Scene;
use crate::{LogicalSwitch, RouterPort};

pub(super) fn check(port: &RouterPort, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.logical_router(&port.router)?;
    let (switch, whose) = logical::switch(&port.switch, scene)?;
    if whose == Whose::Users {
        let right = "what routes a switch that a user named is its owner's to say: leave it out";
        return Err(broken(format_args!("a router on \"{}\"", port.switch), right));
    }
    if logical::ports(&port.router, scene).any(|other| other.switch == port.switch) {
        return Err(broken(format_args!("a second port on \"{}\"", port.switch), "say all addresses in one"));
    }
    if port.addresses.is_empty() {
        return Err(broken("no address", "give it one in each subnet that it routes"));
    }
    for (index, net) in port.addresses.iter().enumerate() {
        if port.addresses[..index].iter().any(|other| other.addr() == net.addr()) {
            return Err(broken(net, "it is there twice"));
        }
        address(net, switch, whose, scene)?;
    }
    chassis(port, whose, scene)
}

fn address(net: &IpNet, switch: &LogicalSwitch, whose: Whose, scene: &Scene<'_>) -> Result<(), Broken> {
    let network = scene.request.network;
    if !switch.subnets.iter().any(|subnet| *subnet == net.trunc()) || !super::is_station(net, net.addr()) {
        let right = format!("it is no station's in a subnet of the switch, [{}]", logical::list(&switch.subnets));
        return Err(broken(net, right));
    }
    match whose {
        Whose::Own if !network.subnets.iter().any(|subnet| subnet.gateway == Some(*net)) => {
            Err(broken(net, "a container could be given it: take the gateway's"))
        }
        Whose::Outside if !Outside::of(network).addresses.contains(net) => {
            Err(broken(net, "the configuration has other addresses for the router in the physical network"))
        }
        Whose::Own | Whose::Outside | Whose::Join | Whose::Users => Ok(()),
    }
}

/// Only in the physical network is a port at one host, and the configuration says at which it may be.
fn chassis(port: &RouterPort, whose: Whose, scene: &Scene<'_>) -> Result<(), Broken> {
    let outside = Outside::of(scene.request.network);
    let stranger = |chassis: &&String| whose != Whose::Outside || !outside.chassis.contains(chassis);
    match port.chassis.iter().find(stranger) {
        Some(chassis) if whose == Whose::Outside => {
            Err(broken(format_args!("host {chassis}"), "the configuration has other hosts for the router"))
        }
        Some(chassis) => {
            Err(broken(format_args!("host {chassis}"), "a router is everywhere but in a physical network"))
        }
        None => Ok(()),
    }
}
