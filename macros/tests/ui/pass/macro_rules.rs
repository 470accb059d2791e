//! A contract that is written by another macro, out of its parameters.
use ackord::{Namespace, events, payload};

macro_rules! contract {
    ($(#[doc = $doc:expr])* $vis:vis $name:ident, $nsp:ident $path:literal: $($event:ident($($arg:ident: $ty:ty),*) -> $out:ty = $wire:literal;)*) => {
        $(#[doc = $doc])*
        #[events(prefix = "x:")]
        $vis trait $name {
            $(
                #[event(rename = $wire)]
                async fn $event(&self, $($arg: $ty),*) -> $out;
            )*
            fn fixed(&self, room: &str, f: u8);
        }

        #[derive(Namespace, Clone)]
        #[namespace(path = $path, server = dyn $name)]
        $vis struct $nsp;
    };
}

macro_rules! payloads {
    ($($name:ident { $($field:ident: $ty:ty),* })*) => {
        $(#[payload] pub struct $name { $(pub $field: $ty),* })*
    };
}

payloads! { Message { text: String, tags: Vec<String> } Failure { code: u8 } }

contract! {
    /// Written
    /// by a macro.
    pub Chat, ChatNsp "/chat":
    send(room: &str, message: &Message, more: Option<&[Message]>, f: u8) -> Result<Message, Failure> = "chat:send";
    count(list: &[Message]) -> u32 = "chat:count";
    unit() -> () = "chat:unit";
}

struct Session;
impl Chat for Session {
    async fn send(&self, _: &str, message: &Message, _: Option<&[Message]>, _: u8) -> Result<Message, Failure> {
        Ok(message.clone())
    }
    async fn count(&self, list: &[Message]) -> u32 {
        list.len() as u32
    }
    async fn unit(&self) {}
    async fn fixed(&self, _: &str, _: u8) {}
}

fn main() {
    use ackord::{Events, contract::AckKind};
    let names: Vec<_> = <dyn Chat as Events>::EVENTS.iter().map(|e| (e.name, e.ack)).collect();
    assert_eq!(
        names,
        [("chat:send", AckKind::Envelope), ("chat:count", AckKind::Plain), ("chat:unit", AckKind::Unit), ("x:fixed", AckKind::None)]
    );
}
