//! Letters that go nowhere: each is a file that mail programs open. For development.

use std::{fs, io, path::PathBuf, time::SystemTime};

use async_trait::async_trait;
use nexus_core::ports::{Envelope, Mail, MailError};

use crate::message::message;

/// Older ones make room.
const KEPT: usize = 500;

#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A letter in the folder, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub path: PathBuf,
    pub to: String,
    pub subject: String,
    pub written_at: SystemTime,
}

impl Folder {
    pub fn new(path: PathBuf) -> Folder {
        Folder { path }
    }

    /// The last `limit`, the newest first; none where there is no folder yet.
    pub fn last(&self, limit: usize) -> io::Result<Vec<Kept>> {
        let mut files = self.files()?;
        files.reverse();
        files.into_iter().take(limit).map(kept).collect()
    }

    /// In the order of their jobs' ids, which is that of time.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.path) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut files: Vec<PathBuf> =
            entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
        files.sort();
        Ok(files)
    }

    /// Whole or not at all, and for nobody else's eyes: there are keys to accounts in it.
    fn write(&self, name: &str, letter: &[u8]) -> io::Result<()> {
        use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
        fs::create_dir_all(&self.path)?;
        let unfinished = self.path.join(format!("{name}.part"));
        let mut options = fs::OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(letter)?;
        file.sync_all()?;
        fs::rename(unfinished, self.path.join(format!("{name}.eml")))?;
        let files = self.files()?;
        for old in files.iter().rev().skip(KEPT) {
            fs::remove_file(old)?;
        }
        Ok(())
    }
}

fn kept(path: PathBuf) -> io::Result<Kept> {
    let letter = fs::read_to_string(&path)?;
    let header = |name: &str| {
        let lines = letter.lines().take_while(|line| !line.is_empty());
        let mut found = lines.filter_map(|line| line.strip_prefix(name));
        found.next().unwrap_or_default().trim().to_owned()
    };
    let written_at = fs::metadata(&path)?.modified()?;
    Ok(Kept { to: header("To:"), subject: header("Subject:"), written_at, path })
}

#[async_trait]
impl Mail for Folder {
    async fn send(&self, letter: &Envelope) -> Result<(), MailError> {
        let (folder, name) = (self.clone(), letter.job.to_string());
        let letter = message(letter)?.formatted();
        let writing = tokio::task::spawn_blocking(move || folder.write(&name, &letter));
        let written = writing.await.unwrap_or_else(|died| Err(io::Error::other(died)));
        written.map_err(|err| MailError::Retryable {
            after: None,
            why: format!("{} can't be written: {err}", self.path.display()),
        })
    }
}
