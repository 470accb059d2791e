use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{ArgError, Args, Handling, Reply};

/// A registered closure, with its arguments' decoding around it.
pub type Handler = Arc<dyn Fn(&mut Args<'_>, Reply) -> Result<Handling, ArgError> + Send + Sync>;

/// Handlers that are closures, by event: what `socket.on()` fills.
#[derive(Default)]
pub struct Registry {
    handlers: Mutex<HashMap<Cow<'static, str>, Handler>>,
}

impl Registry {
    /// Registers `handler` for an event under each of its names; a later one replaces an earlier one.
    #[expect(clippy::needless_pass_by_value, reason = "the caller has no other use for it")]
    pub fn insert(&self, names: &[&'static str], handler: Handler) {
        let mut handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        for name in names {
            handlers.insert((*name).into(), Arc::clone(&handler));
        }
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
            Ok(Box::pin(async move { reply.raw(&handler(args).await) }))
        });
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner).insert(event, handler);
    }

    /// Forgets every handler: closures may hold what holds the registry.
    #[cfg(feature = "client")]
    pub(crate) fn clear(&self) {
        let handlers = std::mem::take(&mut *self.handlers.lock().unwrap_or_else(PoisonError::into_inner));
        // Not under the lock: a handler's destructor is user code.
        drop(handlers);
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
