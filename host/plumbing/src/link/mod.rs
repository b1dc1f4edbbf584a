//! The host's links over rtnetlink: container links (veth pairs), the addresses of internal ports, what the guard wants
//! to know about interfaces, and the removal of links in batches.
//!
//! Not here: Open vSwitch, which adds links to bridges, and Docker, which moves a container's end into the container.

mod error;
mod facts;
mod generic;
mod internal;
mod maker;
mod message;
mod reach;
mod reaper;
mod route;
mod spec;
pub(crate) mod sysctl;
#[cfg(test)]
mod tests;
mod veth;
mod watch;
mod way;

use std::net::IpAddr;

use ipnet::IpNet;
use netlink_sys::protocols::{NETLINK_GENERIC, NETLINK_ROUTE};
use plan::{HostInterface, InterfaceName, RouteVia};
use tokio::time::{Instant, timeout_at};

use crate::netlink::{Channel, Failure, Pool};

use maker::Maker;
use sysctl::{Family, Sysctl};

pub use error::LinkError;
pub(crate) use facts::is_link_local;
pub use reaper::Reaper;
pub use spec::{Configuration, Link, Reach, VethSpec, Way};
pub use watch::{LinkEvent, LinkWatch};

/// The links of one network namespace, the one that the process is in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Links {
    route: Pool,
    generic: Pool,
    maker: Maker,
}

impl Links {
    /// Opens the sockets.
    ///
    /// # Errors
    ///
    /// Where the kernel gives none.
    pub fn open() -> Result<Self, LinkError> {
        let failed = |error| LinkError::netlink("socket", error);
        let pool = |protocol| Pool::open(protocol).map_err(failed);
        let maker = Maker::start().map_err(failed)?;
        Ok(Self { route: pool(NETLINK_ROUTE)?, generic: pool(NETLINK_GENERIC)?, maker })
    }

    /// Makes a veth pair: the host's end up, without addresses of any kind and without forwarding, the container's end
    /// down, with the container's Ethernet address. Nothing is left of one that fails.
    ///
    /// # Errors
    ///
    /// [`LinkError::is_exists`] where either name is taken: whatever has it is left alone.
    pub async fn add_veth(&self, veth: &VethSpec) -> Result<(), LinkError> {
        self.maker.make(veth).await
    }

    /// Whether some link has that name. Unlike [`Links::get`] this asks nobody to wait for the kernel's lock.
    pub(crate) fn is_taken(&self, name: &InterfaceName) -> bool {
        Sysctl::of(Family::V4, name).is_there()
    }

    /// Removes one link, which takes the kernel 17 ms: for what was made a moment ago and failed. Others go to the
    /// [`Reaper`].
    ///
    /// # Errors
    ///
    /// Where the kernel refuses; that there is no such link is fine.
    pub async fn delete(&self, name: &InterfaceName) -> Result<(), LinkError> {
        let name = name.clone();
        self.route.run(move |channel| veth::delete(channel, &name)).await
    }

    /// Gives an existing link (an internal port) addresses and an MTU, and brings it up. Addresses it has already stay.
    ///
    /// # Errors
    ///
    /// [`LinkError::is_not_found`] where there is no such link.
    pub async fn configure(&self, name: &InterfaceName, wanted: &Configuration) -> Result<(), LinkError> {
        let (name, wanted) = (name.clone(), wanted.clone());
        self.route.run(move |channel| internal::configure(channel, &name, &wanted)).await
    }

    /// Adds a route through an internal port; says whether it was not there before.
    ///
    /// # Errors
    ///
    /// [`LinkError::Reached`] where another route leads there, which is left alone; [`LinkError::is_not_found`] where there
    /// is no such link.
    pub async fn add_route(&self, name: &InterfaceName, route: &RouteVia) -> Result<bool, LinkError> {
        let (name, route) = (name.clone(), route.clone());
        let add = move |channel: &mut Channel| {
            let port = message::expect(channel, &name)?;
            route::add(channel, &port, &route)
        };
        self.route.run(add).await
    }

    /// Removes a route through an internal port; that it or the port is gone is fine.
    ///
    /// # Errors
    ///
    /// Where the kernel refuses.
    pub async fn delete_route(&self, name: &InterfaceName, route: &RouteVia) -> Result<(), LinkError> {
        let (name, route) = (name.clone(), route.clone());
        let delete = move |channel: &mut Channel| match message::get(channel, &name)? {
            Some(port) => route::delete(channel, &port, &route),
            None => Ok(()),
        };
        self.route.run(delete).await
    }

    /// Whether a route leads through an internal port.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn has_route(&self, name: &InterfaceName, route: &RouteVia) -> Result<bool, LinkError> {
        let (name, route) = (name.clone(), route.clone());
        let look = move |channel: &mut Channel| match message::get(channel, &name)? {
            Some(port) => Ok(route::is_among(&route, &route::list(channel, &port)?)),
            None => Ok(false),
        };
        self.route.run(look).await
    }

    /// What this host reaches by itself, whoever gave it the way; its default routes, link-local ones and multicast are not
    /// among it.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn reaches(&self) -> Result<Vec<Reach>, LinkError> {
        self.route.run(reach::list).await
    }

    /// How packets to addresses would leave the host.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn ways(&self, to: Vec<IpAddr>) -> Result<Vec<(IpAddr, Way)>, LinkError> {
        let look = move |channel: &mut Channel| {
            let leads = to.into_iter().map(|address| Ok((address, way::look_up(channel, address)?)));
            let leads: Vec<_> = leads.collect::<Result<_, LinkError>>()?;
            let links = message::list(channel)?;
            Ok(leads.into_iter().map(|(address, leads)| (address, Way::of(leads, &links))).collect())
        };
        self.route.run(look).await
    }

    /// Brings a link up and changes nothing else: an uplink.
    ///
    /// # Errors
    ///
    /// [`LinkError::is_not_found`] where there is no such link.
    pub async fn up(&self, name: &InterfaceName) -> Result<(), LinkError> {
        let name = name.clone();
        self.route.run(move |channel| internal::up(channel, &name, None)).await
    }

    /// In words, what an internal port lacks of what it is to have; none: nothing.
    ///
    /// # Errors
    ///
    /// [`LinkError::is_not_found`] where there is no such link.
    pub async fn difference(&self, name: &InterfaceName, wanted: &Configuration) -> Result<Option<String>, LinkError> {
        let (name, wanted) = (name.clone(), wanted.clone());
        self.route.run(move |channel| internal::difference(channel, &name, &wanted)).await
    }

    /// The link of a name.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn get(&self, name: &InterfaceName) -> Result<Option<Link>, LinkError> {
        let name = name.clone();
        self.route.run(move |channel| message::get(channel, &name)).await
    }

    /// All links.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn list(&self) -> Result<Vec<Link>, LinkError> {
        self.route.run(message::list).await
    }

    /// The link of a name, as soon as it is there.
    ///
    /// # Errors
    ///
    /// [`LinkError::Absent`] where it does not come until the deadline.
    pub async fn wait_for(&self, name: &InterfaceName, deadline: Instant) -> Result<Link, LinkError> {
        let mut watch = LinkWatch::open()?;
        loop {
            if let Some(link) = self.get(name).await? {
                return Ok(link);
            }
            let appeared = timeout_at(deadline, watch.appeared(name)).await;
            appeared.map_err(|_| LinkError::Absent { name: name.to_string() })??;
        }
    }

    /// Links that go, from now on. Wants a tokio runtime.
    ///
    /// # Errors
    ///
    /// Where the kernel gives no socket.
    pub fn watch(&self) -> Result<LinkWatch, LinkError> {
        LinkWatch::open()
    }

    /// The addresses of all links, with the links' indexes.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub(crate) async fn addresses(&self) -> Result<Vec<(u32, IpNet)>, LinkError> {
        self.route.run(internal::addresses).await
    }

    /// The name of the link that has an address; none: there is none.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn holder_of(&self, address: IpAddr) -> Result<Option<String>, LinkError> {
        let addresses = self.addresses().await?;
        let Some((index, _)) = addresses.into_iter().find(|(_, net)| net.addr() == address) else { return Ok(None) };
        Ok(self.list().await?.into_iter().find(|link| link.index == index).map(|link| link.name))
    }

    /// All links as the guard wants to know them.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn host_interfaces(&self) -> Result<Vec<HostInterface>, LinkError> {
        self.route.run(facts::interfaces).await
    }

    /// Whether the kernel has Open vSwitch's datapath. Asking makes the kernel load the module where there is one.
    ///
    /// # Errors
    ///
    /// Where the kernel does not answer.
    pub async fn kernel_datapath(&self) -> Result<bool, LinkError> {
        let family = self.generic.run(|channel| generic::family(channel, generic::DATAPATH)).await;
        family.map(|family| family.is_some()).map_err(|failure: Failure| LinkError::netlink("family", failure.source))
    }
}
