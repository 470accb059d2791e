use super::{DecodeError, Header, Kind};

fn decode(text: &str) -> Result<(Header<'_>, &str), DecodeError> {
    let (header, payload) = Header::decode(text.as_bytes(), 10)?;
    Ok((header, std::str::from_utf8(payload).unwrap()))
}

#[test]
fn reads_every_part() {
    use Kind::{Ack, BinaryAck, BinaryEvent, Connect, ConnectError, Disconnect, Event};
    #[rustfmt::skip]
    let table = [
        ("0", Connect, 0, "/", None, ""),
        ("0{\"a\":1}", Connect, 0, "/", None, "{\"a\":1}"),
        ("0/custom", Connect, 0, "/custom", None, ""),
        ("0/custom,", Connect, 0, "/custom", None, ""),
        ("0/custom?x=1,{}", Connect, 0, "/custom?x=1", None, "{}"),
        ("0/,", Connect, 0, "/", None, ""),
        ("1", Disconnect, 0, "/", None, ""),
        ("1/custom", Disconnect, 0, "/custom", None, ""),
        ("1/admin,", Disconnect, 0, "/admin", None, ""),
        ("2[\"a\"]", Event, 0, "/", None, "[\"a\"]"),
        ("20[\"a\"]", Event, 0, "/", Some(0), "[\"a\"]"),
        ("2007[\"a\",1]", Event, 0, "/", Some(7), "[\"a\",1]"),
        ("2/admin,12[\"a\"]", Event, 0, "/admin", Some(12), "[\"a\"]"),
        ("2/é€,[\"a\"]", Event, 0, "/é€", None, "[\"a\"]"),
        ("218446744073709551615[\"a\"]", Event, 0, "/", Some(u64::MAX), "[\"a\"]"),
        ("2[1]", Event, 0, "/", None, "[1]"),
        ("2[-1]", Event, 0, "/", None, "[-1]"),
        ("2[ \"a\" ] \n", Event, 0, "/", None, "[ \"a\" ] \n"),
        ("2[\"connected\"]", Event, 0, "/", None, "[\"connected\"]"),
        ("2[\"€\"]", Event, 0, "/", None, "[\"€\"]"),
        ("3[]", Ack, 0, "/", None, "[]"),
        ("31[null]", Ack, 0, "/", Some(1), "[null]"),
        ("4{\"message\":\"m\"}", ConnectError, 0, "/", None, "{\"message\":\"m\"}"),
        ("4\"m\"", ConnectError, 0, "/", None, "\"m\""),
        ("51-[\"a\",{\"_placeholder\":true,\"num\":0}]", BinaryEvent, 1, "/", None, "[\"a\",{\"_placeholder\":true,\"num\":0}]"),
        ("510-/n,3[\"a\"]", BinaryEvent, 10, "/n", Some(3), "[\"a\"]"),
        ("501-[\"a\"]", BinaryEvent, 1, "/", None, "[\"a\"]"),
        ("62-789[]", BinaryAck, 2, "/", Some(789), "[]"),
    ];
    for (text, kind, attachments, nsp, id, payload) in table {
        let header = Header { kind, attachments, nsp, id };
        assert_eq!(decode(text), Ok((header, payload)), "{text:?}");
    }
}

#[test]
fn names_what_is_wrong() {
    use DecodeError as E;
    #[rustfmt::skip]
    let table = [
        ("", E::UnknownType(None)),
        ("7", E::UnknownType(Some(7))),
        ("9[\"a\"]", E::UnknownType(Some(9))),
        ("a", E::UnknownType(None)),
        ("€", E::UnknownType(None)),
        (" 2[\"a\"]", E::UnknownType(None)),
        ("2", E::InvalidPayload),
        ("2[", E::InvalidPayload),
        ("2[]", E::InvalidPayload),
        ("2{}", E::InvalidPayload),
        ("2[true]", E::InvalidPayload),
        ("2[{}]", E::InvalidPayload),
        ("2[\"a\"]x", E::InvalidPayload),
        ("2 [\"a\"]", E::InvalidPayload),
        ("2€", E::InvalidPayload),
        ("2[\"connect\"]", E::InvalidPayload),
        ("2[\"connect_error\"]", E::InvalidPayload),
        ("2[\"disconnect\",1]", E::InvalidPayload),
        ("2[ \"disconnecting\"]", E::InvalidPayload),
        ("2[\"newListener\"]", E::InvalidPayload),
        ("2[\"removeListener\"]", E::InvalidPayload),
        ("2-1[\"a\"]", E::InvalidPayload),
        ("3", E::InvalidPayload),
        ("3{}", E::InvalidPayload),
        ("31\"a\"", E::InvalidPayload),
        ("1{\"a\":1}", E::InvalidPayload),
        ("1[]", E::InvalidPayload),
        ("0[1]", E::InvalidPayload),
        ("0null", E::InvalidPayload),
        ("0\"a\"", E::InvalidPayload),
        ("0{", E::InvalidPayload),
        ("0{}x", E::InvalidPayload),
        ("4", E::InvalidPayload),
        ("4\"", E::InvalidPayload),
        ("4[1]", E::InvalidPayload),
        ("5[\"a\"]", E::IllegalAttachments),
        ("5", E::IllegalAttachments),
        ("5-[\"a\"]", E::IllegalAttachments),
        ("50-[\"a\"]", E::IllegalAttachments),
        ("51[\"a\"]", E::IllegalAttachments),
        ("5-1-[\"a\"]", E::IllegalAttachments),
        ("5€-[\"a\"]", E::IllegalAttachments),
        ("51.5-[\"a\"]", E::IllegalAttachments),
        ("511-[\"a\"]", E::TooManyAttachments),
        ("599999999999999999999999-[\"a\"]", E::TooManyAttachments),
        ("51-", E::InvalidPayload),
        ("218446744073709551616[\"a\"]", E::IdOutOfRange),
        ("31e3[]", E::InvalidPayload),
    ];
    for (text, want) in table {
        assert_eq!(decode(text), Err(want), "{text:?}");
    }
    assert_eq!(Header::decode(b"2/\xff,[\"a\"]", 10), Err(E::InvalidPayload));
}

#[test]
fn errors_print_the_texts_of_the_reference() {
    #[rustfmt::skip]
    let table = [
        (DecodeError::UnknownType(Some(7)), "unknown packet type 7"),
        (DecodeError::UnknownType(None), "unknown packet type NaN"),
        (DecodeError::IllegalAttachments, "Illegal attachments"),
        (DecodeError::TooManyAttachments, "too many attachments"),
        (DecodeError::InvalidPayload, "invalid payload"),
        (DecodeError::IllegalPlaceholder, "illegal attachments"),
        (DecodeError::UnexpectedText, "got plaintext data when reconstructing a packet"),
        (DecodeError::UnexpectedBinary, "got binary data when not reconstructing a packet"),
    ];
    for (error, text) in table {
        assert_eq!(error.to_string(), text);
    }
}
