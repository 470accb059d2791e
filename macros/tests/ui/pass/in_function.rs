//! Contracts within bodies, as in a test, and types of the same names in each.
use ackord::{Events, Namespace, events, payload};

fn one() -> usize {
    #[payload]
    struct Message {
        text: String,
    }
    #[events]
    trait Chat {
        fn send(&self, message: &Message);
    }
    #[derive(Namespace, Clone)]
    #[namespace(path = "/one", server = dyn Chat, auth = Message)]
    struct Nsp;
    struct Session;
    impl Chat for Session {
        async fn send(&self, message: &Message) {
            drop(message.text.clone());
        }
    }
    <<Nsp as Namespace>::Server as Events>::EVENTS.len()
}

fn two() -> usize {
    #[events]
    trait Chat {
        fn send(&self);
        fn more(&self);
    }
    <dyn Chat as Events>::EVENTS.len()
}

fn main() {
    assert_eq!((one(), two()), (1, 2));
}
