//! One user with one socket at a time: comes in by any door, keeps up, comes back after every end.

use std::{collections::BTreeSet, time::Duration};

use nexus_protocol::{
    ChatId, ErrorCode, Message, MsgFailed, MsgQueued, Role, SignedIn, SyncAnswer, SyncCheck,
    SyncChecked, SyncMode, SystemEvent, UserId,
    event::{
        AUTH_REFRESH, AuthRefresh, CHAT_NEW, CHAT_REMOVED, MSG_FAILED, MSG_NEW, MSG_QUEUED,
        MSG_UPDATED, SERVER_DRAINING, SYNC, SYNC_CHECK, ServerDraining,
    },
};
use serde_json::Value;
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use super::{Casting, Chance, Manner, Phase, Trust};
use crate::{
    Api, CallError, Client, ClientState, ConnectError, NAMESPACES, Outbox, journal::Journal, rest,
};

pub(super) const PASSWORD: &str = "a long enough password";
/// Between two looks at what came and what is due.
const GLANCE: std::ops::Range<u64> = 20..60;
/// A request that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(10);
/// Until the first try to come back; it doubles.
const BACKOFF: Duration = Duration::from_millis(50);
const BACKOFF_MAX: Duration = Duration::from_secs(2);
/// After a connect, for what is told of the time before it.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Repairs a connection that has lost events; people's apps do it less often.
const CHECKS: std::ops::Range<u64> = 4_000..8_000;
const REFRESHES: std::ops::Range<u64> = 30_000..90_000;
/// Three bytes, and no word to search for.
const FILLER: &str = "…";

pub(super) struct Player {
    pub user: UserId,
    pub token: String,
    pub journal: Journal,
    pub state: ClientState,
    pub notes: Notes,
    pub(super) outbox: Outbox,
    pub(super) manner: Manner,
    pub(super) chance: Chance,
    /// Sends nothing again that was acknowledged.
    pub(super) trusts: bool,
    pub(super) written: u32,
    /// At the end of each message.
    pub(super) filler: String,
    /// Between two things done.
    pub(super) interval: Duration,
    pub(super) due: Instant,
    pub(super) committed_at: Instant,
    /// How often in a row nothing was committed for long.
    pub(super) disappointments: u32,
    /// The server asked to be left alone until then.
    pub(super) quiet_until: Instant,
    /// Left their groups, and are to be brought back by this player, their owner.
    pub(super) absent: Vec<(ChatId, UserId, Instant)>,
    name: String,
    refresh_token: String,
    refresh_at: Instant,
    check_at: Instant,
    /// When to leave a server that drains.
    leave_at: Option<Instant>,
    doors: watch::Receiver<Vec<String>>,
}

/// What is worth telling beside the journal.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// Times it was told that the server drains.
    pub drains: usize,
    /// Connections that ended before anything was said of it.
    pub cut: usize,
    /// From the end of a connection until everything was caught up with.
    pub outages: Vec<Duration>,
    /// Sends that were refused for now, and sends that were never answered.
    pub put_off: usize,
    pub unanswered: usize,
    /// Refreshing was not enough, and the password was asked for.
    pub sign_ins: usize,
    /// What no server should do.
    pub complaints: Vec<String>,
    /// Chats it has been no member of at some time.
    pub left: BTreeSet<ChatId>,
}

/// Why a session ended.
enum End {
    Settled,
    Lost,
}

impl Player {
    pub(super) fn new(
        name: String,
        signed_in: SignedIn,
        casting: &Casting,
        doors: watch::Receiver<Vec<String>>,
        chance: Chance,
    ) -> Player {
        let user = signed_in.user.id;
        let now = Instant::now();
        Player {
            user,
            token: signed_in.access_token.unwrap_or_default(),
            journal: Journal::new(user),
            state: ClientState::new(user),
            notes: Notes::default(),
            outbox: Outbox::new(user),
            manner: casting.manner,
            trusts: casting.trust == Trust::Half && chance.one_in(2),
            written: 0,
            filler: FILLER.repeat(casting.filler),
            interval: Duration::from_secs_f64(casting.players as f64 / casting.acts_per_sec),
            due: now,
            committed_at: now,
            disappointments: 0,
            quiet_until: now,
            absent: Vec::new(),
            name,
            refresh_token: signed_in.refresh_token.unwrap_or_default(),
            refresh_at: now + chance.millis(REFRESHES),
            check_at: now + chance.millis(CHECKS),
            leave_at: None,
            doors,
            chance,
        }
    }

    /// Until nothing is left to be settled. `online` says how many are connected now.
    pub(super) async fn play(
        mut self,
        phase: watch::Receiver<Phase>,
        online: watch::Sender<usize>,
    ) -> Player {
        let (mut backoff, mut lost_at) = (BACKOFF, None);
        while *phase.borrow() != Phase::Over {
            match self.connect().await {
                Ok(mut client) => {
                    backoff = BACKOFF;
                    online.send_modify(|count| *count += 1);
                    let end = self.session(&mut client, &phase, lost_at).await;
                    online.send_modify(|count| *count -= 1);
                    if matches!(end, End::Settled) {
                        client.disconnect().await;
                        break;
                    }
                    lost_at = Some(Instant::now());
                    self.send_again();
                }
                Err(err) => self.take_refusal(&err).await,
            }
            // Open loop: people go on writing while they are away.
            self.write_what_is_due(*phase.borrow());
            sleep(backoff.mul_f64(0.5 + self.chance.fraction())).await;
            backoff = (backoff * 2).min(BACKOFF_MAX);
        }
        self
    }

    /// Comes once more: what failed meanwhile is told to each who connects, whoever was killed
    /// before it was told.
    pub(super) async fn come_once_more(&mut self) -> Result<(), ConnectError> {
        let mut client = self.connect().await?;
        if self.sync(&client).await.is_ok() {
            // A connection that ends now has told what it had to tell.
            drop(self.listen(&mut client, LAST_WORDS).await);
        }
        client.disconnect().await;
        Ok(())
    }

    async fn connect(&self) -> Result<Client, ConnectError> {
        let host = self.door();
        Client::connect(&host, &self.token, &NAMESPACES).await
    }

    /// Any of those open now.
    fn door(&self) -> String {
        self.chance.pick(&self.doors.borrow()).clone()
    }

    pub(super) fn api(&self) -> Api {
        Api::new(&format!("http://{}", self.door())).with_token(&self.token)
    }

    async fn take_refusal(&mut self, err: &ConnectError) {
        if matches!(err.code(), Some("unauthenticated" | "token_expired")) {
            self.refresh().await;
        }
    }

    async fn session(
        &mut self,
        client: &mut Client,
        phase: &watch::Receiver<Phase>,
        lost_at: Option<Instant>,
    ) -> End {
        self.leave_at = None;
        if self.sync(client).await.is_err() {
            self.take_last_words(client);
            return End::Lost;
        }
        self.notes.outages.extend(lost_at.map(|at| at.elapsed()));
        loop {
            let now = *phase.borrow();
            match now {
                Phase::Writing => self.act_when_due(client),
                Phase::Settling if self.outbox.is_empty() => return End::Settled,
                Phase::Settling => {}
                Phase::Over => return End::Settled,
            }
            let pause = self.chance.millis(GLANCE);
            if self.step(client, pause).await.is_err() {
                self.take_last_words(client);
                return End::Lost;
            }
        }
    }

    /// What arrived before the end of a connection is to be taken all the same.
    fn take_last_words(&mut self, client: &mut Client) {
        let was_open = client.is_open();
        for event in client.try_events() {
            self.hear(&event.name, &event.body);
        }
        if !was_open && self.leave_at.is_none() {
            self.notes.cut += 1;
        }
    }

    async fn step(&mut self, client: &mut Client, pause: Duration) -> Result<(), CallError> {
        self.flush(client).await?;
        self.listen(client, pause).await?;
        if self.state.needs_sync() {
            self.sync(client).await?;
        }
        let now = Instant::now();
        if now >= self.check_at {
            self.check_at = now + self.chance.millis(CHECKS);
            self.check(client).await?;
        }
        if now >= self.refresh_at {
            self.refresh().await;
            let token = self.token.clone();
            // Refused by a server that can't look: the next connection shows the new token anyway.
            drop(client.start(AUTH_REFRESH, AuthRefresh { token }));
        }
        self.bring_back_who_left();
        match self.leave_at {
            Some(at) if now >= at => Err(CallError::Closed("it drains".to_owned())),
            _ => Ok(()),
        }
    }

    pub(super) async fn sync(&mut self, client: &Client) -> Result<(), CallError> {
        loop {
            let answer = client.call(SYNC, self.state.sync_request()).await?;
            match serde_json::from_value::<SyncAnswer>(answer) {
                Ok(answer) => {
                    self.take_sync(&answer);
                    if !answer.more {
                        return Ok(());
                    }
                }
                Err(err) => {
                    self.notes.complaints.push(format!("sync of another shape: {err}"));
                    return Err(CallError::Closed("sync of another shape".to_owned()));
                }
            }
        }
    }

    pub(super) fn take_sync(&mut self, answer: &SyncAnswer) {
        let before = self.chats();
        self.outbox.on_sync(answer);
        for message in self.state.apply_sync(answer) {
            self.journal.seen(&message);
        }
        self.take_note_of_chats(before);
        for sync in answer.chats.iter().filter(|sync| sync.mode == SyncMode::Snapshot) {
            let oldest = sync.messages.iter().map(|message| message.seq).min();
            self.journal.skipped(sync.chat.id, oldest.unwrap_or(sync.chat.last_seq + 1));
        }
        for message in answer.chats.iter().flat_map(|chat| &chat.messages) {
            self.take_departure(message);
        }
    }

    async fn check(&mut self, client: &Client) -> Result<(), CallError> {
        let known = self.state.sync_request();
        let check = SyncCheck { user_rev: known.user_rev, chats: known.chats };
        let answer = match client.call(SYNC_CHECK, check).await {
            Err(CallError::Refused(_)) => return Ok(()),
            answer => answer?,
        };
        let is_behind = serde_json::from_value(answer)
            .is_ok_and(|checked: SyncChecked| checked.user_stale || !checked.stale.is_empty());
        if is_behind { self.sync(client).await } else { Ok(()) }
    }

    /// By the refresh token, or by the password where that one is worth nothing any more.
    async fn refresh(&mut self) {
        self.refresh_at = Instant::now() + self.chance.millis(REFRESHES);
        let api = Api::new(&format!("http://{}", self.door()));
        let mut answer = timeout(PATIENCE, api.refresh(&self.refresh_token)).await;
        if answer.as_ref().is_ok_and(|answer| answer.as_ref().is_err_and(is_unauthenticated)) {
            self.notes.sign_ins += 1;
            answer = timeout(PATIENCE, api.login(&self.name, PASSWORD)).await;
        }
        if let Ok(Ok(signed_in)) = answer {
            self.token = signed_in.access_token.unwrap_or_default();
            self.refresh_token = signed_in.refresh_token.unwrap_or_default();
        }
    }

    /// Takes events for `pause`.
    async fn listen(&mut self, client: &mut Client, pause: Duration) -> Result<(), CallError> {
        let until = Instant::now() + pause;
        while let Ok(event) = timeout(until - Instant::now(), client.next_any()).await {
            let Some(event) = event else {
                return Err(CallError::Closed(client.closed().await));
            };
            self.hear(&event.name, &event.body);
        }
        Ok(())
    }

    fn hear(&mut self, name: &str, body: &Value) {
        let before = matches!(name, CHAT_REMOVED | CHAT_NEW).then(|| self.chats());
        match name {
            MSG_NEW | MSG_UPDATED => {
                if let Ok(message) = serde_json::from_value(body.clone()) {
                    let waiting = self.outbox.len();
                    self.outbox.on_message(&message);
                    if self.outbox.len() < waiting {
                        self.committed_at = Instant::now();
                        self.disappointments = 0;
                    }
                    self.take_departure(&message);
                }
            }
            // In its place among the failures, which the answer to a send is not.
            MSG_QUEUED => {
                if let Ok(queued) = serde_json::from_value::<MsgQueued>(body.clone()) {
                    self.journal.acked(queued.chat_id, &queued.client_id);
                }
            }
            MSG_FAILED => match serde_json::from_value(body.clone()) {
                Ok(failed) => self.take_failure(&failed),
                Err(err) => self.notes.complaints.push(format!("{name}: {err}")),
            },
            SERVER_DRAINING => {
                self.notes.drains += 1;
                let told = serde_json::from_value(body.clone());
                let after = told.map_or(0, |told: ServerDraining| told.reconnect_after_ms);
                self.leave_at = Some(Instant::now() + Duration::from_millis(after));
            }
            _ => {}
        }
        if let Some(message) = self.state.apply_event(name, body) {
            self.journal.seen(&message);
        }
        if let Some(before) = before {
            self.take_note_of_chats(before);
        }
    }

    /// A change that came too late is refused rightly, and so is anything said in a group that was
    /// left; another message never fails.
    fn take_failure(&mut self, failed: &MsgFailed) {
        let has_left = self.notes.left.contains(&failed.chat_id);
        let is_outsiders = matches!(failed.error.code, ErrorCode::NotFound | ErrorCode::Forbidden);
        let is_change = failed.client_id.is_empty();
        let is_late = is_change && failed.error.code == ErrorCode::Gone;
        if !(has_left && is_outsiders || is_late) {
            self.notes.complaints.push(format!("failed: {failed:?}"));
        }
        if !is_change {
            self.outbox.on_failed(failed);
            self.journal.failed(failed.chat_id, &failed.client_id);
        }
    }

    fn take_departure(&mut self, message: &Message) {
        let chat = message.chat_id;
        match &message.system {
            Some(SystemEvent::MemberLeft { user_id, .. }) if self.owns(chat) => {
                let at = Instant::now() + self.chance.millis(300..2_000);
                self.absent.push((chat, *user_id, at));
            }
            Some(SystemEvent::MemberJoined { user_id, .. }) => {
                self.absent.retain(|(c, user, _)| *c != chat || user != user_id);
            }
            Some(SystemEvent::MembersAdded { user_ids }) => {
                self.absent.retain(|(c, user, _)| *c != chat || !user_ids.contains(user));
            }
            _ => {}
        }
    }

    pub(super) fn owns(&self, chat: ChatId) -> bool {
        self.state.chat(chat).is_some_and(|own| own.chat.me.role == Role::Owner)
    }

    fn chats(&self) -> BTreeSet<ChatId> {
        self.state.chats().map(|(chat, _)| *chat).collect()
    }

    fn take_note_of_chats(&mut self, before: BTreeSet<ChatId>) {
        for chat in before.difference(&self.chats()) {
            self.journal.left(*chat);
            self.outbox.on_left(*chat);
            self.notes.left.insert(*chat);
        }
    }
}

fn is_unauthenticated(err: &rest::Error) -> bool {
    err.status() == Some(401)
}
