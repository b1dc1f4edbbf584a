//! Tells when links go, and when they come.

use std::collections::VecDeque;

use netlink_sys::protocols::NETLINK_ROUTE;
use plan::InterfaceName;

use super::LinkError;
use super::message::{HEAD, read};
use crate::netlink::{Message, Subscription, attribute, text};

/// Multicast group `RTNLGRP_LINK`.
const GROUP: u32 = 1;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// The link of that name was deleted, or left this namespace.
    Gone(String),
    /// Events were lost: look again.
    Lost,
}

/// A stream of events.
#[derive(Debug)]
pub struct LinkWatch {
    subscription: Subscription,
    waiting: VecDeque<LinkEvent>,
}

impl LinkWatch {
    pub(super) fn open() -> Result<Self, LinkError> {
        let subscription =
            Subscription::open(NETLINK_ROUTE, GROUP).map_err(|error| LinkError::netlink("subscription", error))?;
        Ok(Self { subscription, waiting: VecDeque::new() })
    }

    /// The next event.
    ///
    /// # Errors
    ///
    /// Where the socket breaks; there will be no more events.
    pub async fn next(&mut self) -> Result<LinkEvent, LinkError> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(event);
            }
            match self.received().await? {
                Some(messages) => self.waiting.extend(messages.iter().filter_map(gone)),
                None => return Ok(LinkEvent::Lost),
            }
        }
    }

    /// Waits for a sign that a link of that name came: worth a look.
    pub(super) async fn appeared(&mut self, name: &InterfaceName) -> Result<(), LinkError> {
        loop {
            match self.received().await? {
                Some(messages) if !messages.iter().filter_map(read).any(|link| link.name == **name) => {}
                _ => return Ok(()),
            }
        }
    }

    async fn received(&mut self) -> Result<Option<Vec<Message>>, LinkError> {
        self.subscription.next().await.map_err(|error| LinkError::netlink("subscription", error))
    }
}

fn gone(message: &Message) -> Option<LinkEvent> {
    if message.kind != libc::RTM_DELLINK || message.body.first() != Some(&0) {
        return None; // family bridge: a port left a bridge
    }
    attribute(message.body.get(HEAD..)?, libc::IFLA_IFNAME).map(|name| LinkEvent::Gone(text(name)))
}
