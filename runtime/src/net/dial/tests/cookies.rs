//! A load balancer that knows its clients by a cookie.

use super::*;

/// Sets `lb`, and wants it back from then on.
fn balance(seen: &Seen) -> Response<Full<Bytes>> {
    let cookies = seen.header("cookie").unwrap_or_default();
    if seen.head.uri.query().unwrap().contains("sid=") && !cookies.contains("lb=node-1") {
        return status(400, r#"{"code":1,"message":"Session ID unknown"}"#);
    }
    let mut answer = ok("ok");
    answer.headers_mut().append("set-cookie", HeaderValue::from_static("lb=node-1; Path=/; HttpOnly"));
    answer.headers_mut().append("set-cookie", HeaderValue::from_static("old=1; Max-Age=0"));
    answer
}

#[tokio::test]
async fn cookies_come_back_with_every_later_request() {
    let (addr, mut seen) = server(balance).await;
    let mut options = options(format_args!("http://{addr}"));
    options.cookies = true;
    options.headers.insert("cookie", HeaderValue::from_static("own=1"));
    let dialer = Dialer::new(options);
    soon("answer", dialer.get(None)).await.unwrap();
    soon("answer", dialer.post("s", Bytes::new())).await.unwrap();
    soon("answer", dialer.get(Some("s"))).await.unwrap();
    // Not a WebSocket server, but the cookie gets through.
    let error = soon("answer", dialer.websocket(Some("s"))).await.unwrap_err();
    assert_eq!(error.answer().unwrap().status, StatusCode::OK);
    assert_eq!(seen.recv().await.unwrap().header("cookie"), Some("own=1"));
    for _ in 0..3 {
        assert_eq!(seen.recv().await.unwrap().header("cookie"), Some("own=1; lb=node-1"));
    }
}

#[tokio::test]
async fn without_the_option_none_are_kept() {
    let (addr, _seen) = server(balance).await;
    let dialer = plain(addr);
    soon("answer", dialer.get(None)).await.unwrap();
    let error = soon("answer", dialer.post("s", Bytes::new())).await.unwrap_err();
    assert!(error.to_string().contains("Session ID unknown"), "{error}");
}
