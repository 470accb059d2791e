use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Acquire, Ordering::Release},
    },
};

use super::{FaultKind, RawArgs, fault::panic_message};

/// Hears of every event of a socket.
pub(crate) type Listener = dyn Fn(&str, &RawArgs) + Send + Sync;

/// Those who want to hear of every event. Without any, nothing is done for them but to see that there are none.
pub(crate) struct Listeners<F: ?Sized = Listener> {
    any: AtomicBool,
    all: Mutex<State<F>>,
}

struct State<F: ?Sized> {
    listeners: Vec<Arc<F>>,
    closed: bool,
}

impl<F: ?Sized> Default for Listeners<F> {
    fn default() -> Self {
        Self { any: AtomicBool::new(false), all: Mutex::new(State { listeners: Vec::new(), closed: false }) }
    }
}

impl<F: ?Sized> Listeners<F> {
    fn lock(&self) -> MutexGuard<'_, State<F>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, listener: Arc<F>) {
        let mut state = self.lock();
        if !state.closed {
            state.listeners.push(listener);
            self.any.store(true, Release);
        }
    }

    /// Lets go of all, and takes no more: they may hold the socket that holds them.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let unused = std::mem::take(&mut state.listeners);
        drop(state);
        self.any.store(false, Release);
        // What a closure holds is the user's: it is not dropped under the lock.
        drop(unused);
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.any.load(Acquire)
    }

    /// Calls all of them, in the order in which they came; `panicked` is told of each that panics.
    pub(crate) fn each(&self, call: impl Fn(&F), mut panicked: impl FnMut(FaultKind)) {
        if self.is_empty() {
            return;
        }
        let all = self.lock().listeners.clone();
        for listener in all {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| call(&listener))) {
                panicked(FaultKind::Panic(panic_message(&*panic)));
            }
        }
    }
}

impl<F: ?Sized> fmt::Debug for Listeners<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listeners").field("listeners", &self.lock().listeners.len()).finish_non_exhaustive()
    }
}
