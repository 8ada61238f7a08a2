//! News from the bus → the sockets of this node. Everything from core to a socket goes through here.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use nexus_core::{
    chats, contacts, members,
    messages::Failure,
    ports::{Done, Event, News, ReceiptKind, RequestRecord, StoredMessage, Subscription, Trace},
    sessions,
};
use nexus_protocol::{
    AnnouncementRecord, AnnouncementWithdrawn, ChatId, ChatRemoved, JoinDecided, JoinRequested,
    OpId, SessionId, Status, UserId,
    event::{self, RevokeReason, SessionRevoked, UserUpdated},
};
use nexus_socketio::{NamespaceRef, Socket, SocketIo};
use tokio::sync::Notify;

use crate::{
    backends::Interest,
    metrics::BUS_LAGGED_TOTAL,
    socket::{
        Edge,
        chat::rejoin_all,
        chat_room,
        conns::Conn,
        failures,
        presence::{self, asking_room, watch_room},
        user_room,
    },
};

/// The sockets of this node, by namespace.
pub struct Fanout {
    edge: Arc<Edge>,
    chat: NamespaceRef,
    presence: NamespaceRef,
    typing: NamespaceRef,
    /// All rooms are as the store says, or as news since then have made them.
    mended: Arc<AtomicBool>,
    /// Failures may have been lost, too.
    lost: Arc<Notify>,
}

impl Fanout {
    /// `None` when the server lacks one of the namespaces.
    pub fn new(edge: Arc<Edge>, io: &SocketIo) -> Option<Fanout> {
        Some(Fanout {
            edge,
            chat: io.of("/chat")?,
            presence: io.of("/presence")?,
            typing: io.of("/typing")?,
            mended: Arc::new(AtomicBool::new(true)),
            lost: Arc::default(),
        })
    }

    /// Told each time when news may have been lost.
    pub fn lost(&self) -> Arc<Notify> {
        self.lost.clone()
    }

    /// Whom there is to tell here.
    pub fn interest(&self) -> Arc<dyn Interest> {
        Arc::new(Here {
            edge: self.edge.clone(),
            chat: self.chat.clone(),
            presence: self.presence.clone(),
            mended: self.mended.clone(),
        })
    }

    /// Tells the sockets, until the bus is closed.
    pub async fn run(self, mut news: Box<dyn Subscription>) {
        loop {
            match news.next().await {
                News::Events(events) => {
                    // Nobody is told before the rooms are right again: who was removed meanwhile
                    // must not hear. Clients find what they missed by `rev`.
                    let mended = self.mended.load(Ordering::SeqCst) || self.mend().await;
                    self.mended.store(mended, Ordering::SeqCst);
                    for event in events {
                        self.edge.core.hear(&event);
                        if mended {
                            self.tell(event).await;
                        }
                    }
                }
                News::Lagged => {
                    self.mended.store(false, Ordering::SeqCst);
                    self.forget().await;
                    self.lost.notify_one();
                }
                News::Closed => return,
            }
        }
    }

    /// Something was lost, or may have been. It comes every few seconds while the bus is away, so
    /// rooms wait until there is something to tell.
    async fn forget(&self) {
        metrics::counter!(BUS_LAGGED_TOTAL).increment(1);
        tracing::warn!("the bus lost events, or may have: asking the store afresh");
        self.edge.core.members.forget_all();
        self.edge.core.bonds.forget_all();
        if let Err(err) = self.end_revoked().await {
            tracing::error!(error = &err as &dyn std::error::Error, "ended sessions not read");
        }
    }

    /// Whether all rooms are as the store says.
    async fn mend(&self) -> bool {
        let mended = match self.end_revoked().await {
            Ok(()) => rejoin_all(&self.edge).await,
            Err(err) => Err(err),
        };
        self.look_again(self.presence.to_all().sockets(), None);
        if let Err(err) = &mended {
            tracing::error!(error = err as &dyn std::error::Error, "rooms not mended");
        }
        mended.is_ok()
    }

    async fn end_revoked(&self) -> nexus_core::Result<()> {
        sessions::load_revoked(&self.edge.core).await?;
        for conn in self.edge.conns.all() {
            if self.edge.core.revoked.contains(conn.session) {
                conn.dismiss();
            }
        }
        Ok(())
    }

    async fn tell(&self, event: Event) {
        match event {
            Event::Committed { chat, done, .. } => self.committed(chat, done).await,
            Event::Failed { answered: true, .. } => {}
            Event::Failed { op, actor, died_at: Some(died_at), failed, .. } => {
                let theirs = self.chat.to(user_room(actor)).sockets();
                failures::tell_one(theirs, &Failure { op, died_at, failed });
            }
            Event::Failed { actor, failed, .. } => {
                self.chat.to(user_room(actor)).emit(event::MSG_FAILED, &failed);
            }
            Event::ChatCreated { chat, members } => self.joined(chat, &members).await,
            Event::JoinRequested { chat, user, to } => {
                let asked = JoinRequested { chat_id: chat, user_id: user };
                let rooms = to.into_iter().map(user_room);
                self.chat.to_rooms(rooms).emit(event::JOIN_REQUESTED, &asked);
            }
            Event::JoinDecided { chat, user, approved } => {
                let decided = JoinDecided { chat_id: chat, approved };
                self.chat.to(user_room(user)).emit(event::JOIN_DECIDED, &decided);
            }
            Event::Receipt { kind: ReceiptKind::Delivered, status, .. } => {
                self.chat.to(chat_room(status.chat_id)).emit(event::STATUS_DELIVERED, &status);
            }
            Event::Receipt { kind: ReceiptKind::Read, status, to } => self.was_read(&status, to),
            Event::Own { user, change } => {
                self.chat.to(user_room(user)).emit(event::ME_UPDATED, &change);
            }
            Event::ContactRequest { user, request } => self.asked(user, request).await,
            Event::UserChanged { user: user_id, chats } => {
                let rooms = chats.into_iter().map(chat_room);
                let others = self.chat.to_rooms(rooms).except(user_room(user_id));
                others.emit(event::USER_UPDATED, &UserUpdated { user_id });
            }
            Event::BondChanged { users } => self.look_again_between(users),
            Event::PrivacyChanged { user } => self.look_again_at(user),
            Event::SessionRevoked { session, reason } => self.session_revoked(session, reason),
            Event::Typing { update, to } => {
                let rooms = to.into_iter().map(user_room);
                self.typing.to_rooms(rooms).emit(event::TYPING_UPDATE, &update);
            }
            Event::Announced(announcement) => self.announced(announcement),
            Event::Presence(update) => {
                let room = watch_room(update.user_id);
                self.presence.to(room).emit(event::PRESENCE_UPDATE, &update);
            }
        }
    }

    /// Who left hears nothing of what follows; who joined knows the chat before its messages come.
    async fn committed(&self, chat: ChatId, done: Done) {
        for (user, reason) in &done.left {
            let theirs = self.chat.to(user_room(*user));
            theirs.leave(&chat_room(chat));
            theirs.emit(event::CHAT_REMOVED, &ChatRemoved { chat_id: chat, reason: *reason });
        }
        self.joined(chat, &done.joined).await;
        match &done.message {
            Some(Trace::New(message)) => self.message(event::MSG_NEW, message).await,
            Some(Trace::Updated(message)) => self.message(event::MSG_UPDATED, message).await,
            None => {}
        }
        if done.chat_changed {
            let known: HashSet<UserId> = done.joined.into_iter().collect();
            self.chat_updated(chat, &known).await;
        }
    }

    async fn joined(&self, chat: ChatId, users: &[UserId]) {
        for user in users {
            let room = user_room(*user);
            let theirs = self.chat.to(room.as_str());
            theirs.join(chat_room(chat));
            if self.chat.room_size(&room) == 0 {
                continue;
            }
            match chats::get(&self.edge.core, *user, chat).await {
                Ok(view) => {
                    theirs.emit(event::CHAT_NEW, &view);
                }
                Err(err) => not_shown(&err),
            }
        }
    }

    /// Encoded once for all, but for those whose own reaction is among those shown, and for those
    /// who joined too late to be told of it, or of what it quotes.
    async fn message(&self, name: &str, message: &StoredMessage) {
        let chat = message.message.chat_id;
        if self.chat.room_size(&chat_room(chat)) == 0 {
            return;
        }
        let members = match members::of_chat(&self.edge.core, chat).await {
            Ok(Some(members)) => members,
            Ok(None) => return,
            Err(err) => return not_shown(&err),
        };
        let seq = message.message.seq;
        let is_late = |from: u64| seq < from || message.quotes_before(from);
        let late = members.latecomers.iter().filter(|(_, from)| is_late(**from));
        let reactors = message.reactors.iter().flat_map(|(_, users)| users);
        let apart: HashSet<UserId> = late.map(|(user, _)| user).chain(reactors).copied().collect();
        let room = chat_room(chat);
        if apart.is_empty() {
            self.chat.to(room).emit(name, &message.message);
            return;
        }
        let mut others = self.chat.to(room.as_str());
        let mut theirs: HashMap<UserId, Vec<Socket>> = HashMap::new();
        for socket in self.chat.to(room).sockets() {
            if let Some(user) = user_of(&socket).filter(|user| apart.contains(user)) {
                others = others.except_socket(&socket);
                theirs.entry(user).or_default().push(socket);
            }
        }
        // Nobody has the nil id: this is the message as someone sees it who has not reacted.
        others.emit(name, &message.seen_by(UserId(uuid::Uuid::nil())));
        for (user, sockets) in theirs {
            let from = members.latecomers.get(&user).copied().unwrap_or(1);
            if seq < from {
                continue;
            }
            let seen = message.clone().seen_from(from).seen_by(user);
            for socket in sockets {
                if let Err(err) = socket.emit(name, &seen) {
                    tracing::debug!(error = %err, "nobody to tell");
                }
            }
        }
    }

    /// Encoded once, also where only some members may know.
    fn was_read(&self, status: &Status, to: Option<Vec<UserId>>) {
        let mut hearing = self.chat.to(chat_room(status.chat_id));
        if let Some(to) = to {
            let to: HashSet<UserId> = to.into_iter().collect();
            let may_know = |socket: &Socket| user_of(socket).is_some_and(|user| to.contains(&user));
            for socket in hearing.sockets().iter().filter(|socket| !may_know(socket)) {
                hearing = hearing.except_socket(socket);
            }
        }
        hearing.emit(event::STATUS_READ, status);
    }

    /// The chat looks different to each member.
    async fn chat_updated(&self, chat: ChatId, except: &HashSet<UserId>) {
        let here: HashSet<UserId> =
            self.chat.to(chat_room(chat)).sockets().iter().filter_map(user_of).collect();
        for user in here.difference(except) {
            match chats::get(&self.edge.core, *user, chat).await {
                Ok(view) => {
                    self.chat.to(user_room(*user)).emit(event::CHAT_UPDATED, &view);
                }
                Err(err) => not_shown(&err),
            }
        }
    }

    async fn asked(&self, user: UserId, request: RequestRecord) {
        let room = user_room(user);
        if self.chat.room_size(&room) == 0 {
            return;
        }
        match contacts::show_request(&self.edge.core, user, request).await {
            Ok(request) => {
                self.chat.to(room).emit(event::CONTACT_REQUEST, &request);
            }
            Err(err) => tracing::warn!(
                error = &err as &dyn std::error::Error,
                "a contact request was not shown"
            ),
        }
    }

    /// Each of the two, where they watch the other.
    fn look_again_between(&self, [one, other]: [UserId; 2]) {
        for (viewer, user) in [(one, other), (other, one)] {
            let asking = self.presence.to(asking_room(user)).sockets();
            let theirs = asking.into_iter().filter(|socket| user_of(socket) == Some(viewer));
            self.look_again(theirs.collect(), Some(user));
        }
    }

    /// Those who watch the user; and the user's own sockets, since only who is seen sees others.
    fn look_again_at(&self, user: UserId) {
        self.look_again(self.presence.to(asking_room(user)).sockets(), Some(user));
        let own = self.edge.conns.of_user(user);
        self.look_again(own.iter().filter_map(|conn| conn.socket("/presence")).collect(), None);
    }

    /// Not waited for: what follows is not about presence.
    fn look_again(&self, sockets: Vec<Socket>, user: Option<UserId>) {
        if sockets.is_empty() {
            return;
        }
        let edge = self.edge.clone();
        tokio::spawn(async move {
            for socket in sockets {
                presence::look_again(&edge, &socket, user).await;
            }
        });
    }

    fn announced(&self, one: AnnouncementRecord) {
        let to = match one.to {
            Some(user) => self.chat.to(user_room(user)),
            None => self.chat.to_all(),
        };
        match one.withdrawn_at {
            None => to.emit(event::ANNOUNCEMENT_NEW, &one.show(false)),
            Some(_) => {
                to.emit(event::ANNOUNCEMENT_WITHDRAWN, &AnnouncementWithdrawn { id: one.id })
            }
        };
    }

    fn session_revoked(&self, session: SessionId, reason: RevokeReason) {
        let room = crate::socket::session_room(session);
        self.chat.to(room).emit(event::SESSION_REVOKED, &SessionRevoked { reason });
        for conn in self.edge.conns.of_session(session) {
            conn.dismiss();
        }
    }
}

/// The sockets and requests of this node.
struct Here {
    edge: Arc<Edge>,
    chat: NamespaceRef,
    presence: NamespaceRef,
    mended: Arc<AtomicBool>,
}

impl Interest for Here {
    fn chat(&self, chat: ChatId) -> bool {
        // Rooms that are not to be believed are mended when there is something to tell.
        !self.mended.load(Ordering::SeqCst) || self.chat.room_size(&chat_room(chat)) > 0
    }

    fn user(&self, user: UserId) -> bool {
        self.edge.conns.has_user(user)
    }

    fn watched(&self, user: UserId) -> bool {
        self.presence.room_size(&watch_room(user)) > 0
    }

    fn op(&self, op: OpId) -> bool {
        self.edge.core.pending.is_awaited(op)
    }
}

fn user_of(socket: &Socket) -> Option<UserId> {
    socket.connection().extensions().get::<Arc<Conn>>().map(|conn| conn.user)
}

/// The client finds out by `sync`.
fn not_shown(err: &nexus_core::Error) {
    tracing::warn!(error = err as &dyn std::error::Error, "a chat was not shown");
}
