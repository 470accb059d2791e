//! A client that hears everything and says what a scene wants it to say.

use ackord::{
    Binary, Client,
    client::{ConnectError, Manager, Transport},
};
use chat_contract::{Chat, ChatClient, Denied, Login, Message, RoomInfo, RoomSummary, Tally};
use tokio::sync::{mpsc, oneshot};

/// What a page is told.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Message(Message),
    Image(Message, Binary),
    Typing(String, String),
    Presence(String, String, bool),
    /// The rooms with members in them, and rooms that are not always there.
    Rooms(Vec<(String, u32)>),
    Tally(String, Tally),
}

/// What a page is asked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) prompt: String,
    pub(crate) seconds: u32,
    answer: oneshot::Sender<bool>,
}

impl Question {
    pub(crate) fn answer(self, yes: bool) {
        self.answer.send(yes).expect("somebody who has asked");
    }
}

struct Ui {
    heard: mpsc::UnboundedSender<Heard>,
    asked: mpsc::UnboundedSender<Question>,
}

impl Ui {
    fn hear(&self, heard: Heard) {
        // The scene may have ended.
        let _ = self.heard.send(heard);
    }
}

impl ChatClient for Ui {
    async fn message(&self, msg: &Message) {
        self.hear(Heard::Message(msg.clone()));
    }

    async fn image(&self, msg: &Message, data: &Binary) {
        self.hear(Heard::Image(msg.clone(), data.clone()));
    }

    async fn typing(&self, room: &str, who: &str) {
        self.hear(Heard::Typing(room.to_owned(), who.to_owned()));
    }

    async fn presence(&self, room: &str, who: &str, here: bool) {
        self.hear(Heard::Presence(room.to_owned(), who.to_owned(), here));
    }

    async fn rooms(&self, rooms: &[RoomSummary]) {
        self.hear(Heard::Rooms(busy(rooms)));
    }

    async fn tally(&self, room: &str, tally: &Tally) {
        self.hear(Heard::Tally(room.to_owned(), tally.clone()));
    }

    async fn confirm(&self, prompt: &str, seconds: u32) -> bool {
        let (answer, answered) = oneshot::channel();
        // As above; whoever is not asked says no.
        let _ = self.asked.send(Question { prompt: prompt.to_owned(), seconds, answer });
        answered.await.unwrap_or(false)
    }
}

/// Rooms without those that are always there and empty.
pub(crate) fn busy(rooms: &[RoomSummary]) -> Vec<(String, u32)> {
    let is_busy = |room: &&RoomSummary| room.members > 0 || !["lobby", "design", "rust"].contains(&&*room.name);
    rooms.iter().filter(is_busy).map(|room| (room.name.clone(), room.members)).collect()
}

/// A server under test, and how to get there.
pub(crate) struct Server {
    url: String,
    transport: Transport,
}

impl Server {
    pub(crate) fn new(url: &str, transport: Transport) -> Self {
        Self { url: url.to_owned(), transport }
    }

    /// A page of its own connection.
    pub(crate) async fn enter(&self, name: &str, token: Option<&str>) -> Result<Page, ConnectError<Denied>> {
        let manager = Manager::builder(&self.url).transports([self.transport]).upgrade(false).build();
        let (hear, heard) = mpsc::unbounded_channel();
        let (ask, asked) = mpsc::unbounded_channel();
        let login = Login { name: name.to_owned(), token: token.map(str::to_owned) };
        let client = Client::connect(&manager).auth(login).handler(Ui { heard: hear, asked: ask }).await?;
        Ok(Page { client, heard, asked })
    }

    pub(crate) async fn page(&self, name: &str) -> Page {
        self.enter(name, None).await.expect("a connection")
    }

    /// Pages in `room`, who have heard all of each other's coming.
    pub(crate) async fn pages<const N: usize>(&self, room: &str, names: [&str; N]) -> [Page; N] {
        let mut pages: Vec<Page> = Vec::new();
        for name in names {
            let mut page = self.page(name).await;
            page.join(room).await;
            let rooms = vec![(room.to_owned(), pages.len() as u32 + 1)];
            for other in &mut pages {
                other.hears(Heard::Presence(room.to_owned(), name.to_owned(), true)).await;
                other.hears(Heard::Rooms(rooms.clone())).await;
            }
            page.hears(Heard::Rooms(rooms)).await;
            pages.push(page);
        }
        pages.try_into().expect("as many")
    }
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) client: Client<Chat>,
    heard: mpsc::UnboundedReceiver<Heard>,
    asked: mpsc::UnboundedReceiver<Question>,
}

impl Page {
    /// The next thing that it is told.
    pub(crate) async fn next(&mut self) -> Heard {
        self.heard.recv().await.expect("a client")
    }

    pub(crate) async fn hears(&mut self, what: Heard) {
        assert_eq!(self.next().await, what);
    }

    /// Whether it was told anything that no scene has taken. An answer comes behind all that was said before it.
    pub(crate) async fn hears_nothing(&mut self) {
        self.client.emit().hello().await.expect("an answer");
        assert_eq!(self.heard.try_recv(), Err(mpsc::error::TryRecvError::Empty));
    }

    pub(crate) fn try_hear(&mut self) -> Option<Heard> {
        self.heard.try_recv().ok()
    }

    pub(crate) async fn is_asked(&mut self) -> Question {
        self.asked.recv().await.expect("a question")
    }

    pub(crate) async fn join(&self, room: &str) -> RoomInfo {
        self.client.emit().join_room(room.to_owned()).await.expect("a room")
    }
}
