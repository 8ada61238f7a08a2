//! Calls that come while others are under way wait for them, and are then carried out together: few
//! commands when there is much to do, and no delay when there is little.

use std::{collections::VecDeque, future::Future, sync::Arc, time::Duration};

use nexus_core::ports::{PortError, PortResult};
use parking_lot::Mutex;
use tokio::sync::oneshot;

/// Most items carried out together, unless a single call has more.
const MOST: usize = 500;

/// Calls of one kind, of all tasks of this process.
pub struct Group<I, O> {
    /// After a group of more than one call, so that still more come together. Whoever calls again
    /// and again alone is not held up.
    rest: Duration,
    calls: Mutex<Calls<I, O>>,
}

struct Calls<I, O> {
    waiting: VecDeque<Call<I, O>>,
    is_under_way: bool,
}

struct Call<I, O> {
    items: Vec<I>,
    answer: Answer<O>,
}

type Answer<O> = oneshot::Sender<PortResult<Vec<O>>>;

/// What became of a group: of all of it, and of each call.
pub type Answers<O> = PortResult<Vec<PortResult<Vec<O>>>>;

impl<I: Send + 'static, O: Send + 'static> Group<I, O> {
    pub fn new(rest: Duration) -> Group<I, O> {
        let calls = Calls { waiting: VecDeque::new(), is_under_way: false };
        Group { rest, calls: Mutex::new(calls) }
    }

    /// Has `items` carried out, with what other calls have: `carry_out` gets the items of some
    /// calls, and answers each. It must not panic.
    pub async fn call<F>(
        self: Arc<Self>,
        doing: &'static str,
        items: Vec<I>,
        carry_out: impl Fn(Vec<Vec<I>>) -> F + Send + 'static,
    ) -> PortResult<Vec<O>>
    where
        F: Future<Output = Answers<O>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        if self.begin(Call { items, answer }) {
            tokio::spawn(self.lead(carry_out));
        }
        answered.await.map_err(|gone| PortError::new(doing, gone))?
    }

    /// Whether somebody is wanted to lead.
    fn begin(&self, call: Call<I, O>) -> bool {
        let mut calls = self.calls.lock();
        calls.waiting.push_back(call);
        !std::mem::replace(&mut calls.is_under_way, true)
    }

    /// For as long as calls wait.
    async fn lead<F>(self: Arc<Self>, carry_out: impl Fn(Vec<Vec<I>>) -> F + Send)
    where
        F: Future<Output = Answers<O>> + Send,
    {
        while let Some(calls) = self.next() {
            let (items, answers): (Vec<_>, Vec<_>) =
                calls.into_iter().map(|call| (call.items, call.answer)).unzip();
            let were_many = items.len() > 1;
            settle(answers, carry_out(items).await);
            if were_many && !self.rest.is_zero() {
                tokio::time::sleep(self.rest).await;
            }
        }
    }

    fn next(&self) -> Option<Vec<Call<I, O>>> {
        let mut calls = self.calls.lock();
        let (mut count, mut taken) = (0, 0);
        for call in &calls.waiting {
            count += call.items.len();
            if taken > 0 && count > MOST {
                break;
            }
            taken += 1;
        }
        if taken == 0 {
            calls.is_under_way = false;
            return None;
        }
        Some(calls.waiting.drain(..taken).collect())
    }
}

/// Whoever has stopped waiting doesn't want to know.
fn settle<O>(callers: Vec<Answer<O>>, answers: Answers<O>) {
    match answers {
        Ok(answers) => {
            for (caller, answer) in callers.into_iter().zip(answers) {
                let _ = caller.send(answer);
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for caller in callers {
                let shared = PortError::new(error.doing, Arc::clone(&error));
                let _ = caller.send(Err(shared));
            }
        }
    }
}
