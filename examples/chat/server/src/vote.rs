//! Clearing a room: nobody does it over the heads of the others.

use std::time::Duration;

use chat_contract::{ClearError, Tally};

use crate::{hub::Hub, session::Session};

/// How long a question stands, in seconds.
const PATIENCE: u32 = 20;

/// Asks everybody else in the room, or the one who asked if there is nobody else, and clears it if most agree.
pub(crate) async fn clear_room(session: &Session, room: &str) -> Result<Tally, ClearError> {
    if !session.socket.in_room(room) {
        return Err(ClearError::NotInRoom);
    }
    let vote = Vote::begin(&session.hub, room).ok_or(ClearError::VoteRunning)?;
    let mut tally = Tally { by: session.seat.name.clone(), yes: 1, no: 0, open: vote.others, cleared: None };
    if vote.others == 0 {
        ask_back(session, room, &mut tally).await;
    } else {
        ask_others(session, room, &mut tally).await;
    }
    let cleared = tally.yes > tally.no;
    if cleared {
        session.hub.clear(room);
    }
    tally.cleared = Some(cleared);
    tell(session, room, &tally);
    Ok(tally)
}

/// One question to one socket: silence is a no.
async fn ask_back(session: &Session, room: &str, tally: &mut Tally) {
    let question = session.socket.emit().confirm(&format!("You are alone in #{room}. Clear it?"), PATIENCE);
    if !matches!(question.timeout(patience()).await, Ok(true)) {
        (tally.yes, tally.no) = (0, 1);
    }
}

/// One question to many: a stream of their answers. Who says nothing is not counted.
async fn ask_others(session: &Session, room: &str, tally: &mut Tally) {
    tell(session, room, tally);
    let prompt = format!("{} wants to clear #{room} for everyone. Agree?", session.seat.name);
    let mut votes = session.socket.to(room).emit().confirm(&prompt, PATIENCE).timeout(patience());
    while let Some((_, vote)) = votes.next().await {
        let Ok(yes) = vote else { continue };
        *(if yes { &mut tally.yes } else { &mut tally.no }) += 1;
        tally.open = tally.open.saturating_sub(1);
        tell(session, room, tally);
    }
}

fn tell(session: &Session, room: &str, tally: &Tally) {
    session.chat.to(room).emit().tally(room, tally);
}

fn patience() -> Duration {
    Duration::from_secs(PATIENCE.into())
}

/// Ends the vote however its handler ends.
struct Vote<'a> {
    hub: &'a Hub,
    room: &'a str,
    others: u32,
}

impl<'a> Vote<'a> {
    fn begin(hub: &'a Hub, room: &'a str) -> Option<Self> {
        let others = hub.begin_vote(room)?;
        Some(Self { hub, room, others })
    }
}

impl Drop for Vote<'_> {
    fn drop(&mut self) {
        self.hub.end_vote(self.room);
    }
}
