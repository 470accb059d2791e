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

    /// As serde's `RenameRule::apply_to_variant` does it, but for names that do not begin in ASCII, on which serde panics in `camelCase`.
    pub(crate) fn apply_to_variant(self, pascal: &str) -> String {
        match self {
            Self::Lower => pascal.to_ascii_lowercase(),
            Self::Upper => pascal.to_ascii_uppercase(),
            Self::Pascal => pascal.to_owned(),
            Self::Camel => {
                let mut name = pascal.to_owned();
                if let Some(first) = name.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                name
            }
            Self::Snake => snake(pascal),
            Self::ScreamingSnake => snake(pascal).to_ascii_uppercase(),
            Self::Kebab => snake(pascal).replace('_', "-"),
            Self::ScreamingKebab => snake(pascal).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn snake(pascal: &str) -> String {
    let mut name = String::with_capacity(pascal.len());
    for (i, c) in pascal.char_indices() {
        if i > 0 && c.is_uppercase() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
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
    fn cases_of_variants_are_those_of_serde() {
        let all = |pascal| CASES.map(|(_, case)| case.apply_to_variant(pascal));
        assert_eq!(
            all("HTTPGröße"),
            [
                "httpgröße",
                "HTTPGRößE",
                "HTTPGröße",
                "hTTPGröße",
                "h_t_t_p_größe",
                "H_T_T_P_GRößE",
                "h-t-t-p-größe",
                "H-T-T-P-GRößE"
            ]
        );
        assert_eq!(all("Foo_Bar")[2..5], ["Foo_Bar", "foo_Bar", "foo__bar"]);
    }

    #[test]
    fn names_are_those_of_serde() {
        assert_eq!(Case::from_name("camelCase"), Some(Case::Camel));
        assert_eq!(Case::from_name("camel"), None);
    }
}
