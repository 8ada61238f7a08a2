//! Two people who tell when messages come through again, by any door and on every lane.

use std::{collections::HashSet, time::Duration};

use anyhow::{Context, Result, bail};
use nexus_client::{Api, Client, players::Chance};
use nexus_protocol::{
    Chat, ChatId, MessageType, MsgSend, UserId,
    event::{MSG_NEW, MSG_SEND},
};
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// Enough to have one on nearly every lane, and no more than go into one array.
const CHATS: usize = 48;
const PASSWORD: &str = "a long enough password";
/// Until a try is given up, and made by another door.
const TRY: Duration = Duration::from_secs(20);
/// Until a connection or an answer counts as missing.
const STEP: Duration = Duration::from_secs(10);
/// Between two looks at the list, for messages that no event told of.
const GLANCE: Duration = Duration::from_millis(250);
/// A fleet that is not back after this time is broken.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Probe {
    doors: Vec<String>,
    chance: Chance,
    ann: String,
    bob: String,
    chats: Vec<ChatId>,
    tries: u32,
}

impl Probe {
    pub async fn place(doors: Vec<String>, chance: Chance) -> Result<Probe> {
        let api = Api::new(&format!("http://{}", doors[0]));
        let number = chance.below(1 << 30);
        let (ann, _) = sign_up(&api, &format!("ann{number}")).await?;
        let (bob, bobs_id) = sign_up(&api, &format!("bob{number}")).await?;
        let mut chats = Vec::new();
        for number in 0..CHATS {
            let title = format!("Probe {number}");
            chats.push(api.with_token(&ann).create_group(&title, vec![bobs_id]).await?.id);
        }
        Ok(Probe { doors, chance, ann, bob, chats, tries: 0 })
    }

    /// Waits until a message to each chat is committed and seen by the other one.
    pub async fn comes_through(&mut self) -> Result<()> {
        let began = Instant::now();
        loop {
            self.tries += 1;
            let Some(err) = self.attempt().await.err() else { return Ok(()) };
            if began.elapsed() > PATIENCE {
                return Err(err.context(format!("nothing came through in {PATIENCE:?}")));
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// How long a message takes from one to the other by these two doors.
    pub async fn journey(&mut self, from: &str, to: &str) -> Result<Duration> {
        let (ann, mut bob) = self.connected(from, to).await?;
        self.tries += 1;
        let began = Instant::now();
        let message = self.message(self.chats[0]);
        timeout(TRY, ann.call(MSG_SEND, &message)).await??;
        loop {
            let new = timeout(TRY, bob.next(MSG_NEW)).await?.context("no message came")?;
            if new["clientId"] == message.client_id.as_str() {
                return Ok(began.elapsed());
            }
        }
    }

    async fn attempt(&self) -> Result<()> {
        let deadline = Instant::now() + TRY;
        let (from, to) = (self.chance.pick(&self.doors), self.chance.pick(&self.doors));
        let (ann, mut bob) = self.connected(from, to).await?;
        let messages: Vec<MsgSend> = self.chats.iter().map(|chat| self.message(*chat)).collect();
        let answer = timeout(STEP, ann.call(MSG_SEND, &messages)).await??;
        let accepted = answer.as_array().context("an answer of another shape")?;
        let refused = accepted.iter().find(|answer| answer.get("error").is_some());
        if let Some(refused) = refused {
            bail!("refused: {refused}");
        }
        let mut missing: HashSet<ChatId> = self.chats.iter().copied().collect();
        while !missing.is_empty() {
            let seen = match timeout(GLANCE, bob.next(MSG_NEW)).await {
                Ok(Some(new)) => vec![serde_json::from_value(new)?],
                Ok(None) => bail!("the connection ended"),
                Err(_) if Instant::now() > deadline => bail!("{} are missing", missing.len()),
                Err(_) => self.listed(to, deadline).await?,
            };
            for message in seen.iter().filter(|message| self.is_ours(message)) {
                missing.remove(&message.chat_id);
            }
        }
        Ok(())
    }

    async fn connected(&self, from: &str, to: &str) -> Result<(Client, Client)> {
        let connect = async |door: &str, token: &str| {
            timeout(STEP, Client::connect(door, token, &["/chat"])).await
        };
        let (ann, bob) = tokio::join!(connect(from, &self.ann), connect(to, &self.bob));
        Ok((ann??, bob??))
    }

    async fn listed(&self, door: &str, deadline: Instant) -> Result<Vec<nexus_protocol::Message>> {
        let api = Api::new(&format!("http://{door}")).with_token(&self.bob);
        let chats: Vec<Chat> = timeout_at(deadline, api.chats()).await??;
        Ok(chats.into_iter().filter_map(|chat| chat.last_message).collect())
    }

    fn message(&self, chat_id: ChatId) -> MsgSend {
        MsgSend {
            chat_id,
            client_id: format!("probe-{}", self.tries),
            r#type: MessageType::Text,
            content: "Are you there?".to_owned(),
            reply_to: None,
            mentions: Vec::new(),
        }
    }

    fn is_ours(&self, message: &nexus_protocol::Message) -> bool {
        message.client_id == format!("probe-{}", self.tries)
    }
}

pub async fn sign_up(api: &Api, name: &str) -> Result<(String, UserId)> {
    let signed_in = api.signup(name, PASSWORD).await?;
    Ok((signed_in.access_token.context("a token")?, signed_in.user.id))
}
