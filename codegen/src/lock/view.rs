//! The types of a lock file in one direction, as shapes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::shape::{Names, Reader, Shape};

/// The types of one version in one direction.
pub(super) struct View {
    shapes: BTreeMap<String, Shape>,
    types: BTreeMap<String, Value>,
    names: Names,
}

impl View {
    pub(super) fn new(types: BTreeMap<String, Value>, names: Names) -> Self {
        let shapes = types.iter().map(|(name, schema)| (name.clone(), Reader::new(&types, names).read(schema))).collect();
        Self { shapes, types, names }
    }

    pub(super) fn read(&self, schema: &Value) -> Shape {
        Reader::new(&self.types, self.names).read(schema)
    }

    /// What a shape refers to, with the name of its type.
    pub(super) fn resolve<'a>(&'a self, mut shape: &'a Shape) -> (Option<&'a str>, &'a Shape) {
        static MISSING: Shape = Shape::Opaque(Value::Null);
        let mut name = None;
        // A type may refer to another; one that refers to itself and nothing else is no type.
        for _ in 0..=self.shapes.len() {
            let Shape::Ref(to) = shape else { return (name, shape) };
            name = Some(&**to);
            shape = self.shapes.get(to).unwrap_or(&MISSING);
        }
        (name, &MISSING)
    }

    /// The shape's alternatives, none of which has any.
    pub(super) fn alternatives<'a>(&'a self, shape: &'a Shape) -> Vec<&'a Shape> {
        let mut found = Vec::new();
        let mut open = vec![shape];
        let mut seen = BTreeSet::new();
        while let Some(shape) = open.pop() {
            match self.resolve(shape).1 {
                Shape::OneOf(shapes) if seen.insert(std::ptr::from_ref(shapes).addr()) => open.extend(shapes.iter().rev()),
                Shape::OneOf(_) | Shape::Never => {}
                _ => found.push(shape),
            }
        }
        found
    }
}
