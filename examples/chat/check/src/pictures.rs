//! Bytes, in arguments, events and answers.

use ackord::{Binary, CallError};
use chat_contract::{Image, PictureError, SendError};

use crate::page::{Heard, Page, Server};

/// In bytes.
const LARGEST: usize = 2_000_000;
/// Pictures that a server keeps.
const PICTURES: u32 = 32;

fn picture(len: usize) -> Binary {
    let mut data = b"\x89PNG\r\n\x1a\n".to_vec();
    data.extend((data.len()..len).map(|n| n as u8));
    data.into()
}

async fn get(page: &Page, room: &str, id: u32) -> Result<Binary, CallError<PictureError>> {
    page.client.emit().picture(room, id).await
}

pub(crate) async fn pictures(server: &Server) {
    let [ada, mut bob] = server.pages("lobby", ["ada", "bob"]).await;
    let put = async |room, name: &str, data| ada.client.emit().put(room, name, data).await;
    let shown = put("lobby", &"ä".repeat(101), picture(300)).await.expect("taken");
    assert_eq!((shown.id, &*shown.from, &*shown.text), (1, "ada", &*"ä".repeat(100)));
    assert_eq!(shown.image, Some(Image { media: "image/png".into(), bytes: 300 }));
    bob.hears(Heard::Image(shown, picture(300))).await;
    assert_eq!(get(&bob, "lobby", 1).await, Ok(picture(300)));

    let largest = put("lobby", "large", picture(LARGEST)).await.expect("taken");
    bob.hears(Heard::Image(largest, picture(LARGEST))).await;
    for (room, data, want) in [
        ("rust", picture(20), SendError::NotInRoom),
        ("lobby", picture(LARGEST + 1), SendError::TooLarge { max: 2_000_000 }),
        ("lobby", b"<svg>".to_vec().into(), SendError::NotAnImage),
    ] {
        assert_eq!(put(room, "x", data).await, Err(CallError::App(want)));
    }
    for (media, data) in
        [("image/jpeg", &b"\xff\xd8\xff\xe0"[..]), ("image/gif", b"GIF89a"), ("image/webp", b"RIFF\n\0\0\0WEBPVP8 ")]
    {
        let shown = put("lobby", "x", data.to_vec().into()).await.expect("taken");
        assert_eq!(shown.image, Some(Image { media: media.into(), bytes: data.len() as u32 }));
        bob.hears(Heard::Image(shown, data.to_vec().into())).await;
    }

    // Of as many as are kept the first is gone, which was there.
    for id in 6..=PICTURES + 1 {
        assert_eq!(put("lobby", "x", picture(20)).await.expect("taken").id, id);
    }
    assert_eq!(get(&bob, "lobby", 1).await, Err(CallError::App(PictureError::Gone)));
    assert_eq!(get(&bob, "lobby", 2).await, Ok(picture(LARGEST)));
    assert_eq!(get(&bob, "rust", 2).await, Err(CallError::App(PictureError::NotInRoom)));
    bob.join("rust").await;
    assert_eq!(get(&bob, "rust", 2).await, Err(CallError::App(PictureError::Gone)), "a picture belongs to its room");
}
