//! A bus that is away must not stop what is durable.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use nexus_core::ports::{Bus, Event, PortResult, Subscription};
use parking_lot::Mutex;

/// A failover is over by then: whoever publishes repeats until it is through.
const FAILOVER: Duration = Duration::from_secs(5);

/// Passes errors on for the time of a failover, so that lanes repeat what nobody has heard. After
/// that, events are dropped: lanes go on, nodes ask the store, clients find their gaps by `rev`.
pub struct PatientBus {
    bus: Arc<dyn Bus>,
    failing_since: Mutex<Option<Instant>>,
}

impl PatientBus {
    pub fn new(bus: Arc<dyn Bus>) -> PatientBus {
        PatientBus { bus, failing_since: Mutex::new(None) }
    }
}

#[async_trait]
impl Bus for PatientBus {
    async fn publish(&self, events: Vec<Event>) -> PortResult<()> {
        let Err(err) = self.bus.publish(events).await else {
            *self.failing_since.lock() = None;
            return Ok(());
        };
        let since = *self.failing_since.lock().get_or_insert_with(Instant::now);
        if since.elapsed() < FAILOVER {
            return Err(err);
        }
        tracing::warn!(error = &err as &dyn std::error::Error, "nobody is told: the bus is away");
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        self.bus.subscribe()
    }

    async fn close(&self) {
        self.bus.close().await;
    }
}

#[cfg(test)]
mod tests {
    use nexus_core::{memory::MemoryBus, ports::PortError};

    use super::*;

    struct Broken;

    #[async_trait]
    impl Bus for Broken {
        async fn publish(&self, _: Vec<Event>) -> PortResult<()> {
            Err(PortError::new("publish", "there is nobody"))
        }

        fn subscribe(&self) -> Box<dyn Subscription> {
            MemoryBus::new().subscribe()
        }

        async fn close(&self) {}
    }

    #[tokio::test]
    async fn a_short_absence_is_an_error_and_a_long_one_is_lived_with() {
        let bus = PatientBus::new(Arc::new(Broken));
        assert!(bus.publish(Vec::new()).await.is_err());
        assert!(bus.publish(Vec::new()).await.is_err());
        *bus.failing_since.lock() = Instant::now().checked_sub(FAILOVER);
        assert!(bus.publish(Vec::new()).await.is_ok());
    }
}
