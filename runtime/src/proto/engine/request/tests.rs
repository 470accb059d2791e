use super::{Request, RequestError, SessionInfo, Transport, query_pairs};

fn parse<'a>(method: &str, query: &'a str, upgrade: bool) -> Result<Request<'a>, RequestError> {
    Request::parse(method, query, upgrade, |sid| match sid {
        "poll/1" => Some(SessionInfo { transport: Transport::Polling }),
        "ws" => Some(SessionInfo { transport: Transport::WebSocket }),
        _ => None,
    })
}

#[test]
fn recognises_every_request() {
    let sid = || "poll/1".into();
    let (polling, websocket) = (Transport::Polling, Transport::WebSocket);
    #[rustfmt::skip]
    let table = [
        ("GET", "EIO=4&transport=polling&t=abc", false, Request::Handshake { transport: polling }),
        ("GET", "transport=polling&EIO=4&b64=1", false, Request::Handshake { transport: polling }),
        ("GET", "EIO=4&transport=websocket", true, Request::Handshake { transport: websocket }),
        ("GET", "EIO=4&transport=polling&sid=poll/1", false, Request::Poll { sid: sid() }),
        ("GET", "EIO=4&transport=polling&sid=poll%2F1", false, Request::Poll { sid: sid() }),
        ("POST", "EIO=4&transport=polling&sid=poll%2f1", false, Request::Post { sid: sid() }),
        ("GET", "EIO=4&transport=websocket&sid=poll%2F1", true, Request::Upgrade { sid: sid() }),
        // The session machine closes the second WebSocket, as the reference does after the 101.
        ("GET", "EIO=4&transport=websocket&sid=ws", true, Request::Upgrade { sid: "ws".into() }),
        ("GET", "EIO=3&tr%61nsport=p%6Flling&EIO=%34", false, Request::Handshake { transport: polling }),
    ];
    for (method, query, upgrade, want) in table {
        assert_eq!(parse(method, query, upgrade), Ok(want), "{method} {query} {upgrade}");
    }
}

#[test]
fn refuses_in_the_order_of_the_reference() {
    use RequestError as E;
    #[rustfmt::skip]
    let table = [
        ("GET", "", false, E::UnknownTransport),
        ("GET", "EIO=4", false, E::UnknownTransport),
        ("GET", "EIO=4&transport=webtransport", false, E::UnknownTransport),
        ("GET", "EIO=4&transport=__proto__", false, E::UnknownTransport),
        ("GET", "EIO=4&transport=Polling", false, E::UnknownTransport),
        // a repeated parameter: the last one counts
        ("GET", "EIO=4&transport=polling&transport=websocket", false, E::TransportHandshake),
        // transport before sid, sid before method and version
        ("PUT", "EIO=9&transport=tube&sid=nope", false, E::UnknownTransport),
        ("PUT", "EIO=9&transport=polling&sid=nope", false, E::UnknownSid),
        // engineioxide 0.17.9 fixed a malformed id that opened a new session (#815)
        ("GET", "EIO=4&transport=polling&sid=abc", false, E::UnknownSid),
        ("GET", "EIO=4&transport=polling&sid=", false, E::UnknownSid),
        ("GET", "EIO=4&transport=polling&sid", false, E::UnknownSid),
        ("GET", "EIO=4&transport=polling&sid=%ff%00", false, E::UnknownSid),
        ("GET", "EIO=4&transport=polling&sid=%e2%82%ac", false, E::UnknownSid),
        ("GET", "EIO=4&transport=websocket&sid=nope", true, E::UnknownSid),
        // a poll after the upgrade
        ("GET", "EIO=4&transport=polling&sid=ws", false, E::TransportMismatch),
        ("POST", "EIO=3&transport=polling&sid=ws", false, E::TransportMismatch),
        ("GET", "EIO=4&transport=websocket&sid=poll/1", false, E::TransportMismatch),
        ("GET", "EIO=4&transport=websocket&sid=ws", false, E::TransportHandshake),
        ("GET", "EIO=4&transport=polling&sid=poll/1", true, E::TransportHandshake),
        ("GET", "transport=polling&sid=poll/1", false, E::ProtocolMismatch),
        ("GET", "EIO=3&transport=websocket&sid=poll/1", true, E::ProtocolMismatch),
        ("PUT", "EIO=4&transport=polling&sid=poll/1", false, E::SessionMethod),
        ("DELETE", "EIO=4&transport=polling&sid=poll/1", false, E::SessionMethod),
        ("POST", "EIO=4&transport=polling", false, E::HandshakeMethod),
        ("OPTIONS", "EIO=4&transport=polling", false, E::HandshakeMethod),
        ("PUT", "EIO=3&transport=websocket", false, E::HandshakeMethod),
        ("GET", "EIO=4&transport=websocket", false, E::TransportHandshake),
        ("GET", "EIO=3&transport=websocket", false, E::TransportHandshake),
        ("GET", "EIO=4&transport=polling", true, E::TransportHandshake),
        ("GET", "transport=polling", false, E::UnsupportedVersion),
        ("GET", "EIO=3&transport=polling", false, E::UnsupportedVersion),
        ("GET", "EIO=5&transport=websocket", true, E::UnsupportedVersion),
        ("GET", "EIO=04&transport=polling", false, E::UnsupportedVersion),
    ];
    for (method, query, upgrade, want) in table {
        assert_eq!(parse(method, query, upgrade), Err(want), "{method} {query} {upgrade}");
    }
}

#[test]
fn errors_have_the_bodies_of_the_reference() {
    let table = [
        (RequestError::UnknownTransport, 400, r#"{"code":0,"message":"Transport unknown"}"#),
        (RequestError::UnknownSid, 400, r#"{"code":1,"message":"Session ID unknown"}"#),
        (RequestError::HandshakeMethod, 400, r#"{"code":2,"message":"Bad handshake method"}"#),
        (RequestError::TransportHandshake, 400, r#"{"code":3,"message":"Bad request"}"#),
        (RequestError::TransportMismatch, 400, r#"{"code":3,"message":"Bad request"}"#),
        (RequestError::ProtocolMismatch, 400, r#"{"code":3,"message":"Bad request"}"#),
        (RequestError::Forbidden, 403, r#"{"code":4,"message":"Forbidden"}"#),
        (RequestError::UnsupportedVersion, 400, r#"{"code":5,"message":"Unsupported protocol version"}"#),
        (RequestError::SessionMethod, 500, ""),
    ];
    for (error, status, body) in table {
        assert_eq!((error.http_status(), error.json_body()), (status, body.into()), "{error:?}");
    }
}

#[test]
fn query_values_are_percent_decoded() {
    let pairs = |query| query_pairs(query).map(|(k, v)| format!("{k}:{v}")).collect::<Vec<_>>();
    assert_eq!(pairs("a=1&b=x%20y+z&&c&d=%E2%82%AC"), ["a:1", "b:x y z", "c:", "d:€"]);
    assert_eq!(pairs("token=a=b%3D"), ["token:a=b="]);
    assert_eq!(pairs("a=%&b=%4&c=%zz&d=%+1&€=%€"), ["a:%", "b:%4", "c:%zz", "d:% 1", "€:%€"]);
}
