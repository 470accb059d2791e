//! One event between two sides that have different versions of it: who sends it, who handles it, and what comes back.

use serde_json::{Value, json};

use super::{
    difference::{Difference, Place},
    file::{Ack, Answer, Event},
    version::{Party, Versions},
};

/// Compares an event as its sender knows it with the event as its handler knows it.
pub(super) struct Exchange<'a> {
    pub(super) versions: &'a Versions<'a>,
    pub(super) sender: Party,
    pub(super) name: &'a str,
    pub(super) sent: &'a Event,
    pub(super) handled: &'a Event,
    pub(super) found: Vec<Found>,
}

/// A difference, and whether it is none that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) difference: Difference,
    pub(super) mild: bool,
}

impl Exchange<'_> {
    pub(super) fn compare(mut self) -> Vec<Found> {
        self.args();
        self.acks();
        self.found
    }

    fn new_sends(&self) -> bool {
        self.sender.new
    }

    fn tell(&mut self, path: &str, what: String, why: String, help: Option<&str>) {
        let difference =
            Difference { path: path.to_owned(), what, why, help: help.map(str::to_owned), variant: false, typescript: false };
        self.found.push(Found { difference, mild: false });
    }

    /// R4: arguments go by their place; a missing `Option` at the end is `None`, and one too many is ignored.
    fn args(&mut self) {
        let (sent, handled) = (&self.sent.args, &self.handled.args);
        let place_of = |name: &str, args: &[super::file::Arg]| args.iter().position(|arg| arg.name == name);
        let is_moved = |at: usize| {
            let (a, b) = (&*sent[at].name, &*handled[at].name);
            a != b && (place_of(a, handled).is_some() || place_of(b, sent).is_some())
        };
        if let Some(at) = (0..sent.len().min(handled.len())).find(|at| is_moved(*at)) {
            let (old, new) =
                if self.new_sends() { (&handled[at].name, &sent[at].name) } else { (&sent[at].name, &handled[at].name) };
            let what = format!("the arguments of `{}` have moved: number {} was `{old}` and is `{new}`", self.name, at + 1);
            let why = format!("arguments go by their place, and {} send them in another order", self.sender.name());
            let help = "add arguments at the end and remove them from the end, or make a new event";
            return self.tell(&new.clone(), what, why, Some(help));
        }
        for (sent, handled) in sent.iter().zip(handled) {
            let place = Place::new(&handled.name, &format!("argument `{}` of `{}`", handled.name, self.name));
            self.found.extend(found(self.versions.compare(self.sender, &sent.schema, &handled.schema, &place)));
        }
        for missing in handled.iter().skip(sent.len()).filter(|arg| !arg.optional) {
            let (name, event) = (&missing.name, self.name);
            let (what, help) = if self.new_sends() {
                (format!("argument `{name}` of `{event}` was removed"), "keep sending it until nobody reads it")
            } else {
                let what = format!("required argument `{name}` was added to `{event}`");
                (what, "make it an `Option`: one that is missing at the end is `None`")
            };
            let why = format!("{} do not send it, and {} answer with `bad_args`", self.sender.name(), self.sender.peer().name());
            self.tell(name, what, why, Some(help));
        }
    }

    fn acks(&mut self) {
        match (self.sent.ack, self.handled.ack) {
            // Whoever does not ask gets no answer, and whoever asks for nothing gets it from everybody (R1).
            (Ack::None, Ack::Stream) | (Ack::Unit, Ack::Stream | Ack::Envelope) => self.ack_changed(),
            (Ack::None | Ack::Unit, _) => {}
            (Ack::Plain, Ack::None | Ack::Unit) => self.no_answer(),
            (Ack::Plain | Ack::Either, Ack::Plain) => self.answer(),
            (Ack::Plain | Ack::Either, Ack::Either) => self.either(),
            (Ack::Envelope, Ack::Envelope) => self.answer_and_error(),
            (Ack::Stream, Ack::Stream) => {
                self.answer_and_error();
                self.window();
            }
            _ => self.ack_changed(),
        }
    }

    fn answer_and_error(&mut self) {
        self.answer();
        if let (Some(read), Some(written)) = (&self.sent.error, &self.handled.error) {
            let place = Place::new("error", &format!("the error of `{}`", self.name));
            let differences = self.versions.compare(self.sender.peer(), written, read, &place);
            // Who gets an error that they do not know fails as with any error.
            self.found.extend(
                differences.into_iter().map(|difference| Found { mild: difference.variant || difference.typescript, difference }),
            );
        }
    }

    fn answer(&mut self) {
        let nothing = Answer { optional: true, schema: json!({ "type": "null" }) };
        let (read, written) = (self.sent.answer.as_ref().unwrap_or(&nothing), self.handled.answer.as_ref().unwrap_or(&nothing));
        let what = if self.sent.ack == Ack::Stream { ("item", "an item") } else { ("answer", "the answer") };
        let place = Place::new(what.0, &format!("{} of `{}`", what.1, self.name));
        self.found.extend(found(self.versions.compare(self.sender.peer(), &written.schema, &read.schema, &place)));
    }

    /// A bare value or a bare error: whoever reads takes what fits.
    fn either(&mut self) {
        let alternatives = |event: &Event| -> Value {
            let answer = event.answer.as_ref().map(|answer| &answer.schema);
            json!({ "anyOf": answer.into_iter().chain(&event.error).collect::<Vec<_>>() })
        };
        let (read, written) = (alternatives(self.sent), alternatives(self.handled));
        let place = Place::new("answer", &format!("the answer of `{}`", self.name));
        self.found.extend(found(self.versions.compare(self.sender.peer(), &written, &read, &place)));
    }

    fn no_answer(&mut self) {
        if self.sent.answer.as_ref().is_some_and(|answer| answer.optional) {
            return;
        }
        let change = if self.new_sends() { "answers with a value now" } else { "no longer answers with a value" };
        let why = format!("{} wait for one, and {} send none", self.sender.name(), self.sender.peer().name());
        self.tell("answer", format!("`{}` {change}", self.name), why, Some("make a new event for what is answered differently"));
    }

    fn ack_changed(&mut self) {
        let (old, new) = if self.new_sends() { (self.handled, self.sent) } else { (self.sent, self.handled) };
        let what = format!("the ack of `{}` changed from {} to {}", self.name, describe(old.ack), describe(new.ack));
        let why = format!("{} do not understand what {} answer", self.sender.name(), self.sender.peer().name());
        self.tell("answer", what, why, Some("make a new event for what is answered differently"));
    }

    /// The handler asks every so many items; who does not know of it never answers, and the stream stops.
    fn window(&mut self) {
        let (known, used) = (self.sent.window, self.handled.window);
        let (subscriber, producer) = (self.sender.name(), self.sender.peer().name());
        let what = |change: &str| format!("the stream `{}` {change}", self.name);
        match (known, used) {
            (None, Some(_)) => {
                let change = if self.new_sends() { "lost its window" } else { "got a window" };
                let why = format!("{producer} wait for acks that {subscriber} may not know of");
                self.tell("window", what(change), why, None);
            }
            (Some(known), Some(used)) if used > known => {
                let change = if self.new_sends() { "has a smaller window" } else { "has a larger window" };
                let why = format!(
                    "{producer} send up to {} items ahead, and {subscriber} may keep no more than {}",
                    2 * u64::from(used),
                    2 * u64::from(known)
                );
                self.tell("window", what(change), why, None);
                if let Some(last) = self.found.last_mut() {
                    last.mild = true;
                }
            }
            _ => {}
        }
    }
}

pub(super) fn found(differences: Vec<Difference>) -> impl Iterator<Item = Found> {
    differences.into_iter().map(|difference| Found { mild: difference.typescript, difference })
}

fn describe(ack: Ack) -> &'static str {
    match ack {
        Ack::None => "none",
        Ack::Unit => "an empty one",
        Ack::Plain => "a bare value",
        Ack::Envelope => "a `Result`",
        Ack::Either => "a bare value or error",
        Ack::Stream => "a subscription",
    }
}
