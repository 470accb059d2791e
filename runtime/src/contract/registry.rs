use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Answer, ArgError, Args, Handling, Reply};

/// A registered closure, with its arguments' decoding around it.
pub type Handler = Arc<dyn Fn(&mut Args<'_>, Reply) -> Result<Handling, ArgError> + Send + Sync>;

/// Handlers that are closures, by event: what `socket.on()` fills.
#[derive(Default)]
pub struct Registry {
    handlers: Mutex<HashMap<Cow<'static, str>, Handler>>,
}

impl Registry {
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
        let handler: Handler = Arc::new(move |args, reply| {
            let args = decode(args)?;
            Ok(reply.after(f.clone().apply(args), write))
        });
        let mut handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        for name in names {
            handlers.insert((*name).into(), Arc::clone(&handler));
        }
    }

    /// Registers a handler of raw arguments; its value is the ack.
    #[cfg(feature = "server")]
    pub(crate) fn insert_raw<F, R>(&self, event: Cow<'static, str>, handler: F)
    where
        F: FnOnce(super::RawArgs) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = super::RawArgs> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |args, reply| {
            let args = args.raw()?;
            let handler = handler.clone();
            Ok(Box::pin(async move { reply.raw(&handler(args).await) }))
        });
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner).insert(event, handler);
    }

    /// Calls the handler of `event`; `None` if there is none.
    ///
    /// # Errors
    /// As [`Dispatch::dispatch`](super::Dispatch::dispatch).
    pub fn dispatch(&self, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        let handler = self.handlers.lock().unwrap_or_else(PoisonError::into_inner).get(event).cloned();
        handler.map(|handle| handle(args, reply)).transpose()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(handlers.keys()).finish()
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
