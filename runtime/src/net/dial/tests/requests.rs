//! Requests and answers over plain TCP.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
};

use super::*;

#[tokio::test]
async fn requests_are_those_of_the_reference() {
    let (addr, mut seen) = server(|_| ok("ok")).await;
    let mut options = options(format_args!("http://{addr}?x=1"));
    options.headers.append("x-app", HeaderValue::from_static("a"));
    options.headers.append("x-app", HeaderValue::from_static("b"));
    let dialer = Dialer::new(options);
    assert_eq!(soon("answer", dialer.get(None)).await.unwrap(), "ok");
    soon("answer", dialer.post("s", Bytes::from_static(b"4\xe2\x82\xac"))).await.unwrap();

    let get = seen.recv().await.unwrap();
    let target = get.head.uri.to_string();
    assert!(target.starts_with("/socket.io/?x=1&EIO=4&transport=polling&t="), "{target}");
    let names: Vec<_> = get.head.headers.keys().map(http::HeaderName::as_str).collect();
    assert_eq!(names, ["host", "accept", "x-app"]);
    assert_eq!((get.header("host"), get.header("accept")), (Some(&*addr.to_string()), Some("*/*")));
    assert_eq!(get.head.headers.get_all("x-app").iter().count(), 2);

    let post = seen.recv().await.unwrap();
    assert!(post.head.uri.to_string().contains("transport=polling&sid=s&t="));
    assert_eq!((post.head.method.as_str(), post.header("content-type")), ("POST", Some("text/plain;charset=UTF-8")));
    assert_eq!(post.body, "4€");
    // The connection is used again.
    assert_eq!((get.connection, post.connection), (0, 0));
}

#[tokio::test]
async fn another_answer_is_an_error_that_has_it() {
    let (addr, _) = server(|_| status(400, r#"{"code":0,"message":"Transport unknown"}"#)).await;
    for error in [
        soon("answer", plain(addr).get(None)).await.unwrap_err(),
        soon("answer", plain(addr).post("s", Bytes::new())).await.unwrap_err(),
        soon("answer", plain(addr).websocket(None)).await.unwrap_err(),
    ] {
        let answer = error.answer().unwrap();
        assert_eq!((answer.status, &*answer.body), (StatusCode::BAD_REQUEST, r#"{"code":0,"message":"Transport unknown"}"#));
        assert_eq!(error.to_string(), r#"answered 400 Bad Request: {"code":0,"message":"Transport unknown"}"#);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_but_told() {
    let (addr, mut seen) = server(|_| {
        let mut answer = status(302, "elsewhere");
        answer.headers_mut().insert("location", HeaderValue::from_static("https://other/"));
        answer
    })
    .await;
    let error = soon("answer", plain(addr).get(None)).await.unwrap_err();
    assert_eq!(error.to_string(), "answered 302 Found, which points to https://other/ and is not followed");
    seen.recv().await.unwrap();
    assert!(seen.try_recv().is_err());
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let big: &'static str = "x".repeat(200_000).leak();
    let (addr, _) = server(move |_| ok(big)).await;
    let dialer = plain(addr);
    let limit = dialer.0.max_poll();
    assert_eq!(soon("answer", dialer.get(None)).await.unwrap_err(), DialError::TooLarge(limit));
    // As much as is allowed.
    let fits: &'static str = &big[..limit];
    let (addr, _) = server(move |_| ok(fits)).await;
    assert_eq!(soon("answer", plain(addr).get(None)).await.unwrap().len(), limit);
    // Of a refusal there is only the beginning.
    let (addr, _) = server(move |_| status(500, &big[..10_000])).await;
    let error = soon("answer", plain(addr).get(None)).await.unwrap_err();
    assert_eq!(error.answer().unwrap().body.len(), 200);
}

#[tokio::test]
async fn a_post_is_never_sent_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dialer = plain(listener.local_addr().unwrap());
    let posts = tokio::spawn(async move {
        let (mut io, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 4096];
        let mut posts = 0;
        // One that is answered, so that the connection is kept; one that is not, and the connection ends.
        for answer in [&b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"[..], b""] {
            let n = io.read(&mut buffer).await.unwrap();
            posts += std::str::from_utf8(&buffer[..n]).unwrap().matches("POST ").count();
            io.write_all(answer).await.unwrap();
        }
        drop(io);
        // Whoever comes now comes in vain; the GET at the end is the one expected.
        let (mut io, _) = listener.accept().await.unwrap();
        let n = io.read(&mut buffer).await.unwrap();
        posts += std::str::from_utf8(&buffer[..n]).unwrap().matches("POST ").count();
        posts
    });
    soon("answer", dialer.post("s", Bytes::from_static(b"4a"))).await.unwrap();
    let error = soon("answer", dialer.post("s", Bytes::from_static(b"4b"))).await.unwrap_err();
    assert!(matches!(error, DialError::Broken(_)), "{error}");
    soon("end", dialer.get(None)).await.unwrap_err();
    assert_eq!(soon("count", posts).await.unwrap(), 2);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_not_used_again() {
    let (addr, mut seen) = server(|_| {
        let mut answer = ok("ok");
        answer.headers_mut().insert("connection", HeaderValue::from_static("close"));
        answer
    })
    .await;
    let dialer = plain(addr);
    for connection in 0..3 {
        soon("answer", dialer.post("s", Bytes::new())).await.unwrap();
        assert_eq!(seen.recv().await.unwrap().connection, connection);
    }
}

#[tokio::test]
async fn dropping_the_future_ends_the_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dialer = plain(listener.local_addr().unwrap());
    let (arrived, has_arrived) = oneshot::channel();
    let ended = tokio::spawn(async move {
        let (mut io, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 4096];
        assert!(io.read(&mut buffer).await.unwrap() > 0);
        arrived.send(()).unwrap();
        io.read(&mut buffer).await
    });
    let get = dialer.get(None);
    tokio::select! {
        _ = get => panic!("nobody answered"),
        arrived = has_arrived => arrived.unwrap(),
    }
    assert!(matches!(soon("end", ended).await.unwrap(), Ok(0) | Err(_)));
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    let error = soon("answer", plain(nobody).get(None)).await.unwrap_err();
    assert!(matches!(&error, DialError::Connect { address, .. } if *address == nobody.to_string()), "{error}");
    let error = soon("answer", Dialer::new(options("http://no-such-host.invalid")).get(None)).await.unwrap_err();
    assert!(matches!(&error, DialError::Resolve { host, .. } if host == "no-such-host.invalid"), "{error}");
}

#[tokio::test]
async fn what_is_no_http_and_no_websocket_is_refused() {
    let answers = [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 101 S\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n",
    ];
    for answer in answers {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let dialer = plain(listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut io, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 4096];
            let _ = io.read(&mut buffer).await;
            io.write_all(answer.as_bytes()).await.unwrap();
            let _ = io.read(&mut buffer).await;
        });
        let error = soon("answer", dialer.websocket(None)).await.unwrap_err();
        assert!(matches!(error, DialError::Protocol(_)), "{answer}: {error}");
    }
}

#[test]
fn headers_that_would_break_the_connection_are_refused() {
    for name in ["Host", "connection", "Upgrade", "Sec-WebSocket-Protocol", "content-length", "accept-encoding"] {
        let error = check_header(&name.parse().unwrap()).unwrap_err();
        assert_eq!(error, format!("the header `{}` belongs to the connection and cannot be set", name.to_lowercase()));
    }
    for name in ["authorization", "cookie", "origin", "x-app"] {
        check_header(&name.parse().unwrap()).unwrap();
    }
}
