//! Types that are another type on the wire.

use std::marker::PhantomData;

use schemars::Schema;
use ts_rs::{Config, TS, TypeVisitor};

/// What `T` is called, for `#[ts(as = "Alias<T>")]` on a type. With `T` itself ts-rs writes out what `T` is, which has no end if `T` contains
/// the type, and sees what `T` contains only if that is declared.
#[derive(Debug)]
pub struct Alias<T: ?Sized>(PhantomData<T>);

/// Leaves a schema as it is. A type with a transformation of its own is a definition of its own for schemars.
pub fn unchanged(_: &mut Schema) {}

impl<T: TS + ?Sized> TS for Alias<T> {
    type WithoutGenerics = T::WithoutGenerics;
    type OptionInnerType = T::OptionInnerType;
    const IS_ENUM: bool = T::IS_ENUM;
    const IS_OPTION: bool = T::IS_OPTION;

    fn name(config: &Config) -> String {
        T::name(config)
    }

    fn inline(config: &Config) -> String {
        T::name(config)
    }

    fn inline_flattened(config: &Config) -> String {
        T::inline_flattened(config)
    }

    fn visit_dependencies(visitor: &mut impl TypeVisitor)
    where
        Self: 'static,
    {
        visitor.visit::<T>();
        T::visit_generics(visitor);
    }
}
