//! What operators can ask of a running driver.

use std::future::Future;

use crate::report::{
    AddressPool, Explanation, Holding, LogFilter, Modes, NetworkDetail, NetworkSummary, Reconciled, Released, Removed,
    Status, ToBeUndone, Upgrade,
};
use crate::{Failure, Reclaiming, Releasing, Selector, Upgrading};

/// The operations of a driver. Implement them as `async fn`; each runs in a task of its own, which goes on when the
/// client hangs up.
pub trait Operations: Send + Sync + 'static {
    /// How the driver is.
    fn status(&self) -> impl Future<Output = Result<Status, Failure>> + Send;

    /// Its networks, in the order of their identifiers.
    fn networks(&self) -> impl Future<Output = Result<Vec<NetworkSummary>, Failure>> + Send;

    /// All about one network, compared with what is there now.
    fn network(&self, network: Selector) -> impl Future<Output = Result<NetworkDetail, Failure>> + Send;

    /// Verifies and repairs one network, or all of them and what none of them owns.
    fn reconcile(&self, network: Option<Selector>) -> impl Future<Output = Result<Reconciled, Failure>> + Send;

    /// Why each thing of a network, or of one of its endpoints, is there, and how it would be made by hand.
    fn explain(
        &self,
        network: Selector,
        endpoint: Option<Selector>,
    ) -> impl Future<Output = Result<Explanation, Failure>> + Send;

    /// What is gone for Docker but could not be taken down yet.
    fn to_be_undone(&self) -> impl Future<Output = Result<Vec<ToBeUndone>, Failure>> + Send;

    /// Removes a network with its endpoints, or one endpoint, that Docker has forgotten. That it has is for the client to
    /// make sure: a driver asks Docker for the hosts of its swarm and nothing else.
    fn remove(
        &self,
        network: Selector,
        endpoint: Option<Selector>,
    ) -> impl Future<Output = Result<Removed, Failure>> + Send;

    /// The pools of its own address management: this host's, or those of all hosts on its northbound database.
    fn pools(&self) -> impl Future<Output = Result<Vec<AddressPool>, Failure>> + Send;

    /// Gives back what Docker has forgotten of a pool: all that this driver has of it, or addresses of endpoints. That
    /// Docker has is for the client to make sure.
    fn release(&self, releasing: Releasing) -> impl Future<Output = Result<Released, Failure>> + Send;

    /// What the drivers of all hosts have in OVN's northbound database.
    fn holdings(&self) -> impl Future<Output = Result<Vec<Holding>, Failure>> + Send;

    /// Lets go of what the drivers of a host have there, or says what that is: by its name, its system-id or a driver's
    /// instance. That the host is gone for good is for the client to know.
    fn reclaim(&self, reclaiming: Reclaiming) -> impl Future<Output = Result<Vec<Holding>, Failure>> + Send;

    /// Its modes, each compiled and tried, with the networks that use them.
    fn modes(&self) -> impl Future<Output = Result<Modes, Failure>> + Send;

    /// Reads the modules and grants of this site again, and tells what there is now.
    fn reload_modes(&self) -> impl Future<Output = Result<Modes, Failure>> + Send;

    /// What moving a network to another module changes; and moves it, where that was confirmed.
    fn upgrade(&self, network: Selector, upgrading: Upgrading)
    -> impl Future<Output = Result<Upgrade, Failure>> + Send;

    /// Changes what is logged, until the next start; the filter is written as `tracing` writes them: `info,ovsdb=debug`.
    fn set_log_filter(&self, filter: String) -> impl Future<Output = Result<LogFilter, Failure>> + Send;
}
