//! `docker-ovs mode pack FILE`.

use std::process::ExitCode;

use mode_tools::pack::Packed;

use crate::cli::mode::Pack;
use crate::config::Config;
use crate::exit::{Failure, REFUSED};
use crate::show;

pub(crate) fn run(arguments: &Pack, config: &Config) -> Result<ExitCode, Failure> {
    let refused = |error| Failure::new(REFUSED, error);
    let packed = Packed::of_files(&arguments.file, &arguments.manifest, &config.limits.modes).map_err(refused)?;
    let manifest = packed.manifest();
    let output = arguments.output.clone().unwrap_or_else(|| format!("{}.wasm", manifest.name).into());
    packed.write(&output).map_err(refused)?;
    let (name, version, digest, size) = (&manifest.name, &manifest.version, packed.digest(), packed.bytes().len());
    show::bytes(format!("{}: {name} {version}, {size} bytes, sha256:{digest}\n", output.display()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
