//! Tells when somebody else changed the firewall.

/// Changes by others, many at once told as one.
#[derive(Debug)]
pub struct FirewallWatch {}

impl FirewallWatch {
    /// Waits until somebody else changed something that our rules stand on (`nft flush ruleset`, a firewall's reload,
    /// a start of dockerd), and then until it has been quiet for a moment.
    pub async fn changed(&mut self) {
        todo!()
    }
}
