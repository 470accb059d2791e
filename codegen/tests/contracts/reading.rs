//! What is read under more names than it is written: aliases, and variants for all others.

use ackord::{Namespace, events, payload};

#[payload]
pub struct Named {
    pub id: u32,
    #[serde(alias = "body", alias = "words")]
    pub text: String,
    #[serde(default, alias = "mark")]
    pub tag: Option<Level>,
}

#[payload]
#[serde(deny_unknown_fields)]
pub struct Closed {
    #[serde(alias = "a")]
    pub first: u8,
    #[serde(alias = "b")]
    pub second: Level,
}

#[payload]
pub enum Level {
    Low,
    #[serde(alias = "Top")]
    High,
    #[serde(other)]
    Unknown,
}

#[payload]
pub enum External {
    Nothing,
    #[serde(alias = "Number")]
    Value(u8),
    #[serde(alias = "Rectangle")]
    Size {
        #[serde(alias = "w")]
        width: u8,
    },
}

#[payload]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Internal {
    Nothing,
    #[serde(alias = "named")]
    Held(Named),
    #[serde(alias = "rectangle")]
    Size {
        width: u8,
    },
    #[serde(other)]
    Unknown,
}

#[payload]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Adjacent {
    Nothing,
    #[serde(alias = "number")]
    Value(u8),
    #[serde(other)]
    Unknown,
}

#[payload]
pub struct Flattened {
    pub id: u8,
    #[serde(flatten)]
    pub internal: Internal,
}

#[events(rename_all = "camelCase")]
pub trait ReadingServer {
    async fn named(&self, value: Named) -> Named;
    async fn closed(&self, value: Closed) -> Closed;
    async fn level(&self, value: Level) -> Level;
    async fn external(&self, value: External) -> External;
    async fn internal(&self, value: Internal) -> Internal;
    async fn adjacent(&self, value: Adjacent) -> Adjacent;
    async fn flattened(&self, value: Flattened) -> Flattened;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn ReadingServer)]
pub struct Reading;
