//! `nexus admin audit`

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use anyhow::Context as _;
use nexus_core::{
    audit::{self, Break, Verifier},
    ports::Store,
};
use nexus_protocol::AuditEntry;

use super::{Ended, print};
use crate::cli::Audit;

pub async fn run(store: &dyn Store, command: Audit) -> anyhow::Result<Ended> {
    match command {
        Audit::Export => {
            audit::each(store, |entry| print(&serde_json::to_string(&entry)?)).await?;
            Ok(Ended::Well)
        }
        Audit::Verify { known, .. } => {
            let mut check = Check::of(known.as_deref());
            let followed = audit::each(store, |entry| check.take(&entry)).await;
            check.report(followed)
        }
    }
}

pub fn verify_file(path: &Path, known: Option<&str>) -> anyhow::Result<Ended> {
    let file = File::open(path).with_context(|| format!("can't open {}", path.display()))?;
    let mut check = Check::of(known);
    let followed = BufReader::new(file).lines().enumerate().try_for_each(|(line, text)| {
        let entry: AuditEntry = serde_json::from_str(&text?)
            .with_context(|| format!("line {} is no entry", line + 1))?;
        check.take(&entry)
    });
    check.report(followed)
}

struct Check<'a> {
    verifier: Verifier,
    known: Option<&'a str>,
    met: bool,
}

impl Check<'_> {
    fn of(known: Option<&str>) -> Check<'_> {
        Check { verifier: Verifier::default(), known, met: false }
    }

    fn take(&mut self, entry: &AuditEntry) -> anyhow::Result<()> {
        self.met |= self.known == Some(entry.hash.as_str());
        Ok(self.verifier.next(entry)?)
    }

    /// A break is what was asked for; anything else that went wrong is an error.
    fn report(&self, followed: anyhow::Result<()>) -> anyhow::Result<Ended> {
        if let Err(err) = followed {
            let found = err.downcast::<Break>()?;
            print(&format!("broken: {found}"))?;
            return Ok(Ended::Badly);
        }
        if let Err(found) = self.verifier.beginning() {
            print(&format!("broken: {found}"))?;
            return Ok(Ended::Badly);
        }
        let (count, hash) = self.verifier.end();
        if let (Some(known), false) = (self.known, self.met) {
            print(&format!("broken: no entry has the hash {known}; there are {count}"))?;
            return Ok(Ended::Badly);
        }
        print(&format!("{count} entries, all as they were written; the last hash is {hash}"))?;
        Ok(Ended::Well)
    }
}
