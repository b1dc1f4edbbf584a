//! Reaching a server.

use super::tls;
use crate::error::ConnectError;
use crate::options::TlsFiles;
use crate::remote::Remote;
use std::io;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// What a connection is made of.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// Any kind of connected stream.
pub(crate) type Stream = Box<dyn Transport>;

/// Connects; without a time limit of its own.
pub(crate) async fn dial(remote: &Remote, tls_files: Option<&TlsFiles>) -> Result<Stream, ConnectError> {
    let failed = |source: io::Error| ConnectError::Io { remote: remote.to_string(), source };
    match remote {
        Remote::Unix(path) => Ok(Box::new(UnixStream::connect(path).await.map_err(failed)?)),
        Remote::Tcp { host, port } => Ok(Box::new(connect_tcp(host, *port).await.map_err(failed)?)),
        Remote::Ssl { host, port } => {
            let tls_failed = |error: tls::TlsError| ConnectError::Tls {
                remote: remote.to_string(),
                file: error.file,
                problem: error.problem,
            };
            let connector = tls::connector(tls_files).map_err(tls_failed)?;
            let name = tls::server_name(host).map_err(tls_failed)?;
            let stream = connect_tcp(host, *port).await.map_err(failed)?;
            Ok(Box::new(connector.connect(name, stream).await.map_err(failed)?))
        }
    }
}

async fn connect_tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
