//! A file system of its own, in memory: it can be filled, and turned read-only, at nobody's cost.

use std::{
    ffi::CString,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use rustix::mount::{MountFlags, UnmountFlags, mount, mount_remount, unmount};
use tokio::task::spawn_blocking;

const BALLAST: &str = "ballast";

/// Dropping it takes it away, with all that is on it.
#[derive(Debug)]
pub struct Disk {
    path: PathBuf,
    options: CString,
}

/// Whether this process may mount anything.
pub fn are_possible() -> bool {
    rustix::process::geteuid().is_root()
}

/// Which of `disks` is under the data of the store with this name.
pub fn named<'a>(disks: &'a [Disk], name: &str) -> Result<&'a Disk> {
    let disk = disks.iter().find(|disk| disk.path.ends_with(name));
    disk.with_context(|| format!("{name} has no disk of its own"))
}

impl Disk {
    pub fn mount(path: &Path, mib: u32) -> Result<Disk> {
        fs::create_dir_all(path)?;
        let options = CString::new(format!("size={mib}m"))?;
        let flags = MountFlags::NOSUID | MountFlags::NODEV;
        mount("nexus-fleet", path, "tmpfs", flags, Some(options.as_c_str()))
            .with_context(|| format!("{}: only root can mount a disk", path.display()))?;
        Ok(Disk { path: path.to_owned(), options })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// To the last byte.
    pub async fn fill(&self) -> Result<()> {
        let path = self.path.join(BALLAST);
        Ok(spawn_blocking(move || fill(&path)).await??)
    }

    pub fn make_room(&self) -> io::Result<()> {
        fs::remove_file(self.path.join(BALLAST))
    }

    /// The kernel refuses while somebody has a file open to write.
    pub fn turn_read_only(&self) -> io::Result<()> {
        Ok(mount_remount(&self.path, MountFlags::RDONLY, self.options.as_c_str())?)
    }

    pub fn turn_writable(&self) -> io::Result<()> {
        Ok(mount_remount(&self.path, MountFlags::empty(), self.options.as_c_str())?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whoever still writes to it is about to be killed.
        let _ = unmount(&self.path, UnmountFlags::DETACH);
    }
}

fn fill(path: &Path) -> io::Result<()> {
    let mut ballast = File::create(path)?;
    let mut block = &[0; 1 << 20][..];
    while !block.is_empty() {
        match ballast.write(block) {
            Ok(_) => {}
            Err(full) if full.kind() == io::ErrorKind::StorageFull => {
                block = &block[..block.len() / 2]
            }
            Err(err) => return Err(err),
        }
    }
    Ok(())
}
