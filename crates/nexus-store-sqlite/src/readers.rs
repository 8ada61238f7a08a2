//! A few threads with read-only connections. A read never waits for a writer, nor a writer for it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
};

use nexus_core::ports::{PortError, PortResult, failed};
use parking_lot::{Mutex, RwLock};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, oneshot};

/// So many reads may wait; more wait outside.
const WAITING: usize = 1_024;

type Read = Box<dyn FnOnce(&Connection) + Send>;

pub struct Readers {
    /// `None` once it is closed.
    reads: RwLock<Option<Sender<Read>>>,
    room: Arc<Semaphore>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the database is closed")]
struct Closed;

impl Readers {
    pub fn start(path: &Path, count: usize) -> PortResult<Readers> {
        let (sender, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let mut threads = Vec::new();
        for number in 0..count.max(1) {
            let db = open(path).map_err(failed("open a read-only connection"))?;
            let receiver = Arc::clone(&receiver);
            let thread = std::thread::Builder::new()
                .name(format!("sqlite-reader-{number}"))
                .spawn(move || serve(&db, &receiver))
                .map_err(failed("start a reader's thread"))?;
            threads.push(thread);
        }
        Ok(Readers {
            reads: RwLock::new(Some(sender)),
            room: Arc::new(Semaphore::new(WAITING)),
            threads: Mutex::new(threads),
        })
    }

    /// Runs `work` on one consistent state of the data: all that was committed before this call.
    pub async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> PortResult<T> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(failed(doing))?;
        let (answer, answered) = oneshot::channel();
        let read = move |db: &Connection| {
            let _room = room;
            // Whoever asked may have gone.
            let _ = answer.send(in_one_state(db, work));
        };
        match self.reads.read().as_ref() {
            Some(reads) => reads.send(Box::new(read)).map_err(|_| PortError::new(doing, Closed))?,
            None => return Err(PortError::new(doing, Closed)),
        }
        answered.await.map_err(failed(doing))?.map_err(failed(doing))
    }

    /// Lets no more in, and blocks until what waits is answered.
    pub fn close(&self) {
        self.reads.write().take();
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a reader's thread panicked");
            }
        }
    }
}

pub fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.set_prepared_statement_cache_capacity(128);
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "cache_size", -16_384)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(db)
}

fn serve(db: &Connection, reads: &Mutex<Receiver<Read>>) {
    loop {
        // Taken out of the lock before it is run, so that the others can read meanwhile.
        let next = reads.lock().recv();
        let Ok(read) = next else { return };
        if catch_unwind(AssertUnwindSafe(|| read(db))).is_err() {
            tracing::error!("a read panicked");
        }
        if !db.is_autocommit()
            && let Err(error) = db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "could not end a read");
        }
    }
}

fn in_one_state<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    db.prepare_cached("BEGIN")?.execute([])?;
    let done = work(db);
    db.prepare_cached("COMMIT")?.execute([])?;
    done
}
