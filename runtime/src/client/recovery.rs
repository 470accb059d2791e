//! Connection state recovery: what a server needs to send again what was missed.
//!
//! `socket.io-client` 4.8.4, `socket.js`: `_sendConnectPacket`, `onconnect` and `emitEvent`. A server that offers it sends a `pid` with its
//! `CONNECT`, and then an offset as the last argument of every event.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use bytes::Bytes;

use crate::contract::Args;

#[derive(Default)]
pub(super) struct Recovery {
    /// Saves those without recovery, which are most, the look at every event.
    enabled: AtomicBool,
    session: Mutex<Session>,
}

#[derive(Default)]
struct Session {
    /// A secret, as whoever has it gets the missed events: it has no `Debug`.
    pid: Option<String>,
    offset: Option<String>,
}

impl Recovery {
    fn lock(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server has let the client in; true if it has recovered the session of before.
    pub(super) fn joined(&self, pid: Option<String>) -> bool {
        let mut session = self.lock();
        let recovered = pid.is_some() && session.pid == pid;
        self.enabled.store(pid.is_some(), Relaxed);
        if !recovered {
            // The reference keeps the old offset, which means nothing in a new session.
            *session = Session { pid, offset: None };
        }
        recovered
    }

    /// An event has come: the string at its end is the offset.
    pub(super) fn received(&self, event: &Bytes) {
        if self.enabled.load(Relaxed)
            && let Some(offset) = Args::event(event, &[]).ok().and_then(|(_, mut args)| args.last_text())
        {
            self.lock().offset = Some(offset);
        }
    }

    /// What the client shows, with what the server needs in front: the user's own keys win, as in the reference.
    pub(super) fn with_auth(&self, auth: Option<Bytes>) -> Option<Bytes> {
        let session = self.lock();
        let Some(pid) = &session.pid else { return auth };
        let offset =
            session.offset.as_ref().map_or(String::new(), |offset| format!(r#","offset":{}"#, serde_json::json!(offset)));
        let fields = format!(r#""pid":{}{offset}"#, serde_json::json!(pid));
        Some(with_fields(&fields, auth.as_deref()))
    }
}

/// A JSON object, if there is one, with these fields in front.
pub(super) fn with_fields(fields: &str, auth: Option<&[u8]>) -> Bytes {
    let mut json = format!("{{{fields}").into_bytes();
    match auth {
        None | Some(b"{}") => json.push(b'}'),
        Some(auth) => {
            json.push(b',');
            json.extend_from_slice(&auth[1..]);
        }
    }
    json.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auth(recovery: &Recovery, auth: Option<&'static str>) -> Option<String> {
        let auth = recovery.with_auth(auth.map(|auth| Bytes::from_static(auth.as_bytes())));
        auth.map(|auth| String::from_utf8(auth.to_vec()).unwrap())
    }

    #[test]
    fn what_was_missed_is_asked_for_with_the_last_offset() {
        let recovery = Recovery::default();
        let event = |json: &'static str| recovery.received(&Bytes::from_static(json.as_bytes()));
        event(r#"["before","x"]"#);
        assert_eq!(auth(&recovery, None), None);
        assert!(!recovery.joined(Some("p\"1".into())));
        assert_eq!(auth(&recovery, None).unwrap(), r#"{"pid":"p\"1"}"#);
        event(r#"["a",1,"first"]"#);
        event(r#"["b","second",2]"#);
        assert_eq!(auth(&recovery, Some("{}")).unwrap(), r#"{"pid":"p\"1","offset":"first"}"#);
        event(r#"["c",{"_placeholder":true,"num":0},"third"]"#);
        assert_eq!(auth(&recovery, Some(r#"{"token":1}"#)).unwrap(), r#"{"pid":"p\"1","offset":"third","token":1}"#);
        assert!(recovery.joined(Some("p\"1".into())));
        assert!(!recovery.joined(Some("p2".into())));
        assert!(!recovery.joined(None));
        assert_eq!(auth(&recovery, Some("{}")).unwrap(), "{}");
    }
}
