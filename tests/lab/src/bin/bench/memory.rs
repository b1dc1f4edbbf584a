//! What the driver holds.

use crate::report::Row;
use crate::samples::Samples;
use crate::stage::Stage;

/// The driver's resident memory with so many endpoints.
pub(crate) fn measure(stage: &Stage, endpoints: usize) -> Row {
    let status = stage.host.sh("grep VmRSS /proc/$(cat /run/lab/docker-ovs.pid)/status");
    let kibibytes = status.split_whitespace().nth(1).and_then(|number| number.parse::<f64>().ok());
    let mut resident = Samples::default();
    resident.push_value(kibibytes.expect("the kernel says how much") * 1024.0 / 1e6);
    let aim = if endpoints >= 1000 { "60 MB" } else { "" };
    Row::memory("resident memory of the driver", &resident).at(endpoints).aim(aim)
}
