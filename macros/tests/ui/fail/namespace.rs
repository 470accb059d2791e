//! Mistakes in `#[namespace]`.
use ackord::Namespace;

#[derive(Namespace, Clone)]
pub struct NoPath;

#[derive(Namespace, Clone)]
#[namespace(path = "chat")]
pub struct NoSlash;

#[derive(Namespace, Clone)]
#[namespace(path = "/org-{id}/{team}")]
pub struct Fields {
    pub id: u64,
    pub name: String,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/{a}{b}")]
pub struct Adjacent {
    a: u8,
    b: u8,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/{a}/{a}")]
pub struct Twice {
    a: u8,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/{a")]
pub struct Open {
    a: u8,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/{0}")]
pub struct Tuple(u8);

#[derive(Namespace, Clone)]
#[namespace(path = "/")]
pub enum Choice {
    A,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/{t}")]
pub struct Generic<T> {
    t: T,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/{tags}/{id}")]
pub struct NoParam {
    tags: Vec<String>,
    id: u8,
}

fn is_namespace<N: Namespace>() {}

fn main() {
    is_namespace::<NoPath>();
    is_namespace::<Fields>();
    is_namespace::<u8>();
}
