//! Which namespaces a server has, and the concrete ones that are alive.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock, Weak},
};

use super::{
    NspCore, Socket,
    config::Config,
    connect::Connecting,
    fault::Faults,
    namespace::{AnyNamespace, root},
};
use crate::contract::{Namespace, Never, NoEvents};

pub(super) struct Registered {
    fixed: RwLock<HashMap<Arc<str>, Fixed>>,
    patterns: RwLock<Vec<Arc<dyn AnyNamespace>>>,
    /// Every concrete namespace that somebody holds: a socket or a handle.
    alive: Mutex<Alive>,
    root: Arc<dyn AnyNamespace>,
    ack_timeout: std::time::Duration,
}

#[derive(Clone)]
struct Fixed {
    namespace: Arc<dyn AnyNamespace>,
    core: Arc<NspCore>,
}

#[derive(Default)]
struct Alive {
    by_path: HashMap<Arc<str>, Weak<NspCore>>,
    /// Dead entries are swept when there are this many.
    sweep_at: usize,
}

/// The namespace `/` of a server that has not set it up: everybody may join, nothing is handled. It exists because in the
/// reference it always does.
#[derive(Debug, Clone)]
pub(super) struct Root;

impl Namespace for Root {
    const PATTERN: &'static str = "/";
    const NAME: &'static str = "Root";
    type Server = dyn NoEvents;
    type Client = dyn NoEvents;
    type Cluster = dyn NoEvents;
    type Auth = ();
    type Denied = Never;

    fn path(&self) -> Cow<'static, str> {
        "/".into()
    }

    fn parse(path: &str) -> Option<Self> {
        (path == "/").then_some(Self)
    }
}

impl Registered {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            fixed: RwLock::default(),
            patterns: RwLock::default(),
            alive: Mutex::default(),
            root: root(|conn: Connecting<Root>| async move { Ok::<Socket<Root>, _>(conn.accept()) }),
            ack_timeout: config.ack_timeout,
        }
    }

    /// The faults of the namespaces with this pattern, for whoever is about to register it.
    pub(super) fn faults<N: Namespace>(&self) -> Arc<Faults> {
        if is_fixed(N::PATTERN) { Arc::clone(&self.live(N::PATTERN, &Arc::default()).faults) } else { Arc::default() }
    }

    /// # Panics
    /// If the path is taken.
    pub(super) fn register<N: Namespace>(&self, namespace: Arc<dyn AnyNamespace>) -> Option<Arc<NspCore>> {
        if !is_fixed(N::PATTERN) {
            let mut patterns = self.patterns.write().unwrap_or_else(PoisonError::into_inner);
            assert!(patterns.iter().all(|n| n.pattern() != N::PATTERN), "the namespace `{}` is already set up", N::PATTERN);
            patterns.push(namespace);
            return None;
        }
        let core = self.live(N::PATTERN, namespace.faults());
        let entry = Fixed { namespace, core: Arc::clone(&core) };
        let mut fixed = self.fixed.write().unwrap_or_else(PoisonError::into_inner);
        assert!(!fixed.contains_key(N::PATTERN), "the namespace `{}` is already set up", N::PATTERN);
        fixed.insert(N::PATTERN.into(), entry);
        Some(core)
    }

    /// Who lets clients into this path, and the namespace itself.
    pub(super) fn find(&self, path: &str) -> Option<(Arc<dyn AnyNamespace>, Arc<NspCore>)> {
        let fixed = self.fixed.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(Fixed { namespace, core }) = fixed {
            return Some((namespace, core));
        }
        let patterns = self.patterns.read().unwrap_or_else(PoisonError::into_inner);
        let namespace = patterns.iter().find(|n| n.matches(path)).or((path == "/").then_some(&self.root))?;
        Some((Arc::clone(namespace), self.live(path, namespace.faults())))
    }

    /// The namespace of this path, whether anybody is let into it or not.
    pub(super) fn core(&self, path: &str) -> Arc<NspCore> {
        self.find(path).map_or_else(|| self.live(path, &Arc::default()), |(_, core)| core)
    }

    fn live(&self, path: &str, faults: &Arc<Faults>) -> Arc<NspCore> {
        let mut alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(core) = alive.by_path.get(path).and_then(Weak::upgrade) {
            return core;
        }
        if alive.by_path.len() >= alive.sweep_at {
            alive.by_path.retain(|_, core| core.strong_count() > 0);
            alive.sweep_at = 2 * alive.by_path.len() + 16;
        }
        let path = Arc::<str>::from(path);
        let core = Arc::new(NspCore::new(Arc::clone(&path), self.ack_timeout, Arc::clone(faults), None));
        alive.by_path.insert(path, Arc::downgrade(&core));
        core
    }
}

/// Whether this pattern is a path, without parameters.
pub(super) const fn is_fixed(pattern: &str) -> bool {
    let (pattern, mut at) = (pattern.as_bytes(), 0);
    while at < pattern.len() {
        if pattern[at] == b'{' {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Server;

    #[derive(Clone)]
    struct Org;

    impl Namespace for Org {
        const PATTERN: &'static str = "/org-{id}";
        const NAME: &'static str = "Org";
        type Server = dyn NoEvents;
        type Client = dyn NoEvents;
        type Cluster = dyn NoEvents;
        type Auth = ();
        type Denied = Never;

        fn path(&self) -> Cow<'static, str> {
            "/org-1".into()
        }

        fn parse(path: &str) -> Option<Self> {
            (path == "/org-1").then_some(Self)
        }
    }

    fn set_up<N: Namespace<Server = dyn NoEvents>>(io: &Server) -> bool {
        let set_up = || io.namespace::<N>().connect(async |_| Err::<(), _>(crate::server::Refuse::message("first")));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(set_up)).is_ok()
    }

    #[test]
    fn a_path_is_set_up_once() {
        let (io, _layer) = Server::builder().build();
        assert!(set_up::<Root>(&io) && set_up::<Org>(&io));
        let before = io.core.namespaces.find("/").map(|(namespace, _)| namespace);
        assert!(!set_up::<Root>(&io) && !set_up::<Org>(&io));
        let after = io.core.namespaces.find("/").map(|(namespace, _)| namespace);
        assert!(Arc::ptr_eq(&before.unwrap(), &after.unwrap()), "the first one stays");
    }
}
