//! What changes under us: Open vSwitch's rows, links, the firewall. One task each; they end with the runtime.

use tokio::sync::broadcast;

use super::Plumbing;
use crate::link::LinkEvent;
use crate::ovs::Ovs;
use crate::{Error, Event};

impl Plumbing {
    pub(super) fn watch(&self) -> Result<(), Error> {
        let (mut drift, events) = (self.ovs.drift(), self.events.clone());
        tokio::spawn(async move {
            while let Some(event) = drift.next().await {
                tell(&events, event);
            }
        });
        let (mut links, events, ovs) = (self.links.watch()?, self.events.clone(), self.ovs.clone());
        tokio::spawn(async move {
            loop {
                match links.next().await {
                    Ok(LinkEvent::Gone(name)) => gone(&ovs, &name).into_iter().for_each(|event| tell(&events, event)),
                    Ok(LinkEvent::Lost) => tell(&events, Event::Lost),
                    Err(error) => return tracing::error!(%error, "links are no longer watched"),
                }
            }
        });
        let (mut firewall, events) = (self.firewall.watch()?, self.events.clone());
        tokio::spawn(async move {
            loop {
                firewall.changed().await;
                tell(&events, Event::FirewallChanged);
            }
        });
        Ok(())
    }
}

/// A link went: whose it was stands at the port that is left without it.
fn gone(ovs: &Ovs, name: &str) -> Option<Event> {
    let view = ovs.session().now();
    let port = view.port(name).filter(|_| !ovs.is_leaving(name))?;
    let mark = port.mark().filter(|mark| mark.instance == *ovs.session().instance())?;
    Some(Event::LinkGone { network: mark.network, endpoint: mark.endpoint, name: name.to_owned() })
}

fn tell(events: &broadcast::Sender<Event>, event: Event) {
    tracing::debug!(?event, "the host changed");
    // Nobody may be listening yet.
    let _ = events.send(event);
}
