//! One server and the connections to it, opened when they are needed.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionInfo, ErrorKind, Pipeline, PushInfo, PushKind,
    RedisError, RedisResult, Value, aio::MultiplexedConnection,
};
use tokio::sync::oneshot;

use super::Replicas;

/// After a failed attempt nobody knocks again for so long.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) struct Server {
    client: Client,
    connect_timeout: Duration,
    /// For commands that answer at once.
    quick: Arc<Line>,
    /// For those that wait for replicas: what is behind them waits as well.
    patient: Arc<Line>,
    gathered: Mutex<Gathered>,
}

/// Commands that are to wait for replicas, all together.
#[derive(Default)]
struct Gathered {
    jobs: Vec<Job>,
    /// Somebody sends them already.
    sending: bool,
}

struct Job {
    cmds: Vec<Cmd>,
    done: oneshot::Sender<Result<(Vec<Value>, bool), Failed>>,
}

/// What became of commands.
#[derive(Clone)]
pub(super) enum Failed {
    /// They never left.
    Unsent(RedisError),
    /// They may have been carried out.
    Unanswered(RedisError),
}

#[derive(Default)]
struct Line {
    open: Mutex<Option<(u64, MultiplexedConnection)>>,
    /// Held by whoever connects; the others wait for the outcome.
    connecting: tokio::sync::Mutex<Attempts>,
}

#[derive(Default)]
struct Attempts {
    made: u64,
    failed: Option<(Instant, RedisError)>,
}

impl Server {
    pub fn new(info: ConnectionInfo, limit: Duration) -> RedisResult<Server> {
        Ok(Server {
            client: Client::open(info)?,
            connect_timeout: limit,
            quick: Arc::default(),
            patient: Arc::default(),
            gathered: Mutex::default(),
        })
    }

    pub async fn send(&self, pipe: &Pipeline, limit: Duration) -> Result<Vec<Value>, Failed> {
        self.send_on(&self.quick, pipe, limit).await
    }

    /// On a connection where it does no harm to wait. Whatever comes while another wait is under way
    /// goes together after it. Answers as well whether so many replicas have it.
    pub async fn send_and_wait(
        self: &Arc<Self>,
        cmds: Vec<Cmd>,
        replicas: Replicas,
        limit: Duration,
    ) -> Result<(Vec<Value>, bool), Failed> {
        let (done, answered) = oneshot::channel();
        let first = {
            let mut gathered = self.gathered.lock();
            gathered.jobs.push(Job { cmds, done });
            !std::mem::replace(&mut gathered.sending, true)
        };
        if first {
            // Apart from this call, which may be given up.
            tokio::spawn(send_gathered(Arc::clone(self), replicas, limit));
        }
        answered.await.unwrap_or_else(|_| Err(Failed::Unanswered(took_too_long())))
    }

    /// A connection for one use, whose pushes go to `pushes`.
    pub async fn connect(
        &self,
        pushes: impl Fn(PushInfo) + Send + Sync + 'static,
        response_timeout: Duration,
    ) -> RedisResult<MultiplexedConnection> {
        let pushes = move |info: PushInfo| {
            pushes(info);
            Ok::<(), ()>(())
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.connect_timeout))
            .set_response_timeout(Some(response_timeout))
            .set_push_sender(pushes);
        let connect = self.client.get_multiplexed_async_connection_with_config(&config);
        // The sign-in has a time limit of its own in there, but only for each of its steps.
        let limit = self.connect_timeout + response_timeout;
        tokio::time::timeout(limit, connect).await.unwrap_or_else(|_| Err(took_too_long()))
    }

    async fn send_on(
        &self,
        line: &Arc<Line>,
        pipe: &Pipeline,
        limit: Duration,
    ) -> Result<Vec<Value>, Failed> {
        let (number, mut connection) = self.open(line, limit).await.map_err(Failed::Unsent)?;
        let sent = connection.send_packed_commands(pipe, 0, pipe.len());
        let answered =
            tokio::time::timeout(limit, sent).await.unwrap_or_else(|_| Err(took_too_long()));
        answered.map_err(|err| {
            // Half open, or stalled: the next one finds out on a new connection.
            line.forget(number);
            Failed::Unanswered(err)
        })
    }

    async fn open(
        &self,
        line: &Arc<Line>,
        limit: Duration,
    ) -> RedisResult<(u64, MultiplexedConnection)> {
        if let Some(open) = line.open.lock().clone() {
            return Ok(open);
        }
        let mut attempts = line.connecting.lock().await;
        if let Some(open) = line.open.lock().clone() {
            return Ok(open);
        }
        if let Some((at, err)) = &attempts.failed
            && at.elapsed() < PAUSE
        {
            return Err(err.clone());
        }
        attempts.made += 1;
        let number = attempts.made;
        match self.connect(line.hang_up_of(number), limit).await {
            Ok(connection) => {
                attempts.failed = None;
                *line.open.lock() = Some((number, connection.clone()));
                Ok((number, connection))
            }
            Err(err) => {
                attempts.failed = Some((Instant::now(), err.clone()));
                Err(err)
            }
        }
    }
}

impl Line {
    fn forget(&self, number: u64) {
        self.open.lock().take_if(|(open, _)| *open == number);
    }

    /// Forgets a connection the moment it ends, so that no command is lost on it.
    fn hang_up_of(self: &Arc<Self>, number: u64) -> impl Fn(PushInfo) + Send + Sync + 'static {
        let line: Weak<Line> = Arc::downgrade(self);
        move |info| {
            if info.kind == PushKind::Disconnection
                && let Some(line) = line.upgrade()
            {
                line.forget(number);
            }
        }
    }
}

async fn send_gathered(server: Arc<Server>, replicas: Replicas, limit: Duration) {
    loop {
        let jobs = {
            let mut gathered = server.gathered.lock();
            gathered.sending = !gathered.jobs.is_empty();
            std::mem::take(&mut gathered.jobs)
        };
        if jobs.is_empty() {
            return;
        }
        let mut pipe = pipeline(jobs.iter().flat_map(|job| job.cmds.iter().cloned()));
        // Behind the writes and on their connection, so that it is them it waits for.
        let millis = u64::try_from(replicas.within.as_millis()).unwrap_or(u64::MAX);
        pipe.cmd("WAIT").arg(replicas.number).arg(millis);
        let answered = server.send_on(&server.patient, &pipe, limit).await;
        let (mut values, replicated) = match answered {
            Ok(mut values) => {
                let number = i64::from(replicas.number);
                let enough = matches!(values.pop(), Some(Value::Int(have_it)) if have_it >= number);
                (Ok(values.into_iter()), enough)
            }
            Err(err) => (Err(err), false),
        };
        for job in jobs {
            let count = job.cmds.len();
            let answer = match &mut values {
                Ok(values) => Ok((values.take(count).collect(), replicated)),
                Err(err) => Err(err.clone()),
            };
            // Who has given up doesn't want to know.
            let _ = job.done.send(answer);
        }
    }
}

pub(super) fn pipeline(cmds: impl IntoIterator<Item = Cmd>) -> Pipeline {
    let mut pipe = Pipeline::new();
    for cmd in cmds {
        pipe.add_command(cmd);
    }
    pipe
}

pub(super) fn took_too_long() -> RedisError {
    RedisError::from((ErrorKind::Io, "Redis took too long"))
}
