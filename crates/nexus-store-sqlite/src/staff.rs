//! Accounts as staff see and change them.

use async_trait::async_trait;
use nexus_core::{
    ports::{AccountFilter, PortResult, StaffStore, UserRecord},
    search,
};
use nexus_protocol::{Ban, OwnChange, Stats, Timestamp, UserChange, UserId, UserRole};
use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value};

use crate::{
    SqliteStore,
    columns::{json, number, to_json, user_role_number},
    records::{self, USER},
    user_changes,
    users::{self, end},
};

#[async_trait]
impl StaffStore for SqliteStore {
    async fn accounts(
        &self,
        filter: &AccountFilter,
        after: Option<&str>,
        limit: u32,
    ) -> PortResult<Vec<UserRecord>> {
        let (filter, after) = (filter.clone(), after.unwrap_or_default().to_owned());
        self.read("list accounts", move |db| accounts(db, &filter, after, limit)).await
    }

    async fn set_role(
        &self,
        id: UserId,
        role: UserRole,
        at: Timestamp,
    ) -> PortResult<Option<(UserRecord, UserChange)>> {
        self.write("change a user's role", move |db| {
            db.prepare_cached("UPDATE users SET role = ?2 WHERE id = ?1")?
                .execute((id.0.as_bytes(), user_role_number(role)))?;
            let change = user_changes::note(db, id, OwnChange::Role { role }, at)?;
            Ok(users::one(db, id)?.zip(change))
        })
        .await
    }

    async fn set_ban(&self, id: UserId, ban: Option<&Ban>) -> PortResult<bool> {
        let ban = ban.cloned();
        self.write("ban a user, or no more", move |db| {
            let ban = ban.as_ref().map(to_json).transpose()?;
            let changed = db
                .prepare_cached("UPDATE users SET ban = ?2 WHERE id = ?1")?
                .execute((id.0.as_bytes(), ban))?;
            Ok(changed > 0)
        })
        .await
    }

    async fn stats(&self, now: Timestamp) -> PortResult<Stats> {
        self.read("count what there is", move |db| {
            let sql =
                "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM users WHERE role > 0),
                (SELECT COUNT(*) FROM users WHERE ban IS NOT NULL), (SELECT COUNT(*) FROM chats),
                (SELECT COALESCE(SUM(last_seq), 0) FROM chats),
                (SELECT COUNT(*) FROM sessions WHERE revoked_at IS NULL AND expires_at > ?1),
                (SELECT COUNT(*) FROM reports WHERE state = 'open')";
            db.query_row(sql, [now.0], |row| {
                Ok(Stats {
                    users: number(row, 0)?,
                    staff: number(row, 1)?,
                    banned: number(row, 2)?,
                    chats: number(row, 3)?,
                    messages: number(row, 4)?,
                    sessions: number(row, 5)?,
                    open_reports: number(row, 6)?,
                })
            })
        })
        .await
    }
}

fn accounts(
    db: &Connection,
    filter: &AccountFilter,
    after: String,
    limit: u32,
) -> rusqlite::Result<Vec<UserRecord>> {
    let mut sql = format!("SELECT {USER} FROM users u WHERE u.username > ?");
    let mut values = vec![Value::from(after)];
    if let Some(query) = &filter.query {
        sql.push_str(" AND u.id IN (SELECT id FROM users WHERE email >= ? AND email < ? UNION ");
        values.extend([Value::from(query.clone()), Value::from(end(query))]);
        users::named(query, &search::query(query).0, &mut sql, &mut values);
        sql.push(')');
    }
    if let Some(role) = filter.role {
        sql.push_str(" AND u.role = ?");
        values.push(Value::from(user_role_number(role)));
    }
    if filter.banned_only {
        sql.push_str(" AND u.ban IS NOT NULL");
    }
    sql.push_str(" ORDER BY u.username LIMIT ?");
    values.push(Value::from(limit));
    db.prepare_cached(&sql)?.query_map(params_from_iter(values), records::user)?.collect()
}

pub fn is_banned(db: &Connection, user: UserId, now: Timestamp) -> rusqlite::Result<bool> {
    let ban: Option<Option<Ban>> = db
        .prepare_cached("SELECT ban FROM users WHERE id = ?1 AND ban IS NOT NULL")?
        .query_row([user.0.as_bytes()], |row| json(row, 0))
        .optional()?;
    Ok(ban.flatten().is_some_and(|ban| ban.holds(now)))
}
