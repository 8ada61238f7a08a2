//! SendGrid's `POST /v3/mail/send`, as strict as its reference says.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

pub const KEY: &str = "SG.key";

/// The fields that the reference has.
const FIELDS: [&str; 16] = [
    "personalizations",
    "from",
    "reply_to",
    "reply_to_list",
    "subject",
    "content",
    "attachments",
    "template_id",
    "headers",
    "categories",
    "custom_args",
    "send_at",
    "batch_id",
    "asm",
    "ip_pool_name",
    "tracking_settings",
];
/// Headers that are SendGrid's own.
const RESERVED: [&str; 13] = [
    "x-sg-id",
    "x-sg-eid",
    "received",
    "dkim-signature",
    "content-type",
    "content-transfer-encoding",
    "to",
    "from",
    "subject",
    "reply-to",
    "cc",
    "bcc",
    "date",
];

#[derive(Default)]
struct Desk {
    taken: Mutex<Vec<Value>>,
    /// Status, header line and body of the next answers.
    answers: Mutex<VecDeque<(u16, String, String)>>,
}

pub struct Api {
    pub url: String,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

impl Api {
    pub async fn start() -> Api {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Desk::default());
        let shared = desk.clone();
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let desk = shared.clone();
                tokio::spawn(async move { drop(answer(client, &desk).await) });
            }
        });
        Api { url, desk, serving }
    }

    /// The next request is answered so, whatever it says.
    pub fn answer_next(&self, status: u16, header: &str, body: &str) {
        self.desk.answers.lock().push_back((status, header.to_owned(), body.to_owned()));
    }

    pub fn taken(&self) -> Vec<Value> {
        self.desk.taken.lock().clone()
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(mut client: TcpStream, desk: &Desk) -> std::io::Result<()> {
    let (mut read, mut chunk) = (Vec::new(), [0; 4096]);
    let (head, body) = loop {
        let size = client.read(&mut chunk).await?;
        if size == 0 {
            return Ok(());
        }
        read.extend_from_slice(&chunk[..size]);
        let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        let length: usize = header(&head, "content-length").unwrap().parse().unwrap();
        if read.len() >= end + 4 + length {
            break (head, read[end + 4..].to_vec());
        }
    };
    let prepared = desk.answers.lock().pop_front();
    let (status, line, said) = prepared.unwrap_or_else(|| judge(desk, &head, &body));
    let length = said.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\n{line}content-length: {length}\r\nconnection: close\r\n\r\n{said}"
    );
    client.write_all(answer.as_bytes()).await
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn judge(desk: &Desk, head: &str, body: &[u8]) -> (u16, String, String) {
    let refuse = |status, message: &str| {
        let errors = json!({ "errors": [{ "message": message, "field": null, "help": null }] });
        (status, String::new(), errors.to_string())
    };
    if !head.starts_with("POST /v3/mail/send HTTP/1.1") {
        return refuse(404, "no such thing");
    }
    if header(head, "authorization") != Some(&format!("Bearer {KEY}")) {
        return refuse(401, "The provided authorization grant is invalid, expired, or revoked");
    }
    if header(head, "content-type") != Some("application/json") {
        return refuse(415, "Content-Type should be application/json.");
    }
    let Ok(mail) = serde_json::from_slice::<Value>(body) else {
        return refuse(400, "Bad Request");
    };
    match fault(&mail) {
        Some(fault) => refuse(400, &fault),
        None => {
            desk.taken.lock().push(mail);
            (202, "X-Message-Id: m1\r\n".to_owned(), String::new())
        }
    }
}

/// What the reference does not allow.
fn fault(mail: &Value) -> Option<String> {
    let unknown = mail.as_object()?.keys().find(|key| !FIELDS.contains(&key.as_str()));
    if let Some(unknown) = unknown {
        return Some(format!("{unknown} is no field"));
    }
    let is_mailbox = |mailbox: &Value| {
        let address = mailbox["email"].as_str().is_some_and(|email| email.contains('@'));
        address && mailbox["name"].as_str().is_none_or(|name| !name.is_empty())
    };
    let to = mail["personalizations"].as_array().filter(|all| (1..=1_000).contains(&all.len()));
    let addressed = to.is_some_and(|all| {
        all.iter().all(|one| one["to"].as_array().is_some_and(|to| to.iter().all(is_mailbox)))
    });
    let content = mail["content"].as_array().filter(|parts| !parts.is_empty());
    let types: Vec<&str> =
        content.into_iter().flatten().filter_map(|part| part["type"].as_str()).collect();
    let said = content.is_some_and(|parts| {
        parts.iter().all(|part| part["value"].as_str().is_some_and(|value| !value.is_empty()))
    });
    let texts =
        |field: &str| mail[field].as_object().is_none_or(|all| all.values().all(Value::is_string));
    let reserved = mail["headers"].as_object().is_some_and(|headers| {
        headers.keys().any(|name| RESERVED.contains(&name.to_ascii_lowercase().as_str()))
    });
    let faults = [
        (!addressed, "personalizations"),
        (!is_mailbox(&mail["from"]), "from"),
        (mail["subject"].as_str().is_none_or(str::is_empty), "subject"),
        (types != ["text/plain", "text/html"], "content: text/plain first, then text/html"),
        (!said, "content: empty"),
        (!texts("custom_args") || !texts("headers"), "only texts in custom_args and headers"),
        (mail["custom_args"].to_string().len() > 10_000, "custom_args: too large"),
        (reserved, "headers: reserved"),
    ];
    faults.iter().find(|(is_wrong, _)| *is_wrong).map(|(_, name)| (*name).to_owned())
}
