//! Removes links in the background, many at a time: one alone takes the kernel 17 ms, a hundred together 40.

use plan::InterfaceName;

use super::Links;

/// Removes links of ours. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reaper {}

impl Reaper {
    /// A reaper of links whose alias starts with `mark`; it never touches another one. Wants a tokio runtime.
    #[must_use]
    pub fn start(links: Links, mark: String) -> Self {
        let _ = (links, mark);
        todo!()
    }

    /// Has a link removed; returns at once.
    pub fn reap(&self, name: InterfaceName) {
        let _ = name;
        todo!()
    }

    /// Waits until everything asked for so far is gone, or given up on (logged).
    pub async fn idle(&self) {
        todo!()
    }
}
