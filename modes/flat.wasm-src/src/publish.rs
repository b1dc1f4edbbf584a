//! What a segment says to `-p`.

use guest_modes::{Network, Plan, PublishedPort, Refusal};

pub(crate) fn plan(network: &Network, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
    if network.options.expect::<&str>("publish") == "ignore" {
        return Ok(Plan::new());
    }
    let ports: Vec<String> = ports.iter().map(|port| format!("{}/{}", port.container_port, port.protocol)).collect();
    let message = format!(
        "mode flat publishes no ports ({}): containers are reached at their own addresses. Leave out -p, or create the \
         network with -o publish=ignore: a network of mode nat that the container is on as well then publishes them, \
         whichever of the two Docker joins first",
        ports.join(", ")
    );
    Err(Refusal::unsupported("publish", message).at("publish"))
}
