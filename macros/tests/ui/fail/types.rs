//! Types that the macro can tell are none to send.
use std::borrow::Cow;

use ackord::events;

#[events]
pub trait Server {
    fn exclusive(&self, text: &mut String);
    fn forever(&self, text: &'static str);
    fn inside(&self, texts: Vec<&str>);
    fn tuple(&self, pair: (&str, u8));
    fn doubly(&self, text: &&str);
    fn cow(&self, text: Cow<'_, str>);
    fn session(&self, other: Self);
    async fn borrowed(&self) -> &str;
    async fn lent(&self) -> Result<Cow<'_, str>, String>;
    async fn half(&self) -> std::io::Result<u8>;
    async fn me(&self) -> Option<Self>;
    fn fine(&self, text: Cow<'static, str>);
}

fn main() {}
