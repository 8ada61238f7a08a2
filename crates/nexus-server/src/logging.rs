//! What the process writes to its standard error.

use tracing_subscriber::{EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, registry};

use crate::config::{Log, LogFormat};

#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    #[error("log.level is no filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    #[error("logging was set up before: {0}")]
    Twice(#[from] tracing::subscriber::SetGlobalDefaultError),
}

/// To be called once, first thing.
pub fn start(log: &Log) -> Result<(), LoggingError> {
    let subscriber = subscriber(log, std::io::stderr)?;
    Ok(tracing::subscriber::set_global_default(subscriber)?)
}

/// Panics become a log line that says where. What they say may hold anything, unless it is a text
/// from the source.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(formatted)");
        tracing::error!(location, said, "panicked");
    }));
}

fn subscriber<W>(
    log: &Log,
    writer: W,
) -> Result<impl tracing::Subscriber + Send + Sync, LoggingError>
where
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&log.level)?;
    let lines = match log.format {
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_writer(writer).boxed(),
        LogFormat::Pretty => {
            let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
            fmt::layer().with_ansi(colours).with_writer(writer).boxed()
        }
    };
    Ok(registry().with(filter).with(lines))
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;
    use crate::config::{Flags, load};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat, level: &str, run: impl FnOnce()) -> String {
        let lines = Lines::default();
        let log = Log { format, level: level.to_owned() };
        let writer = lines.clone();
        let subscriber = subscriber(&log, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, run);
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_is_json_or_for_people() {
        let say = || tracing::info!(answer = 42, "hello");
        let json: serde_json::Value =
            serde_json::from_str(&written(LogFormat::Json, "info", say)).unwrap();
        assert_eq!((&json["message"], &json["answer"]), (&"hello".into(), &42.into()));
        assert!(written(LogFormat::Pretty, "info", say).contains("hello"));
        assert_eq!(written(LogFormat::Pretty, "warn", say), "");
    }

    #[test]
    fn secrets_do_not_reach_the_log() {
        let token = ("NEXUS__METRICS__TOKEN".to_owned(), "canary-canary-canary".to_owned());
        let config = load(&Flags::default(), [token].into()).unwrap();
        for format in [LogFormat::Json, LogFormat::Pretty] {
            let text = written(format, "trace", || tracing::trace!(?config, "settings"));
            assert!(text.contains("(hidden)") && !text.contains("canary"), "{text}");
        }
    }
}
