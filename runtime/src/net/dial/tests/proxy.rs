//! Proxies of the test's own.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
};

use super::*;

/// Accepts connections and lets `tunnel` find out where they go; then bytes go both ways. Tells where.
async fn proxy<F>(tunnel: impl Fn(TcpStream) -> F + Send + Sync + 'static) -> (SocketAddr, UnboundedReceiver<String>)
where
    F: Future<Output = Option<(TcpStream, String)>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (sender, targets) = unbounded_channel();
    tokio::spawn(async move {
        loop {
            let opening = tunnel(listener.accept().await.unwrap().0);
            let sender = sender.clone();
            tokio::spawn(async move {
                let Some((mut client, target)) = opening.await else { return };
                // Names of nobody are this machine, as a proxy's resolver has it.
                let port = target.rsplit_once(':').unwrap().1.parse().unwrap();
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                sender.send(target).unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (addr, targets)
}

/// `CONNECT`, with `user:pass word`.
async fn http_proxy() -> (SocketAddr, UnboundedReceiver<String>) {
    proxy(|mut io| async move {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(io.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let target = head.strip_prefix("CONNECT ").unwrap().split(' ').next().unwrap().to_owned();
        assert!(head.contains(&format!("Host: {target}\r\n")), "{head}");
        if !head.contains("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n") {
            let refused = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 7\r\n\r\nno way!";
            io.write_all(refused).await.unwrap();
            return None;
        }
        io.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
        Some((io, target))
    })
    .await
}

/// RFC 1928 and 1929, with `user` and `pass word`.
async fn socks_proxy() -> (SocketAddr, UnboundedReceiver<String>) {
    proxy(|mut io| async move {
        assert_eq!(io.read_u8().await.ok()?, 5);
        let methods = bytes_of(&mut io).await?;
        if !methods.contains(&2) {
            io.write_all(&[5, 0xff]).await.unwrap();
            return None;
        }
        io.write_all(&[5, 2]).await.unwrap();
        assert_eq!(io.read_u8().await.ok()?, 1);
        let (user, password) = (bytes_of(&mut io).await?, bytes_of(&mut io).await?);
        let right = (&*user, &*password) == (b"user", b"pass word");
        io.write_all(&[1, u8::from(!right)]).await.unwrap();
        let mut request = [0; 4];
        io.read_exact(&mut request).await.ok()?;
        let host = match request {
            [5, 1, 0, 1] => std::net::Ipv4Addr::from_bits(io.read_u32().await.ok()?).to_string(),
            [5, 1, 0, 3] => String::from_utf8(bytes_of(&mut io).await?).unwrap(),
            _ => panic!("{request:?}"),
        };
        let port = io.read_u16().await.ok()?;
        // A port that is not let through.
        let code = if port == 1 { 2 } else { 0 };
        io.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        (code == 0).then(|| (io, format!("{host}:{port}")))
    })
    .await
}

/// A length, and as many bytes.
async fn bytes_of(io: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = vec![0; io.read_u8().await.ok()?.into()];
    io.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}

fn through(proxy: &str, url: impl fmt::Display) -> Dialer {
    Dialer::new(DialOptions { proxy: Some(Proxy::parse(proxy).unwrap()), ..options(url) })
}

#[tokio::test]
async fn http_goes_through_a_tunnel() {
    let (server, _) = server(|_| ok("ok")).await;
    let (proxy, mut targets) = http_proxy().await;
    let dialer = through(&format!("http://user:pass%20word@{proxy}"), format_args!("http://far.away:{}", server.port()));
    assert_eq!(soon("answer", dialer.get(None)).await.unwrap(), "ok");
    soon("answer", dialer.websocket(None)).await.unwrap_err();
    // The proxy has the name, and nobody here looked for it.
    for _ in 0..2 {
        assert_eq!(targets.recv().await.unwrap(), format!("far.away:{}", server.port()));
    }
    for wrong in ["user:wrong@", ""] {
        let dialer = through(&format!("http://{wrong}{proxy}"), format_args!("http://{server}"));
        let error = soon("answer", dialer.get(None)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("the proxy {proxy}: answered 407 Proxy Authentication Required: no way!"));
    }
}

#[tokio::test]
async fn socks_goes_through_a_tunnel() {
    let (server, _) = server(|_| ok("ok")).await;
    let (proxy, mut targets) = socks_proxy().await;
    let url = format!("socks5://user:pass%20word@{proxy}");
    let dialer = through(&url, format_args!("http://far.away:{}", server.port()));
    assert_eq!(soon("answer", dialer.get(None)).await.unwrap(), "ok");
    assert_eq!(targets.recv().await.unwrap(), format!("far.away:{}", server.port()));
    let dialer = through(&url, format_args!("http://{server}"));
    assert_eq!(soon("answer", dialer.get(None)).await.unwrap(), "ok");
    assert_eq!(targets.recv().await.unwrap(), server.to_string());
    for (wrong, why) in [("user:wrong@", "credentials not accepted"), ("", "")] {
        let dialer = through(&format!("socks5://{wrong}{proxy}"), format_args!("http://{server}"));
        let error = soon("answer", dialer.get(None)).await.unwrap_err();
        assert!(matches!(&error, DialError::Proxy { address, .. } if *address == proxy.to_string()), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    let error = soon("answer", through(&url, "http://far.away:1").get(None)).await.unwrap_err();
    assert!(error.to_string().contains("not allowed"), "{error}");
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    for scheme in ["http", "socks5"] {
        let error = soon("answer", through(&format!("{scheme}://{nobody}"), "http://h").get(None)).await.unwrap_err();
        assert!(matches!(&error, DialError::Proxy { address, .. } if *address == nobody.to_string()), "{error}");
    }
}

#[test]
fn an_address_that_cannot_be_used_is_refused_without_telling_the_password() {
    for (url, why) in [
        ("ftp://user:secret@h", "expected http"),
        ("h:3128", "expected http"),
        ("socks4://h", "expected http"),
        ("http://", ""),
        ("http://user:secret@", ""),
        ("http://user:secret@h h", ""),
        ("", ""),
    ] {
        let error = Proxy::parse(url).expect_err(url).to_string();
        assert!(error.contains(why) && !error.contains("secret"), "{url}: {error}");
    }
    let proxy = Proxy::parse("http://user:secret@h").unwrap();
    assert!(!format!("{proxy:?}").contains("secret"));
}

#[test]
fn hosts_without_a_proxy_are_left_alone() {
    let matcher =
        hyper_util::client::proxy::matcher::Matcher::builder().all("http://p:1").no("inside.example,127.0.0.0/8").build();
    let proxy = Proxy(Arc::new(matcher));
    let goes = |url: &str| proxy.towards(&Endpoint::parse(url, "/").unwrap()).is_some();
    assert!(goes("http://outside.example") && goes("ws://[::1]:1"));
    assert!(!goes("http://a.inside.example:3") && !goes("ws://127.0.0.1:3000"));
}
