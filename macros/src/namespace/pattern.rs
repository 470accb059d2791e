//! The path of a namespace: literals and `{parameter}`s.

/// A piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Param(String),
}

/// Takes a path apart, or says what is wrong with it.
pub(super) fn parse(path: &str) -> Result<Vec<Piece>, String> {
    if !path.starts_with('/') {
        return Err(format!("the path of a namespace starts with `/`: write \"/{path}\""));
    }
    if let Some(odd) = path.chars().find(|c| matches!(c, ',' | '?' | '#')) {
        return Err(format!("the path of a namespace cannot hold `{odd}`: in a packet or a URL it ends the path"));
    }
    let mut pieces = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let literal = rest.find(['{', '}']).unwrap_or(rest.len());
        if literal > 0 {
            pieces.push(Piece::Literal(rest[..literal].to_owned()));
            rest = &rest[literal..];
            continue;
        }
        let (name, after) = rest.strip_prefix('{').and_then(|r| r.split_once('}')).ok_or("a parameter is written `{name}`")?;
        if syn::parse_str::<syn::Ident>(name).is_err() && syn::parse_str::<syn::Ident>(&format!("r#{name}")).is_err() {
            return Err(format!("`{{{name}}}` is no parameter: its name is that of a field"));
        }
        push_param(&mut pieces, name)?;
        rest = after;
    }
    Ok(pieces)
}

fn push_param(pieces: &mut Vec<Piece>, name: &str) -> Result<(), String> {
    if let Some(Piece::Param(before)) = pieces.last() {
        return Err(format!("`{{{before}}}` and `{{{name}}}` need something between them: nobody could tell where one ends"));
    }
    let param = Piece::Param(name.to_owned());
    if pieces.contains(&param) {
        return Err(format!("`{{{name}}}` is in the path twice"));
    }
    pieces.push(param);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(path: &str) -> String {
        parse(path).unwrap_err()
    }

    #[test]
    fn pieces_alternate() {
        let (lit, param) = (|s: &str| Piece::Literal(s.into()), |s: &str| Piece::Param(s.into()));
        assert_eq!(parse("/"), Ok(vec![lit("/")]));
        assert_eq!(parse("/chat"), Ok(vec![lit("/chat")]));
        assert_eq!(parse("/{a}"), Ok(vec![lit("/"), param("a")]));
        assert_eq!(parse("/org-{id}/{type}x"), Ok(vec![lit("/org-"), param("id"), lit("/"), param("type"), lit("x")]));
    }

    #[test]
    fn mistakes_are_told_apart() {
        assert_eq!(error("chat"), "the path of a namespace starts with `/`: write \"/chat\"");
        assert_eq!(error(""), "the path of a namespace starts with `/`: write \"/\"");
        for odd in [',', '?', '#'] {
            let told = format!("the path of a namespace cannot hold `{odd}`: in a packet or a URL it ends the path");
            assert_eq!(error(&format!("/a{odd}b")), told);
        }
        assert_eq!(error("/{a}{b}"), "`{a}` and `{b}` need something between them: nobody could tell where one ends");
        assert_eq!(error("/{a}-{a}"), "`{a}` is in the path twice");
        for odd in ["/{a", "/a}", "/}{"] {
            assert_eq!(error(odd), "a parameter is written `{name}`", "{odd}");
        }
        assert_eq!(error("/{}"), "`{}` is no parameter: its name is that of a field");
        assert_eq!(error("/{a b}"), "`{a b}` is no parameter: its name is that of a field");
    }
}
