//! The AsyncAPI 3 document of the socket events, made from the Rust types.

use nexus_protocol::{
    Announcement, AnnouncementWithdrawn, ChangeQueued, Chat, ChatRemoved, ContactRequest, Done,
    EventRefusal, JoinDecided, JoinRequested, Message, MsgDelete, MsgEdit, MsgFailed, MsgQueued,
    MsgReact, MsgSend, MsgSent, Status, SyncAnswer, SyncCheck, SyncChecked, SyncRequest,
    UserChange, Watermark, event,
};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema, openapi::RefOr};

/// Schemas met on the way, by name.
type Schemas = Vec<(String, RefOr<utoipa::openapi::Schema>)>;

/// One event: its channel, its name, what it carries, what its acknowledgement carries.
struct Row {
    namespace: &'static str,
    name: &'static str,
    by_client: bool,
    summary: &'static str,
    payload: Value,
    ack: Option<Value>,
}

struct Table {
    rows: Vec<Row>,
    schemas: Schemas,
}

impl Table {
    /// The client sends `P` and is acknowledged with `A`.
    fn takes<P: ToSchema, A: ToSchema>(
        &mut self,
        namespace: &'static str,
        name: &'static str,
        summary: &'static str,
    ) {
        let (payload, ack) = (self.schema::<P>(), Some(self.schema::<A>()));
        self.rows.push(Row { namespace, name, by_client: true, summary, payload, ack });
    }

    /// The server sends `P`.
    fn gives<P: ToSchema>(
        &mut self,
        namespace: &'static str,
        name: &'static str,
        summary: &'static str,
    ) {
        let payload = self.schema::<P>();
        self.rows.push(Row { namespace, name, by_client: false, summary, payload, ack: None });
    }

    fn schema<T: ToSchema>(&mut self) -> Value {
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), <T as PartialSchema>::schema()));
        T::schemas(&mut self.schemas);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

fn table() -> Table {
    let mut table = Table { rows: Vec::new(), schemas: Vec::new() };
    // No event carries it as its payload, all of them may be answered with it.
    table.schema::<EventRefusal>();
    chat(&mut table);
    let presence = "/presence";
    table.takes::<event::PresenceSubscribe, event::PresenceUpdate>(
        presence,
        event::PRESENCE_SUBSCRIBE,
        "Watch up to 200 people, in place of those before; acknowledged with a list",
    );
    table.takes::<event::PresenceSet, Done>(presence, event::PRESENCE_SET, "How to be seen");
    table.gives::<event::PresenceUpdate>(presence, event::PRESENCE_UPDATE, "Someone watched moved");
    let typing = "/typing";
    table.takes::<event::TypingStart, Done>(
        typing,
        event::TYPING_START,
        "Begins, or goes on; ends by itself after 6 s; told to nobody in groups over 100",
    );
    table.takes::<event::TypingStop, Done>(typing, event::TYPING_STOP, "Ends");
    table.gives::<event::TypingUpdate>(typing, event::TYPING_UPDATE, "Another member's typing");
    table
}

fn chat(table: &mut Table) {
    let chat = "/chat";
    table.takes::<MsgSend, MsgSent>(
        chat,
        event::MSG_SEND,
        "Send a message, or a list of up to 50 (acknowledged with a list that ends at the first \
         refusal); acknowledged once durable",
    );
    table.takes::<MsgEdit, ChangeQueued>(chat, event::MSG_EDIT, "Edit an own message");
    table.takes::<MsgDelete, ChangeQueued>(chat, event::MSG_DELETE, "Delete, for me or for all");
    table.takes::<MsgReact, ChangeQueued>(chat, event::MSG_REACT, "Add or take back a reaction");
    table.takes::<Watermark, Done>(chat, event::MSG_DELIVERED, "Received up to here");
    table.takes::<Watermark, Done>(chat, event::MSG_READ, "Read up to here");
    table.takes::<SyncRequest, SyncAnswer>(chat, event::SYNC, "What has changed since");
    table.takes::<SyncCheck, SyncChecked>(chat, event::SYNC_CHECK, "Have I lost something");
    table.takes::<event::AuthRefresh, event::AuthExpiry>(
        chat,
        event::AUTH_REFRESH,
        "Go on with a fresh access token",
    );
    table.takes::<event::ClientState, Done>(
        chat,
        event::CLIENT_STATE,
        "In front or in the background, where no typing and presence comes",
    );
    table.gives::<MsgQueued>(chat, event::MSG_QUEUED, "Durable; to the sending socket");
    table.gives::<Message>(chat, event::MSG_NEW, "A message has its place in the chat");
    table.gives::<Message>(chat, event::MSG_UPDATED, "A message in its whole new state");
    table.gives::<MsgFailed>(
        chat,
        event::MSG_FAILED,
        "Given up; it can be retried. Told again at each connect until it is",
    );
    table.gives::<Status>(chat, event::STATUS_DELIVERED, "A member's watermark moved");
    table.gives::<Status>(chat, event::STATUS_READ, "A member's watermark moved");
    table.gives::<Chat>(chat, event::CHAT_NEW, "The caller is in a new chat");
    table.gives::<Chat>(chat, event::CHAT_UPDATED, "Title, about, roles or members changed");
    table.gives::<ChatRemoved>(chat, event::CHAT_REMOVED, "The caller is no longer in it");
    table.gives::<JoinRequested>(
        chat,
        event::JOIN_REQUESTED,
        "Somebody asks to join; to those who may add members",
    );
    table.gives::<JoinDecided>(chat, event::JOIN_DECIDED, "Whether the caller is let in");
    table.gives::<UserChange>(chat, event::ME_UPDATED, "Own state, changed on another device");
    table.gives::<event::UserUpdated>(
        chat,
        event::USER_UPDATED,
        "Somebody in one of the caller's chats has another name: look again",
    );
    table.gives::<ContactRequest>(
        chat,
        event::CONTACT_REQUEST,
        "Somebody asks to be a contact, or has accepted to be one",
    );
    table.gives::<event::AuthExpiry>(chat, event::AUTH_EXPIRING, "A minute left: refresh");
    table.gives::<event::ConnectRefusal>(
        chat,
        event::AUTH_EXPIRED,
        "The token has expired; the connection closes after this",
    );
    table.gives::<event::SessionRevoked>(
        chat,
        event::SESSION_REVOKED,
        "Signed out elsewhere; the connection closes after this",
    );
    table.gives::<event::ServerDraining>(
        chat,
        event::SERVER_DRAINING,
        "The server stops: come back after this time",
    );
    table.gives::<Announcement>(
        chat,
        event::ANNOUNCEMENT_NEW,
        "Staff have something to say: to everybody, or to this user",
    );
    table.gives::<AnnouncementWithdrawn>(chat, event::ANNOUNCEMENT_WITHDRAWN, "It holds no longer");
}

/// The whole document.
pub fn asyncapi() -> Value {
    let table = table();
    let (mut channels, mut operations, mut messages) = (Map::new(), Map::new(), Map::new());
    for row in &table.rows {
        let key = row.name.replace(':', "_");
        let channel = row.namespace.trim_start_matches('/');
        messages.insert(key.clone(), message(row));
        let entry = channels
            .entry(channel)
            .or_insert_with(|| json!({ "address": row.namespace, "messages": {} }));
        entry["messages"][&key] = json!({ "$ref": format!("#/components/messages/{key}") });
        let action = if row.by_client { "receive" } else { "send" };
        operations.insert(
            key.clone(),
            json!({
                "action": action,
                "channel": { "$ref": format!("#/channels/{channel}") },
                "summary": row.summary,
                "messages": [{ "$ref": format!("#/channels/{channel}/messages/{key}") }],
            }),
        );
    }
    let mut schemas = Map::new();
    for (name, schema) in table.schemas {
        schemas.insert(name, json!(schema));
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "NexusChat socket events",
            "version": "1",
            "description": "Socket.IO 4 at `/socket.io/`. The handshake's `auth` is `{token}`, or \
                a cookie carries the token; a refusal is a `connect_error` with `data.code`. Every \
                event of a client may ask for an acknowledgement; a refused one is \
                `{error: {code, message, retryable, retryAfterMs?}}`.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
    })
}

fn message(row: &Row) -> Value {
    let mut message = json!({
        "name": row.name,
        "summary": row.summary,
        "payload": row.payload,
    });
    if let Some(ack) = &row.ack {
        message["x-ack"] =
            json!({ "oneOf": [ack, { "$ref": "#/components/schemas/EventRefusal" }] });
    }
    message
}
