use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_core::Stream;

#[cfg(any(feature = "server", feature = "client"))]
use super::Listeners;
use super::{Ack, Answer, ArgError, Args, EventSink, Feed, Handling, Reply, Run, Source};
#[cfg(any(feature = "server", feature = "client"))]
use crate::proto::packet::RESERVED_EVENTS;

/// A registered closure, with its arguments' decoding around it.
pub type Handler = Arc<dyn Fn(&mut Args<'_>, Reply) -> Result<Handling, ArgError> + Send + Sync>;

/// As [`Handler`], for whichever event.
#[cfg(any(feature = "server", feature = "client"))]
type Fallback = Arc<dyn Fn(&str, &mut Args<'_>, Reply) -> Result<Handling, ArgError> + Send + Sync>;

/// Handlers that are closures, by event: what `socket.on()` fills.
#[derive(Default)]
pub struct Registry {
    closures: Mutex<Closures>,
    /// Who hears of every event that arrives, and of every one that is sent.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) any: Listeners,
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) any_outgoing: Listeners,
}

#[derive(Default)]
struct Closures {
    by_event: HashMap<Cow<'static, str>, Handler>,
    #[cfg(any(feature = "server", feature = "client"))]
    fallback: Option<Fallback>,
    closed: bool,
}

impl Registry {
    #[doc(hidden)]
    /// Registers the closure `f` for an event under each of its names; a later one replaces an earlier one.
    ///
    /// One call an event in an expansion: what is generic is checked here,
    /// once, and not there.
    pub fn on<A: 'static, F, T: 'static>(
        &self,
        names: &[&'static str],
        f: F,
        decode: fn(&mut Args<'_>) -> Result<A, ArgError>,
        write: fn(Reply, &T) -> Answer,
    ) where
        F: Apply<A> + Clone + Send + Sync + 'static,
        F::Future: Future<Output = T> + Send + 'static,
    {
        self.on_run(Run::new(), names, f, decode, write);
    }

    #[doc(hidden)]
    /// As [`on`](Self::on), for an event that says how its handler is run.
    pub fn on_run<A: 'static, F, T: 'static>(
        &self,
        run: Run,
        names: &[&'static str],
        f: F,
        decode: fn(&mut Args<'_>) -> Result<A, ArgError>,
        write: fn(Reply, &T) -> Answer,
    ) where
        F: Apply<A> + Clone + Send + Sync + 'static,
        F::Future: Future<Output = T> + Send + 'static,
    {
        let handle = move |args: &mut Args<'_>, reply: Reply| {
            let args = decode(args)?;
            Ok(reply.after(f.clone().apply(args), write).run(run))
        };
        let handler: Handler = Arc::new(handle);
        self.add_all(names, &handler);
    }

    #[doc(hidden)]
    /// Registers an event that nobody answers as a value for a stream of events.
    pub fn tell<A: 'static, E: Send + 'static>(
        &self,
        run: Run,
        names: &[&'static str],
        to: &EventSink<E>,
        decode: fn(&mut Args<'_>) -> Result<A, ArgError>,
        event: fn(A) -> E,
    ) {
        let to = to.clone();
        let handle = move |args: &mut Args<'_>, reply: Reply| {
            let event = event(decode(args)?);
            let to = to.clone();
            Ok(Handling::new(async move { to.tell(event, reply) }).run(run))
        };
        let handler: Handler = Arc::new(handle);
        self.add_all(names, &handler);
    }

    #[doc(hidden)]
    /// Registers an event that is answered as a value for a stream of events.
    pub fn ask<A: Send + 'static, E: Send + 'static, T: 'static>(
        &self,
        run: Run,
        names: &[&'static str],
        to: &EventSink<E>,
        decode: fn(&mut Args<'_>) -> Result<A, ArgError>,
        write: fn(Reply, &T) -> Answer,
        event: fn(A, Ack<T>) -> E,
    ) {
        let to = to.clone();
        let handle = move |args: &mut Args<'_>, reply: Reply| {
            let args = decode(args)?;
            Ok(Handling::new(to.clone().ask(move |ack| event(args, ack), reply, write)).run(run))
        };
        let handler: Handler = Arc::new(handle);
        self.add_all(names, &handler);
    }

    fn add_all(&self, names: &[&'static str], handler: &Handler) {
        for name in names {
            self.add((*name).into(), Arc::clone(handler));
        }
    }

    #[doc(hidden)]
    /// Registers the closure `f` for a stream.
    #[expect(clippy::needless_pass_by_value, reason = "each name has a clone of it")]
    pub fn on_stream<T: Send + 'static, F, I: Send + 'static, A: 'static, E: 'static>(
        &self,
        f: F,
        decode: fn(&mut Args<'_>) -> Result<T, ArgError>,
        source: Source<I, A, E>,
    ) where
        F: Apply<T> + Clone + Send + Sync + 'static,
        F::Future: Stream<Item = I> + Send + 'static,
    {
        for names in source.names {
            let f = f.clone();
            let handler: Handler = Arc::new(move |args, reply| {
                // Not called before the subscription is open: what it does then, it does as a part of the stream.
                let (args, f) = (decode(args)?, f.clone());
                let run = async move |feed: Feed<I>| feed.run(pin!(f.apply(args))).await;
                Ok(reply.stream(names.event, source, run))
            });
            self.add(names.event.into(), handler);
            self.add(names.stop.into(), Arc::new(|args, reply| reply.stop(args)));
        }
    }

    fn add(&self, event: Cow<'static, str>, handler: Handler) {
        let mut closures = self.lock();
        let unused = if closures.closed { Some(handler) } else { closures.by_event.insert(event, handler) };
        // What a closure holds is the user's: it is not dropped under the lock.
        drop(closures);
        drop(unused);
    }

    /// Lets go of all closures, and takes no more: they usually hold the socket that holds them.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn close(&self) {
        let mut closures = self.lock();
        closures.closed = true;
        let unused = (std::mem::take(&mut closures.by_event), closures.fallback.take());
        drop(closures);
        drop(unused);
        self.any.close();
        self.any_outgoing.close();
    }

    fn lock(&self) -> MutexGuard<'_, Closures> {
        self.closures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a handler of raw arguments; its value is the ack.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn insert_raw<F, R>(&self, event: Cow<'static, str>, handler: F)
    where
        F: FnOnce(super::RawArgs) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = super::RawArgs> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |args, reply| {
            let args = args.raw()?;
            let handler = handler.clone();
            Ok(Handling::new(async move { reply.raw(&handler(args).await) }))
        });
        self.add(event, handler);
    }

    /// Registers a handler of all events that have no other one; it is there to the end.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn set_fallback<F, R>(&self, handler: F)
    where
        F: FnOnce(super::RawEvent) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Option<super::RawArgs>> + Send + 'static,
    {
        let fallback: Fallback = Arc::new(move |name, args, reply| {
            let event = super::RawEvent::new(name, args, &reply)?;
            let handler = handler.clone();
            Ok(Handling::new(async move { handler(event).await.map_or(Ok(None), |values| reply.raw(&values)) }))
        });
        let mut closures = self.lock();
        let unused = if closures.closed { Some(fallback) } else { closures.fallback.replace(fallback) };
        drop(closures);
        drop(unused);
    }

    /// Tells those who listen of an event that has arrived. Malformed arguments are nobody's business but its
    /// handler's.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn hear(&self, event: &str, args: &Args<'_>, panicked: impl FnMut(super::FaultKind)) {
        if !self.any.is_empty()
            && let Ok(args) = args.clone().raw()
        {
            self.any.each(|listener| listener(event, &args), panicked);
        }
    }

    /// Tells those who listen of an event that goes out; its name is handed to `panicked`.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn hear_outgoing(&self, packet: &crate::proto::packet::Encoded, mut panicked: impl FnMut(&str, super::FaultKind)) {
        if !self.any_outgoing.is_empty()
            && let Some((event, args)) = super::RawArgs::of_event(packet)
        {
            self.any_outgoing.each(|listener| listener(&event, &args), |kind| panicked(&event, kind));
        }
    }

    #[doc(hidden)]
    /// Calls the handler of `event`; `None` if there is none.
    ///
    /// # Errors
    /// As [`Dispatch::dispatch`](super::Dispatch::dispatch).
    pub fn dispatch(&self, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        self.handler(event).map(|handle| handle(args, reply)).transpose()
    }

    fn handler(&self, event: &str) -> Option<Handler> {
        self.lock().by_event.get(event).cloned()
    }

    /// Calls the handler of `event`, or else that of all events that have no other one; `None` if there is none either.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn dispatch_or_fall_back(
        &self,
        event: &str,
        args: &mut Args<'_>,
        reply: Reply,
    ) -> Result<Option<Handling>, ArgError> {
        if let Some(handle) = self.handler(event) {
            return handle(args, reply).map(Some);
        }
        if RESERVED_EVENTS.contains(&event) {
            return Ok(None);
        }
        let fallback = self.lock().fallback.clone();
        fallback.map(|handle| handle(event, args, reply)).transpose()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.lock().by_event.keys()).finish()
    }
}

/// A closure that is called with a tuple of its arguments.
pub trait Apply<A> {
    /// What it returns.
    type Future;

    /// Calls it.
    fn apply(self, args: A) -> Self::Future;
}

macro_rules! apply {
    ($($T:ident)*) => {
        impl<F: FnOnce($($T),*) -> R, R, $($T),*> Apply<($($T,)*)> for F {
            type Future = R;

            #[allow(non_snake_case, reason = "an argument has the name of its type")]
            fn apply(self, ($($T,)*): ($($T,)*)) -> R {
                self($($T),*)
            }
        }
    };
}

macro_rules! apply_all {
    ($($first:ident $($rest:ident)*)?) => {
        apply!($($first $($rest)*)?);
        $(apply_all!($($rest)*);)?
    };
}
apply_all!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);
