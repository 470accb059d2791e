//! What is said.

use ackord::CallError;
use chat_contract::{Message, SendError};

use crate::page::{Heard, Page, Server};

/// In characters.
const LONGEST: usize = 500;
const HISTORY: usize = 100;

async fn say(page: &Page, room: &str, text: &str, reply_to: Option<u32>) -> Result<Message, CallError<SendError>> {
    page.client.emit().send(room, text.to_owned(), reply_to).await
}

pub(crate) async fn messages(server: &Server) {
    let [ada, mut bob] = server.pages("lobby", ["ada", "bob"]).await;
    let hello = say(&ada, "lobby", "hello", None).await.expect("taken");
    let want = |id, text: &str, reply_to| {
        let (from, room, text) = ("ada".to_owned(), "lobby".to_owned(), text.to_owned());
        Message { id, from, at: hello.at, room, text, reply_to, image: None }
    };
    assert_eq!(hello, want(1, "hello", None));
    bob.hears(Heard::Message(hello.clone())).await;
    // Characters count, not bytes or surrogates.
    let longest = "🦀".repeat(LONGEST);
    let long = say(&ada, "lobby", &longest, Some(1)).await.expect("taken");
    assert_eq!((&*long.text, long.id, long.reply_to), (&*longest, 2, Some(1)));
    bob.hears(Heard::Message(long)).await;

    for (room, text, want) in [
        ("rust", "hi", SendError::NotInRoom),
        ("lobby", " \n", SendError::Empty),
        ("lobby", &*"ö".repeat(LONGEST + 1), SendError::TooLong { max: 500 }),
    ] {
        assert_eq!(say(&ada, room, text, None).await, Err(CallError::App(want)));
    }
    bob.hears_nothing().await;
    history(server, &ada).await;
}

/// Who comes later sees the newest, oldest first.
async fn history(server: &Server, ada: &Page) {
    for n in 3..=HISTORY + 1 {
        say(ada, "lobby", &n.to_string(), None).await.expect("taken");
    }
    let info = server.page("cy").await.join("lobby").await;
    assert_eq!(info.members, ["ada", "bob", "cy"]);
    assert!(info.history.iter().map(|message| message.id as usize).eq(2..=HISTORY + 1), "{:?}", info.history);
}

/// Volatile: it may get lost, so that it is sent until it is heard.
pub(crate) async fn typing(server: &Server) {
    let [ada, mut bob] = server.pages("lobby", ["ada", "bob"]).await;
    // Of somebody who is not in the room nobody hears.
    let outside = server.page("cy").await;
    loop {
        outside.client.emit().typing("lobby");
        ada.client.emit().typing("lobby");
        // A round trip each, behind which it would be.
        for page in [&outside, &ada, &bob] {
            page.client.emit().hello().await.expect("an answer");
        }
        if let Some(heard) = bob.try_hear() {
            assert_eq!(heard, Heard::Typing("lobby".into(), "ada".into()));
            return;
        }
    }
}
