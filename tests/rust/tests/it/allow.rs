//! Who may open a connection: `allow_request` and `allow_origins` (engine.io 6.6.12, `server.js` `verify`).

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};

use ackord::{
    Server,
    server::{Rejection, ServerBuilder},
};
use http::StatusCode;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};

use crate::{
    client::{ENDPOINT, Http, Peer, Response, Via, http::open, http::post, soon, ws::UPGRADE},
    lab::Lab,
};

/// The answer to a handshake with these header lines, over either transport.
async fn handshake(addr: SocketAddr, transport: &str, query: &str, headers: &str) -> Response {
    let mut http = Http::connect(addr).await;
    let upgrade = if transport == "websocket" { UPGRADE } else { "" };
    http.send("GET", &format!("{ENDPOINT}{transport}{query}"), &format!("{upgrade}{headers}")).await;
    http.response().await
}

const OPENED: [(&str, u16); 2] = [("polling", 200), ("websocket", 101)];

#[tokio::test]
async fn a_request_is_refused_with_status_and_message() {
    let lab = Lab::with(|builder| {
        builder.allow_request(async |handshake| {
            let full = Rejection::new("no \"room\"").status(StatusCode::SERVICE_UNAVAILABLE);
            match handshake.query("as").as_deref() {
                Some("guest") => Err(Rejection::new("who are you?")),
                Some("late") => Err(full),
                Some("bug") => panic!("a bug"),
                _ if handshake.headers().contains_key("x-banned") => Err(Rejection::default()),
                _ => Ok(()),
            }
        })
    })
    .await;
    for (transport, opened) in OPENED {
        let connections = lab.io.connections();
        for (query, headers, status, message) in [
            ("&as=guest", "", 403, "who are you?"),
            ("&as=late", "", 503, r#"no \"room\""#),
            ("&as=bug", "", 500, "Forbidden"),
            ("", "X-Banned: 1\r\n", 403, "Forbidden"),
        ] {
            let response = handshake(lab.addr, transport, query, headers).await;
            assert_eq!(response.parts(), (status, &*format!(r#"{{"code":4,"message":"{message}"}}"#)));
            assert_eq!(response.header("content-type"), "application/json");
            assert_eq!(response.header("cache-control"), "no-store");
        }
        assert_eq!(lab.io.connections(), connections);
        assert_eq!(handshake(lab.addr, transport, "", "").await.status, opened);
    }
}

/// The other requests of a connection have its secret id; what is wrong as such is refused first.
#[tokio::test]
async fn only_good_handshakes_are_asked_about() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let mut lab = Lab::with(|builder| {
        builder.allow_request(async move |_| {
            count.fetch_add(1, SeqCst);
            Ok(())
        })
    })
    .await;
    for (transport, _) in OPENED {
        assert_eq!(handshake(lab.addr, transport, "&EIO=3", "").await.status, 400);
        assert_eq!(handshake(lab.addr, transport, "&sid=unknown", "").await.status, 400);
    }
    assert_eq!(asked.load(SeqCst), 0);
    for (n, via) in (1..).zip([Via::Polling, Via::WebSocket, Via::Upgraded]) {
        let mut peer = Peer::join(lab.addr, via).await;
        peer.send("2[\"note\",1]").await;
        lab.expect_seen("note 1").await;
        assert_eq!(asked.load(SeqCst), n);
    }
}

/// Tells when it goes.
struct Watched(mpsc::UnboundedSender<&'static str>);

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.0.send("ends");
    }
}

#[tokio::test]
async fn a_hook_may_wait_and_goes_with_its_request() {
    let (see, mut seen) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(0));
    let waits = Arc::clone(&gate);
    let lab = Lab::with(|builder| {
        builder.allow_request(async move |_| {
            let _ = see.send("begins");
            let _watched = Watched(see);
            waits.acquire().await.map(SemaphorePermit::forget).map_err(|_| Rejection::default())
        })
    })
    .await;
    for (transport, opened) in OPENED {
        let given_up = tokio::spawn(handshake(lab.addr, transport, "", ""));
        assert_eq!(soon("the hook", seen.recv()).await, Some("begins"));
        given_up.abort();
        assert_eq!(soon("the hook", seen.recv()).await, Some("ends"));
        let waiting = tokio::spawn(handshake(lab.addr, transport, "", ""));
        assert_eq!(soon("the hook", seen.recv()).await, Some("begins"));
        gate.add_permits(1);
        assert_eq!(soon("an answer", waiting).await.unwrap().status, opened);
        assert_eq!(seen.recv().await, Some("ends"));
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let lab = Lab::with(|builder| builder.allow_origins(["https://a.example", "http://localhost:5173"])).await;
    for (transport, opened) in OPENED {
        for headers in ["", "Origin: https://a.example\r\n", "Origin: http://localhost:5173\r\n"] {
            assert_eq!(handshake(lab.addr, transport, "", headers).await.status, opened, "{headers}");
        }
        for headers in [
            "Origin: https://b.example\r\n",
            "Origin: http://a.example\r\n",
            "Origin: https://a.example:8443\r\n",
            "Origin: https://a.example.evil.example\r\n",
            "Origin: null\r\n",
            "Origin: \r\n",
            "Origin: https://a.example\r\nOrigin: https://b.example\r\n",
        ] {
            let response = handshake(lab.addr, transport, "", headers).await;
            assert_eq!(response.parts(), (403, r#"{"code":4,"message":"Origin not allowed"}"#), "{headers}");
        }
    }
    // Without the setting a server asks nobody where he comes from.
    let open_to_all = Lab::new().await;
    for (transport, opened) in OPENED {
        assert_eq!(handshake(open_to_all.addr, transport, "", "Origin: https://b.example\r\n").await.status, opened);
    }
    assert_eq!(post(open_to_all.addr, &open(open_to_all.addr).await, "40").await.parts(), (200, "ok"));
}

#[test]
fn an_origin_that_no_browser_sends_is_a_mistake() {
    let set_up = |origin: &'static str| std::panic::catch_unwind(|| drop(Server::builder().allow_origins([origin])));
    let panic = set_up("https://a.example/").unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.starts_with("`https://a.example/` is no origin"), "{message}");
    assert!(set_up("null").is_ok());
    let _: fn(ServerBuilder, Vec<String>) -> ServerBuilder = ServerBuilder::allow_origins;
}
