//! The system's own library.

use native_tls::{Certificate, Identity};
use tokio_native_tls::TlsConnector;

use super::{
    super::error::chain,
    {Io, Tls},
};

pub(super) fn connector(tls: &Tls) -> Result<TlsConnector, String> {
    let mut builder = native_tls::TlsConnector::builder();
    for pem in &tls.roots {
        let roots = Certificate::stack_from_pem(pem).map_err(|e| format!("the authority: {}", chain(&e)))?;
        if roots.is_empty() {
            return Err("the authority: no certificate in PEM in it".into());
        }
        for root in roots {
            builder.add_root_certificate(root);
        }
    }
    if let Some((certificates, key)) = &tls.identity {
        let identity = Identity::from_pkcs8(certificates, key);
        builder.identity(identity.map_err(|e| format!("the client's certificate and key: {}", chain(&e)))?);
    }
    builder
        .disable_built_in_roots(tls.only_these_roots)
        .danger_accept_invalid_certs(tls.accept_invalid)
        .danger_accept_invalid_hostnames(tls.accept_invalid)
        .request_alpns(&["http/1.1"]);
    Ok(builder.build().map_err(|e| chain(&e))?.into())
}

pub(super) async fn secure(tls: &TlsConnector, host: &str, io: Io) -> Result<Io, String> {
    tls.connect(host, io).await.map(Io::other).map_err(|e| chain(&e))
}
