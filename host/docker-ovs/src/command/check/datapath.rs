//! Where frames are switched.

use plumbing::link::Links;

use super::finding::Finding;

const SUBJECT: &str = "datapath";

/// What was found, and whether the kernel can switch frames.
pub(super) async fn look() -> (Finding, bool) {
    let kernel = match Links::open() {
        Ok(links) => links.kernel_datapath().await,
        Err(error) => Err(error),
    };
    match kernel {
        Ok(true) => (Finding::good(SUBJECT, "the kernel's"), true),
        Ok(false) => {
            let what = "the kernel has no openvswitch module: frames are switched in ovs-vswitchd, slower";
            (Finding::doubtful(SUBJECT, what).advise("modprobe openvswitch, where the kernel's package has it"), false)
        }
        Err(error) => {
            let advice = "the driver needs the capability NET_ADMIN in the host's network namespace";
            (Finding::bad(SUBJECT, format!("netlink does not answer: {error}")).advise(advice), false)
        }
    }
}
