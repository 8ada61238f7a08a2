//! REST: one `Api` per server and signed-in user.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as Hyper, connect::HttpConnector},
    rt::TokioExecutor,
};
use nexus_protocol::{
    Chat, ChatAnswer, ChatId, ChatType, Chats, CreateChat, LoginRequest, Message, MessageId,
    Messages, MsgSend, MsgSent, Problem, RefreshRequest, SendMessage, SignedIn, SignupRequest,
    SyncAnswer, SyncRequest, TokenTransport, UserId,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Where the contract's routes start.
const BASE: &str = "/api/v1";

/// What a request brought back, refused or not.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// `null` for an empty body; a string for one that is no JSON.
    pub body: Value,
}

/// An answer with a status of 400 or more.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub answer: Answer,
    /// Missing when the body is no problem document: then somebody else than `nexus` answered.
    pub problem: Option<Problem>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} {}", .0.answer.status, .0.answer.body)]
    Refused(Box<Refusal>),
    #[error("no answer")]
    Transport(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("an answer of another shape: {body}")]
    Shape { source: serde_json::Error, body: Value },
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The problem document, if the server answered with one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Error::Refused(refusal) => refusal.problem.as_ref(),
            Error::Transport(_) | Error::Shape { .. } => None,
        }
    }

    /// The status, if the server answered at all.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Refused(refusal) => Some(refusal.answer.status),
            Error::Transport(_) | Error::Shape { .. } => None,
        }
    }
}

impl Answer {
    pub fn read<T: DeserializeOwned>(self) -> Result<T> {
        T::deserialize(&self.body).map_err(|source| Error::Shape { source, body: self.body })
    }
}

/// Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct Api {
    hyper: Hyper<HttpConnector, Full<Bytes>>,
    base: String,
    headers: HeaderMap,
}

impl Api {
    /// For the server at `base_url`: `http://127.0.0.1:8080`.
    pub fn new(base_url: &str) -> Api {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Api {
            hyper: Hyper::builder(TokioExecutor::new()).build(connector),
            base: base_url.trim_end_matches('/').to_owned(),
            headers: HeaderMap::new(),
        }
    }

    /// The same server, as the one this access token belongs to.
    pub fn with_token(&self, token: &str) -> Api {
        self.with_header(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// The same, with one more header on every request. A value that can't be one is left out.
    pub fn with_header(&self, name: HeaderName, value: &str) -> Api {
        let mut api = self.clone();
        if let Ok(value) = HeaderValue::from_str(value) {
            api.headers.insert(name, value);
        }
        api
    }

    /// `127.0.0.1:8080`, as [`crate::Client::connect`] takes it.
    pub fn host(&self) -> &str {
        self.base.split_once("://").map_or(self.base.as_str(), |(_, host)| host)
    }

    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.request(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: impl Serialize) -> Result<Answer> {
        self.request(Method::POST, path, Some(json(body)?)).await
    }

    pub async fn put(&self, path: &str, body: impl Serialize) -> Result<Answer> {
        self.request(Method::PUT, path, Some(json(body)?)).await
    }

    pub async fn patch(&self, path: &str, body: impl Serialize) -> Result<Answer> {
        self.request(Method::PATCH, path, Some(json(body)?)).await
    }

    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.request(Method::DELETE, path, None).await
    }

    /// Paths start below `/api/v1`, those beginning with `/.well-known`, `/healthz` and the like at
    /// the root. A status of 400 or more is an error.
    pub async fn request(&self, method: Method, path: &str, body: Option<Bytes>) -> Result<Answer> {
        let at_root = ["/.well-known", "/healthz", "/readyz", "/metrics", "/api/", "/socket.io"]
            .iter()
            .any(|root| path.starts_with(root));
        let base = if at_root { "" } else { BASE };
        let mut request =
            Request::builder().method(method).uri(format!("{}{base}{path}", self.base));
        if let Some(headers) = request.headers_mut() {
            headers.extend(self.headers.clone());
            if body.is_some() {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
        }
        let request = request.body(Full::new(body.unwrap_or_default())).map_err(transport)?;
        let response = self.hyper.request(request).await.map_err(transport)?;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map_err(transport)?.to_bytes();
        let answer =
            Answer { status: parts.status.as_u16(), headers: parts.headers, body: value(&bytes) };
        if answer.status < 400 {
            return Ok(answer);
        }
        let problem = serde_json::from_value(answer.body.clone()).ok();
        Err(Error::Refused(Box::new(Refusal { answer, problem })))
    }

    pub async fn signup(&self, username: &str, password: &str) -> Result<SignedIn> {
        let request = SignupRequest {
            email: format!("{username}@example.com"),
            username: username.to_owned(),
            password: password.to_owned(),
            display_name: None,
            device: None,
            token_transport: TokenTransport::Body,
        };
        self.post("/auth/signup", request).await?.read()
    }

    pub async fn login(&self, identifier: &str, password: &str) -> Result<SignedIn> {
        let request = LoginRequest {
            identifier: identifier.to_owned(),
            password: password.to_owned(),
            totp: None,
            device: None,
            token_transport: TokenTransport::Body,
        };
        self.post("/auth/login", request).await?.read()
    }

    pub async fn refresh(&self, refresh_token: &str) -> Result<SignedIn> {
        let request = RefreshRequest { refresh_token: Some(refresh_token.to_owned()) };
        self.post("/auth/refresh", request).await?.read()
    }

    pub async fn logout(&self) -> Result<()> {
        self.request(Method::POST, "/auth/logout", None).await.map(drop)
    }

    pub async fn create_direct(&self, other: UserId) -> Result<Chat> {
        self.create_chat(ChatType::Direct, vec![other], None).await
    }

    pub async fn create_group(&self, title: &str, others: Vec<UserId>) -> Result<Chat> {
        self.create_chat(ChatType::Group, others, Some(title.to_owned())).await
    }

    async fn create_chat(
        &self,
        r#type: ChatType,
        member_ids: Vec<UserId>,
        title: Option<String>,
    ) -> Result<Chat> {
        let request = CreateChat { r#type, member_ids, title, about: None };
        let answer: ChatAnswer = self.post("/chats", request).await?.read()?;
        Ok(answer.chat)
    }

    pub async fn chat(&self, chat: ChatId) -> Result<Chat> {
        let answer: ChatAnswer = self.get(&format!("/chats/{chat}")).await?.read()?;
        Ok(answer.chat)
    }

    /// All of the caller's chats, page by page.
    pub async fn chats(&self) -> Result<Vec<Chat>> {
        let mut chats = Vec::new();
        let mut path = "/chats?limit=200".to_owned();
        loop {
            let page: Chats = self.get(&path).await?.read()?;
            chats.extend(page.chats);
            let Some(cursor) = page.next_cursor else { return Ok(chats) };
            path = format!("/chats?limit=200&cursor={cursor}");
        }
    }

    /// All messages of the chat, oldest first, page by page.
    pub async fn messages(&self, chat: ChatId) -> Result<Vec<Message>> {
        let mut messages: Vec<Message> = Vec::new();
        loop {
            let after = messages.last().map_or(0, |message| message.seq);
            let path = format!("/chats/{chat}/messages?after={after}&limit=200");
            let page: Messages = self.get(&path).await?.read()?;
            if page.messages.is_empty() {
                return Ok(messages);
            }
            messages.extend(page.messages);
        }
    }

    /// Sends over REST; the same pipeline as `msg:send`.
    pub async fn send(&self, message: MsgSend) -> Result<MsgSent> {
        let path = format!("/chats/{}/messages", message.chat_id);
        let request = SendMessage {
            chat_id: None,
            client_id: message.client_id,
            r#type: message.r#type,
            content: message.content,
            reply_to: message.reply_to,
            mentions: message.mentions,
        };
        self.post(&path, request).await?.read()
    }

    pub async fn message(&self, message: MessageId) -> Result<Message> {
        let answer: nexus_protocol::MessageAnswer =
            self.get(&format!("/messages/{message}")).await?.read()?;
        Ok(answer.message)
    }

    pub async fn sync(&self, request: &SyncRequest) -> Result<SyncAnswer> {
        self.post("/sync", request).await?.read()
    }
}

fn json(body: impl Serialize) -> Result<Bytes> {
    serde_json::to_vec(&body)
        .map(Bytes::from)
        .map_err(|source| Error::Shape { source, body: Value::Null })
}

fn value(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

fn transport(err: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Transport(err.into())
}
