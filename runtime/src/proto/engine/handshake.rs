//! The data of the `open` packet.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

/// What the server tells a client when a session opens.
///
/// The order of the keys is the reference's (`engine.io` 6.6.12, `build/socket.js`, `onOpen`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Handshake {
    /// The session id: a secret between the server and this client.
    pub sid: String,
    /// Transports that the client may upgrade to.
    #[serde(default)]
    pub upgrades: Vec<String>,
    /// Milliseconds between two pings of the server.
    pub ping_interval: u64,
    /// Milliseconds that the client has to answer one.
    pub ping_timeout: u64,
    /// The most bytes that the server takes in one POST body or WebSocket message; servers before Engine.IO 6.1 do not
    /// tell, so 0 means unlimited (as in `engine.io-client`).
    #[serde(default)]
    pub max_payload: u64,
}

impl Handshake {
    /// The `open` packet: `0{…}`.
    pub fn encode(&self) -> Bytes {
        let Self { sid, upgrades, ping_interval, ping_timeout, max_payload } = self;
        let (sid, upgrades) = (json!(sid), json!(upgrades));
        format!(
            r#"0{{"sid":{sid},"upgrades":{upgrades},"pingInterval":{ping_interval},"pingTimeout":{ping_timeout},"maxPayload":{max_payload}}}"#
        )
        .into()
    }

    /// Reads the JSON of an `open` packet. Unknown keys are ignored.
    pub fn decode(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// The client's deadline for the next ping.
    ///
    /// Capped at a day, so that a hostile server cannot make the sum overflow.
    pub fn ping_deadline(&self) -> Duration {
        const DAY: u64 = 24 * 60 * 60 * 1000;
        Duration::from_millis(self.ping_interval.min(DAY) + self.ping_timeout.min(DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::Handshake;

    const TEXT: &str =
        r#"0{"sid":"2KbF","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;

    #[test]
    fn is_written_like_the_reference_writes_it() {
        let handshake = Handshake {
            sid: "2KbF".into(),
            upgrades: vec!["websocket".into()],
            ping_interval: 25_000,
            ping_timeout: 20_000,
            max_payload: 1_000_000,
        };
        assert_eq!(handshake.encode(), TEXT);
        assert_eq!(Handshake::decode(&TEXT.as_bytes()[1..]), Some(handshake));
    }

    #[test]
    fn tolerates_unknown_and_missing_keys_but_not_a_missing_sid() {
        let old = Handshake::decode(br#"{"sid":"x","pingInterval":1,"pingTimeout":2,"more":[]}"#);
        assert_eq!(old.map(|h| (h.max_payload, h.upgrades.len())), Some((0, 0)));
        assert_eq!(Handshake::decode(br#"{"pingInterval":1,"pingTimeout":2}"#), None);
    }

    #[test]
    fn a_hostile_interval_does_not_overflow() {
        let max = u64::MAX;
        let text = format!(r#"{{"sid":"x","pingInterval":{max},"pingTimeout":{max}}}"#);
        let handshake = Handshake::decode(text.as_bytes()).unwrap();
        assert_eq!(handshake.ping_deadline().as_secs(), 2 * 24 * 60 * 60);
    }
}
