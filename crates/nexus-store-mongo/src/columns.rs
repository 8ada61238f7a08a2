//! How our values look in documents: ids as UUIDs (subtype 4), times as dates, numbers signed.

use bson::{Bson, DateTime, Uuid};
use nexus_protocol::Timestamp;

/// Integers of documents have a sign. What is too large is larger than anything stored.
pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub fn id(id: uuid::Uuid) -> Uuid {
    Uuid::from_uuid_1(id)
}

pub fn uuid(id: Uuid) -> uuid::Uuid {
    id.to_uuid_1()
}

/// For filters: `{"$in": ids(…)}`.
pub fn ids(ids: impl IntoIterator<Item = uuid::Uuid>) -> Vec<Bson> {
    ids.into_iter().map(|one| Bson::from(id(one))).collect()
}

pub fn date(at: Timestamp) -> DateTime {
    DateTime::from_millis(at.0)
}

pub fn time(at: DateTime) -> Timestamp {
    Timestamp(at.timestamp_millis())
}
