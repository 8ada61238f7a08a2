//! The HTTP side: which request goes where.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;
use tungstenite::Utf8Bytes;

use crate::{
    Connection, DisconnectReason, Refusal, Transport,
    connection::Shared,
    driver::Driver,
    handshake::{Query, Rejection, answer, open_packet, refused},
    polling::{Poller, Poster, Refused},
    server::{Server, random_id},
    stats::Counters,
    upgrade::Upgrade,
};

/// A poll that comes while an upgrade is about to complete waits this long for it: answered at
/// once, it would win a race that the client has already decided.
const UPGRADE_GRACE: Duration = Duration::from_millis(100);

/// The server as a [`Service`] for HTTP requests; a cheap handle.
#[derive(Clone)]
pub struct SocketIoService(pub(crate) Arc<Server>);

type Answer = Response<Full<Bytes>>;

impl<B> Service<Request<B>> for SocketIoService
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let server = self.0.clone();
        Box::pin(async move {
            let allow_any = server.config.cors_any;
            let mut answer = serve(server, request).await;
            if allow_any {
                let any = HeaderValue::from_static("*");
                answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
                answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_HEADERS, any);
            }
            Ok(answer)
        })
    }
}

async fn serve<B>(server: Arc<Server>, request: Request<B>) -> Answer
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (mut parts, body) = request.into_parts();
    if server.config.cors_any && parts.method == Method::OPTIONS {
        return answer(StatusCode::NO_CONTENT, "text/plain", "");
    }
    let upgrade = Upgrade::of(&mut parts);
    match route(server, &parts, upgrade) {
        Ok(Next::Answer(answer)) => answer,
        Ok(Next::Poll(shared)) => poll(shared).await,
        Ok(Next::Post(shared)) => post(shared, body).await,
        Err(rejection) => rejection.answer(),
    }
}

/// What a request comes to.
enum Next {
    Answer(Answer),
    Poll(Arc<Shared>),
    Post(Arc<Shared>),
}

fn route(server: Arc<Server>, parts: &Parts, upgrade: Option<Upgrade>) -> Result<Next, Rejection> {
    let query = Query::of(parts);
    let transport = query.transport()?;
    let Some(sid) = query.sid else {
        return begin(server, parts, &query, transport, upgrade).map(Next::Answer);
    };
    let shared = server.session(sid).ok_or(Rejection::UnknownSession)?;
    if shared.polling.as_ref().is_some_and(|polling| polling.is_overdue())
        && shared.transport() == Transport::Polling
    {
        shared.close(DisconnectReason::PingTimeout);
    }
    let lost = shared.polling.as_ref().is_some_and(|polling| polling.lost().is_some());
    if lost || shared.closed().is_some_and(|reason| !reason.is_graceful()) {
        return Err(Rejection::UnknownSession);
    }
    if let Some(check) = &server.config.on_request
        && let Err(refusal) = check(parts, &Connection(shared.clone()))
    {
        return Ok(Next::Answer(refuse(&server, &refusal)));
    }
    match (transport, upgrade) {
        (Transport::WebSocket, Some(upgrade)) => Ok(Next::Answer(upgrade.probe(shared))),
        (Transport::Polling, None) if parts.method == Method::GET => Ok(Next::Poll(shared)),
        (Transport::Polling, None) if parts.method == Method::POST => Ok(Next::Post(shared)),
        _ => Err(Rejection::BadRequest),
    }
}

/// Begins a session.
fn begin(
    server: Arc<Server>,
    parts: &Parts,
    query: &Query<'_>,
    transport: Transport,
    upgrade: Option<Upgrade>,
) -> Result<Answer, Rejection> {
    query.check_new(&parts.method)?;
    if upgrade.is_some() != (transport == Transport::WebSocket) {
        return Err(Rejection::BadRequest);
    }
    if server.is_closing() {
        return Ok(unavailable("the server is shutting down"));
    }
    let extensions = match &server.config.on_handshake {
        Some(check) => match check(parts) {
            Ok(extensions) => extensions,
            Err(refusal) => return Ok(refuse(&server, &refusal)),
        },
        None => http::Extensions::new(),
    };
    let sid = match random_id() {
        Ok(sid) => sid,
        Err(error) => {
            tracing::error!(%error, "no randomness for a session id");
            return Ok(unavailable("temporarily unavailable"));
        }
    };
    let open = open_packet(&server.config, &sid, transport);
    Ok(match upgrade {
        Some(upgrade) => upgrade.begin(server.open(extensions, None), open),
        None => {
            let shared = server.open(extensions, Some(sid));
            tokio::spawn(Driver::new(shared, None).run());
            answer(StatusCode::OK, "text/plain; charset=UTF-8", open)
        }
    })
}

fn refuse(server: &Server, refusal: &Refusal) -> Answer {
    Counters::one(&server.counters.refused);
    refused(refusal)
}

fn unavailable(message: &str) -> Answer {
    refused(&Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message))
}

async fn poll(shared: Arc<Shared>) -> Answer {
    let mut poller = match Poller::begin(shared) {
        Ok(poller) => poller,
        Err(refused) => return Rejection::from(refused).answer(),
    };
    let payload = if poller.is_late() {
        let grace = poll_fn(|cx| poller.poll_payload(cx));
        match tokio::time::timeout(UPGRADE_GRACE, grace).await {
            Ok(payload) => payload,
            Err(_elapsed) => {
                poller.no_longer_late();
                poll_fn(|cx| poller.poll_payload(cx)).await
            }
        }
    } else {
        poll_fn(|cx| poller.poll_payload(cx)).await
    };
    match payload {
        Ok(payload) => answer(StatusCode::OK, "text/plain; charset=UTF-8", payload),
        Err(refused) => Rejection::from(refused).answer(),
    }
}

async fn post<B>(shared: Arc<Shared>, body: B) -> Answer
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let config = &shared.server.config;
    let (limit, patience) = (config.max_payload, config.ping_interval + config.ping_timeout);
    let poster = match Poster::begin(shared) {
        Ok(poster) => poster,
        Err(refused) => return Rejection::from(refused).answer(),
    };
    // A body that never ends would outlive its session.
    let collecting = tokio::time::timeout(patience, Limited::new(body, limit).collect());
    let Ok(collected) = collecting.await else { return Rejection::BadRequest.answer() };
    let bytes = match collected {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            poster.fail(DisconnectReason::PayloadTooLarge);
            return answer(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "");
        }
        // Dropping the poster ends the session.
        Err(_) => return Rejection::BadRequest.answer(),
    };
    let Ok(text) = Utf8Bytes::try_from(bytes) else {
        poster.fail(DisconnectReason::ParseError);
        return Rejection::BadRequest.answer();
    };
    match poster.deliver(text).await {
        // The reference's content type: some old browsers offer text/plain for download.
        Ok(()) => answer(StatusCode::OK, "text/html", "ok"),
        Err(_ended) => Rejection::BadRequest.answer(),
    }
}

impl From<Refused> for Rejection {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Gone => Self::UnknownSession,
            Refused::Conflict => Self::BadRequest,
        }
    }
}
