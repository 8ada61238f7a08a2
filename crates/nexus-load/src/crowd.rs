//! Accounts, groups and sockets, made before anything is measured.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use futures_util::{StreamExt, TryStreamExt, stream};
use nexus_client::{Api, Client, NAMESPACES};
use nexus_protocol::{ChatId, UserId};
use tokio::time::timeout;

use crate::tally::{Ear, Tally};

/// How many are under way at once, in everything that is done for each user or socket.
const AT_ONCE: usize = 32;

pub struct Person {
    pub id: UserId,
    pub token: String,
}

pub struct Group {
    pub chat: ChatId,
    pub members: Vec<Person>,
    /// `seq` of the last message that was there before the load.
    pub first_seq: u64,
}

/// Groups of strangers to each other, `members` in each.
pub async fn groups(
    apis: &[Api],
    count: usize,
    members: usize,
    limit: Duration,
) -> Result<Vec<Group>> {
    // No earlier crowd on the same server has these names.
    static CROWDS: AtomicU32 = AtomicU32::new(0);
    let crowd = format!("load{}x{}", std::process::id(), CROWDS.fetch_add(1, Relaxed));
    let making = stream::iter(0..count)
        .map(|number| group(&apis[number % apis.len()], format!("{crowd}x{number}"), members))
        .buffered(AT_ONCE.div_ceil(members).max(2))
        .try_collect();
    timeout(limit, making).await.context("accounts and groups were not made in time")?
}

async fn group(api: &Api, name: String, members: usize) -> Result<Group> {
    let members: Vec<Person> = stream::iter(0..members)
        .map(|member| person(api, format!("{name}x{member}")))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let owner = members.first().context("a group needs members")?;
    let others = members.iter().skip(1).map(|person| person.id).collect();
    let api = api.with_token(&owner.token);
    let chat = api.create_group(&name, others).await?;
    Ok(Group { chat: chat.id, members, first_seq: chat.last_seq })
}

async fn person(api: &Api, username: String) -> Result<Person> {
    let signed_in = api.signup(&username, "a long enough password").await?;
    let token = signed_in.access_token.context("no token came back")?;
    Ok(Person { id: signed_in.user.id, token })
}

/// One socket for each ear, all three namespaces on it, in the order of the ears.
pub async fn sockets(
    apis: &[Api],
    ears: Vec<(String, Ear)>,
    tally: &Arc<Tally>,
    limit: Duration,
) -> Result<Vec<Client>> {
    let connecting = stream::iter(ears)
        .zip(stream::iter(apis.iter().cycle()))
        .map(|((token, ear), api)| {
            let (host, tally) = (api.host().to_owned(), tally.clone());
            async move {
                let client = Client::connect_raw(&host, &token, &NAMESPACES, ear.listen(tally));
                client.await.map_err(|err| anyhow!("a socket was not let in: {err}"))
            }
        })
        .buffered(AT_ONCE * 2)
        .try_collect();
    timeout(limit, connecting).await.context("sockets were not connected in time")?
}
