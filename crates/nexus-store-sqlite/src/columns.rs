//! How our values look in columns: ids as 16 bytes, numbers signed, roles as small numbers.

use nexus_core::ports::ReceiptKind;
use nexus_protocol::{ChatType, MessageType, Role, Timestamp, UserRole};
use rusqlite::{Row, RowIndex, types::Type};
use uuid::Uuid;

/// SQLite's integers have a sign. What is too large is larger than anything stored.
pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub fn uuid(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get::<_, [u8; 16]>(column)?))
}

pub fn time(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp(row.get(column)?))
}

pub fn maybe_time(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

pub fn number(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<u64> {
    Ok(count(row.get(column)?))
}

pub fn role_number(role: Role) -> i64 {
    match role {
        Role::Member => 0,
        Role::Admin => 1,
        Role::Owner => 2,
    }
}

pub fn role(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Role> {
    match row.get::<_, i64>(column)? {
        0 => Ok(Role::Member),
        1 => Ok(Role::Admin),
        2 => Ok(Role::Owner),
        other => Err(unknown("role", other)),
    }
}

pub fn user_role_number(role: UserRole) -> i64 {
    match role {
        UserRole::User => 0,
        UserRole::Moderator => 1,
        UserRole::Admin => 2,
    }
}

pub fn user_role(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<UserRole> {
    match row.get::<_, i64>(column)? {
        0 => Ok(UserRole::User),
        1 => Ok(UserRole::Moderator),
        2 => Ok(UserRole::Admin),
        other => Err(unknown("user role", other)),
    }
}

pub fn chat_type_number(r#type: ChatType) -> i64 {
    match r#type {
        ChatType::Direct => 0,
        ChatType::Group => 1,
    }
}

pub fn chat_type(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<ChatType> {
    match row.get::<_, i64>(column)? {
        0 => Ok(ChatType::Direct),
        1 => Ok(ChatType::Group),
        other => Err(unknown("chat type", other)),
    }
}

pub fn message_type_number(r#type: MessageType) -> i64 {
    match r#type {
        MessageType::Text => 0,
        MessageType::System => 1,
    }
}

pub fn message_type(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<MessageType> {
    match row.get::<_, i64>(column)? {
        0 => Ok(MessageType::Text),
        1 => Ok(MessageType::System),
        other => Err(unknown("message type", other)),
    }
}

pub fn receipt_kind_number(kind: ReceiptKind) -> i64 {
    match kind {
        ReceiptKind::Delivered => 0,
        ReceiptKind::Read => 1,
    }
}

/// A JSON column; `default` where it is null, which is how empty lists are kept.
pub fn json<T: serde::de::DeserializeOwned + Default>(
    row: &Row<'_>,
    column: impl RowIndex,
) -> rusqlite::Result<T> {
    match row.get_ref(column)?.as_str_or_null()? {
        None => Ok(T::default()),
        Some(text) => parse(text),
    }
}

pub fn parse<T: serde::de::DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(text.len(), Type::Text, error.into())
    })
}

pub fn to_json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn unknown(what: &str, number: i64) -> rusqlite::Error {
    let text = format!("there is no {what} {number}: was the file written by a newer version?");
    rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, text.into())
}
