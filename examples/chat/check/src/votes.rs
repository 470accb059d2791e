//! Questions of the server.

use ackord::CallError;
use chat_contract::{ClearError, Tally};

use crate::page::{Heard, Page, Server};

async fn clear(page: &Page, room: &str) -> Result<Tally, CallError<ClearError>> {
    page.client.emit().clear_room(room).await
}

fn tally(yes: u32, no: u32, open: u32, cleared: Option<bool>) -> Tally {
    Tally { by: "ada".to_owned(), yes, no, open, cleared }
}

async fn say(page: &Page) {
    page.client.emit().send("lobby", "hi".into(), None).await.expect("taken");
}

/// Who has nobody to ask is asked.
pub(crate) async fn alone(server: &Server) {
    let [mut ada] = server.pages("lobby", ["ada"]).await;
    assert_eq!(clear(&ada, "rust").await, Err(CallError::App(ClearError::NotInRoom)));
    say(&ada).await;
    for (yes, want, left) in [(false, tally(0, 1, 0, Some(false)), 1), (true, tally(1, 0, 0, Some(true)), 0)] {
        let call = ada.client.emit().clear_room("lobby");
        let (told, ()) = tokio::join!(call, async {
            let question = ada.is_asked().await;
            assert_eq!((&*question.prompt, question.seconds), ("You are alone in #lobby. Clear it?", 20));
            question.answer(yes);
        });
        assert_eq!(told, Ok(want.clone()));
        ada.hears(Heard::Tally("lobby".into(), want)).await;
        assert_eq!(ada.join("lobby").await.history.len(), left);
    }
}

pub(crate) async fn votes(server: &Server) {
    let [ada, bob, cy] = server.pages("lobby", ["ada", "bob", "cy"]).await;
    let mut pages = [ada, bob, cy];
    say(&pages[0]).await;
    for page in &mut pages[1..] {
        assert!(matches!(page.next().await, Heard::Message(_)));
    }
    // A no and a yes: with the one who has asked there are more for it. Then nobody else is.
    vote(&mut pages, [false, true], [tally(1, 1, 1, None), tally(2, 1, 0, None)], tally(2, 1, 0, Some(true))).await;
    assert_eq!(pages[1].join("lobby").await.history, []);
    say(&pages[0]).await;
    for page in &mut pages[1..] {
        assert!(matches!(page.next().await, Heard::Message(_)));
    }
    vote(&mut pages, [false, false], [tally(1, 1, 1, None), tally(1, 2, 0, None)], tally(1, 2, 0, Some(false))).await;
    assert_eq!(pages[1].join("lobby").await.history.len(), 1);
}

/// A vote of the first page, the answers of the others one after another, and what everybody hears of it.
async fn vote(pages: &mut [Page; 3], answers: [bool; 2], steps: [Tally; 2], end: Tally) {
    let call = pages[0].client.emit().clear_room("lobby");
    let (told, ()) = tokio::join!(call, async {
        all_hear(pages, &tally(1, 0, 2, None)).await;
        let mut questions = Vec::new();
        for page in &mut pages[1..] {
            let question = page.is_asked().await;
            assert_eq!((&*question.prompt, question.seconds), ("ada wants to clear #lobby for everyone. Agree?", 20));
            questions.push(question);
        }
        assert_eq!(clear(&pages[2], "lobby").await, Err(CallError::App(ClearError::VoteRunning)));
        for ((question, answer), step) in questions.into_iter().zip(answers).zip(steps) {
            question.answer(answer);
            all_hear(pages, &step).await;
        }
        all_hear(pages, &end).await;
    });
    assert_eq!(told, Ok(end));
}

async fn all_hear(pages: &mut [Page; 3], tally: &Tally) {
    for page in pages {
        page.hears(Heard::Tally("lobby".into(), tally.clone())).await;
    }
}
