//! Carries commands to whoever holds their slots, and follows where it is sent.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use redis::{Cmd, ErrorKind, RedisError, RedisResult, ServerErrorKind, Value};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    Address, Call, Replicas, Server, Servers,
    server::{Failed, pipeline, took_too_long},
    topology::slot,
};

/// While a cluster or a server makes up its mind.
const PAUSE: Duration = Duration::from_millis(50);

/// A command, and what it takes to send it again.
pub(super) struct Order {
    slot: u16,
    cmd: Cmd,
    script: Option<Call>,
    /// The slot is on its way there: this command goes after it, this once.
    detour: Option<Address>,
    asking: bool,
}

impl Order {
    pub fn command(key: &str, cmd: Cmd) -> Order {
        Order { slot: slot(key), cmd, script: None, detour: None, asking: false }
    }

    pub fn script(call: Call) -> Order {
        let (slot, cmd) = (slot(call.slot_key()), call.by_hash());
        Order { slot, cmd, script: Some(call), detour: None, asking: false }
    }
}

/// What to do about an answer.
enum Next {
    Done(RedisResult<Value>),
    /// At once, as the order says by now.
    Again,
    /// When it is known who holds the slot.
    Look(RedisError),
    /// In a moment.
    Wait(RedisError),
}

/// Orders not answered yet, each with its place among the answers.
type Open = Vec<(usize, Order)>;

/// What a round has left to do.
#[derive(Default)]
struct Rest {
    again: Open,
    /// Sent nowhere: only worth another try if somebody else holds the slot.
    unsent: Vec<(usize, Order)>,
    look: bool,
    wait: bool,
}

/// What one server says, order by order.
struct Answered {
    values: Vec<Value>,
    /// As many replicas have it as were asked for.
    replicated: bool,
}

impl Servers {
    pub async fn carry_out_one(
        self: &Arc<Self>,
        order: Order,
        replicas: Option<Replicas>,
    ) -> RedisResult<Value> {
        let answer = self.carry_out(vec![order], replicas).await.pop();
        answer.unwrap_or_else(|| Err(took_too_long()))
    }

    /// Answers in the order of the orders.
    pub async fn carry_out(
        self: &Arc<Self>,
        orders: Vec<Order>,
        replicas: Option<Replicas>,
    ) -> Vec<RedisResult<Value>> {
        let waiting = replicas.map_or(Duration::ZERO, |replicas| replicas.within);
        let deadline = Instant::now() + self.response_timeout + waiting;
        let mut answers: Vec<RedisResult<Value>> =
            orders.iter().map(|_| Err(took_too_long())).collect();
        let mut open: Open = orders.into_iter().enumerate().collect();
        while !open.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            let round = self.round(std::mem::take(&mut open), replicas, left, &mut answers);
            match timeout_at(deadline, round).await {
                Ok(again) => open = again,
                Err(_) => self.look_soon(),
            }
        }
        answers
    }

    /// Sends all that is open; answers what must be sent again.
    async fn round(
        self: &Arc<Self>,
        open: Open,
        replicas: Option<Replicas>,
        left: Duration,
        answers: &mut [RedisResult<Value>],
    ) -> Open {
        let version = self.known().version;
        let sent = self.by_server(open, answers).into_iter().map(|(server, open)| async move {
            // Before the deadline, or what other servers have answered would be lost with it.
            let limit = left * 9 / 10;
            let sent = timeout(limit, exchange(&server, &open, replicas, limit)).await;
            (open, sent.unwrap_or_else(|_| Err(Failed::Unanswered(took_too_long()))))
        });
        let mut rest = Rest::default();
        for (open, sent) in futures_util::future::join_all(sent).await {
            match sent {
                Ok(answered) => rest.sort(open, answered, answers),
                Err(Failed::Unsent(err)) => {
                    open.iter().for_each(|(place, _)| answers[*place] = Err(err.clone()));
                    rest.unsent.extend(open);
                }
                Err(Failed::Unanswered(err)) => {
                    open.iter().for_each(|(place, _)| answers[*place] = Err(err.clone()));
                    self.look_soon();
                }
            }
        }
        if (rest.look || !rest.unsent.is_empty()) && self.refresh(version).await {
            rest.again.append(&mut rest.unsent);
        } else if rest.look || rest.wait {
            tokio::time::sleep(PAUSE).await;
        }
        rest.again
    }

    /// Who is to carry out what. That nobody holds a slot is an answer.
    fn by_server(
        &self,
        open: Open,
        answers: &mut [RedisResult<Value>],
    ) -> Vec<(Arc<Server>, Open)> {
        let topology = self.known().topology;
        let mut by_address: BTreeMap<Address, Open> = BTreeMap::new();
        for (place, mut order) in open {
            let detour = order.detour.take();
            order.asking = detour.is_some();
            match detour.or_else(|| topology.holder(order.slot).cloned()) {
                Some(address) => by_address.entry(address).or_default().push((place, order)),
                None => answers[place] = Err(nobody_has_it()),
            }
        }
        let mut found = Vec::with_capacity(by_address.len());
        for (address, open) in by_address {
            match self.server(&address) {
                Ok(server) => found.push((server, open)),
                Err(err) => {
                    open.iter().for_each(|(place, _)| answers[*place] = Err(err.clone()));
                }
            }
        }
        found
    }

    /// Nobody answered in time: perhaps somebody else is master by now.
    fn look_soon(self: &Arc<Self>) {
        let (servers, version) = (Arc::clone(self), self.known().version);
        tokio::spawn(async move { servers.refresh(version).await });
    }
}

impl Rest {
    fn sort(&mut self, open: Open, answered: Answered, answers: &mut [RedisResult<Value>]) {
        for ((place, mut order), value) in open.into_iter().zip(answered.values) {
            match order.next(value) {
                Next::Done(Ok(_)) if !answered.replicated => {
                    answers[place] = Err(too_few_replicas());
                }
                Next::Done(answer) => answers[place] = answer,
                Next::Again => self.again.push((place, order)),
                Next::Look(err) => {
                    answers[place] = Err(err);
                    self.look = true;
                    self.again.push((place, order));
                }
                Next::Wait(err) => {
                    answers[place] = Err(err);
                    self.wait = true;
                    self.again.push((place, order));
                }
            }
        }
    }
}

impl Order {
    fn next(&mut self, value: Value) -> Next {
        let Value::ServerError(err) = value else { return Next::Done(Ok(value)) };
        let (kind, err) = (err.kind(), RedisError::from(err));
        match (kind, &self.script) {
            (Some(ServerErrorKind::NoScript), Some(call)) => {
                self.cmd = call.in_full();
                Next::Again
            }
            (Some(ServerErrorKind::Ask), _) => {
                self.detour =
                    err.redirect_node().map(|(host, port)| Address { host: host.to_owned(), port });
                Next::Again
            }
            (Some(ServerErrorKind::Moved | ServerErrorKind::ReadOnly), _) => Next::Look(err),
            (
                Some(
                    ServerErrorKind::TryAgain
                    | ServerErrorKind::ClusterDown
                    | ServerErrorKind::MasterDown
                    | ServerErrorKind::BusyLoading,
                ),
                _,
            ) => Next::Wait(err),
            _ => Next::Done(Err(err)),
        }
    }
}

/// Sends what one server is to do in one go.
async fn exchange(
    server: &Arc<Server>,
    open: &[(usize, Order)],
    replicas: Option<Replicas>,
    limit: Duration,
) -> Result<Answered, Failed> {
    let mut cmds = Vec::with_capacity(open.len());
    for (_, order) in open {
        if order.asking {
            cmds.push(redis::cmd("ASKING"));
        }
        cmds.push(order.cmd.clone());
    }
    let (values, replicated) = match replicas {
        None => (server.send(&pipeline(cmds), limit).await?, true),
        Some(replicas) => server.send_and_wait(cmds, replicas, limit).await?,
    };
    Ok(Answered { values: without_asking(open, values), replicated })
}

fn without_asking(open: &[(usize, Order)], values: Vec<Value>) -> Vec<Value> {
    let mut values = values.into_iter();
    let answers = open.iter().map(|(_, order)| {
        if order.asking {
            values.next();
        }
        values.next().unwrap_or_default()
    });
    answers.collect()
}

pub(super) fn nobody_has_it() -> RedisError {
    RedisError::from((ErrorKind::Io, "no server of Redis holds the slot"))
}

fn too_few_replicas() -> RedisError {
    RedisError::from((ErrorKind::Io, "fewer replicas than asked for have it"))
}
