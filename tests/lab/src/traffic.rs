//! Traffic between nodes and containers, each probe with a clear verdict. The other end is `lab-peer serve`.

use crate::command::{Failed, patience, slowness};
use crate::node::{Node, Running};
use std::time::Duration;

/// What a peer said: which one it is, and from which address it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The name the peer was started with.
    pub name: String,
    /// The asker's address as the peer saw it, without the port.
    pub from: String,
}

/// What `lab-peer watch` saw of the way to another peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Questions.
    pub sent: u32,
    /// Those without an answer.
    pub lost: u32,
    /// The longest time without an answer.
    pub longest: Duration,
}

impl Watched {
    /// Waits until the watch ends.
    #[track_caller]
    #[must_use]
    pub fn of(running: Running) -> Self {
        let said = running.finish();
        let mut numbers = said.split(' ').filter_map(|word| word.parse().ok());
        let mut next = || numbers.next().unwrap_or_else(|| panic!("lab: a watch ended with `{said}`"));
        Self { sent: next(), lost: next(), longest: Duration::from_millis(next().into()) }
    }

    /// Panics unless the way was open all the time, as far as a busy machine lets one see.
    #[track_caller]
    pub fn never_stopped(self) {
        assert!(self.sent > 100, "lab: too little was seen: {self:?}");
        let few = self.lost <= (self.sent / 300).max(3);
        assert!(few && self.longest < Duration::from_secs(1), "lab: traffic stopped: {self:?}");
    }
}

/// A container that commands run in.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    node: &'a Node,
    name: &'a str,
}

impl<'a> Container<'a> {
    pub(crate) fn new(node: &'a Node, name: &'a str) -> Self {
        Self { node, name }
    }

    /// One field of `docker inspect`, as a Go template: `{{.State.Pid}}`.
    #[track_caller]
    #[must_use]
    pub fn inspect(&self, template: &str) -> String {
        self.node.sh(&format!("docker inspect --format '{template}' {}", self.name))
    }

    /// Its IPv4 address in `network`.
    #[track_caller]
    #[must_use]
    pub fn address(&self, network: &str) -> String {
        self.inspect(&format!("{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}"))
    }

    /// Its IPv6 address in `network`.
    #[track_caller]
    #[must_use]
    pub fn address_v6(&self, network: &str) -> String {
        self.inspect(&format!("{{{{(index .NetworkSettings.Networks \"{network}\").GlobalIPv6Address}}}}"))
    }
}

/// How long one may ask until there is an answer: less than a command may take.
const ANSWER: Duration = Duration::from_secs(60);

/// A place that traffic can come from.
pub trait Place {
    /// Runs a shell script there.
    ///
    /// # Errors
    /// How it failed.
    fn run(&self, script: &str) -> Result<String, Failed>;

    /// Runs a shell script there and gives what it printed; panics if it fails.
    #[track_caller]
    fn does(&self, script: &str) -> String {
        self.run(script).unwrap_or_else(|failed| panic!("lab: {failed}"))
    }

    /// Pings `address` until it answers, which must be within the deadline: a switch in user space loses the first packet
    /// of a tunnel while it asks who the other end is.
    #[track_caller]
    fn pings(&self, address: &str) {
        let times = patience(ANSWER).as_secs();
        self.does(&format!("for time in $(seq {times}); do ping -c 1 -W 1 {address} && exit; done; exit 1"));
    }

    /// Pings `address`, which must not answer.
    #[track_caller]
    fn cannot_ping(&self, address: &str) {
        let outcome = self.run(&format!("ping -c 2 -W 2 {address}"));
        assert!(outcome.is_err(), "lab: {address} should not answer a ping, but does");
    }

    /// Asks the peer at `address` over `tcp`, `udp` or `sctp` who it is.
    #[track_caller]
    fn asks(&self, protocol: &str, address: &str, port: u16) -> Answer {
        let seconds = patience(ANSWER).as_secs();
        let said = self.does(&format!("lab-peer ask {protocol} {address} {port} {seconds}"));
        let (name, from) = said.split_once(' ').unwrap_or_else(|| panic!("lab: a peer said `{said}`"));
        Answer { name: name.to_owned(), from: from.to_owned() }
    }

    /// Asks at `address` where nothing must answer; gives how that was noticed.
    #[track_caller]
    fn cannot_ask(&self, protocol: &str, address: &str, port: u16) -> String {
        match self.run(&format!("lab-peer ask {protocol} {address} {port}")) {
            Ok(said) => panic!("lab: {protocol} {address} {port} should not answer, but is {said}"),
            Err(failed) => failed.output,
        }
    }

    /// Asks the peers at these addresses over TCP and UDP and pings them, all at once: none of them must answer.
    #[track_caller]
    fn cannot_reach(&self, addresses: &[&str]) {
        let answers = self.does(&format!(
            "for to in {}; do \
               for how in tcp udp; do lab-peer ask $how $to 5000 >/dev/null 2>&1 && echo $to answers over $how & done; \
               ping -c 2 -W 2 $to >/dev/null 2>&1 && echo $to answers a ping & \
             done; wait",
            addresses.join(" ")
        ));
        assert_eq!(answers, "", "lab: these should not be reached");
    }

    /// Sends `megabytes` of noise (less on a slow machine) to the peer at `address` over TCP and checks that the same comes
    /// back.
    #[track_caller]
    fn exchanges(&self, address: &str, megabytes: u32) {
        self.exchanges_on(address, 5000, megabytes);
    }

    /// The same on another port.
    #[track_caller]
    fn exchanges_on(&self, address: &str, port: u16, megabytes: u32) {
        let megabytes = (megabytes / slowness()).max(1);
        self.does(&format!("lab-peer exchange {address} {port} {megabytes}"));
    }
}

impl Place for Node {
    fn run(&self, script: &str) -> Result<String, Failed> {
        self.try_sh(script)
    }
}

impl Place for Container<'_> {
    fn run(&self, script: &str) -> Result<String, Failed> {
        self.node.try_sh(&format!("docker exec {} sh -c '{script}'", self.name))
    }
}
