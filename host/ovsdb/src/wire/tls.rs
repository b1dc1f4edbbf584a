//! TLS as Open vSwitch does it: both sides show a certificate, and one that the CA has signed is good whatever name it has.

use crate::options::TlsFiles;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsConnector;

/// A file or a name that cannot be used.
#[derive(Debug)]
pub(crate) struct TlsError {
    pub(crate) file: String,
    pub(crate) problem: String,
}

impl TlsError {
    fn new(file: &Path, problem: &dyn std::fmt::Display) -> Self {
        TlsError { file: file.display().to_string(), problem: problem.to_string() }
    }
}

/// Reads the files. They are small, and read only when a connection is made.
pub(crate) fn connector(files: Option<&TlsFiles>) -> Result<TlsConnector, TlsError> {
    let general = |problem: &dyn std::fmt::Display| TlsError { file: "TLS".to_owned(), problem: problem.to_string() };
    let files = files.ok_or_else(|| general(&"no certificates are configured"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&files.ca_certificate)? {
        roots.add(certificate).map_err(|error| TlsError::new(&files.ca_certificate, &error))?;
    }
    let key =
        PrivateKeyDer::from_pem_file(&files.private_key).map_err(|error| TlsError::new(&files.private_key, &error))?;
    let verifier = Arc::new(SignedByCa { roots, provider: provider.clone() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| general(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_auth_cert(certificates(&files.certificate)?, key)
        .map_err(|error| TlsError::new(&files.certificate, &error))?;
    Ok(Arc::new(config).into())
}

/// What goes into the greeting (SNI): the name, if it is one.
pub(crate) fn server_name(host: &str) -> Result<ServerName<'static>, TlsError> {
    ServerName::try_from(host.to_owned())
        .map_err(|error| TlsError { file: host.to_owned(), problem: error.to_string() })
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = CertificateDer::pem_file_iter(file).map_err(|error| TlsError::new(file, &error))?;
    let found = read.collect::<Result<Vec<_>, _>>().map_err(|error| TlsError::new(file, &error))?;
    if found.is_empty() { Err(TlsError::new(file, &"no certificate in the file")) } else { Ok(found) }
}

/// Verifies all but the name.
#[derive(Debug)]
struct SignedByCa {
    roots: RootCertStore,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for SignedByCa {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&certificate, &self.roots, intermediates, now, algorithms)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
