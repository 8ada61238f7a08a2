//! Ids are types, so that a chat can't be passed for a user.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map($name)
            }
        }
    )* };
}

ids! {
    /// A person.
    UserId
    /// A conversation, direct or group.
    ChatId
    /// One message. Derived from chat, sender and `clientId`, so that a repeat has the same.
    MessageId
    /// One signed-in device; the `sid` of its tokens.
    SessionId
    /// One passkey.
    PasskeyId
    /// One contact request.
    RequestId
    /// What was said to staff about one subject.
    ReportId
    /// What staff had to say to everybody.
    AnnouncementId
    /// The removal of many messages of one user.
    SweepId
    /// One operation on its way through the queue.
    OpId
    /// One side job, a letter to be sent for example.
    JobId
    /// One copy of all that an account holds.
    ExportId
}
