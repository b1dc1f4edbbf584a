//! `docker-ovs mode pack FILE`.

use std::io::ErrorKind;
use std::process::ExitCode;

use mode_tools::pack::{PackError, Packed};

use crate::cli::mode::Pack;
use crate::config::Config;
use crate::exit::{Failure, NOT_FOUND, REFUSED};
use crate::show;

pub(crate) fn run(arguments: &Pack, config: &Config) -> Result<ExitCode, Failure> {
    let refused = |error: PackError| {
        let missing = matches!(&error, PackError::Read { source, .. } if source.kind() == ErrorKind::NotFound);
        Failure::new(if missing { NOT_FOUND } else { REFUSED }, error)
    };
    let packed = Packed::of_files(&arguments.file, &arguments.manifest, &config.limits.modes).map_err(refused)?;
    let manifest = packed.manifest();
    let output = arguments.output.clone().unwrap_or_else(|| format!("{}.wasm", manifest.name).into());
    packed.write(&output).map_err(refused)?;
    let (name, version, digest, size) = (&manifest.name, &manifest.version, packed.digest(), packed.bytes().len());
    show::bytes(format!("{}: {name} {version}, {size} bytes, sha256:{digest}\n", output.display()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
