//! What the application keeps on a socket or a connection, by type.

use std::fmt;

use parking_lot::Mutex;

/// A store of values by their type; empty, it costs a pointer.
#[derive(Default)]
pub struct Extensions(Mutex<http::Extensions>);

impl Extensions {
    pub(crate) fn new(values: http::Extensions) -> Self {
        Self(Mutex::new(values))
    }

    /// Keeps `value` and returns what was kept of its type before.
    pub fn insert<T: Clone + Send + Sync + 'static>(&self, value: T) -> Option<T> {
        self.0.lock().insert(value)
    }

    /// A copy of the value of this type; keep an `Arc` if copies are dear.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.0.lock().get::<T>().cloned()
    }

    /// Takes the value of this type out.
    pub fn remove<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.0.lock().remove::<T>()
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extensions").finish_non_exhaustive()
    }
}
