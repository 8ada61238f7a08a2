//! A process that dies at a named place, and the test goes on.

use std::{cell::Cell, sync::Once};

const POINTS: [&str; 6] = [
    "mongo.before_insert",
    "mongo.inserted",
    "mongo.applied",
    "mongo.marked",
    "mongo.own_noted",
    "mongo.own_applied",
];

thread_local! {
    /// All of a test runs on one thread.
    static DIES_AT: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// What is begun next dies at `point`.
pub fn die_at(point: &'static str) {
    static SET: Once = Once::new();
    SET.call_once(|| {
        for name in POINTS {
            let die = move || {
                if DIES_AT.get() == Some(name) {
                    DIES_AT.set(None);
                    panic!("the process dies at {name}");
                }
            };
            fail::cfg_callback(name, die).unwrap();
        }
    });
    DIES_AT.set(Some(point));
}

/// Whether it came to where it dies.
pub fn has_died() -> bool {
    DIES_AT.get().is_none()
}
