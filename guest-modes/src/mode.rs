//! What a mode is.

use crate::{Endpoint, Network, Plan, PublishedPort, Refusal};

/// A mode: three pure functions from what the host knows to what is to exist. The host performs the plans, remembers
/// them, repairs what they made and undoes it; a mode is never asked how to take something down.
///
/// Nothing is kept between two calls: each one gets a fresh instance of the module. A call that panics is the mode's
/// fault and its message goes to the log; what the user did wrong is a [`Refusal`].
pub trait Mode {
    /// What has to exist for the network itself.
    ///
    /// # Errors
    ///
    /// Where the user asked for something that this mode cannot plan.
    fn plan_network(network: &Network) -> Result<Plan, Refusal>;

    /// What has to exist for one endpoint: exactly one [`EndpointPort`](crate::EndpointPort). Labels of the network's
    /// plan are in scope.
    ///
    /// # Errors
    ///
    /// Where the user asked for something that this mode cannot plan.
    fn plan_endpoint(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal>;

    /// What has to exist for the ports an endpoint publishes: [`Publish`](crate::Publish) steps. Asked when the network
    /// becomes the endpoint's way out, never with an empty list. Labels of the network's plan are in scope.
    ///
    /// # Errors
    ///
    /// Where the mode cannot publish them.
    fn plan_publish(network: &Network, endpoint: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal>;
}
