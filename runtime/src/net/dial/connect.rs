//! From an endpoint to a stream to it.

use tokio::net::{TcpStream, lookup_host};

use super::{Carrier, DialError};
use crate::net::{endpoint::Endpoint, io::Io};

/// Makes connections to one endpoint.
pub(super) struct Connector {
    to: Endpoint,
    carrier: Carrier,
}

impl Connector {
    pub(super) fn new(to: Endpoint, carrier: Carrier) -> Self {
        Self { to, carrier }
    }

    pub(super) async fn connect(&self) -> Result<Io, DialError> {
        match &self.carrier {
            Carrier::Tcp => Ok(Io::Tcp(tcp(self.to.host(), self.to.port()).await?)),
            Carrier::Memory(connect) => match connect().await {
                Ok(io) => Ok(Io::other(io)),
                Err(e) => Err(DialError::Connect { address: "memory".into(), why: e.to_string() }),
            },
        }
    }
}

/// One address of the host after the other.
async fn tcp(host: &str, port: u16) -> Result<TcpStream, DialError> {
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
