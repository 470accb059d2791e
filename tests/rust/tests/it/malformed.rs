//! What a client must not send, and what it may although it looks wrong (socket.io-parser 4.2.7, `Decoder`; socket.io 4.8.4,
//! `client.js` `ondecoded`).

use ackord::server::FaultKind;

use crate::{
    client::{Packet, Peer, Via},
    lab::Lab,
};

/// One of these packets, and what follows it, ends the connection.
const MALFORMED: &[&[&str]] = &[
    &["47"],
    &["49[\"note\",1]"],
    &["4"],
    &["4x"],
    &["42"],
    &["42[]"],
    &["42{}"],
    &["42[true]"],
    &["42[null]"],
    &["42[[\"note\"]]"],
    &["42\"note\""],
    &["42[\"connect\"]"],
    &["42[\"connect_error\"]"],
    &["42[\"disconnect\"]"],
    &["42[\"disconnecting\"]"],
    &["42[\"newListener\"]"],
    &["42[\"removeListener\"]"],
    // The same name, written otherwise.
    &["42[\"\\u0063onnect\"]"],
    &["42-1[\"note\",1]"],
    &["41{\"a\":1}"],
    &["41[]"],
    &["40[1]"],
    &["40null"],
    &["40\"a\""],
    &["42[\"note\",1]x"],
    &["42[\"note\",1]]"],
    &["42[\"note\",1],"],
    &["42[\"note\",1"],
    &["42[\"note\",]"],
    &["42[\"note\" 1]"],
    &["42[\"note\",01]"],
    &["42[\"nope\",01]"],
    &["42['note',1]"],
    &["42[\"note\",\"\u{1}\"]"],
    &["42[\"note\",\"\\x\"]"],
    &["42[\"\u{0}\"]"],
    &["42[\"\\ud800\"]"],
    &["43{}"],
    &["430x"],
    &["430[1"],
    &["430[1]x"],
    &["43\"a\""],
    &["45[\"note\"]"],
    &["450-[\"note\"]"],
    &["45-[\"note\"]"],
    &["451[\"note\"]"],
    &["451,[\"note\"]"],
    &["4511-[\"note\"]"],
    &["4510000-[\"note\"]"],
    &["4599999999999999999999999-[\"note\"]"],
    &["4218446744073709551616[\"echo\",1]"],
    &["42999999999999999999999999999999[\"echo\",1]"],
    &["4318446744073709551616[1]"],
    // Placeholders without their attachment.
    &["451-[\"file:put\",\"f\",{\"_placeholder\":true,\"num\":1}]", "bAAAA"],
    &["451-[\"file:put\",\"f\",{\"_placeholder\":true,\"num\":-1}]", "bAAAA"],
    &["451-[\"file:put\",\"f\",{\"_placeholder\":true,\"num\":\"0\"}]", "bAAAA"],
    &["451-[\"file:put\",\"f\",{\"_placeholder\":true}]", "bAAAA"],
    // Out of turn.
    &["451-[\"file:put\",\"f\",{\"_placeholder\":true,\"num\":0}]", "42[\"note\",1]"],
    &["452-[\"file:put\",\"f\",{\"_placeholder\":true,\"num\":0}]", "bAAAA", "41"],
    &["bAAAA"],
];

/// Well-formed, but not now.
const OUT_OF_PLACE: &[&[&str]] = &[
    &["42/other,[\"note\",1]"],
    &["43/other,0[]"],
    &["41/other"],
    &["41/other,"],
    &["451-/other,[\"note\",{\"_placeholder\":true,\"num\":0}]"],
    &["40"],
    &["40{}"],
    &["44\"no\""],
    &["44{\"message\":\"no\"}"],
];

async fn expect_end(via: Via, packets: &[&str], reason: &str) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let mut packets: Vec<Packet> = packets.iter().map(|text| Packet::from(*text)).collect();
    // Nothing of what follows counts.
    packets.push("42[\"note\",9]".into());
    peer.transmit(&packets).await;
    let left = lab.left().await;
    assert_eq!(left.reason, reason, "{packets:?}");
    peer.expect_closed().await;
    assert_eq!((lab.io.connections(), lab.root.len()), (0, 0), "{packets:?}");
    lab.expect_quiet();
}

async fn malformed_packets_end_the_connection(via: Via) {
    for packets in MALFORMED {
        expect_end(via, packets, "forced close").await;
    }
}
over_all_transports!(malformed, malformed_packets_end_the_connection);

async fn packets_out_of_place_end_the_connection(via: Via) {
    // Node's word for a polling connection that cannot be closed at once.
    let reason = if via.is_polling() { "forced server close" } else { "forced close" };
    for packets in OUT_OF_PLACE {
        expect_end(via, packets, reason).await;
    }
}
over_all_transports!(out_of_place, packets_out_of_place_end_the_connection);

/// Before anything was joined.
async fn nothing_may_come_before_the_connect(via: Via) {
    let mut lab = Lab::new().await;
    for packet in ["42[\"note\",1]", "41", "430[]", "4", "47"] {
        let mut peer = Peer::open(lab.addr, via).await;
        peer.transmit(&[packet.into()]).await;
        peer.expect_closed().await;
    }
    lab.expect_quiet();
    assert_eq!(lab.io.connections(), 0);
}
over_all_transports!(before_connect, nothing_may_come_before_the_connect);

async fn the_tolerable_is_tolerated(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    // Acks of nothing.
    peer.send("37[1]").await;
    peer.send("3[1]").await;
    peer.send_binary("61-9[{\"_placeholder\":true,\"num\":0}]", &[b"x"]).await;
    peer.expect_nothing().await;
    assert_eq!(lab.root.stray_acks(), 2);
    // Leading zeros, white space, the largest id.
    assert_eq!(peer.ask("2007[\"echo\",1]").await, "37[1]");
    assert_eq!(peer.ask("25[ \"echo\" ,\t{ \"a\" : 1 } ] ").await, "35[{\"a\":1}]");
    assert_eq!(peer.ask("218446744073709551615[\"touch\"]").await, "318446744073709551615[]");
    // Placeholders that are shared, and attachments that nobody wants.
    let placeholder = r#"{"_placeholder":true,"num":1}"#;
    let picture = format!(r#"{{"name":"n","data":{placeholder},"layers":[{placeholder}]}}"#);
    peer.send_binary(&format!("52-1[\"flip\",{picture}]"), &[b"unused", b"used"]).await;
    peer.expect(r#"63-1[{"name":"n","data":{"_placeholder":true,"num":0},"layers":[{"_placeholder":true,"num":1},{"_placeholder":true,"num":2}]}]"#)
        .await;
    for data in [b"".as_slice(), b"used", b"used"] {
        assert_eq!(peer.recv_binary().await, data);
    }
    lab.expect_quiet();
    // A number for a name is the text of its digits; there is no such event.
    peer.send("2[7,1]").await;
    lab.expect_fault("7", FaultKind::UnknownEvent).await;
    peer.expect_nothing().await;
}
over_all_transports!(tolerated, the_tolerable_is_tolerated);

async fn odd_text_is_text(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    for (json, echoed) in [
        (r#""\u0000""#, r#""\u0000""#),
        (r#""\u001e\u2028""#, "\"\\u001e\u{2028}\""),
        (r#""\ud83d\ude00 é""#, "\"😀 é\""),
        ("[1e400]", ""),
        ("-0", "-0.0"),
        ("12345678901234567890", "12345678901234567890"),
        (r#"{"__proto__":1,"constructor":2}"#, r#"{"__proto__":1,"constructor":2}"#),
    ] {
        if echoed.is_empty() {
            peer.send(&format!("21[\"echo\",{json}]")).await;
            assert!(matches!(lab.fault().await.kind, FaultKind::BadArgs(_)), "{json}");
        } else {
            assert_eq!(peer.ask(&format!("21[\"echo\",{json}]")).await, format!("31[{echoed}]"));
        }
    }
    // A lone surrogate is no Rust string: a bad argument, not a broken client.
    peer.send("22[\"echo\",\"\\ud800\"]").await;
    let fault = lab.fault().await;
    assert_eq!(fault.event, "echo");
    assert!(matches!(&fault.kind, FaultKind::BadArgs(bad) if bad.name == "value"), "{fault:?}");
    // Where nobody asks what it says it does no harm.
    assert_eq!(peer.ask("23[\"touch\",\"\\udfff\"]").await, "33[]");
    peer.send("2[\"unknown\",\"\\udfff\"]").await;
    lab.expect_fault("unknown", FaultKind::UnknownEvent).await;
    peer.expect_nothing().await;
    lab.expect_quiet();
}
over_all_transports!(odd_text, odd_text_is_text);

/// Nesting costs neither the stack nor the connection.
async fn deep_nesting_is_a_bad_argument(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    peer.send(&format!("21[\"echo\",{deep}]")).await;
    assert!(matches!(lab.fault().await.kind, FaultKind::BadArgs(_)));
    assert_eq!(peer.ask(&format!("22[\"touch\",{deep}]")).await, "32[]");
    peer.send(&format!("2[\"unknown\",{deep}]")).await;
    lab.expect_fault("unknown", FaultKind::UnknownEvent).await;
    peer.send(&format!("37[{deep}]")).await;
    peer.expect_nothing().await;
    lab.expect_quiet();
}
over_all_transports!(deep, deep_nesting_is_a_bad_argument);

/// The memory of a packet whose attachments never come is bounded: by their number and by their bytes.
#[tokio::test]
async fn attachments_have_limits() {
    let mut lab = Lab::with(|builder| builder.max_attachments(3, 1000)).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let put = r#"["file:put","f",{"_placeholder":true,"num":0}]"#;
    peer.send_binary(&format!("53-1{put}"), &[&[1; 998], b"2", b"3"]).await;
    peer.expect("31[998]").await;
    lab.expect_seen("put f").await;
    peer.send_binary(&format!("52-2{put}"), &[&[1; 998], b"234"]).await;
    peer.expect_closed().await;
    lab.expect_left("forced close").await;

    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.send(&format!("54-1{put}")).await;
    peer.expect_closed().await;
    lab.expect_left("forced close").await;
    lab.expect_quiet();
}

/// A CONNECT beyond the limit, and names that are never joined, do not pile up.
#[tokio::test]
async fn namespaces_have_a_limit() {
    let mut lab = Lab::with(|builder| builder.max_namespaces(1)).await;
    let mut peer = Peer::open(lab.addr, Via::WebSocket).await;
    for n in 0..50 {
        assert_eq!(peer.ask(&format!("0/random{n},")).await, format!("4/random{n},{{\"message\":\"Invalid namespace\"}}"));
    }
    peer.connect("/", "").await;
    peer.send("0/one-too-many").await;
    peer.expect_closed().await;
    lab.expect_left("forced close").await;
}
