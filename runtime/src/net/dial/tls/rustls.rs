//! rustls, with `ring` and the roots of the system.

use std::{io, sync::Arc};

use tokio_rustls::{
    TlsConnector,
    rustls::{
        CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, RootCertStore, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{self, CryptoProvider, ring},
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
    },
};

use super::{Io, Tls};

pub(super) fn connector(tls: &Tls) -> Result<TlsConnector, String> {
    // Chosen here, so that nothing depends on what else the process has installed.
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let config = config.map_err(|e| e.to_string())?.with_root_certificates(roots(tls)?);
    let mut config = match &tls.identity {
        None => config.with_no_client_auth(),
        Some((chain, key)) => {
            let chain = certificates(chain, "the chain of the client's certificate")?;
            let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| format!("the private key: {e}"))?;
            config.with_client_auth_cert(chain, key).map_err(|e| format!("the client's certificate and key: {e}"))?
        }
    };
    if tls.accept_invalid {
        config.dangerous().set_certificate_verifier(Arc::new(AcceptAny(provider)));
    }
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

fn roots(tls: &Tls) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    for pem in &tls.roots {
        for root in certificates(pem, "the authority")? {
            store.add(root).map_err(|e| format!("the authority's certificate: {e}"))?;
        }
    }
    if !tls.only_these_roots {
        let system = rustls_native_certs::load_native_certs();
        // Some systems have one that nobody can read; the others count.
        let (added, _) = store.add_parsable_certificates(system.certs);
        if added == 0 && store.is_empty() && !tls.accept_invalid {
            let why = system.errors.first().map_or_else(String::new, |e| format!(": {e}"));
            return Err(format!("the system trusts no authority{why}"));
        }
    }
    Ok(store)
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if all.is_empty() => Err(format!("{what}: no certificate in PEM in it")),
        Ok(all) => Ok(all),
        Err(e) => Err(format!("{what}: {e}")),
    }
}

pub(super) async fn secure(tls: &TlsConnector, host: &str, io: Io) -> Result<Io, String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|e| e.to_string())?;
    match tls.connect(name, io).await {
        Ok(io) => Ok(Io::other(io)),
        Err(e) => Err(inside(&e).map_or_else(|| e.to_string(), explain)),
    }
}

/// What rustls says is right, and often not what helps.
fn explain(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the certificate is signed by nobody who is trusted here; `Tls::add_root_pem` adds an authority".into()
        }
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => "what is there does not speak TLS".into(),
        _ => error.to_string(),
    }
}

fn inside(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

pub(super) fn is_behind(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<io::Error>().and_then(inside).is_some() {
            return true;
        }
        next = error.source();
    }
    false
}

/// [`Tls::accept_invalid_certificates`]: that whoever it is has the key is still seen.
#[derive(Debug)]
struct AcceptAny(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
