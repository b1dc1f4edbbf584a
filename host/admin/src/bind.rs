//! Making a socket that only its owner may open.

use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixSocket, UnixStream};

/// How many connections wait to be accepted.
const BACKLOG: u32 = 128;

/// Why a socket cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody answers on it.
    #[error("{} is in use: another driver is running on this host", path.display())]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// A file that is no socket stands there; it is left alone.
    #[error("{} is not a socket: move it away or choose another path", path.display())]
    NotASocket {
        /// The file.
        path: PathBuf,
    },
    /// Anything else.
    #[error("cannot make the socket {}", path.display())]
    Io {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Listens on a new socket that only its owner may open (mode 0600), in a directory that is made if it is missing (mode
/// 0755). A socket that a dead process left behind is replaced.
pub async fn bind(path: &Path) -> Result<UnixListener, BindError> {
    let io = |source| BindError::Io { path: path.to_owned(), source };
    if let Some(directory) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o755).create(directory).map_err(io)?;
    }
    make_room(path).await?;
    let socket = UnixSocket::new_stream().map_err(io)?;
    socket.bind(path).map_err(io)?;
    // Between bind and listen nobody can connect, so the socket is never open to others.
    std::fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(io)?;
    socket.listen(BACKLOG).map_err(io)
}

/// Removes a socket on which nobody listens.
async fn make_room(path: &Path) -> Result<(), BindError> {
    let io = |source| BindError::Io { path: path.to_owned(), source };
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io(error)),
    };
    if !metadata.file_type().is_socket() {
        return Err(BindError::NotASocket { path: path.to_owned() });
    }
    match UnixStream::connect(path).await {
        Ok(_) => Err(BindError::InUse { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => std::fs::remove_file(path).map_err(io),
        Err(error) => Err(io(error)),
    }
}
