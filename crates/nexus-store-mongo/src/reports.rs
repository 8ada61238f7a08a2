//! Reports, gathered by what they are about: one document each, its complaints in it.

use async_trait::async_trait;
use bson::{DateTime, Document, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{MAX_COMPLAINTS, PortResult, ReportStore};
use nexus_protocol::{Complaint, Report, ReportId, ReportState, Resolution, UserId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::{Failure, Result, Turns, is_duplicate},
};

/// In `reports`. Texts are JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportDocument {
    #[serde(rename = "_id")]
    id: Uuid,
    subject: String,
    /// While it is open; unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open_subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reported: Option<Uuid>,
    created_at: DateTime,
    complaints: Vec<ComplaintDocument>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolution: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ComplaintDocument {
    reporter: Uuid,
    complaint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
}

impl ReportDocument {
    fn report(self) -> Result<Report> {
        let state = match self.open_subject {
            Some(_) => ReportState::Open,
            None => ReportState::Resolved,
        };
        Ok(Report {
            id: ReportId(uuid(self.id)),
            subject: read(&self.subject)?,
            reported_id: self.reported.map(|user| UserId(uuid(user))),
            state,
            created_at: time(self.created_at),
            complaints: self
                .complaints
                .iter()
                .map(ComplaintDocument::complaint)
                .collect::<Result<_>>()?,
            resolution: self.resolution.as_deref().map(read).transpose()?,
        })
    }
}

impl ComplaintDocument {
    fn new(mut complaint: Complaint) -> Result<ComplaintDocument> {
        let evidence = complaint.evidence.take();
        Ok(ComplaintDocument {
            reporter: id(complaint.reporter_id.0),
            complaint: write(&complaint)?,
            evidence: evidence.as_ref().map(write).transpose()?,
        })
    }

    fn complaint(&self) -> Result<Complaint> {
        let complaint: Complaint = read(&self.complaint)?;
        Ok(Complaint { evidence: self.evidence.as_deref().map(read).transpose()?, ..complaint })
    }
}

fn write<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Failure::Unexpected("what is no JSON"))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Failure::Unexpected("a report that can't be read"))
}

fn reports(database: &MongoDatabase) -> Collection<ReportDocument> {
    database.collection("reports")
}

#[async_trait]
impl ReportStore for MongoStore {
    async fn file_report(&self, report: &Report) -> PortResult<()> {
        let report = report.clone();
        self.run("file a report", move |database| async move { file(&database, report).await })
            .await
    }

    async fn report(&self, report: ReportId) -> PortResult<Option<Report>> {
        self.run("read a report", move |database| async move {
            let found = reports(&database).find_one(doc! { "_id": id(report.0) }).await?;
            found.map(ReportDocument::report).transpose()
        })
        .await
    }

    async fn reports(
        &self,
        state: Option<ReportState>,
        before: Option<ReportId>,
        limit: u32,
    ) -> PortResult<Vec<Report>> {
        let mut wanted = Document::new();
        if let Some(state) = state {
            wanted.insert("openSubject", doc! { "$exists": state == ReportState::Open });
        }
        if let Some(before) = before {
            wanted.insert("_id", doc! { "$lt": id(before.0) });
        }
        self.run("list reports", move |database| async move {
            let reports = reports(&database);
            let found = reports.find(wanted).sort(doc! { "_id": -1 });
            let found = found.projection(doc! { "complaints.evidence": 0 });
            let found: Vec<ReportDocument> =
                found.limit(i64::from(limit)).await?.try_collect().await?;
            found.into_iter().map(ReportDocument::report).collect()
        })
        .await
    }

    async fn resolve_report(&self, report: ReportId, resolution: &Resolution) -> PortResult<bool> {
        let resolution = resolution.clone();
        self.run("resolve a report", move |database| async move {
            let open = doc! { "_id": id(report.0), "openSubject": { "$exists": true } };
            let close = doc! {
                "$set": { "resolution": write(&resolution)? },
                "$unset": { "openSubject": "" },
            };
            Ok(reports(&database).update_one(open, close).await?.matched_count > 0)
        })
        .await
    }
}

/// Of two that begin a report at once the unique index lets one do so, and the other adds to it.
async fn file(database: &MongoDatabase, mut report: Report) -> Result<()> {
    let subject = write(&report.subject)?;
    let Some(complaint) = report.complaints.pop() else { return Ok(()) };
    let reporter = id(complaint.reporter_id.0);
    let complaint = bson::serialize_to_bson(&ComplaintDocument::new(complaint)?)?;
    let mut begin = doc! {
        "_id": id(report.id.0), "subject": &subject, "createdAt": date(report.created_at)
    };
    if let Some(user) = report.reported_id {
        begin.insert("reported", id(user.0));
    }
    let last = format!("complaints.{}", MAX_COMPLAINTS - 1);
    let room = doc! {
        "openSubject": &subject,
        "complaints.reporter": { "$ne": reporter },
        last.as_str(): { "$exists": false },
    };
    let add = doc! { "$push": { "complaints": complaint }, "$setOnInsert": begin };
    let mut turns = Turns::default();
    loop {
        match reports(database).update_one(room.clone(), add.clone()).upsert(true).await {
            Ok(_) => return Ok(()),
            Err(error) if is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
        let known = reports(database).find_one(doc! { "openSubject": &subject }).await?;
        if known.is_some_and(|known| {
            known.complaints.len() >= MAX_COMPLAINTS as usize
                || known.complaints.iter().any(|complaint| complaint.reporter == reporter)
        }) {
            return Ok(());
        }
        turns.pause().await?;
    }
}
