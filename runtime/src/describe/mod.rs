//! What the code generator learns of a contract (feature `codegen`): which event carries which types, and the graph of those types.
//!
//! Lives here: the model and how it is collected from ts-rs. Never here: what is right or wrong with a contract, files, or any text
//! of a target language beyond what ts-rs says of a type; that is `ackord-codegen`.

mod alias;
mod impls;
#[cfg(test)]
mod tests;

use std::{
    any::{TypeId, type_name},
    collections::BTreeMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use ts_rs::{Config, TS, TypeVisitor};

#[doc(hidden)]
pub use alias::{Alias, unchanged};

use crate::contract::{EventMeta, Events};

/// Stands for every 64-bit or larger integer in the TypeScript of a [`Describer`]: what it becomes is the generator's choice.
pub const LARGE_INT: &str = "__ackord_large_int__";

/// A type that the code generator can describe.
///
/// Implemented for every type that has what it takes; `#[payload]` derives it all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no TypeScript description",
    label = "cannot be described to the code generator",
    note = "a type of your own: put `#[ackord::payload]` on it, or derive `TS` and `JsonSchema`",
    note = "a type of chrono, indexmap, jiff, semver, url or uuid: turn on the feature of that name of `ackord-codegen`",
    note = "another type: say at the field what it is written as, with `#[ts(as = \"String\")]` for example"
)]
pub trait Describe: TS + JsonSchema + 'static {}

#[diagnostic::do_not_recommend]
impl<T: TS + JsonSchema + ?Sized + 'static> Describe for T {}

/// The type of a payload's field. The derives see `<T as Field>::Itself`, which is `T`: of a type without a description, the compiler then says
/// what [`Describe`] tells it to say, and nothing of what would come of it.
#[doc(hidden)]
pub trait Field {
    /// The type.
    type Itself: TS + JsonSchema + ?Sized;
}

#[diagnostic::do_not_recommend]
impl<T: Describe + ?Sized> Field for T {
    type Itself = T;
}

/// Collects event sets and the types that they carry.
pub struct Describer {
    config: Config,
    types: BTreeMap<TypeId, TypeInfo>,
    drafts: Vec<Draft>,
}

/// One event as its contract describes it. Its name, documentation and kind of ack are in [`meta`](Self::meta).
#[derive(Debug, Clone)]
pub struct Event {
    /// What the contract knows of the event without its types.
    pub meta: &'static EventMeta,
    /// Its arguments, in order.
    pub args: Vec<Arg>,
    /// What its ack carries.
    pub answer: Option<TypeRef>,
    /// The error that its ack may carry instead.
    pub error: Option<TypeRef>,
}

/// One argument of an [`Event`].
#[derive(Debug, Clone)]
pub struct Arg {
    /// Its name in the contract.
    pub name: &'static str,
    /// Its type.
    pub ty: TypeRef,
}

/// A type where it is used.
#[derive(Debug, Clone)]
pub struct TypeRef {
    /// Names its [`TypeInfo`].
    pub id: TypeId,
    /// The type in TypeScript, with [`LARGE_INT`] for large integers.
    pub text: String,
    /// Whether it is an `Option`.
    pub optional: bool,
    /// Its JSON Schema, or a reference to it in the generator.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// A type of the graph.
#[derive(Debug, Clone)]
pub struct TypeInfo {
    /// Its path in Rust, with generic arguments.
    pub path: &'static str,
    /// The path of the type that it is an instance of: the same for `Page<A>` and `Page<B>`.
    pub family: &'static str,
    /// How TypeScript declares it; `None` for a type without a declaration of its own, such as `u32` or `Vec<Message>`.
    pub declaration: Option<Declaration>,
    /// Why ts-rs has no declaration for it, if it failed to write one.
    pub undescribed: Option<String>,
    /// The types it is made of, in no particular order.
    pub uses: Vec<TypeId>,
}

/// A named type in TypeScript, as ts-rs writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Its name without generic parameters.
    pub name: String,
    /// Its documentation as a comment, not escaped.
    pub docs: Option<String>,
    /// `type Name<T> = …;`, with [`LARGE_INT`] for large integers; comments of fields are not escaped.
    pub text: String,
}

impl Describer {
    /// A collection without types.
    pub fn new() -> Self {
        Self { config: Config::new().with_large_int(LARGE_INT), types: BTreeMap::new(), drafts: Vec::new() }
    }

    /// Adds an event to the set that is being described. Called by expansions of `#[events]`, in the order of [`Events::EVENTS`].
    pub fn event(&mut self, name: &str) -> EventDescriber<'_> {
        let name = name.to_owned();
        self.drafts.push(Draft { name, args: Vec::new(), answer: None, error: None });
        EventDescriber(self)
    }

    /// Describes the events of a set.
    ///
    /// # Errors
    /// The name of an event in [`Events::EVENTS`] that [`Events::describe`] says nothing of.
    pub fn events<E: Events + ?Sized>(&mut self) -> Result<Vec<Event>, &'static str> {
        self.drafts.clear();
        E::describe(self);
        let mut drafts = std::mem::take(&mut self.drafts);
        let complete = |meta: &'static EventMeta| {
            let found = drafts.iter().position(|d| d.name == meta.name).ok_or(meta.name)?;
            let Draft { args, answer, error, .. } = drafts.swap_remove(found);
            Ok(Event { meta, args, answer, error })
        };
        E::EVENTS.iter().map(complete).collect()
    }

    /// Describes a type that is not part of an event.
    pub fn value<T: Describe>(&mut self) -> TypeRef {
        let mut used = Visitor { describer: self, uses: Vec::new() };
        used.visit::<T>();
        // The arguments of a generic type are not among its own dependencies.
        T::visit_generics(&mut used);
        let (id, text) = (TypeId::of::<T>(), T::name(&self.config));
        TypeRef { id, text, optional: T::IS_OPTION, schema: SchemaGenerator::subschema_for::<T> }
    }

    /// A type that was met.
    pub fn get(&self, id: TypeId) -> Option<&TypeInfo> {
        self.types.get(&id)
    }

    /// All types that were met, in no particular order.
    pub fn types(&self) -> impl Iterator<Item = (TypeId, &TypeInfo)> {
        self.types.iter().map(|(id, info)| (*id, info))
    }
}

impl Default for Describer {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Describer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Describer").field("types", &self.types.len()).finish_non_exhaustive()
    }
}

/// An event before its metadata is known.
struct Draft {
    name: String,
    args: Vec<Arg>,
    answer: Option<TypeRef>,
    error: Option<TypeRef>,
}

/// Describes the types of one event.
#[derive(Debug)]
pub struct EventDescriber<'a>(&'a mut Describer);

impl EventDescriber<'_> {
    /// The next argument.
    pub fn arg<T: Describe>(self, name: &'static str) -> Self {
        let ty = self.0.value::<T>();
        self.fill(|event| event.args.push(Arg { name, ty }))
    }

    /// What the ack carries.
    pub fn answer<T: Describe>(self) -> Self {
        let ty = self.0.value::<T>();
        self.fill(|event| event.answer = Some(ty))
    }

    /// What the ack carries if the handler fails.
    pub fn error<E: Describe>(self) -> Self {
        let ty = self.0.value::<E>();
        self.fill(|event| event.error = Some(ty))
    }

    fn fill(self, with: impl FnOnce(&mut Draft)) -> Self {
        if let Some(event) = self.0.drafts.last_mut() {
            with(event);
        }
        self
    }
}

/// Walks one type's dependencies.
struct Visitor<'a> {
    describer: &'a mut Describer,
    uses: Vec<TypeId>,
}

impl TypeVisitor for Visitor<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let id = TypeId::of::<T>();
        if !self.uses.contains(&id) {
            self.uses.push(id);
        }
        if self.describer.types.contains_key(&id) {
            return;
        }
        let (declaration, undescribed) = match declaration::<T>(&self.describer.config) {
            Ok(declaration) => (declaration, None),
            Err(why) => (None, Some(why)),
        };
        let (path, family) = (type_name::<T>(), type_name::<T::WithoutGenerics>());
        let info = TypeInfo { path, family, declaration, undescribed, uses: Vec::new() };
        let declared = info.declaration.is_some();
        // In place before its dependencies are walked: types may be recursive.
        self.describer.types.insert(id, info);
        let mut inner = Visitor { describer: &mut *self.describer, uses: Vec::new() };
        if !declared {
            T::visit_generics(&mut inner);
        }
        // A container such as `Vec<Message>` claims the dependencies of `Message` as its own: those are found through `Message`.
        if declared || inner.uses.is_empty() {
            T::visit_dependencies(&mut inner);
        }
        let uses = inner.uses;
        if let Some(info) = self.describer.types.get_mut(&id) {
            info.uses = uses;
        }
    }
}

fn declaration<T: TS + 'static + ?Sized>(config: &Config) -> Result<Option<Declaration>, String> {
    // ts-rs names no file for a type without a declaration, and panics if asked for one.
    if T::output_path().is_none() {
        return Ok(None);
    }
    // It also panics where a type cannot be written in the place where it is: an `Option` that is flattened, for example.
    let text = catch_unwind(AssertUnwindSafe(|| T::decl(config)));
    let text = text.map_err(|panic| match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => panic.downcast_ref::<&str>().map_or_else(|| "it panicked".to_owned(), |message| (*message).to_owned()),
    })?;
    Ok(Some(Declaration { name: T::ident(config), docs: T::docs(), text }))
}
