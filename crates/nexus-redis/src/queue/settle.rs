//! Settling what was taken: in Redis first, and there only while the lane is ours.

use std::time::Duration;

use nexus_core::{
    ops::Rejection,
    ports::{DeadLetter, PortError, PortResult},
};
use nexus_protocol::{OpId, Timestamp};

use super::{
    Shared,
    lane::{Lane, lost},
    reader::Tries,
    scripts::{ACK, BURY, DIED, RETRY, with_args},
};
use crate::{Call, fault};

/// Most ops forgotten in one step; Redis does nothing else meanwhile.
const AT_ONCE: usize = 500;

impl Shared {
    pub(super) async fn ack(&self, lane: &Lane, ops: &[OpId]) -> PortResult<()> {
        fault::point("redis.before_ack");
        for ops in ops.chunks(AT_ONCE) {
            let Some(token) = lane.token_for(ops)? else { continue };
            let call = lane.keys.call(&ACK).arg(&token);
            let call = with_args(call, ops.iter().map(OpId::to_string));
            self.settle(lane, "acknowledge ops", &token, call).await?;
            lane.schedule.remove(ops);
        }
        self.settled(lane);
        Ok(())
    }

    pub(super) async fn retry(
        &self,
        lane: &Lane,
        op: OpId,
        after: Duration,
        error: &str,
    ) -> PortResult<()> {
        let Some(token) = lane.token_for(&[op])? else { return Ok(()) };
        let Some(queued) = lane.schedule.queued(op) else { return Ok(()) };
        let now = lane.schedule.now();
        let tries = Tries {
            attempts: queued.attempts + 1,
            last_error: error.to_owned(),
            last_tried_at: now,
            run_at: now.plus(after),
        };
        let tries = json("note a failed try", &tries)?;
        let call = lane.keys.call(&RETRY).arg(&token).arg(op.to_string()).arg(tries);
        self.settle(lane, "note a failed try", &token, call).await?;
        lane.schedule.retry(op, now, now.plus(after), error);
        self.settled(lane);
        Ok(())
    }

    /// Redis holds them at their old place anyway.
    pub(super) fn release(&self, lane: &Lane, ops: &[OpId]) -> PortResult<()> {
        for op in ops {
            if lane.token_for(std::slice::from_ref(op))?.is_some() {
                lane.schedule.release(&[*op]);
            }
        }
        self.settled(lane);
        Ok(())
    }

    pub(super) async fn bury(
        &self,
        lane: &Lane,
        op: OpId,
        rejection: &Rejection,
    ) -> PortResult<Option<Timestamp>> {
        let Some(token) = lane.token_for(&[op])? else { return Ok(None) };
        let Some(queued) = lane.schedule.queued(op) else { return Ok(None) };
        let letter = DeadLetter {
            op: (*queued.op).clone(),
            rejection: rejection.clone(),
            attempts: queued.attempts + 1,
            died_at: self.time_of_death(lane.schedule.now()).await?,
        };
        // Before the letter: what lists it and is not there is passed over.
        self.list_letter(lane.number, &letter).await?;
        let body = json("bury an op", &letter)?;
        let call = lane.keys.call(&BURY).arg(&token).arg(op.to_string());
        let call = call.arg(body).arg(letter.died_at.0);
        let buried = self.lasting("bury an op", call).await;
        if !matches!(buried, Ok(true)) {
            // It may be dead all the same, and must not be carried out then: what waits is read back.
            lane.lose(&token);
            self.look_again.notify_one();
            return Err(buried.err().unwrap_or_else(lost));
        }
        lane.schedule.remove(&[op]);
        self.settled(lane);
        Ok(Some(letter.died_at))
    }

    async fn time_of_death(&self, now: Timestamp) -> PortResult<Timestamp> {
        let call = DIED.call().key(self.fleet.died()).arg(now.0);
        self.redis.script("note a time of death", call).await.map(Timestamp)
    }

    async fn settle(
        &self,
        lane: &Lane,
        doing: &'static str,
        token: &str,
        call: Call,
    ) -> PortResult<()> {
        if self.redis.script::<bool>(doing, call).await? {
            return Ok(());
        }
        lane.lose(token);
        Err(lost())
    }

    fn settled(&self, lane: &Lane) {
        lane.drained(self.options.portion);
        if lane.schedule.taken() == 0 && lane.tenure().is_some_and(|tenure| tenure.leaving) {
            self.look_again.notify_one();
        }
    }
}

pub(super) fn json<T: serde::Serialize>(doing: &'static str, value: &T) -> PortResult<String> {
    serde_json::to_string(value).map_err(|err| PortError::new(doing, err))
}
