//! TLS with certificates of an authority made here, in front of a server of ours.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, pem::PemObject as _},
        server::WebPkiClientVerifier,
    },
};

use super::*;

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        // Two of the same name would be taken for one another.
        params.distinguished_name.push(DnType::CommonName, crate::net::random::word());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate and its key.
    fn sign(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// Serves as `localhost`; with `clients`, only those that this authority knows.
    async fn serve(&self, clients: bool) -> u16 {
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
        let config = if clients {
            let mut roots = RootCertStore::empty();
            roots.add(self.0.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            config.with_client_cert_verifier(verifier)
        } else {
            config.with_no_client_auth()
        };
        let (certificate, key) = self.sign("localhost");
        let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
        let mut config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        // Who offers nothing gets HTTP/2 from some load balancers.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (io, _) = crate::Server::builder().build();
        tokio::spawn(async move {
            loop {
                let (stream, peer) = listener.accept().await.unwrap();
                let (acceptor, io) = (acceptor.clone(), io.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
                        crate::serve_stream(stream, Some(peer), &io).await;
                    }
                });
            }
        });
        port
    }

    fn trusted(&self, tls: Tls) -> Tls {
        tls.add_root_pem(self.0.pem()).unwrap()
    }
}

/// Every library of this build.
fn libraries() -> Vec<Tls> {
    vec![
        #[cfg(feature = "rustls")]
        Tls::default(),
        #[cfg(feature = "native-tls")]
        Tls::default().native(),
    ]
}

fn secure(host: &str, port: u16, tls: Tls) -> Dialer {
    Dialer::new(DialOptions { tls, ..options(format_args!("https://{host}:{port}")) })
}

async fn fails(dialer: &Dialer) -> String {
    let polled = soon("answer", dialer.get(None)).await.unwrap_err();
    let opened = soon("answer", dialer.websocket(None)).await.unwrap_err();
    assert!(matches!((&polled, &opened), (DialError::Tls(_), DialError::Tls(_))), "{polled}; {opened}");
    polled.to_string()
}

#[tokio::test]
async fn a_trusted_server_is_polled_and_a_websocket_opened() {
    let authority = Authority::new();
    let port = authority.serve(false).await;
    for tls in libraries() {
        for tls in [authority.trusted(tls.clone()), authority.trusted(tls).only_these_roots()] {
            opens(&secure("localhost", port, tls)).await;
        }
    }
}

#[tokio::test]
async fn an_unknown_authority_is_refused_with_a_word_on_what_to_do() {
    let port = Authority::new().serve(false).await;
    for tls in libraries() {
        let error = fails(&secure("localhost", port, tls.clone())).await;
        assert!(error.contains("certificate") && error.contains("localhost"), "{error}");
        // One that is known, and another.
        let error = fails(&secure("localhost", port, Authority::new().trusted(tls).only_these_roots())).await;
        assert!(error.contains("certificate"), "{error}");
        #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
        assert!(error.contains("Tls::add_root_pem"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_of_another_host_is_refused() {
    let authority = Authority::new();
    let port = authority.serve(false).await;
    for tls in libraries() {
        let error = fails(&secure("127.0.0.1", port, authority.trusted(tls.clone()))).await;
        assert!(error.contains("127.0.0.1"), "{error}");
        // Except for those who want it so.
        opens(&secure("127.0.0.1", port, tls.accept_invalid_certificates(true))).await;
    }
}

#[tokio::test]
async fn a_client_shows_its_certificate() {
    let authority = Authority::new();
    let port = authority.serve(true).await;
    let (certificate, key) = authority.sign("client");
    for tls in libraries() {
        let tls = authority.trusted(tls);
        let known = tls.clone().identity_pem(certificate.pem(), key.serialize_pem()).unwrap();
        opens(&secure("localhost", port, known)).await;
        // TLS 1.3 tells it after the handshake.
        let error = soon("answer", secure("localhost", port, tls).get(None)).await.unwrap_err();
        assert!(error.to_string().to_lowercase().contains("certificate"), "{error}");
    }
}

#[tokio::test]
async fn what_does_not_speak_tls_is_told() {
    let (addr, _) = server(|_| ok("")).await;
    for tls in libraries() {
        fails(&secure("127.0.0.1", addr.port(), tls)).await;
    }
}

#[test]
fn what_is_no_certificate_is_refused_at_once() {
    let authority = Authority::new();
    let (certificate, _) = authority.sign("client");
    let (other, key) = authority.sign("other");
    for tls in libraries() {
        for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let error = tls.clone().add_root_pem(pem).unwrap_err().to_string();
            assert!(error.starts_with("the authority"), "{error}");
        }
        let key = key.serialize_pem();
        assert!(tls.clone().identity_pem(other.pem(), "no key").is_err());
        assert!(tls.clone().identity_pem("", key.clone()).is_err());
        assert!(tls.clone().identity_pem(certificate.pem(), key.clone()).is_err(), "another's key");
        let shown = format!("{:?}", tls.identity_pem(other.pem(), key.clone()).unwrap());
        assert!(shown.contains("identity: true") && !shown.contains("PRIVATE"), "{shown}");
    }
}
