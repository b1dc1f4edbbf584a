//! The two sockets: Docker's, which systemd may have opened for us, and the operators'.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use admin::{BindError, bind};
use listenfd::ListenFd;
use tokio::net::UnixListener;

use crate::config::Config;
use crate::exit::{UNAVAILABLE, USAGE};

/// Listening sockets.
pub(super) struct Sockets {
    pub(super) docker: UnixListener,
    pub(super) operators: UnixListener,
    /// The files of those that we made.
    pub(super) files: Files,
}

/// Why a socket cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub(super) enum SocketError {
    /// It cannot be made.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// What systemd handed over is no unix socket.
    #[error("the socket that systemd handed over cannot be used: see docker-ovs.socket")]
    Activation(#[source] io::Error),
    /// Systemd and the configuration mean different sockets, and nobody can tell which one Docker is to use.
    #[error(
        "systemd listens on {activated}, and the configuration says socket = \"{configured}\": say the same in both \
         (ListenStream of docker-ovs.socket, by `systemctl edit docker-ovs.socket`), or disable docker-ovs.socket"
    )]
    Elsewhere {
        /// Where systemd listens.
        activated: String,
        /// Where the driver was told to.
        configured: String,
    },
}

impl SocketError {
    /// What to exit with.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Bind(_) | Self::Activation(_) => UNAVAILABLE,
            Self::Elsewhere { .. } => USAGE,
        }
    }
}

impl Sockets {
    /// Takes over what systemd opened, and opens the rest.
    pub(super) async fn open(config: &Config) -> Result<Self, SocketError> {
        let mut files = Files::default();
        let docker = match activated().map_err(SocketError::Activation)? {
            Some(listener) => agreed(listener, &config.socket)?,
            None => files.bind(&config.socket).await?,
        };
        let operators = files.bind(&config.admin_socket).await.inspect_err(|_| files.remove())?;
        Ok(Self { docker, operators, files })
    }
}

/// The socket that systemd opened, if it did.
fn activated() -> io::Result<Option<UnixListener>> {
    let Some(listener) = ListenFd::from_env().take_unix_listener(0)? else { return Ok(None) };
    listener.set_nonblocking(true)?;
    UnixListener::from_std(listener).map(Some)
}

/// A socket of systemd's, if it is the one that the configuration names.
fn agreed(listener: UnixListener, configured: &Path) -> Result<UnixListener, SocketError> {
    let address = listener.local_addr().map_err(SocketError::Activation)?;
    // /var/run is /run.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match address.as_pathname() {
        Some(path) if real(path) == real(configured) => Ok(listener),
        path => Err(SocketError::Elsewhere {
            activated: path.map_or_else(|| "a socket without a path".to_owned(), |path| path.display().to_string()),
            configured: configured.display().to_string(),
        }),
    }
}

/// The sockets' files, and which they were: a successor may have replaced them by the time they are removed.
#[derive(Debug, Default)]
pub(super) struct Files(Vec<(PathBuf, u64)>);

impl Files {
    async fn bind(&mut self, path: &Path) -> Result<UnixListener, BindError> {
        let listener = bind(path).await?;
        if let Ok(metadata) = path.symlink_metadata() {
            self.0.push((path.to_owned(), metadata.ino()));
        }
        Ok(listener)
    }

    /// Removes them, so that nobody waits at a door behind which there is no one.
    pub(super) fn remove(&self) {
        for (path, inode) in &self.0 {
            if path.symlink_metadata().is_ok_and(|metadata| metadata.ino() == *inode)
                && let Err(error) = std::fs::remove_file(path)
            {
                tracing::warn!(%error, socket = %path.display(), "cannot remove the socket");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_own_sockets_are_removed() {
        let directory = tempfile::tempdir().unwrap();
        let (kept, replaced) = (directory.path().join("kept.sock"), directory.path().join("replaced.sock"));
        let mut files = Files::default();
        let _listeners = (files.bind(&kept).await.unwrap(), files.bind(&replaced).await.unwrap());
        std::fs::rename(&replaced, directory.path().join("older.sock")).unwrap();
        std::fs::write(&replaced, "a successor's").unwrap();
        files.remove();
        assert!(!kept.exists() && replaced.exists());
    }
}
