//! The host's own ways: what it reaches without us, a LAN, another network of Docker's, a VPN, is not ours to route. It is
//! looked at before a route of ours is made, and where somebody has one in our place that is told, and theirs is left.

use ipnet::IpNet;
use tokio::time::Instant;

use super::Plumbing;
use crate::kind::Parts;
use crate::link::Reach;
use crate::ovs::View;
use crate::{Error, LinkError};

impl Plumbing {
    /// Checks, before anything is made, that no route takes away what this host reaches. One that stands is no news.
    pub(super) async fn check_routes(&self, parts: &[Parts], deadline: Instant) -> Result<(), Error> {
        if destinations(parts).next().is_none() {
            return Ok(());
        }
        let view = self.ovs.session().view(deadline).await?;
        let (ours, others) = self.reached(&view).await?;
        let mut wanted = destinations(parts).filter(|net| ours.iter().all(|reach| reach.net != *net));
        wanted.try_for_each(|net| check(net, &others, |there| loses(there, &net)))
    }

    /// What the host reaches otherwise than by ports of ours, if a plan has routes.
    pub(super) async fn reached_beside(&self, parts: &[Parts], view: &View) -> Result<Vec<Reach>, Error> {
        if destinations(parts).next().is_none() { Ok(Vec::new()) } else { Ok(self.reached(view).await?.1) }
    }

    /// What the host reaches by ports of ours, and otherwise.
    async fn reached(&self, view: &View) -> Result<(Vec<Reach>, Vec<Reach>), Error> {
        let is_marked = |link: &str| {
            let mark = view.port(link).and_then(|port| port.mark());
            mark.is_some_and(|mark| mark.instance == *self.ovs.session().instance())
        };
        let is_ours = |link: &str| is_marked(link) || self.ovs.is_leaving(link);
        let reaches = self.links.reaches().await?.into_iter();
        Ok(reaches.partition(|reach| reach.link.as_deref().is_some_and(is_ours)))
    }
}

/// Checks that nobody has a route in the place of one of ours.
pub(super) fn stand(parts: &Parts, others: &[Reach]) -> Result<(), Error> {
    destinations(std::slice::from_ref(parts)).try_for_each(|net| check_place(net, others))
}

/// Leaves routes out in whose place somebody else's are.
pub(super) fn leave_others_alone(parts: &mut [Parts], others: &[Reach]) {
    let is_free = |destination: &IpNet| check_place(destination.trunc(), others).is_ok();
    for parts in parts {
        parts.route.take_if(|(_, route)| !is_free(&route.destination));
        if let Some((_, configuration)) = &mut parts.foot {
            configuration.routes.retain(|route| is_free(&route.destination));
        }
    }
}

fn destinations(parts: &[Parts]) -> impl Iterator<Item = IpNet> {
    parts.iter().flat_map(Parts::routes).map(|route| route.destination.trunc())
}

/// Whether the host would not reach all of it any more, or a network of ours not wholly, with a route of ours beside it. In
/// what a gateway is asked for, or nobody, a longer route is what routes are for; of a link's subnet it takes neighbours
/// away.
fn loses(there: &Reach, ours: &IpNet) -> bool {
    ours.contains(&there.net) || (there.on_link && there.net.contains(ours))
}

/// Checks that nobody has a route in the place of one.
fn check_place(destination: IpNet, others: &[Reach]) -> Result<(), Error> {
    check(destination, others, |there| there.net == destination)
}

fn check(destination: IpNet, others: &[Reach], collides: impl Fn(&Reach) -> bool) -> Result<(), Error> {
    match others.iter().find(|there| collides(there)) {
        Some(there) => Err(LinkError::Reached { destination, there: there.clone() }.into()),
        None => Ok(()),
    }
}
