//! The Rust client over what is between it and a server: TLS, proxies, load balancers, and what is no network at all.

use std::{future::IntoFuture, io, net::SocketAddr, sync::Arc};

use ackord::{
    Client,
    client::{ConnectError, Manager, ManagerBuilder, Proxy, Tls},
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::json;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer},
};

use crate::{
    client::{Via, soon},
    client_lab::{Page, bytes, soon_again},
    lab::{Lab, Picture, Root},
};

/// Stands in front of servers: what is accepted goes to `serve`, one task each.
async fn front<F>(serve: impl Fn(TcpStream) -> F + Send + Sync + 'static) -> SocketAddr
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client));
        }
    });
    addr
}

/// Bytes both ways until one side has enough.
async fn join(mut client: impl AsyncRead + AsyncWrite + Unpin, server: SocketAddr) -> io::Result<()> {
    copy_bidirectional(&mut client, &mut TcpStream::connect(server).await?).await.map(drop)
}

fn manager(via: Via, url: String) -> ManagerBuilder {
    let transport = if via == Via::WebSocket { ackord::client::Transport::WebSocket } else { ackord::client::Transport::Polling };
    Manager::builder(url).reconnection(soon_again()).transports([transport]).upgrade(via == Via::Upgraded)
}

/// Talks both ways, with attachments and with more than fits into one read; an upgrade has happened then.
async fn talks(via: Via, lab: &mut Lab, manager: ManagerBuilder) {
    let manager = manager.build();
    let mut page = Page::over(&manager).await;
    let echo = |text: String| page.client.emit().echo(json!(text)).into_future();
    let long = "€".repeat(100_000);
    assert_eq!(soon("echo", echo(long.clone())).await, Ok(json!(long)));
    let wanted = if via == Via::Polling { "polling" } else { "websocket" };
    while manager.transport() != Some(wanted) {
        soon("echo", echo(String::new())).await.unwrap();
    }
    let picture = Picture { name: "p".into(), data: bytes(&[0, 1, 255]), layers: vec![bytes(b"l")] };
    let flipped = soon("picture", page.client.emit().flip(picture).into_future()).await.unwrap();
    assert_eq!(flipped.layers, [bytes(&[0, 1, 255]), bytes(b"l")]);
    lab.socket().await.emit().news(7);
    page.expect_seen("news 7").await;
    soon("the goodbye", page.client.disconnect()).await;
    lab.expect_left("client namespace disconnect").await;
}

/// TLS in front of a server; its port, and its certificate in PEM.
async fn tls(server: SocketAddr) -> (u16, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key.into()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let addr = front(move |client| {
        let acceptor = acceptor.clone();
        async move { join(acceptor.accept(client).await?, server).await }
    })
    .await;
    (addr.port(), cert.pem())
}

over_all_transports!(over_tls, async |via: Via| {
    let mut lab = Lab::new().await;
    let (port, pem) = tls(lab.addr).await;
    let scheme = if via == Via::WebSocket { "wss" } else { "https" };
    let trust = Tls::default().add_root_pem(pem).unwrap().only_these_roots();
    talks(via, &mut lab, manager(via, format!("{scheme}://localhost:{port}")).tls(trust)).await;
});

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_an_error_that_says_so() {
    let lab = Lab::new().await;
    let (port, _) = tls(lab.addr).await;
    let attempt = Client::<Root>::connect(format!("https://localhost:{port}")).into_future();
    let error = soon("an answer", attempt).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Transport(why) if why.contains("TLS: localhost:")), "{error}");
}

/// A proxy that speaks `CONNECT` and SOCKS 5, without a password.
async fn proxy() -> SocketAddr {
    front(|mut client| async move {
        if client.read_u8().await? == 5 {
            let mut methods = [0; 2];
            client.read_exact(&mut methods).await?;
            client.write_all(&[5, 0]).await?;
            // A name and its port.
            let mut head = [0; 5];
            client.read_exact(&mut head).await?;
            let mut name = vec![0; head[4].into()];
            client.read_exact(&mut name).await?;
            let port = client.read_u16().await?;
            client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            return join(client, ([127, 0, 0, 1], port).into()).await;
        }
        let head = head(&mut client).await?;
        let port = head.split([':', ' ']).nth(2).unwrap().parse().unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        join(client, ([127, 0, 0, 1], port).into()).await
    })
    .await
}

/// Up to the empty line.
async fn head(io: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(io.read_u8().await?);
    }
    Ok(String::from_utf8(head).unwrap())
}

over_all_transports!(through_a_proxy, async |via: Via| {
    let mut lab = Lab::new().await;
    let (port, pem) = tls(lab.addr).await;
    let proxy = proxy().await;
    for scheme in ["http", "socks5"] {
        let proxy = Proxy::parse(&format!("{scheme}://{proxy}")).unwrap();
        // Only the proxy knows this name.
        let plain = manager(via, format!("http://far.away:{}", lab.addr.port()));
        talks(via, &mut lab, plain.proxy(proxy.clone())).await;
        let secure = manager(via, format!("https://localhost:{port}")).tls(Tls::default().add_root_pem(pem.clone()).unwrap());
        talks(via, &mut lab, secure.proxy(proxy)).await;
    }
});

/// Lets the first server have new sessions, and the second whatever has no cookie to say where it belongs.
async fn balance(servers: [SocketAddr; 2]) -> SocketAddr {
    front(move |mut client| async move {
        let request = head(&mut client).await?;
        let known = request.to_lowercase().contains("cookie: lb=0");
        let new = !request.contains("sid=");
        let mut server = TcpStream::connect(servers[usize::from(!known && !new)]).await?;
        server.write_all(request.as_bytes()).await?;
        if new {
            let answer = head(&mut server).await?.replacen("\r\n", "\r\nset-cookie: lb=0; Path=/\r\n", 1);
            client.write_all(answer.as_bytes()).await?;
        }
        copy_bidirectional(&mut client, &mut server).await.map(drop)
    })
    .await
}

over_all_transports!(cookies_keep_a_client_at_its_server, async |via: Via| {
    let (mut one, mut two) = (Lab::new().await, Lab::new().await);
    let addr = balance([one.addr, two.addr]).await;
    let url = format!("http://{addr}");
    talks(via, &mut one, manager(via, url.clone()).cookies(true)).await;
    if via != Via::WebSocket {
        let attempt = Client::<Root>::connect(manager(via, url)).into_future();
        let error = soon("an answer", attempt).await.unwrap_err();
        assert!(matches!(&error, ConnectError::Transport(why) if why.contains("Session ID unknown")), "{error}");
    }
    two.expect_quiet();
});

over_all_transports!(in_memory, async |via: Via| {
    let mut lab = Lab::new().await;
    let server = lab.io.clone();
    let connect = move || {
        let (client, end) = tokio::io::duplex(1000);
        let server = server.clone();
        tokio::spawn(async move { ackord::serve_stream(end, None, &server).await });
        std::future::ready(Ok(client))
    };
    talks(via, &mut lab, manager(via, "http://memory".into()).connector(connect)).await;
});
