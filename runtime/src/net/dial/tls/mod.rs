//! TLS: what a user may choose, and the libraries that do it. Their types stay here.

#[cfg(feature = "native-tls")]
mod native;
#[cfg(feature = "rustls")]
mod rustls;

use std::fmt;

use tokio::sync::OnceCell;

use super::DialError;
use crate::net::io::Io;

/// Whether this build has TLS.
pub(crate) const AVAILABLE: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// How a client trusts and shows certificates, for `https://` and `wss://`: whom the system trusts, by default, and nothing shown.
///
/// It takes the feature `rustls` or `native-tls`; with both, rustls is used unless [`native`](Self::native) was called.
///
/// ```
/// # #[cfg(feature = "rustls")]
/// # fn run(pem: &[u8]) -> Result<(), ackord::client::TlsError> {
/// use ackord::client::Tls;
///
/// // A company's own authority, and nobody else.
/// let tls = Tls::default().add_root_pem(pem)?.only_these_roots();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Tls {
    roots: Vec<Vec<u8>>,
    only_these_roots: bool,
    /// The chain and the key.
    identity: Option<(Vec<u8>, Vec<u8>)>,
    accept_invalid: bool,
    #[cfg(feature = "native-tls")]
    native: bool,
}

impl Tls {
    /// Trusts the authorities of `pem` as well, one or several certificates in PEM.
    ///
    /// # Errors
    /// There is no certificate in it, or one is malformed.
    pub fn add_root_pem(mut self, pem: impl Into<Vec<u8>>) -> Result<Self, TlsError> {
        self.roots.push(pem.into());
        self.check()?;
        Ok(self)
    }

    /// Trusts nobody but the authorities of [`add_root_pem`](Self::add_root_pem), whomever the system trusts.
    pub fn only_these_roots(mut self) -> Self {
        self.only_these_roots = true;
        self
    }

    /// Shows a certificate to servers that ask for one: `chain` in PEM, the client's own first, and its private `key` in PEM (PKCS #8).
    ///
    /// # Errors
    /// One of them is not there, is malformed, or does not fit the other.
    pub fn identity_pem(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Result<Self, TlsError> {
        self.identity = Some((chain.into(), key.into()));
        self.check()?;
        Ok(self)
    }

    /// Accepts any certificate of a server: expired, of another host, signed by nobody.
    ///
    /// **Dangerous**: whoever is between client and server can read and change everything. For experiments; for a server with a
    /// certificate of its own [`add_root_pem`](Self::add_root_pem) is right. Default: `false`.
    pub fn accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.accept_invalid = accept;
        self
    }

    /// Uses the system's own library (`SChannel`, Secure Transport, OpenSSL), where rustls is there as well.
    #[cfg(feature = "native-tls")]
    pub fn native(mut self) -> Self {
        self.native = true;
        self
    }

    fn check(&self) -> Result<(), TlsError> {
        // Without what the system trusts, which is read from its disk when it is needed.
        self.clone().only_these_roots().backend().map(drop).map_err(TlsError)
    }

    #[cfg_attr(not(any(feature = "rustls", feature = "native-tls")), expect(clippy::unused_self, reason = "there is none"))]
    fn backend(&self) -> Result<Backend, String> {
        #[cfg(feature = "native-tls")]
        if self.native || !cfg!(feature = "rustls") {
            return native::connector(self).map(Backend::Native);
        }
        #[cfg(feature = "rustls")]
        return rustls::connector(self).map(Backend::Rustls);
        #[cfg(not(feature = "rustls"))]
        Err("TLS needs the feature `rustls` or `native-tls` of the crate `ackord`".into())
    }
}

/// Without certificates and keys.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("roots", &self.roots.len())
            .field("only_these_roots", &self.only_these_roots)
            .field("identity", &self.identity.is_some())
            .field("accept_invalid_certificates", &self.accept_invalid)
            .finish_non_exhaustive()
    }
}

/// Why a certificate or a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsError(String);

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TlsError {}

#[derive(Clone)]
enum Backend {
    #[cfg(feature = "rustls")]
    Rustls(tokio_rustls::TlsConnector),
    #[cfg(feature = "native-tls")]
    Native(tokio_native_tls::TlsConnector),
}

impl Backend {
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    async fn secure(&self, host: &str, io: Io) -> Result<Io, String> {
        match self {
            #[cfg(feature = "rustls")]
            Self::Rustls(tls) => rustls::secure(tls, host, io).await,
            #[cfg(feature = "native-tls")]
            Self::Native(tls) => native::secure(tls, host, io).await,
        }
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    #[expect(clippy::unused_async, reason = "it stands for those that wait")]
    async fn secure(&self, _: &str, _: Io) -> Result<Io, String> {
        match *self {}
    }
}

/// The settings, made ready when a connection first wants them: reading the roots of the system takes a while.
pub(super) struct Connector {
    tls: Tls,
    ready: OnceCell<Backend>,
}

impl Connector {
    pub(super) fn new(tls: Tls) -> Self {
        Self { tls, ready: OnceCell::new() }
    }

    /// Makes `io`, a connection to `host` or by way of a proxy, a secure one.
    pub(super) async fn secure(&self, host: &str, io: Io) -> Result<Io, DialError> {
        let failed = |why: String| DialError::Tls(format!("{host}: {why}"));
        self.ready().await.map_err(failed)?.secure(host, io).await.map_err(failed)
    }

    async fn ready(&self) -> Result<&Backend, String> {
        self.ready
            .get_or_try_init(|| async {
                let tls = self.tls.clone();
                tokio::task::spawn_blocking(move || tls.backend()).await.map_err(|e| e.to_string())?
            })
            .await
    }
}

/// Whether this error, which came over a connection, is one of TLS: a server refuses a client's certificate after the handshake. Known
/// only of rustls.
pub(super) fn is_behind(error: &(dyn std::error::Error + 'static)) -> bool {
    #[cfg(feature = "rustls")]
    return rustls::is_behind(error);
    #[cfg(not(feature = "rustls"))]
    {
        let _ = error;
        false
    }
}
