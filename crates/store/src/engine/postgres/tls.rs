//! TLS to PostgreSQL: rustls with ring, certificate and host name always verified.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::StoreError;

/// Trusts the certificates in `roots` (PEM), or the system's.
pub(super) fn connector(roots: Option<&Path>) -> Result<MakeRustlsConnect, StoreError> {
    let store = match roots {
        Some(path) => from_file(path)?,
        None => from_system()?,
    };
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Open(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn from_file(path: &Path) -> Result<RootCertStore, StoreError> {
    let explain = |error: &dyn std::fmt::Display| {
        StoreError::Open(format!("sslrootcert {} cannot be used: {error}", path.display()))
    };
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| explain(&error))? {
        store.add(certificate.map_err(|error| explain(&error))?).map_err(|error| explain(&error))?;
    }
    if store.is_empty() {
        return Err(explain(&"expected PEM certificates, found none"));
    }
    Ok(store)
}

fn from_system() -> Result<RootCertStore, StoreError> {
    let mut store = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = store.add_parsable_certificates(found.certs);
    if added == 0 {
        return Err(StoreError::Open(
            "no trusted certificates were found on this machine; install ca-certificates or name a file with sslrootcert"
                .to_owned(),
        ));
    }
    Ok(store)
}
