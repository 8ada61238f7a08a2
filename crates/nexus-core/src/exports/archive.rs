//! A ZIP that is written from its beginning to its end, and leaves in chunks.

use std::{
    io::{self, Write},
    sync::Arc,
};

use nexus_protocol::ExportId;
use parking_lot::Mutex;
use serde::Serialize;
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use crate::{
    Core, Result,
    ports::{ChunkPlace, PortError, failed},
};

const CHUNK: usize = 256 * 1024;
const DOING: &str = "write an archive";

/// Where the writer leaves what it has packed.
#[derive(Clone, Default)]
struct Spool(Arc<Mutex<Vec<u8>>>);

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub struct Archive<'a> {
    core: &'a Core,
    zip: ZipWriter<StreamWriter<Spool>>,
    spool: Spool,
    next: ChunkPlace,
    size: u64,
}

impl<'a> Archive<'a> {
    pub fn new(core: &'a Core, export: ExportId, attempt: u32) -> Archive<'a> {
        let spool = Spool::default();
        let zip = ZipWriter::new_stream(spool.clone());
        Archive { core, zip, spool, next: ChunkPlace { export, attempt, number: 0 }, size: 0 }
    }

    /// What is written from now on is in this file.
    pub fn file(&mut self, name: &str) -> Result<()> {
        // Nobody knows beforehand how long it will be.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(true);
        Ok(self.zip.start_file(name, options).map_err(failed(DOING))?)
    }

    pub async fn text(&mut self, name: &str, text: &str) -> Result<()> {
        self.file(name)?;
        self.add(text.as_bytes()).await
    }

    pub async fn json(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        let json = serde_json::to_vec_pretty(value).map_err(failed(DOING))?;
        self.file(name)?;
        self.add(&json).await
    }

    pub async fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut json = serde_json::to_vec(value).map_err(failed(DOING))?;
        json.push(b'\n');
        self.add(&json).await
    }

    async fn add(&mut self, bytes: &[u8]) -> Result<()> {
        self.zip.write_all(bytes).map_err(failed(DOING))?;
        while self.spool.0.lock().len() >= CHUNK {
            self.store().await?;
        }
        Ok(())
    }

    /// One chunk of what waits.
    async fn store(&mut self) -> Result<()> {
        let chunk: Vec<u8> = {
            let mut waiting = self.spool.0.lock();
            let end = waiting.len().min(CHUNK);
            waiting.drain(..end).collect()
        };
        self.size += chunk.len() as u64;
        self.core.store.put_export_chunk(self.next, chunk).await?;
        self.next.number += 1;
        Ok(())
    }

    /// How many chunks it has, and bytes.
    pub async fn finish(mut self) -> Result<(u32, u64)> {
        let zip = std::mem::replace(&mut self.zip, ZipWriter::new_stream(Spool::default()));
        zip.finish().map_err(|err| PortError::new(DOING, err))?;
        while !self.spool.0.lock().is_empty() {
            self.store().await?;
        }
        Ok((self.next.number, self.size))
    }
}
