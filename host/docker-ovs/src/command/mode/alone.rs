//! One at a time: who adds or removes a mode reads grants, asks the driver, and writes; two at once would lose what the
//! other wrote.

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::install;
use crate::config::Config;
use crate::exit::Failure;

/// Held by who edits the modes of this site. It goes with the process, however that ends.
#[derive(Debug)]
pub(super) struct Alone {
    _locked: File,
}

impl Alone {
    /// Waits until nobody else edits. What is locked is the directory of grants itself, so that nothing is left over.
    pub(super) fn wait(config: &Config) -> Result<Self, Failure> {
        let directory = &config.grants_dir;
        let failed = |error| install::failure("locked", directory, error);
        let locked = opened(directory).map_err(failed)?;
        match locked.try_lock() {
            Ok(()) => return Ok(Self { _locked: locked }),
            Err(TryLockError::WouldBlock) => {
                eprintln!("docker-ovs: somebody else adds or removes a mode: waiting until that is done");
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        locked.lock().map_err(failed)?;
        Ok(Self { _locked: locked })
    }
}

fn opened(directory: &Path) -> std::io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o755).create(directory)?;
    File::open(directory)
}
