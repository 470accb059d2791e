//! What a Rust client finds at a server in TypeScript, of what `examples/chat` does not have: streams, faults, errors of the client's,
//! path parameters, several namespaces over one connection. What is wrong is a panic, which the test sees as the exit code.

use std::time::Duration;

use ackord::{Binary, CallError, Client, Stream, client::Manager};
use futures_util::{StreamExt, stream};

use crate::contract::{DivideError, Live, LiveClient, Login, Picture, Room, Thumb};

struct Ui;

impl LiveClient for Ui {
    async fn said(&self, _text: &str) {}

    async fn confirm(&self, prompt: &str) -> bool {
        prompt == "yes"
    }

    async fn flip(&self, data: &Binary) -> Binary {
        data.iter().rev().copied().collect::<Vec<_>>().into()
    }

    async fn divide(&self, a: i32, b: i32) -> Result<i32, DivideError> {
        a.checked_div(b).ok_or(DivideError::ByZero { dividend: a })
    }

    async fn closing(&self) {}

    fn readings(&self, n: u32) -> impl Stream<Item = Result<u32, DivideError>> {
        stream::iter((1..=n).map(Ok))
    }
}

pub(crate) async fn check(url: &str) {
    let manager = Manager::builder(url).build();
    let login = Login { token: "secret".into() };
    let live = Client::<Live>::connect(&manager).auth(login).handler(Ui).await.expect("a connection");
    calls(&live).await;
    questions(&live).await;
    streams(&live).await;
    rooms(&manager).await;
}

async fn calls(live: &Client<Live>) {
    let server = || live.emit();
    server().note("one", None);
    server().note("two", Some(2));
    assert_eq!(server().notes().await, Ok(vec!["one null".to_owned(), "two 2".to_owned()]));
    let picture = Picture { name: "a".into(), data: b"abc".to_vec().into(), thumbs: vec![Thumb { data: None }] };
    let turned = server().turn(picture).await.expect("a picture");
    assert_eq!((turned.data.as_ref(), turned.thumbs.len()), (&b"cba"[..], 1));
    assert!(matches!(server().silence().timeout(Duration::from_millis(50)).await, Err(CallError::Timeout)));
    assert!(matches!(server().crash().await, Err(CallError::Fault(fault)) if fault.message == "as it should"));
}

async fn questions(live: &Client<Live>) {
    let data = |bytes: &[u8]| Binary::from(bytes.to_vec());
    assert_eq!(live.emit().ask("yes", data(b"xyz")).await, Ok(Some(data(b"zyx"))));
    assert_eq!(live.emit().ask("no", data(b"xyz")).await, Ok(None));
    assert_eq!(live.emit().delegate(9, 3).await.as_deref(), Ok("3"));
    assert_eq!(live.emit().delegate(9, 0).await.as_deref(), Ok("9 by zero"));
}

async fn streams(live: &Client<Live>) {
    let counted: Vec<_> = live.emit().count(4).collect().await;
    assert!(matches!(counted[..], [Ok(1), Ok(2), Ok(3), Ok(4)]), "{counted:?}");
    let counted: Vec<_> = live.emit().count(1).collect().await;
    assert!(matches!(counted[..], [Ok(1), Err(CallError::App(DivideError::ByZero { dividend: 1 }))]), "{counted:?}");
    assert_eq!(live.emit().sum(4).await.as_deref(), Ok("10"));
}

async fn rooms(manager: &Manager) {
    let room = Client::<Room>::connect(manager).namespace(Room { id: 7, part: "left".into() }).await.expect("a connection");
    assert_eq!(room.emit().which().await.as_deref(), Ok("7/left"));
}
