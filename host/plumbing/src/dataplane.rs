//! What the driver can ask of the plumbing. [`crate::Plumbing`] does it on this host; the driver's tests have their own.

use std::future::Future;
use std::net::IpAddr;

use plan::{HostFacts, Label};
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::{Error, Event, Finding, Health, Holding, Marked, Underlay, Work};

/// Performs, verifies and undoes plans.
///
/// Calls wait, until their deadline, for an Open vSwitch that is still starting. What fails is taken back, which can take
/// up to two seconds more. A call that is dropped before it returns takes nothing back: what it made carries the mark.
pub trait Dataplane: Send + Sync + 'static {
    /// Waits until Open vSwitch answers and has taken over what it was asked for so far. Who has many things to do asks
    /// this first, and holds nothing meanwhile that others want.
    fn ready(&self, deadline: Instant) -> impl Future<Output = Result<(), Error>> + Send;

    /// Waits until Open vSwitch's database is away, and says why; at once, if it is.
    fn lost(&self) -> impl Future<Output = Error> + Send;

    /// A snapshot of the host: its links, its bridges and who owns them, its datapaths.
    fn facts(&self, deadline: Instant) -> impl Future<Output = Result<HostFacts, Error>> + Send;

    /// How other hosts are reached, for tunnels, in the same order.
    fn underlay(
        &self,
        hosts: &[IpAddr],
        deadline: Instant,
    ) -> impl Future<Output = Result<Vec<Underlay>, Error>> + Send;

    /// Why what OVN's tunnels carry from this host reaches no other one, and what to do; none: nothing is in its way here.
    fn tunnel_fault(&self, deadline: Instant) -> impl Future<Output = Result<Option<String>, Error>> + Send;

    /// Makes everything a plan says, all or nothing: on an error, what was made is undone before the error is returned.
    /// What is there already and as it should be is taken as it is.
    fn perform(&self, work: &Work, deadline: Instant) -> impl Future<Output = Result<(), Error>> + Send;

    /// Makes what `to` says where `from` stands: what both have by its name is changed where it is, and the firewall's
    /// rules of `from` that are not `to`'s go in the transaction that brings those. Tunnels of a mesh that `to` does not
    /// lead to go, too. What else `from` made is left: that is for [`Dataplane::undo`]. Rules can share entries, so that
    /// both are to have all rules of a plan, or none.
    ///
    /// A container's link that both have is never made: where it is gone, this fails. On an error what was made is undone;
    /// what was changed stays so, until the same call the other way round changes it back.
    fn change(&self, from: &Work, to: &Work, deadline: Instant) -> impl Future<Output = Result<(), Error>> + Send;

    /// How each step's object is, one finding a step, in order. Where OVN's northbound database does not answer, what a step
    /// has there is [`crate::Condition::Unknown`], unless something is wrong with what it has on this host.
    fn verify(&self, work: &Work, deadline: Instant) -> impl Future<Output = Result<Vec<Finding>, Error>> + Send;

    /// Verifies, makes again what is missing or different, and says how each step's object was before. What is
    /// [`crate::Condition::Broken`] stays so, its remains are removed. What is this host's own comes first, and stays though
    /// OVN's northbound database does not answer; what is there is left while nothing is known of it.
    fn repair(&self, work: &Work, deadline: Instant) -> impl Future<Output = Result<Vec<Finding>, Error>> + Send;

    /// Removes everything a plan made, in reverse, however much of it is there. Carries on after an error and returns
    /// all of them.
    fn undo(&self, work: &Work, deadline: Instant) -> impl Future<Output = Result<(), Error>> + Send;

    /// Removes what `gone` made, as [`Dataplane::undo`] does, but for what `kept` says as well: rows of the northbound
    /// database are known by what they say, and routes too, whichever step says it.
    fn undo_but(&self, gone: &Work, kept: &Work, deadline: Instant) -> impl Future<Output = Result<(), Error>> + Send;

    /// Whether a container's end of what a plan made is still on this host, or again: no container has it.
    fn is_unclaimed(&self, work: &Work) -> bool;

    /// Makes the firewall's rules exactly those of these plans, in one transaction: at start, when all plans are known, and
    /// after [`crate::Event::FirewallChanged`].
    fn replace_rules(&self, works: &[Work], deadline: Instant) -> impl Future<Output = Result<(), Error>> + Send;

    /// The commands that would do what each step does.
    fn explain(&self, work: &Work) -> Vec<(Label, Vec<String>)>;

    /// Everything on this host that carries our instance's mark.
    fn marked(&self, deadline: Instant) -> impl Future<Output = Result<Vec<Marked>, Error>> + Send;

    /// Removes a thing that [`Dataplane::marked`] returned; that it is gone already is no error.
    fn remove(&self, marked: &Marked, deadline: Instant) -> impl Future<Output = Result<(), Error>> + Send;

    /// What the drivers of all hosts have in OVN's northbound database.
    fn holdings(&self, deadline: Instant) -> impl Future<Output = Result<Vec<Holding>, Error>> + Send;

    /// Lets go of what a driver has there whose host is gone for good, by its instance; never of what this driver has. Says
    /// what it had.
    fn reclaim(&self, instance: &str, deadline: Instant) -> impl Future<Output = Result<Vec<Holding>, Error>> + Send;

    /// What changes under us from now on. A receiver that lags has to reconcile.
    fn events(&self) -> broadcast::Receiver<Event>;

    /// How the plumbing is, now.
    fn health(&self) -> Health;
}
