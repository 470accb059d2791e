//! `rename_all`: the cases that serde knows, from a name in `snake_case`.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// serde's names of the cases, in serde's order.
pub(crate) const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        CASES.iter().find(|(n, _)| *n == name).map(|(_, case)| *case)
    }

    /// As serde's `RenameRule::apply_to_field` does it (`serde_derive` 1.0, `internals/case.rs`).
    pub(crate) fn apply(self, snake: &str) -> String {
        match self {
            Self::Lower | Self::Snake => snake.to_owned(),
            Self::Upper | Self::ScreamingSnake => snake.to_ascii_uppercase(),
            Self::Pascal => pascal(snake),
            Self::Camel => {
                let mut name = pascal(snake);
                if let Some(first) = name.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                name
            }
            Self::Kebab => snake.replace('_', "-"),
            Self::ScreamingKebab => snake.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(snake: &str) -> String {
    let mut name = String::with_capacity(snake.len());
    for word in snake.split('_') {
        let mut chars = word.chars();
        name.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(chars.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_those_of_serde() {
        let all = |snake| CASES.map(|(_, case)| case.apply(snake));
        assert_eq!(
            all("join_room"),
            ["join_room", "JOIN_ROOM", "JoinRoom", "joinRoom", "join_room", "JOIN_ROOM", "join-room", "JOIN-ROOM"]
        );
        assert_eq!(all("put"), ["put", "PUT", "Put", "put", "put", "PUT", "put", "PUT"]);
        assert_eq!(all("_x__y2_")[2..4], ["XY2", "xY2"]);
        assert_eq!(Case::Camel.apply("été_à"), "étéà");
        assert_eq!(Case::Camel.apply("_"), "");
    }

    #[test]
    fn names_are_those_of_serde() {
        assert_eq!(Case::from_name("camelCase"), Some(Case::Camel));
        assert_eq!(Case::from_name("camel"), None);
    }
}
