//! What Docker's command line asks of a plugin, so that `docker ovs network ls` works where this program (or a link to
//! it) lies in `/usr/libexec/docker/cli-plugins`.

use std::process::ExitCode;

use serde_json::json;

use crate::exit::Failure;

pub(crate) fn run() -> Result<ExitCode, Failure> {
    crate::show::json(&json!({
        "SchemaVersion": "0.1.0",
        "Vendor": "docker-ovs",
        "Version": env!("CARGO_PKG_VERSION"),
        "ShortDescription": "Networks on Open vSwitch",
    }))?;
    Ok(ExitCode::SUCCESS)
}
