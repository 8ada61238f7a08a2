//! One server and the connections to it, opened when they are needed.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, ErrorKind, Pipeline, PushInfo, PushKind,
    RedisError, RedisResult, Value, aio::MultiplexedConnection,
};

/// After a failed attempt nobody knocks again for so long.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) struct Server {
    client: Client,
    connect_timeout: Duration,
    /// For commands that answer at once.
    quick: Arc<Line>,
    /// For those that wait for replicas: what is behind them waits as well.
    patient: Arc<Line>,
}

/// What became of commands.
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
        })
    }

    pub async fn send(&self, pipe: &Pipeline, limit: Duration) -> Result<Vec<Value>, Failed> {
        self.send_on(&self.quick, pipe, limit).await
    }

    /// On a connection where it does no harm to wait.
    pub async fn send_and_wait(
        &self,
        pipe: &Pipeline,
        limit: Duration,
    ) -> Result<Vec<Value>, Failed> {
        self.send_on(&self.patient, pipe, limit).await
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

pub(super) fn took_too_long() -> RedisError {
    RedisError::from((ErrorKind::Io, "Redis took too long"))
}
