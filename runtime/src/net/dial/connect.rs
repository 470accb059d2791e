//! From an endpoint to a stream to it.

use std::io;

use tokio::net::{TcpStream, lookup_host};

use super::{Carrier, DialError, Proxy, Tls, proxy, tls};
use crate::net::{endpoint::Endpoint, io::Io};

/// Makes connections to one endpoint.
pub(super) struct Connector {
    to: Endpoint,
    carrier: Carrier,
    proxy: Option<Proxy>,
    tls: tls::Connector,
}

impl Connector {
    pub(super) fn new(to: Endpoint, carrier: Carrier, proxy: Option<Proxy>, tls: Tls) -> Self {
        Self { to, carrier, proxy, tls: tls::Connector::new(tls) }
    }

    pub(super) async fn connect(&self) -> Result<Io, DialError> {
        let io = match (&self.carrier, self.proxy.as_ref().and_then(|proxy| proxy.towards(&self.to))) {
            (Carrier::Own(connect), _) => connect().await.map_err(|e| self.failed(&e))?,
            (Carrier::Tcp, Some(proxy)) => proxy::tunnel(&proxy, &self.tls, &self.to).await?,
            (Carrier::Tcp, None) => Io::Tcp(tcp(self.to.host(), self.to.port()).await?),
        };
        if self.to.is_secure() { self.tls.secure(self.to.host(), io).await } else { Ok(io) }
    }

    fn failed(&self, error: &io::Error) -> DialError {
        DialError::Connect { address: self.to.to_string(), why: error.to_string() }
    }
}

/// One address of the host after the other.
pub(super) async fn tcp(host: &str, port: u16) -> Result<TcpStream, DialError> {
    let unresolved = |why: String| DialError::Resolve { host: host.into(), why };
    let mut failure = unresolved("none is known".into());
    for address in lookup_host((host, port)).await.map_err(|e| unresolved(e.to_string()))? {
        match TcpStream::connect(address).await {
            Ok(io) => {
                // Small packets, each of which somebody waits for.
                let _ = io.set_nodelay(true);
                return Ok(io);
            }
            Err(e) => failure = DialError::Connect { address: address.to_string(), why: e.to_string() },
        }
    }
    Err(failure)
}
