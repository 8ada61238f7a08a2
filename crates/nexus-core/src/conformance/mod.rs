//! What every backend must do: one plain function a case, the same for all of them.
//!
//! A backend's tests are one line a port: `store_conformance!(make)`, where `make` answers a fresh
//! backend and whatever must live as long as it (a directory, say).
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

pub mod announcements;
pub mod audit;
pub mod bonds;
pub mod bus;
pub mod ceremonies;
pub mod chats;
pub mod commit;
pub mod deletion;
pub mod digests;
pub mod disappearing;
pub mod email_tokens;
pub mod emails;
pub mod exports;
pub mod fixture;
pub mod history;
pub mod idempotency;
pub mod invites;
pub mod jobs;
pub mod limits;
pub mod links;
pub mod members;
pub mod messages;
pub mod names;
pub mod pages;
pub mod passkeys;
pub mod places;
pub mod presence;
pub mod queue;
pub mod receipts;
pub mod reports;
pub mod requests;
pub mod retention;
pub mod search;
pub mod second_factors;
pub mod sessions;
pub mod settings;
pub mod staff;
pub mod suppressions;
pub mod sweeps;
pub mod throttle;
pub mod unread;
pub mod users;

/// One `#[tokio::test]` for each case, each on a fresh backend.
#[macro_export]
macro_rules! conformance_cases {
    ($make:expr, $suite:ident: $($case:ident)*) => {
        mod $suite {
            use super::*;
            $(
                #[tokio::test]
                async fn $case() {
                    let (backend, _kept) = $make.await;
                    $crate::conformance::$suite::$case(backend).await;
                }
            )*
        }
    };
}

/// All that a store must do.
#[macro_export]
macro_rules! store_conformance {
    ($make:expr) => {
        $crate::announcements_conformance!($make);
        $crate::audit_conformance!($make);
        $crate::bonds_conformance!($make);
        $crate::ceremonies_conformance!($make);
        $crate::chats_conformance!($make);
        $crate::commit_conformance!($make);
        $crate::deletion_conformance!($make);
        $crate::jobs_conformance!($make);
        $crate::history_conformance!($make);
        $crate::invites_conformance!($make);
        $crate::email_tokens_conformance!($make);
        $crate::emails_conformance!($make);
        $crate::links_conformance!($make);
        $crate::exports_conformance!($make);
        $crate::members_conformance!($make);
        $crate::messages_conformance!($make);
        $crate::names_conformance!($make);
        $crate::pages_conformance!($make);
        $crate::passkeys_conformance!($make);
        $crate::places_conformance!($make);
        $crate::suppressions_conformance!($make);
        $crate::digests_conformance!($make);
        $crate::receipts_conformance!($make);
        $crate::requests_conformance!($make);
        $crate::retention_conformance!($make);
        $crate::reports_conformance!($make);
        $crate::search_conformance!($make);
        $crate::second_factors_conformance!($make);
        $crate::sessions_conformance!($make);
        $crate::settings_conformance!($make);
        $crate::staff_conformance!($make);
        $crate::sweeps_conformance!($make);
        $crate::unread_conformance!($make);
        $crate::users_conformance!($make);
    };
}
