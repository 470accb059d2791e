//! Rules by their messages, names by their values, and expansions by their text. What rustc makes of them is in `tests/ui`.

use expect_test::expect_file;
use proc_macro2::TokenStream;

use super::*;

fn analysed(options: &str, item: &str) -> (Contract, Errors) {
    let mut errors = Errors::default();
    let options = EventsOptions::parse(options.parse().unwrap(), &mut errors);
    (analyse(syn::parse_str(item).unwrap(), options, &mut errors), errors)
}

/// The messages about `#[events] trait X { item }`.
fn errors(item: &str) -> Vec<String> {
    analysed("", &format!("trait X {{ {item} }}")).1.messages()
}

fn names(options: &str, item: &str) -> Vec<String> {
    let (contract, errors) = analysed(options, &format!("trait X {{ {item} }}"));
    assert_eq!(errors.messages(), [""; 0]);
    contract.events.iter().map(|event| event.name.value.clone()).collect()
}

fn expanded(options: &str, item: &str) -> String {
    let tokens = events(options.parse().unwrap(), &item.parse::<TokenStream>().unwrap());
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

#[test]
fn names_are_derived_prefixed_and_replaced() {
    let item = "fn join_room(&self); fn r#match(&self); #[event(rename = \"file:put\")] fn put(&self);";
    assert_eq!(names("", item), ["join_room", "match", "file:put"]);
    assert_eq!(names("rename_all = \"camelCase\"", item), ["joinRoom", "match", "file:put"]);
    assert_eq!(names("prefix = \"chat:\"", item), ["chat:join_room", "chat:match", "file:put"]);
    assert_eq!(names("prefix = \"c-\", rename_all = \"kebab-case\"", item), ["c-join-room", "c-match", "file:put"]);
}

#[test]
fn a_sound_contract_has_no_errors() {
    let sound = "
        async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
        fn typing(&self, room: &str);
        async fn unit(&self) -> ();
        fn all(&self, a: &[u8], b: Option<&str>, c: Option<&[T]>, d: (u8, Cow<'static, str>), e: [u8; 4], f: fmt::Result);
        #[cfg(a)] #[event(rename = \"x\")] fn one(&self);
        #[cfg(not(a))] #[event(rename = \"x\")] fn other(&self);
    ";
    assert_eq!(errors(sound), [""; 0]);
}

#[test]
fn every_mistake_is_reported_at_once() {
    let all = errors("const A: u8; fn a<T>(self, _: u8, x: impl Clone) -> u8 { 3 } fn connect(&mut self);");
    let starts = [
        "only methods",
        "events cannot be generic",
        "events have no default body",
        "events take `&self`",
        "name this argument",
        "events cannot be generic",
        "an event with a return value",
        "events take `&self`",
        "`connect` is reserved",
    ];
    assert_eq!(all.len(), starts.len(), "{all:#?}");
    for (message, start) in all.iter().zip(starts) {
        assert!(message.starts_with(start), "{message} ≠ {start}");
    }
}

#[test]
fn all_reserved_names_are_refused_under_any_spelling() {
    for name in ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"] {
        let renamed = format!("#[event(rename = \"{name}\")] fn a(&self);");
        let aliased = format!("#[event(alias = \"{name}\")] fn a(&self);");
        for item in [renamed, aliased] {
            assert!(errors(&item)[0].starts_with(&format!("`{name}` is reserved")), "{item}");
        }
    }
    assert_eq!(errors("fn disconnected(&self); fn Connect(&self); fn new_listener(&self);"), [""; 0]);
}

#[test]
fn duplicates_name_both_events() {
    let clash = "`a` is the name of two events, `a` and `b`: rename one with `#[event(rename = \"…\")]`";
    assert_eq!(errors("fn a(&self); #[event(rename = \"a\")] fn b(&self);"), [clash]);
    assert_eq!(errors("fn a(&self); #[event(alias = \"a\")] fn b(&self);"), [clash]);
    assert_eq!(errors("#[event(alias = \"a\")] fn a(&self);"), ["`a` is given twice to `a`"]);
    // Apart by `cfg`, as far as a macro can know; one of them alone still clashes with itself.
    assert_eq!(errors("#[cfg(x)] fn a(&self); #[event(rename = \"a\")] fn b(&self);"), [""; 0]);
    assert_eq!(errors("#[cfg(x)] #[event(alias = \"a\")] fn a(&self);"), ["`a` is given twice to `a`"]);
}

#[test]
fn sixteen_arguments_are_enough() {
    let args = |n: usize| (0..n).fold(String::new(), |args, i| args + &format!(", a{i}: u8"));
    assert_eq!(errors(&format!("fn a(&self{});", args(16))), [""; 0]);
    let too_many = ["an event has at most 16 arguments, this has 18: put them into a `#[payload]` struct"];
    assert_eq!(errors(&format!("fn a(&self{});", args(18))), too_many);
}

#[test]
fn borrows_are_whole_or_none() {
    let whole = "borrow the whole argument or none of it: `&T`, `&str`, `&[T]` or an `Option` of these";
    for ty in
        ["Vec<&str>", "(&str, u8)", "&&str", "&Option<&str>", "Cow<'_, str>", "Option<Option<&str>>", "&[&str]", "[&str; 2]"]
    {
        assert_eq!(errors(&format!("fn a(&self, x: {ty});")), [whole], "{ty}");
    }
    let mutable = "an argument is borrowed as `&T`: a change would not travel back";
    for ty in ["&mut u8", "Option<&mut u8>"] {
        assert_eq!(errors(&format!("fn a(&self, x: {ty});")), [mutable], "{ty}");
    }
    let lifetime = "leave this lifetime out: what is borrowed lives as long as the handler runs";
    for ty in ["&'static str", "&'a str", "Option<&'static [u8]>"] {
        assert_eq!(errors(&format!("fn a(&self, x: {ty});")), [lifetime], "{ty}");
    }
}

#[test]
fn unknown_options_list_the_accepted_ones_and_parsing_goes_on() {
    let (_, errors) = analysed("a, b(c = 1, d), prefix = \"x\", rename_all = \"Camel\", x::y = 3", "trait X {}");
    let errors = errors.messages();
    assert_eq!(errors[0], "unknown option `a`: expected one of `rename_all`, `prefix`, `ack`, `enum`, `crate`");
    assert_eq!(errors[1], "unknown option `b`: expected one of `rename_all`, `prefix`, `ack`, `enum`, `crate`");
    assert!(errors[2].starts_with("unknown case: expected one of \"lowercase\""), "{}", errors[2]);
    assert_eq!(errors[3], "unknown option: expected one of `rename_all`, `prefix`, `ack`, `enum`, `crate`");
    assert_eq!(errors.len(), 4);
}

#[test]
fn streams_are_said_to_be_streams() {
    let stream = "-> impl Stream<Item = u8>;";
    let not_said = "an event that returns a stream is subscribed to: write `#[event(stream)]` above it";
    let no_stream = "a stream returns `impl Stream<Item = T>`, or `impl Stream<Item = Result<T, E>>` if it may fail";
    assert_eq!(errors(&format!("#[event(stream)] fn a(&self) {stream}")), [""; 0]);
    assert_eq!(errors(&format!("fn a(&self) {stream}")), [not_said]);
    assert_eq!(errors("fn a(&self) -> futures::stream::BoxStream<'_, u8>;"), [not_said]);
    for other in ["fn a(&self);", "fn a(&self) -> u8;", "async fn a(&self) -> u8;", "fn a(&self) -> BoxStream<'static, u8>;"] {
        assert_eq!(errors(&format!("#[event(stream)] {other}")), [no_stream], "{other}");
    }
    let not_async = "the method of a stream is a plain `fn`: what it has to wait for, the stream itself can wait for";
    assert_eq!(errors(&format!("#[event(stream)] async fn a(&self) {stream}")), [not_async]);
    assert_eq!(errors(&format!("async fn a(&self) {stream}")), [not_said, not_async]);
}

#[test]
fn streams_are_written_in_one_way() {
    let stream = |bound: &str| errors(&format!("#[event(stream)] fn a(&self) -> impl {bound};"));
    for fine in [
        "Stream<Item = u8>",
        "::futures::Stream<Item = Result<Vec<u8>, String>>",
        "Stream<Item = u8> + Send",
        "std::marker::Send + ackord::Stream<Item = Result<u8, E>>",
    ] {
        assert_eq!(stream(fine), [""; 0], "{fine}");
    }
    let bounds =
        "write `impl Stream<Item = T>` and nothing else: it is `Send` in any case, and lives as long as its subscription";
    for more in ["Stream<Item = u8> + 'static", "Stream<Item = u8> + Unpin", "Stream<Item = u8> + use<Self>"] {
        assert_eq!(stream(more), [bounds], "{more}");
    }
    assert_eq!(stream("Stream"), ["say what the stream yields: `impl Stream<Item = T>`"]);
    assert_eq!(stream("Stream<Item = &str>"), ["an item is owned: it outlives the stream's next step"]);
    assert_eq!(stream("Stream<Item = Result<u8, &'a E>>"), ["an item is owned: it outlives the stream's next step"]);
    assert_eq!(stream("Stream<Item = Self>"), ["`Self` is the session that handles the event: it does not travel"]);
    assert!(stream("Stream<Item = impl Clone>")[0].starts_with("events cannot be generic"));
    assert!(stream("Stream<Item = io::Result<u8>>")[0].starts_with("write both types"));
}

#[test]
fn options_of_streams_belong_to_streams() {
    let options = |options: &str| errors(&format!("#[event({options})] fn a(&self) -> impl Stream<Item = u8>;"));
    for fine in
        ["stream, window = 1", "window = 4294967295, stream", "stream, overflow = \"latest\"", "stream, overflow = \"wait\""]
    {
        assert_eq!(options(fine), [""; 0], "{fine}");
    }
    assert_eq!(options("stream, serial"), ["a stream waits for no other: leave `serial` out"]);
    assert_eq!(
        options("cancel_on_disconnect, stream"),
        ["a stream always ends with its connection: leave `cancel_on_disconnect` out"]
    );
    assert_eq!(options("stream, window = 0"), ["a window of no items lets none through: it is at least 1"]);
    assert!(options("stream, window = 4294967296")[0].starts_with("a window is a number of items"));
    assert_eq!(options("stream, overflow = \"drop\""), ["unknown policy: expected one of \"wait\", \"latest\""]);
    assert_eq!(
        errors("#[event(window = 3, overflow = \"latest\")] fn a(&self);"),
        [
            "`window` is an option of streams: write `#[event(stream, window = …)]`",
            "`overflow` is an option of streams: write `#[event(stream, overflow = …)]`"
        ]
    );
}

#[test]
fn what_a_stream_consists_of_is_taken() {
    let clash = |other: &str| errors(&format!("#[event(stream, alias = \"b\")] fn a(&self) -> impl Stream<Item = u8>; {other}"));
    for name in ["a:next", "a:end", "a:stop", "b:next", "b:stop"] {
        let expected = format!(
            "`{name}` is an event that the stream `a` consists of, and a name of `c`: rename one with `#[event(rename = \"…\")]`"
        );
        assert_eq!(clash(&format!("#[event(rename = \"{name}\")] fn c(&self);")), [&*expected]);
        assert_eq!(clash(&format!("#[event(alias = \"{name}\")] fn c(&self);")), [expected]);
    }
    assert_eq!(clash("#[event(rename = \"a:first\")] fn c(&self);"), [""; 0]);
    assert_eq!(clash("#[event(rename = \"a:next\")] #[cfg(x)] fn c(&self);"), [""; 0]);
}

#[test]
fn a_stream_becomes_a_subscription() {
    let feed = r#"
        trait Feed {
            /// Prices of a symbol.
            #[event(stream, window = 16, overflow = "latest", alias = "prices")]
            fn ticks(&self, symbol: &str) -> impl futures::Stream<Item = Result<Tick, TickError>>;
            #[event(stream)]
            fn log(&self) -> impl Stream<Item = String>;
        }
    "#;
    expect_file!["../../tests/expansions/stream.rs"].assert_eq(&expanded(r#"prefix = "feed:""#, feed));
}

#[test]
fn options_that_take_no_value_are_given_once() {
    for option in ["serial", "cancel_on_disconnect"] {
        let errors = |list: String| errors(&format!("#[event({list})] fn a(&self);"));
        assert_eq!(errors(format!("{option}, alias = \"b\"")), [""; 0]);
        assert_eq!(errors(format!("{option}, {option}")), [format!("`{option}` is given twice")]);
        let valued = format!("`{option}` takes no value: it is there or not");
        for list in [format!("{option} = true, alias = \"b\""), format!("{option}(true)")] {
            assert_eq!(errors(list)[..], *std::slice::from_ref(&valued));
        }
    }
}

#[test]
fn a_contract_becomes_six_items() {
    let chat = r#"
        /// What a browser may ask of us.
        pub trait Chat {
            /// Says `text` in `room`.
            async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
            #[event(cancel_on_disconnect)]
            fn typing(&self, room: &str);
            #[deprecated(note = "use `join`")]
            #[event(rename = "room:join", alias = "join_room", alias = "enter", serial, cancel_on_disconnect)]
            async fn join_room(&self, room: String) -> u32;
            #[cfg(feature = "files")]
            async fn put(&self, name: Option<&str>, parts: &[Part], meta: &Meta);
        }
    "#;
    expect_file!["../../tests/expansions/chat.rs"].assert_eq(&expanded(r#"rename_all = "camelCase""#, chat));
}

#[test]
fn plain_acks_and_renamed_crate() {
    let plain = "pub(crate) trait Foreign { async fn ask(&self, T: T) -> Result<T, H>; fn r#match(&self, r#fn: u8); }";
    let options = r#"ack = "plain", crate = "crate::rpc", prefix = "x:""#;
    expect_file!["../../tests/expansions/plain.rs"].assert_eq(&expanded(options, plain));
}

#[test]
fn events_become_variants() {
    let ui = r#"
        pub trait Ui {
            /// Somebody says something.
            fn message(&self, room: &str, msg: &Message);
            #[deprecated]
            #[event(alias = "sure", serial)]
            async fn confirm_it(&self, prompt: Option<&str>) -> Result<bool, Refused>;
            #[cfg(feature = "bells")]
            async fn r#loop(&self);
            fn reload(&self);
        }
    "#;
    expect_file!["../../tests/expansions/enum.rs"].assert_eq(&expanded("enum", ui));
}

#[test]
fn variants_are_named_and_clash() {
    let errors = |options: &str, item: &str| analysed(options, &format!("trait X {{ {item} }}")).1.messages();
    let sound = "fn events_(&self, reply: u8); fn self_(&self); fn _1(&self); #[cfg(a)] fn a_b(&self); fn aB(&self);";
    assert_eq!(errors("enum = Y", sound), [""; 0]);
    for nothing in ["fn events(&self);", "async fn a(&self, reply: u8);", "fn a_b(&self); fn aB(&self);"] {
        assert_eq!(errors("", nothing), [""; 0], "no enum, no clash");
    }
    assert!(errors("enum", "fn events(&self);")[0].starts_with("`events` is the method that makes a stream of the enum"));
    assert!(errors("enum", "async fn a(&self, reply: u8);")[0].starts_with("`reply` is the field of the enum that answers"));
    let clash = "`a_b` and `aB` are one variant of the enum, `AB`: rename one of the methods";
    assert_eq!(errors("enum", "fn a_b(&self); fn aB(&self);"), [clash]);
    let no_name = "expected the name of the enum, as in `enum = ChatEvent`, or nothing";
    for option in ["enum = \"Y\"", "enum = ", "enum(Y)", "enum = 3"] {
        assert_eq!(errors(option, ""), [no_name], "{option}");
    }
    assert_eq!(errors("enum, enum = Y", ""), ["`enum` is given twice"]);
}

#[test]
fn mistakes_keep_the_trait_and_what_still_makes_sense_of_it() {
    let broken = "trait Broken { const A: u8; fn ok(&self); fn generic<T>(&self, x: T); fn lost(self, _: u8) -> u8 { 1 } }";
    expect_file!["../../tests/expansions/broken.rs"].assert_eq(&expanded("", broken));
}

#[test]
fn what_is_no_trait_stays_as_it_is() {
    assert_eq!(
        expanded("", "struct X;"),
        "struct X;\n::core::compile_error! {\n    \"`#[events]` goes on a trait: its methods are the events\"\n}\n"
    );
}
