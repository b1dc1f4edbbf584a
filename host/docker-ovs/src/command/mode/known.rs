//! The modes of this host: as the running driver has them, or without one as they lie there.

use std::time::Duration;

use admin::report::{Mode, Modes};
use admin::{Client, ClientError};
use serde::Serialize;

use crate::config::Config;
use crate::exit::Failure;
use crate::modes;
use crate::names::Names;

/// How long the driver may take: it compiles what is new first.
const PATIENCE: Duration = Duration::from_secs(150);

/// All modes, and whether a driver told of them.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Known {
    /// A driver runs here, and knows which networks use what.
    pub(crate) driver: bool,
    #[serde(flatten)]
    pub(crate) modes: Modes,
}

/// Whoever runs the driver's side.
pub(super) fn driver(config: &Config) -> Client {
    Client::new(&config.admin_socket, PATIENCE)
}

impl Known {
    /// What a driver said, with Docker's names of networks; nothing: none runs, or it is not for this user.
    pub(super) async fn told(answer: Result<Modes, ClientError>, names: &Names) -> Result<Option<Self>, Failure> {
        match answer {
            Ok(mut modes) => {
                names.add_to_modes(&mut modes.modes).await;
                Ok(Some(Self { driver: true, modes }))
            }
            Err(ClientError::NotRunning { .. } | ClientError::Denied { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What the driver has, or else what lies there.
    pub(super) async fn all(config: &Config, names: &Names) -> Result<Self, Failure> {
        match Self::told(driver(config).modes().await, names).await? {
            Some(known) => Ok(known),
            None => Self::here(config).await,
        }
    }

    /// What lies there, checked and tried as a driver would.
    async fn here(config: &Config) -> Result<Self, Failure> {
        let sandbox = modes::sandbox(config).map_err(anyhow::Error::from)?;
        let (catalog, notices) = modes::open(&sandbox, config);
        let modes = catalog.overview().await.into_iter().map(driver::mode_report).collect();
        Ok(Self {
            driver: false,
            modes: Modes { modes, notices: notices.into_iter().map(|notice| notice.0).collect() },
        })
    }

    /// The modules that are, or were, called so, with their networks.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Mode> {
        self.modes.modes.iter().filter(move |mode| mode.name == name)
    }
}
