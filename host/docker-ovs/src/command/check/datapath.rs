//! Where frames are switched.

use plumbing::link::Links;

use super::finding::Finding;

const SUBJECT: &str = "datapath";

pub(super) async fn look() -> Vec<Finding> {
    let kernel = match Links::open() {
        Ok(links) => links.kernel_datapath().await,
        Err(error) => Err(error),
    };
    let finding = match kernel {
        Ok(true) => Finding::good(SUBJECT, "the kernel's"),
        Ok(false) => Finding::doubtful(
            SUBJECT,
            "the kernel has no openvswitch module: frames are switched in ovs-vswitchd, slower",
        )
        .advise("modprobe openvswitch, where the kernel's package has it"),
        Err(error) => Finding::bad(SUBJECT, format!("netlink does not answer: {error}"))
            .advise("the driver needs the capability NET_ADMIN in the host's network namespace"),
    };
    vec![finding]
}
