//! The codecs against what the reference's parsers do: `tests/goldens/generate.mjs`.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use serde_json::Value;

use super::engine::packet::{Frame, Message, Packet};
use super::engine::payload::{self, Payload};
use super::engine::{Handshake, WsId};
use super::packet::{DecodeError, Header, Kind, MAX_ATTACHMENTS};
use super::session::server::{Config, Connection, Event, Output};

fn cases(name: &str) -> Vec<Value> {
    let goldens: Value = serde_json::from_str(include_str!("../../../tests/goldens/goldens.json")).unwrap();
    let cases = goldens[name].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

/// Text, or bytes written as `{"$hex": …}`.
fn bytes(value: &Value) -> Bytes {
    if let Some(text) = value.as_str() {
        return Bytes::copy_from_slice(text.as_bytes());
    }
    let hex = value["$hex"].as_str().unwrap().as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.chunks(2).map(byte).collect()
}

fn frame(value: &Value) -> Frame {
    if value.is_string() { Frame::Text(bytes(value)) } else { Frame::Binary(bytes(value)) }
}

/// A packet as the reference describes it; `None` for its error packet.
fn packet(value: &Value) -> Option<Packet> {
    let data = &value["data"];
    let probe = *data == "probe";
    Some(match value["type"].as_str().unwrap() {
        "open" => Packet::Open(bytes(data)),
        "close" => Packet::Close,
        "ping" => Packet::Ping { probe },
        "pong" => Packet::Pong { probe },
        "upgrade" => Packet::Upgrade,
        "noop" => Packet::Noop,
        // The reference leaves empty text out.
        "message" if data.is_null() => Packet::Message(Message::Text(Bytes::new())),
        "message" if data.is_string() => Packet::Message(Message::Text(bytes(data))),
        "message" => Packet::Message(Message::Binary(bytes(data))),
        "error" => return None,
        other => panic!("{other}"),
    })
}

#[test]
fn engine_packets() {
    for case in cases("enginePackets") {
        let frame = frame(&case["ws"]);
        let encoded = match packet(&case).unwrap() {
            Packet::Open(json) => Frame::Text(Handshake::decode(&json).unwrap().encode()),
            Packet::Close => Frame::CLOSE,
            Packet::Ping { probe: false } => Frame::PING,
            Packet::Ping { probe: true } => Frame::PING_PROBE,
            Packet::Pong { probe: false } => Frame::PONG,
            Packet::Pong { probe: true } => Frame::PONG_PROBE,
            Packet::Upgrade => Frame::UPGRADE,
            Packet::Noop => Frame::NOOP,
            Packet::Message(Message::Text(text)) => Frame::message(std::str::from_utf8(&text).unwrap()),
            Packet::Message(Message::Binary(data)) => Frame::Binary(data),
        };
        assert_eq!(encoded, frame, "{case}");
        assert_eq!(payload::encode(&[encoded]), bytes(&case["polling"]), "{case}");
        assert_eq!(Packet::decode(frame).ok(), packet(&case), "{case}");
    }
    for case in cases("wsTexts") {
        let frame = Frame::Text(bytes(&case["text"]));
        assert_eq!(Packet::decode(frame).ok(), packet(&case), "{case}");
    }
}

#[test]
fn engine_payloads() {
    for case in cases("payloads") {
        let packets: Vec<_> = case["packets"].as_array().unwrap().iter().map(packet).collect();
        let decoded: Vec<_> = Payload::new(bytes(&case["body"])).unwrap().map(Result::ok).collect();
        assert_eq!(decoded, packets, "{case}");
        let frames: Vec<_> = case["packets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|packet| match (packet["type"].as_str().unwrap(), &packet["data"]) {
                ("message", data) if data.is_string() => Frame::message(data.as_str().unwrap()),
                ("message", data) => Frame::Binary(bytes(data)),
                ("noop", _) => Frame::NOOP,
                ("close", _) => Frame::CLOSE,
                ("ping", _) => Frame::PING,
                (other, _) => panic!("{other}"),
            })
            .collect();
        assert_eq!(payload::encode(&frames), bytes(&case["body"]), "{case}");
        let size: usize = frames.iter().map(payload::encoded_len).sum();
        assert_eq!(size + frames.len() - 1, case["body"].as_str().unwrap().len(), "{case}");
    }
    for case in cases("bodies") {
        let packets: Vec<_> = case["packets"].as_array().unwrap().iter().map(packet).collect();
        let decoded: Vec<_> = Payload::new(bytes(&case["body"])).unwrap().map(Result::ok).collect();
        assert_eq!(decoded, packets, "{case}");
    }
}

fn kind(number: &Value) -> Kind {
    use Kind::{Ack, BinaryAck, BinaryEvent, Connect, ConnectError, Disconnect, Event};
    let kinds = [Connect, Disconnect, Event, Ack, ConnectError, BinaryEvent, BinaryAck];
    kinds[number.as_u64().unwrap() as usize]
}

#[test]
fn socket_packets() {
    for case in cases("socketPackets") {
        let attachments = case["frames"].as_array().unwrap().len() - 1;
        let kind = match kind(&case["type"]) {
            Kind::Event if attachments > 0 => Kind::BinaryEvent,
            Kind::Ack if attachments > 0 => Kind::BinaryAck,
            kind => kind,
        };
        let nsp = case["nsp"].as_str().unwrap();
        let header = Header { kind, attachments, nsp, id: case["id"].as_u64() };
        let json = case["json"].as_str().unwrap_or_default();
        let text = case["frames"][0].as_str().unwrap();
        assert_eq!(header.with_json(json.as_bytes()).text, format!("4{text}"), "{case}");
        let decoded = Header::decode(text.as_bytes(), MAX_ATTACHMENTS);
        assert_eq!(decoded, Ok((header, json.as_bytes())), "{case}");
    }
}

/// What the reference's decoder takes and ours does not, on purpose.
const REFUSED: [(&str, DecodeError); 9] = [
    // `Number("")` and `Number(" ")` are 0, so nothing at all and a space are a CONNECT and a digit.
    ("", DecodeError::UnknownType(None)),
    (" ", DecodeError::UnknownType(None)),
    ("2 [\"a\"]", DecodeError::InvalidPayload),
    // No payload where the specification asks for one.
    ("2", DecodeError::InvalidPayload),
    ("3", DecodeError::InvalidPayload),
    ("4", DecodeError::InvalidPayload),
    ("51-", DecodeError::InvalidPayload),
    // An id that JavaScript rounds.
    ("218446744073709551616[\"a\"]", DecodeError::IdOutOfRange),
    ("299999999999999999999999[\"a\"]", DecodeError::IdOutOfRange),
];

/// What only a JSON parser can find: it is the layer above that refuses these.
const LEFT_TO_THE_LAYER_ABOVE: [&str; 2] = ["2[\"con\\u006eect\"]", "2[\"a\nb\"]"];

#[test]
fn socket_texts() {
    for case in cases("socketTexts") {
        let text = case["text"].as_str().unwrap();
        let decoded = Header::decode(text.as_bytes(), MAX_ATTACHMENTS);
        if let Some((_, error)) = REFUSED.iter().find(|(refused, _)| *refused == text) {
            assert!(case["error"].is_null(), "the reference refuses it too: {case}");
            assert_eq!(decoded, Err(*error), "{case}");
        } else if LEFT_TO_THE_LAYER_ABOVE.contains(&text) {
            assert_eq!(case["error"], "invalid payload", "{case}");
            assert!(decoded.is_ok(), "{case}");
        } else if let Some(error) = case["error"].as_str() {
            assert_eq!(decoded.unwrap_err().to_string(), error, "{case}");
        } else {
            let packet = &case["packet"];
            let (header, payload) = decoded.unwrap();
            assert_eq!(header.kind, kind(&packet["type"]), "{case}");
            assert_eq!(header.nsp, packet["nsp"].as_str().unwrap(), "{case}");
            assert_eq!(header.id, packet["id"].as_u64(), "{case}");
            let attachments = packet["attachments"].as_u64().unwrap_or(0);
            assert_eq!(header.attachments as u64, attachments, "{case}");
            let json = packet["json"].as_str().unwrap_or_default();
            assert_eq!(payload.is_empty(), json.is_empty(), "{case}");
        }
    }
}

#[test]
fn sequences_of_frames() {
    for case in cases("sequences") {
        let ws = WsId(1);
        let now = Instant::now();
        let mut connection = Connection::open_websocket(now, "S", ws, Arc::new(Config::default()));
        connection.handle_ws_frame(now, ws, Frame::message("0"));
        let Output::Event(Event::ConnectRequested { id, .. }) = connection.poll_output() else { panic!("a request to join") };
        connection.accept(id, "id");
        while connection.poll_ws_frame(ws).is_some() {}
        let frames = case["frames"].as_array().unwrap();
        for value in frames {
            let frame = match value.as_str() {
                Some(text) => Frame::message(text),
                None => frame(value),
            };
            connection.handle_ws_frame(now, ws, frame);
        }
        let (mut packets, mut found) = (0, None);
        loop {
            match connection.poll_output() {
                Output::Event(Event::Event { attachments, .. } | Event::Ack { attachments, .. }) => {
                    let sent: Vec<_> = frames[1..].iter().filter(|frame| frame.is_object()).map(bytes).collect();
                    assert_eq!(attachments, sent[..attachments.len()], "{case}");
                    packets += 1;
                }
                Output::Event(Event::Closed { error, .. }) => {
                    found = error.map(|error| error.to_string());
                }
                Output::Event(_) | Output::Transmit(_) => {}
                Output::Timeout(_) => break,
            }
        }
        match case["error"].as_str() {
            // A placeholder that names no attachment: whoever puts the attachments in finds it.
            Some("illegal attachments") => assert_eq!((packets, found), (1, None), "{case}"),
            error => {
                assert_eq!(found.as_deref(), error, "{case}");
                assert_eq!(packets, case["out"].as_array().unwrap().len(), "{case}");
            }
        }
    }
}
