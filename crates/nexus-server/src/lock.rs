//! One process at a time works on a data folder.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

/// Held as long as this lives, and let go by the system if the process dies.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error(
        "another nexus (pid {pid}) is using {}; stop it first, or choose another --data-dir",
        folder.display()
    )]
    Held { pid: String, folder: PathBuf },
    #[error("{} can't be locked: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl DataLock {
    /// Makes the folder if need be.
    pub fn take(path: &Path) -> Result<DataLock, LockError> {
        let io = |source| LockError::Io { path: path.to_owned(), source };
        let folder = path.parent().unwrap_or(Path::new("."));
        // Everybody's messages are in there: nobody else's business.
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
        let mut file = open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let pid = pid_in(&mut file).unwrap_or_else(|_| "unknown".to_owned());
                return Err(LockError::Held { pid, folder: folder.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        // For people only: the lock itself is what counts.
        file.set_len(0).and_then(|()| write!(file, "{}", std::process::id())).map_err(io)?;
        Ok(DataLock { _file: file })
    }

    /// The process that holds the lock now.
    pub fn holder(path: &Path) -> io::Result<Option<String>> {
        if !path.exists() {
            return Ok(None);
        }
        let mut file = OpenOptions::new().read(true).open(path)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => pid_in(&mut file).map(Some),
            Err(TryLockError::Error(err)) => Err(err),
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

fn pid_in(file: &mut File) -> io::Result<String> {
    let mut pid = String::new();
    file.rewind()?;
    file.take(20).read_to_string(&mut pid)?;
    Ok(if pid.is_empty() { "unknown".to_owned() } else { pid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_process_is_refused_and_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/nexus.lock");
        let first = DataLock::take(&path).unwrap();
        let refused = DataLock::take(&path).unwrap_err().to_string();
        let pid = std::process::id().to_string();
        assert!(refused.contains(&format!("pid {pid}")), "{refused}");
        assert_eq!(DataLock::holder(&path).unwrap(), Some(pid));

        drop(first);
        assert_eq!(DataLock::holder(&path).unwrap(), None);
        assert!(DataLock::take(&path).is_ok());
    }
}
