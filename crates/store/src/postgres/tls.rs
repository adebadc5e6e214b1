//! TLS to PostgreSQL, with as much doubt about the server's certificate as `sslmode` asks for.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;
use weir_domain::{Error, Result};

/// What is checked of the server's certificate.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Check {
    Nothing,
    /// That somebody trusted issued it, whoever it is for.
    Issuer(Roots),
    IssuerAndHost(Roots),
}

/// Who may issue certificates.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Roots {
    /// Whom the system trusts.
    System,
    /// Who stands in this PEM file.
    File(PathBuf),
}

/// How to begin TLS. Reads the trusted certificates each time: they may have been renewed.
pub(super) fn connector(check: &Check) -> Result<MakeRustlsConnect> {
    client_config(check).map(MakeRustlsConnect::new)
}

fn client_config(check: &Check) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?;
    let verifier: Arc<dyn ServerCertVerifier> = match check {
        Check::Nothing => Arc::new(Anybody(provider)),
        Check::Issuer(roots) => Arc::new(AnyHost(verifier(roots, provider)?)),
        Check::IssuerAndHost(roots) => verifier(roots, provider)?,
    };
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn verifier(roots: &Roots, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>> {
    let mut store = RootCertStore::empty();
    let trusted = match roots {
        Roots::System => rustls_native_certs::load_native_certs().certs,
        Roots::File(path) => {
            let unreadable =
                |error| Error::Invalid(format!("sslrootcert '{}' cannot be read: {error}", path.display()));
            CertificateDer::pem_file_iter(path)
                .map_err(unreadable)?
                .collect::<std::result::Result<_, _>>()
                .map_err(unreadable)?
        }
    };
    store.add_parsable_certificates(trusted);
    if store.is_empty() {
        return Err(Error::invalid(
            "sslmode=verify-ca and verify-full need sslrootcert: no certificate is trusted",
        ));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build().map_err(Error::internal)
}

/// Believes every server, as `sslmode=prefer` and `require` do: this keeps listeners out, not impostors.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    // Of a certificate that anybody could have made, a proof that it is the server's own says nothing.
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Believes a certificate of a trusted issuer on any host, as `sslmode=verify-ca` does.
#[derive(Debug)]
struct AnyHost(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyHost {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        match self.0.verify_server_cert(certificate, intermediates, host, ocsp, now) {
            // The name is looked at last: all else was found good.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
