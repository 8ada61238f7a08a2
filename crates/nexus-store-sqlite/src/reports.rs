//! Reports, gathered by what they are about.

use async_trait::async_trait;
use nexus_core::ports::{MAX_COMPLAINTS, PortResult, ReportStore};
use nexus_protocol::{Complaint, Report, ReportId, ReportState, Resolution, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{parse, time, to_json, uuid},
};

const REPORT: &str = "id, subject, reported, state, created_at, resolution";

#[async_trait]
impl ReportStore for SqliteStore {
    async fn file_report(&self, report: &Report) -> PortResult<()> {
        let report = report.clone();
        self.write("file a report", move |db| file(db, report)).await
    }

    async fn report(&self, id: ReportId) -> PortResult<Option<Report>> {
        self.read("read a report", move |db| {
            let sql = format!("SELECT {REPORT} FROM reports WHERE id = ?1");
            let found = db.prepare_cached(&sql)?.query_row([id.0.as_bytes()], report).optional()?;
            found.map(|report| complained(db, report, WITH_EVIDENCE)).transpose()
        })
        .await
    }

    async fn reports(
        &self,
        state: Option<ReportState>,
        before: Option<ReportId>,
        limit: u32,
    ) -> PortResult<Vec<Report>> {
        self.read("list reports", move |db| {
            let sql = format!(
                "SELECT {REPORT} FROM reports
                 WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR id < ?2)
                 ORDER BY id DESC LIMIT ?3"
            );
            let state = state.map(ReportState::as_str);
            let before = before.as_ref().map(|id| id.0.as_bytes());
            let found: Vec<Report> = db
                .prepare_cached(&sql)?
                .query_map((state, before, limit), report)?
                .collect::<Result<_, _>>()?;
            found.into_iter().map(|report| complained(db, report, WITHOUT_EVIDENCE)).collect()
        })
        .await
    }

    async fn resolve_report(&self, id: ReportId, resolution: &Resolution) -> PortResult<bool> {
        let resolution = resolution.clone();
        self.write("resolve a report", move |db| {
            let changed = db
                .prepare_cached(
                    "UPDATE reports SET state = 'resolved', resolution = ?2
                     WHERE id = ?1 AND state = 'open'",
                )?
                .execute((id.0.as_bytes(), to_json(&resolution)?))?;
            Ok(changed > 0)
        })
        .await
    }
}

fn file(db: &Connection, report: Report) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO reports (id, subject, reported, state, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?
    .execute((
        report.id.0.as_bytes(),
        to_json(&report.subject)?,
        report.reported_id.as_ref().map(|user| user.0.as_bytes()),
        report.state.as_str(),
        report.created_at.0,
    ))?;
    let mut add = db.prepare_cached(
        "INSERT INTO complaints (report, reporter, complaint, evidence)
         SELECT id, ?2, ?3, ?4 FROM reports
         WHERE subject = ?1 AND state = 'open'
            AND (SELECT COUNT(*) FROM complaints WHERE report = reports.id) < ?5
         ON CONFLICT DO NOTHING",
    )?;
    for mut complaint in report.complaints {
        let evidence = complaint.evidence.take();
        add.execute((
            to_json(&report.subject)?,
            complaint.reporter_id.0.as_bytes(),
            to_json(&complaint)?,
            to_json(&evidence)?,
            MAX_COMPLAINTS,
        ))?;
    }
    Ok(())
}

/// Without its complaints.
fn report(row: &Row<'_>) -> rusqlite::Result<Report> {
    let reported = row.get::<_, Option<[u8; 16]>>(2)?.map(uuid::Uuid::from_bytes);
    let resolution: Option<String> = row.get(5)?;
    let state: String = row.get(3)?;
    Ok(Report {
        id: ReportId(uuid(row, 0)?),
        subject: parse(row.get_ref(1)?.as_str()?)?,
        reported_id: reported.map(UserId),
        state: if state == "open" { ReportState::Open } else { ReportState::Resolved },
        created_at: time(row, 4)?,
        complaints: Vec::new(),
        resolution: resolution.as_deref().map(parse).transpose()?,
    })
}

const WITH_EVIDENCE: &str =
    "SELECT complaint, evidence FROM complaints WHERE report = ?1 ORDER BY position";
const WITHOUT_EVIDENCE: &str =
    "SELECT complaint, 'null' FROM complaints WHERE report = ?1 ORDER BY position";

fn complained(db: &Connection, report: Report, sql: &str) -> rusqlite::Result<Report> {
    let complaints = db
        .prepare_cached(sql)?
        .query_map([report.id.0.as_bytes()], |row| {
            let complaint: Complaint = parse(row.get_ref(0)?.as_str()?)?;
            Ok(Complaint { evidence: parse(row.get_ref(1)?.as_str()?)?, ..complaint })
        })?
        .collect::<Result<_, _>>()?;
    Ok(Report { complaints, ..report })
}
