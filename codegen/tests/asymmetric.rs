//! Types that are one thing when they are sent and another when they are received.

#![allow(dead_code, unreachable_pub, missing_docs, missing_debug_implementations, reason = "a contract is all there is")]

use ackord::{Namespace, describe::Describe, events, payload};
use ackord_codegen::{Codegen, TypeScript};

#[payload]
pub struct User {
    pub name: String,
    #[serde(skip_serializing)]
    pub password: String,
    #[serde(skip_deserializing)]
    pub id: u32,
    #[serde(rename(serialize = "joinedAt", deserialize = "joined"))]
    pub joined: u32,
    pub inner: Inner,
}

#[payload]
pub struct Inner {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

#[payload]
#[serde(tag = "kind")]
pub enum Change {
    Added {
        #[serde(skip_serializing)]
        secret: String,
    },
    #[serde(skip_deserializing)]
    Gone,
}

#[payload]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing)]
    pub cursor: String,
}

/// What is always sent and may be missing on receipt is no difference, nor is what goes one way only.
#[payload]
pub struct Fine {
    pub maybe: Option<String>,
    #[serde(default)]
    pub count: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
    pub nested: Option<Vec<Fine>>,
}

#[payload]
pub struct Credentials {
    pub name: String,
    #[serde(skip_serializing)]
    pub password: String,
}

#[payload]
pub struct Elsewhere {
    pub a: u8,
}

#[events]
pub trait Server {
    async fn user(&self, user: User) -> User;
    async fn change(&self, change: Change) -> Vec<Change>;
    async fn pages(&self, users: Page<Fine>, names: Page<String>) -> (Page<Fine>, Page<String>);
    async fn fine(&self, fine: Fine) -> Fine;
    fn login(&self, credentials: Credentials);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/n", server = dyn Server)]
pub struct N;

fn codegen() -> Codegen {
    Codegen::new().namespace::<N>().typescript("x.ts", TypeScript::default())
}

fn problems(codegen: &Codegen) -> Vec<String> {
    codegen.render().map_or_else(|e| e.problems().to_vec(), |_| Vec::new())
}

fn told(name: &str, places: &[&str]) -> String {
    let places = places.join("\n  --> ");
    format!(
        "asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript\n  --> {places}\n   = help: \
         use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<{name}>()`"
    )
}

#[test]
fn every_difference_is_told() {
    let want = [
        told(
            "Change",
            &[
                "`asymmetric::Change` has values that are sent and not taken back",
                "field `secret` of `asymmetric::Change` must be there when it is received, and is never sent",
            ],
        ),
        told("Inner", &["field `note` of `asymmetric::Inner` must be there when it is received, and is not always sent"]),
        told("Page<…>", &["field `cursor` of `asymmetric::Page` must be there when it is received, and is never sent"]),
        told(
            "User",
            &[
                "field `id` of `asymmetric::User` is sent, and not looked at when it is received",
                "field `joinedAt` of `asymmetric::User` is sent, and not looked at when it is received",
                "field `joined` of `asymmetric::User` must be there when it is received, and is never sent",
                "field `password` of `asymmetric::User` must be there when it is received, and is never sent",
            ],
        ),
    ];
    assert_eq!(problems(&codegen()), want);
}

#[test]
fn a_type_may_be_allowed() {
    let left = problems(&codegen().allow_asymmetric::<User>().allow_asymmetric::<Page<Fine>>());
    assert_eq!(left.len(), 2, "{left:?}");
    let all = codegen().allow_asymmetric::<User>().allow_asymmetric::<Page<Fine>>();
    let all = all.allow_asymmetric::<Change>().allow_asymmetric::<Inner>();
    assert_eq!(problems(&all), [""; 0]);
}

#[test]
fn an_allowance_for_nothing_is_told() {
    fn allowed<T: Describe>() -> Vec<String> {
        let all = codegen().allow_asymmetric::<User>().allow_asymmetric::<Page<Fine>>();
        problems(&all.allow_asymmetric::<Change>().allow_asymmetric::<Inner>().allow_asymmetric::<T>())
    }
    let want =
        "`allow_asymmetric` names a type that the contract does not have\n  --> `asymmetric::Elsewhere`\n   = help: remove it";
    assert_eq!(allowed::<Elsewhere>(), [want]);
    // It may become asymmetric.
    assert_eq!(allowed::<Fine>(), [""; 0]);
}

/// JSON Schema has both shapes.
#[test]
fn schemas_need_no_allowance() {
    let codegen = Codegen::new().namespace::<N>().json_schema("x.json");
    let text = &codegen.render().unwrap()[0].text;
    assert!(text.contains("\"User.clientToServer\"") && text.contains("\"User.serverToClient\""), "{text}");
}
