//! Several files, each with what is wrong with it, and a lock file besides: everything is told in one run.

use std::fs;

use super::*;

#[payload]
pub struct User {
    pub id: u64,
    #[serde(skip_serializing)]
    pub password: String,
}

#[events]
pub trait Server {
    async fn add(&self, user: User) -> User;
}

namespace!(());

#[test]
fn each_problem_is_told_once_with_its_files() {
    let codegen = Codegen::new().namespace::<N>().typescript("api.ts", TypeScript::default());
    let codegen = codegen.typescript_dir("many", TypeScript::default().int64(Int64::Number)).json_schema("api.json");
    let codegen = codegen.asyncapi("asyncapi.json", Info::default());
    let told = codegen.render().expect_err("problems").to_string();
    expect![[r#"
        the contract cannot be written to api.ts, many and asyncapi.json: 3 problems

        error: 64-bit integers, of which a JavaScript number keeps only 53 bits
          --> field `id` of `refusals::all_at_once::User`: `u64`
           = note: in api.ts
           = help: use `u32`, `i32` or `f64`, or `ackord::SafeInt` for integers up to 2^53
           = help: send it as a string: `#[serde(with = "ackord::int64_string")]`
           = help: accept the loss: `TypeScript::default().int64(Int64::Number)`

        error: asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript
          --> field `password` of `refusals::all_at_once::User` must be there when it is received, and is never sent
           = note: in api.ts and many
           = help: use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<User>()`

        error: the document has no title and version
           = note: in asyncapi.json
           = help: run the generator with Cargo, or name them with `Info::new`"#]]
    .assert_eq(&told);
}

#[test]
fn a_problem_of_the_contract_is_one_of_all_files() {
    let codegen = Codegen::new().namespace::<N>().namespace::<N>().allow_asymmetric::<User>();
    let codegen =
        codegen.typescript("api.ts", TypeScript::default().int64(Int64::Number)).json_schema("api.json").lock("lock.json");
    expect![[r#"
        the contract cannot be written to api.ts, api.json and lock.json: 1 problem

        error: a namespace is registered twice
          --> namespace `refusals::all_at_once::N`"#]]
    .assert_eq(&codegen.check().expect_err("problems").to_string());
}

#[test]
fn what_breaks_is_told_beside_what_cannot_be_written() {
    let folder = std::env::temp_dir().join(format!("ackord-refusals-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (lock, broken) = (folder.join("lock.json"), folder.join("broken.json"));
    let event = r#"{ "args": [], "ack": "none" }"#;
    let old = format!(
        r#"{{ "format": 1, "namespaces": {{ "/n": {{ "server": {{ "gone": {event} }}, "client": {{}} }} }}, "types": {{}} }}"#
    );
    fs::write(&lock, old).expect("written");
    fs::write(&broken, "{}").expect("written");
    let codegen = || Codegen::new().namespace::<N>().typescript("api.ts", TypeScript::default().int64(Int64::Number));
    let one = codegen().lock(&*lock).check().expect_err("both");
    let two = codegen().lock(&*broken).lock(&*lock).write().expect_err("both");
    fs::remove_dir_all(&folder).expect("removed");
    assert!(one.is_breaking() && !one.is_stale());
    assert_eq!((one.problems().len(), one.findings().len()), (1, 1));
    expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript
          --> field `password` of `refusals::all_at_once::User` must be there when it is received, and is never sent
           = help: use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<User>()`

        error: the contract breaks old clients

        breaking: event `gone` was removed
          --> `/n`, event `gone` (client to server)
           = breaks old clients: they send it, and new servers do not know it
           = help: deprecate it and keep it until nobody sends it; if it was renamed, keep its old name with `#[event(alias = "gone")]`

        soften what breaks, or accept it with `--allow-breaking`, which writes the lock file anew"#]].assert_eq(&one.to_string());
    expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript
          --> field `password` of `refusals::all_at_once::User` must be there when it is received, and is never sent
           = help: use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<User>()`

        error: F/broken.json is no lock file: it has no `format`
        restore it with Git, or delete it to begin with the contract as it is"#]]
    .assert_eq(&two.to_string().replace(&*folder.to_string_lossy(), "F"));
}

#[test]
fn files_have_paths_of_their_own() {
    let codegen = Codegen::new().namespace::<N>().json_schema("api.json").asyncapi("api.json", Info::new("x", "1"));
    expect![[r#"
        the contract cannot be written to api.json: 1 problem

        error: two of the files have this path
           = help: give one another path"#]]
    .assert_eq(&codegen.render().expect_err("problems").to_string());
    let codegen = Codegen::new().namespace::<N>().allow_asymmetric::<User>();
    let js = TypeScript::default().int64(Int64::Number).javascript(true);
    assert!(codegen.typescript("api.ts", js).typescript("api.js", js).render().is_err());
}

#[test]
fn typescript_is_in_no_file_of_javascript() {
    let typescript = TypeScript::default().int64(Int64::Number);
    let codegen = |path, options| Codegen::new().namespace::<N>().allow_asymmetric::<User>().typescript(path, options);
    expect![[r#"
        the contract cannot be written to api.js: 1 problem

        error: TypeScript with code has a path that ends in `.js`
           = help: end it in `.ts`, or write JavaScript with declarations: `TypeScript::default().javascript(true)`"#]]
    .assert_eq(&codegen("api.js", typescript).render().expect_err("problems").to_string());
    assert!(codegen("api.d.ts", typescript).render().is_err());
    assert!(codegen("api.js", typescript.javascript(true)).render().is_ok());
}

#[test]
fn a_server_has_no_client() {
    let both = TypeScript::server().int64(Int64::Number).client(true);
    let codegen = Codegen::new().namespace::<N>().allow_asymmetric::<User>().typescript("api.ts", both);
    expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: what is for a server has no client with methods
           = help: write two files, one with `TypeScript::server()` and one with `TypeScript::default().client(true)`"#]]
    .assert_eq(&codegen.render().expect_err("a problem").to_string());
}
