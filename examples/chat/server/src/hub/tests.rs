use super::*;

fn id(byte: u8) -> SocketId {
    String::from_utf8(vec![byte; SocketId::LEN]).unwrap().parse().unwrap()
}

fn draft<'a>(room: &'a str, text: &str) -> Draft<'a> {
    Draft { from: "ada", room, text: text.into(), reply_to: None, picture: None }
}

fn picture(room: &str) -> Draft<'_> {
    Draft { picture: Some(("image/png", Binary::from(vec![1, 2, 3]))), ..draft(room, "dot.png") }
}

#[test]
fn who_comes_later_sees_members_and_history() {
    let hub = Hub::default();
    hub.enter("lobby", "ada", id(b'a')).unwrap();
    let said = hub.say(draft("lobby", "hi"));
    let info = hub.enter("lobby", "bob", id(b'b')).unwrap();
    assert_eq!(info.members, ["ada", "bob"]);
    assert_eq!(info.history, [said]);
    assert_eq!(hub.summaries()[0], RoomSummary { name: "lobby".into(), members: 2 });
}

#[test]
fn a_room_of_ones_own_goes_with_its_last_member() {
    let hub = Hub::default();
    hub.enter("den", "ada", id(b'a')).unwrap();
    let shown = hub.say(picture("den"));
    assert!(hub.leave("den", "ada", id(b'a')));
    assert!(!hub.leave("den", "ada", id(b'a')));
    assert_eq!(hub.summaries().len(), FIXED.len());
    assert_eq!(hub.picture("den", shown.id), None);
}

#[test]
fn a_dead_connection_does_not_take_the_returned_member_out() {
    let hub = Hub::default();
    hub.enter("lobby", "ada", id(b'a')).unwrap();
    hub.enter("lobby", "ada", id(b'b')).unwrap();
    assert!(!hub.leave("lobby", "ada", id(b'a')));
    assert_eq!(hub.summaries()[0].members, 1);
}

#[test]
fn rooms_are_named_and_counted() {
    let hub = Hub::default();
    for bad in ["", "Den", "a b", "ä", "x".repeat(25).as_str()] {
        assert_eq!(hub.enter(bad, "ada", id(b'a')).unwrap_err(), JoinError::BadName);
    }
    for n in FIXED.len()..MAX_ROOMS as usize {
        hub.enter(&format!("room-{n}"), "ada", id(b'a')).unwrap();
    }
    assert_eq!(hub.enter("one-more", "ada", id(b'a')).unwrap_err(), JoinError::TooManyRooms { max: MAX_ROOMS });
    hub.enter("lobby", "ada", id(b'a')).unwrap();
}

#[test]
fn only_the_newest_messages_and_pictures_are_kept() {
    let hub = Hub::default();
    let first = hub.say(picture("lobby"));
    for _ in 0..HISTORY {
        hub.say(picture("rust"));
    }
    assert_eq!(hub.picture("lobby", first.id), None);
    let history = hub.enter("rust", "ada", id(b'a')).unwrap().history;
    assert_eq!(history.len(), HISTORY);
    assert_eq!(hub.picture("rust", history[HISTORY - 1].id), Some(Binary::from(vec![1, 2, 3])));
    assert_eq!(hub.picture("lobby", history[HISTORY - 1].id), None, "a picture belongs to its room");
}

#[test]
fn a_room_that_is_cleared_forgets_everything() {
    let hub = Hub::default();
    let shown = hub.say(picture("lobby"));
    hub.clear("lobby");
    assert_eq!(hub.picture("lobby", shown.id), None);
    assert_eq!(hub.enter("lobby", "ada", id(b'a')).unwrap().history, []);
}

#[test]
fn votes_run_one_at_a_time() {
    let hub = Hub::default();
    hub.enter("lobby", "ada", id(b'a')).unwrap();
    hub.enter("lobby", "bob", id(b'b')).unwrap();
    assert_eq!(hub.begin_vote("lobby"), Some(1));
    assert_eq!(hub.begin_vote("lobby"), None);
    hub.end_vote("lobby");
    assert_eq!(hub.begin_vote("lobby"), Some(1));
}
