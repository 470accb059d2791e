//! HTTP requests and their answers: error codes, overlapping and aborted requests, bodies that are none (engine.io 6.6.12,
//! `server.js` `verify`, `transports/polling.js`).

use crate::{
    client::{
        ENDPOINT, Http, Peer, Response, Via, get,
        http::{open, post},
        ws::{UPGRADE, Ws},
    },
    lab::Lab,
};

/// Refused, as all refusals are.
fn expect_refusal(response: &Response, status: u16, code: u8, message: &str) {
    assert_eq!(response.parts(), (status, &*format!(r#"{{"code":{code},"message":"{message}"}}"#)));
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(response.header("cache-control"), "no-store");
}

async fn refused_upgrade(lab: &Lab, query: &str) -> Response {
    match Ws::try_open(lab.addr, &format!("/socket.io/?{query}")).await {
        Ok(_) => panic!("{query} was let in"),
        Err(response) => response,
    }
}

/// Peer B13.
#[tokio::test]
async fn refusals_are_the_same_for_http_and_for_upgrades() {
    let lab = Lab::new().await;
    let session = "sid=AAAAAAAAAAAAAAAAAAAA";
    for (query, code, message) in [
        ("EIO=4".to_owned(), 0, "Transport unknown"),
        ("EIO=4&transport=".to_owned(), 0, "Transport unknown"),
        ("EIO=4&transport=webtransport".to_owned(), 0, "Transport unknown"),
        ("EIO=4&transport=__proto__".to_owned(), 0, "Transport unknown"),
        (format!("EIO=4&transport=polling&{session}"), 1, "Session ID unknown"),
        (format!("EIO=4&transport=websocket&{session}"), 1, "Session ID unknown"),
        ("EIO=4&transport=polling&sid=".to_owned(), 1, "Session ID unknown"),
        ("EIO=4&transport=polling&sid=%00%ff".to_owned(), 1, "Session ID unknown"),
    ] {
        expect_refusal(&get(lab.addr, &format!("/socket.io/?{query}")).await, 400, code, message);
        expect_refusal(&refused_upgrade(&lab, &query).await, 400, code, message);
    }
    for eio in ["", "EIO=3&", "EIO=5&", "EIO=04&", "EIO=4x&", "EIO=&"] {
        let response = get(lab.addr, &format!("/socket.io/?{eio}transport=polling")).await;
        expect_refusal(&response, 400, 5, "Unsupported protocol version");
        let response = refused_upgrade(&lab, &format!("{eio}transport=websocket")).await;
        expect_refusal(&response, 400, 5, "Unsupported protocol version");
    }
    assert_eq!(lab.io.connections(), 0);
}

#[tokio::test]
async fn a_handshake_is_a_get() {
    let lab = Lab::new().await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let mut http = Http::connect(lab.addr).await;
        http.send(method, &format!("{ENDPOINT}polling"), "Content-Length: 0\r\n").await;
        expect_refusal(&http.response().await, 400, 2, "Bad handshake method");
    }
}

#[tokio::test]
async fn transport_and_request_have_to_fit() {
    let lab = Lab::new().await;
    let bad = |response: &Response| expect_refusal(response, 400, 3, "Bad request");
    bad(&get(lab.addr, &format!("{ENDPOINT}websocket")).await);
    bad(&refused_upgrade(&lab, "EIO=4&transport=polling").await);

    let target = open(lab.addr).await;
    bad(&get(lab.addr, &target.replace("polling", "websocket")).await);
    bad(&get(lab.addr, &target.replace("EIO=4", "EIO=3")).await);
    bad(&refused_upgrade(&lab, target.split_once('?').unwrap().1).await);
    // None of it has touched the session.
    assert_eq!(post(lab.addr, &target, "40").await.parts(), (200, "ok"));

    let peer = Peer::open(lab.addr, Via::WebSocket).await;
    bad(&get(lab.addr, &peer.target()).await);
    bad(&post(lab.addr, &peer.target(), "40").await);
}

/// An incomplete upgrade is a plain GET.
#[tokio::test]
async fn an_upgrade_has_all_its_headers() {
    let lab = Lab::new().await;
    for line in UPGRADE.split_inclusive("\r\n") {
        let mut http = Http::connect(lab.addr).await;
        http.send("GET", &format!("{ENDPOINT}websocket"), &UPGRADE.replace(line, "")).await;
        expect_refusal(&http.response().await, 400, 3, "Bad request");
    }
    let mut http = Http::connect(lab.addr).await;
    let tolerated = UPGRADE.replace("websocket", "WebSocket").replace("Connection: Upgrade", "Connection: keep-alive, upgrade");
    http.send("GET", &format!("{ENDPOINT}websocket"), &tolerated).await;
    assert_eq!(http.response().await.status, 101);
}

#[tokio::test]
async fn a_session_knows_get_and_post_only() {
    let lab = Lab::new().await;
    let target = open(lab.addr).await;
    for method in ["PUT", "DELETE"] {
        let mut http = Http::connect(lab.addr).await;
        http.send(method, &target, "Content-Length: 0\r\n").await;
        assert_eq!(http.response().await.parts(), (500, ""));
    }
    assert_eq!(post(lab.addr, &target, "40").await.parts(), (200, "ok"));
}

#[tokio::test]
async fn transports_that_are_not_offered_are_unknown() {
    let lab = Lab::with(|builder| builder.transports(false, true)).await;
    expect_refusal(&get(lab.addr, &format!("{ENDPOINT}polling")).await, 400, 0, "Transport unknown");
    Peer::join(lab.addr, Via::WebSocket).await;

    let lab = Lab::with(|builder| builder.transports(true, false)).await;
    expect_refusal(&refused_upgrade(&lab, "EIO=4&transport=websocket").await, 400, 0, "Transport unknown");
    let opened = get(lab.addr, &format!("{ENDPOINT}polling")).await;
    assert!(opened.body.contains(r#""upgrades":[]"#), "{}", opened.body);
}

#[tokio::test]
async fn the_path_is_matched_exactly() {
    let lab = Lab::new().await;
    for path in ["/socket.io", "/socket.io/"] {
        let response = get(lab.addr, &format!("{path}?EIO=4&transport=polling")).await;
        assert_eq!((response.status, &response.body[..8]), (200, r#"0{"sid":"#), "{path}");
    }
    for path in ["/socket.io/foo", "/socket.io-admin", "/socket.io//", "/socket.i", "/", "/app/socket.io/"] {
        let response = get(lab.addr, &format!("{path}?EIO=4&transport=polling")).await;
        assert_eq!(response.parts(), (200, &*format!("inner {path}")));
    }
    // An upgrade elsewhere is the inner service's business too.
    let response = Ws::try_open(lab.addr, "/other").await.err().unwrap();
    assert_eq!(response.parts(), (200, "inner /other"));

    let lab = Lab::with(|builder| builder.path("/api/live/")).await;
    assert_eq!(get(lab.addr, "/api/live?EIO=4&transport=polling").await.body[..8], *r#"0{"sid":"#);
    assert_eq!(get(lab.addr, "/socket.io/?EIO=4&transport=polling").await.body, "inner /socket.io/");
}

#[tokio::test]
async fn the_handshake_is_nodes_byte_for_byte() {
    let lab = Lab::new().await;
    let opened = get(lab.addr, "/socket.io/?EIO=4&transport=polling&t=x1&b64=1").await;
    let sid = opened.body.get(9..29).unwrap();
    assert!(sid.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')), "{sid}");
    let expected =
        format!(r#"0{{"sid":"{sid}","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#);
    assert_eq!(opened.body, expected);
    assert_eq!(opened.header("content-type"), "text/plain; charset=UTF-8");
    assert_eq!(opened.header("cache-control"), "no-store");

    let posted = post(lab.addr, &format!("{ENDPOINT}polling&sid={sid}"), "40").await;
    assert_eq!(posted.parts(), (200, "ok"));
    assert_eq!(posted.header("content-type"), "text/html");

    let mut ws = Ws::open(lab.addr, &format!("{ENDPOINT}websocket")).await;
    let crate::client::Frame::Text(text) = ws.next().await else { panic!("a handshake") };
    assert!(text.ends_with(r#"","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#), "{text}");
}

#[tokio::test]
async fn settings_show_in_the_handshake() {
    let lab = Lab::with(|builder| {
        let ms = std::time::Duration::from_millis;
        builder.ping_interval(ms(1234)).ping_timeout(ms(567)).max_payload(89).allow_upgrades(false)
    })
    .await;
    let opened = get(lab.addr, &format!("{ENDPOINT}polling")).await;
    assert!(opened.body.ends_with(r#""upgrades":[],"pingInterval":1234,"pingTimeout":567,"maxPayload":89}"#), "{}", opened.body);
}

#[tokio::test]
async fn nobody_upgrades_to_a_transport_that_is_not_offered() {
    let lab = Lab::with(|builder| builder.transports(true, false)).await;
    let target = open(lab.addr).await.replace("polling", "websocket");
    let refused = Ws::try_open(lab.addr, &target).await.err().unwrap();
    assert_eq!(refused.parts(), (400, r#"{"code":0,"message":"Transport unknown"}"#));
}
