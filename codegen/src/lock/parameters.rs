//! Parameters of paths: clients write them with `Display`, servers read them with `FromStr`. Of these there is no schema, but what the types
//! of the standard library do is known.

use super::{difference::Difference, file::Parameter, version::Party};

/// The parameters that `client` may write and its server does not read.
pub(super) fn compare(pattern: &str, client: Party, written: &[Parameter], read: &[Parameter]) -> Vec<Difference> {
    written.iter().zip(read).filter_map(|(written, read)| parameter(pattern, client, written, read)).collect()
}

fn parameter(pattern: &str, client: Party, written: &Parameter, read: &Parameter) -> Option<Difference> {
    // What nobody has recorded is not compared.
    let (Parameter::Typed { name: writer_name, ty: written }, Parameter::Typed { name, ty: read }) = (written, read) else {
        return None;
    };
    let ((old, new), name) = if client.new { ((read, written), writer_name) } else { ((written, read), name) };
    let subject = format!("parameter `{name}` of `{pattern}`");
    let (writer, reader) = (client.name(), client.peer().name());
    let (what, why, help) = match reads(read, written) {
        Some(true) => return None,
        Some(false) => (
            format!("{subject} changed from {old} to {new}"),
            format!("{writer} connect to paths that {reader} refuse"),
            "keep its type, or take one that reads more",
        ),
        None => (
            format!("cannot tell whether the change of {subject} from {old} to {new} is compatible"),
            format!("what their `FromStr` takes is not known, and {reader} may refuse paths of {writer}"),
            "read the change yourself, and accept it with `--allow-breaking` if it is sound",
        ),
    };
    Some(Difference { path: format!("{{{name}}}"), ..Difference::whole(what, why, help) })
}

/// Whether one type reads all that another writes; `None` if that is not known.
fn reads(reader: &str, writer: &str) -> Option<bool> {
    if reader == writer || reader == "String" {
        return Some(true);
    }
    match (kind(reader)?, kind(writer)?) {
        (Kind::Integer(min, max), Kind::Integer(least, most)) => Some(min <= least && most <= max),
        // Rounded perhaps, but read.
        (Kind::Float, Kind::Integer(..) | Kind::Float) => Some(true),
        _ => Some(false),
    }
}

enum Kind {
    /// From one number to another.
    Integer(i128, i128),
    Float,
    Other,
}

fn kind(ty: &str) -> Option<Kind> {
    let integer = |min: i128, max: i128| Some(Kind::Integer(min, max));
    match ty {
        "u8" => integer(0, u8::MAX.into()),
        "u16" => integer(0, u16::MAX.into()),
        "u32" => integer(0, u32::MAX.into()),
        "u64" | "usize" => integer(0, u64::MAX.into()),
        "i8" => integer(i8::MIN.into(), i8::MAX.into()),
        "i16" => integer(i16::MIN.into(), i16::MAX.into()),
        "i32" => integer(i32::MIN.into(), i32::MAX.into()),
        "i64" | "isize" => integer(i64::MIN.into(), i64::MAX.into()),
        "f32" | "f64" => Some(Kind::Float),
        "bool" | "char" | "String" => Some(Kind::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::reads;

    #[test]
    fn what_is_read_is_known_of_the_types_of_the_standard_library() {
        for (reader, writer) in [("u64", "u32"), ("i64", "u32"), ("f32", "u8"), ("String", "a::Id"), ("a::Id", "a::Id")] {
            assert_eq!(reads(reader, writer), Some(true), "{reader} reads {writer}");
        }
        for (reader, writer) in
            [("u32", "u64"), ("u32", "i32"), ("i64", "u64"), ("u8", "String"), ("bool", "char"), ("u8", "f64")]
        {
            assert_eq!(reads(reader, writer), Some(false), "{reader} reads {writer}");
        }
        for (reader, writer) in [("a::Id", "u8"), ("u8", "a::Id"), ("a::Id", "b::Id"), ("a::Id", "String")] {
            assert_eq!(reads(reader, writer), None, "{reader} reads {writer}");
        }
    }
}
