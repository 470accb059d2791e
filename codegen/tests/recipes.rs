//! The recipes of the documentation are what `tests/typescript` runs.

use std::{fs, path::Path};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn recipes_are_what_is_tested() {
    let text = read("src/recipes.md");
    for file in ["react.tsx", "vue.ts"] {
        let recipe = read(&format!("tests/typescript/recipes/{file}")).replace("../../fixtures/client/chat.ts", "./chat.gen");
        let language = file.rsplit('.').next().unwrap_or_default();
        assert!(text.contains(&format!("```{language}\n{recipe}```")), "{file}");
    }
    let stream = read("tests/typescript/recipes/stream.ts");
    let (_, effect) = stream.split_once("\n\nuseEffect").unwrap_or_default();
    assert!(text.contains(&format!("```ts\nuseEffect{effect}```")), "stream.ts");
}
