//! Wiring. The only place that knows every part.

use std::{net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{Router, middleware::from_fn_with_state, routing::get};
use nexus_core::{
    Core,
    auth::AuthSettings,
    limits::Limiter,
    mail::MailSettings,
    mail_events::EventKey,
    memory::{MemoryLimits, MemoryThrottle, SystemClock, SystemIds},
    passwords::Passwords,
    pending::Pending,
    ports::{Clock, Ids, Mail, Mailbox},
    receipts, sessions,
    throttle::Brake,
    tokens::Signer,
};
use nexus_protocol::event::{SERVER_DRAINING, ServerDraining};
use nexus_socketio::SocketIo;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    backends::{Backends, Keyring, Subscribe},
    config::Config,
    fanout::Fanout,
    http::{
        self,
        caller::Doorman,
        client_ip::ClientIp,
        cookies,
        idempotency::Idempotency,
        layers::{self, ApiLayers},
        redirect,
        sender::Sender,
        server::{self, ServerState},
        web::{self, Web},
    },
    keys,
    lifecycle::{Drain, Drained, Lifecycle, Roles},
    listener::{self, ListenerSettings, Peer, tls::Tls},
    metrics, outbound,
    side_jobs::{self, JobSettings},
    socket::{self, Edge, SocketSettings, Visitor, failures},
    tick,
    worker::{self, WorkerSettings},
};

/// Sockets come back spread over this time after a drain, so that not all come at once.
const RECONNECT_WITHIN_MS: u64 = 10_000;

/// What a test sets for itself.
#[derive(Clone)]
pub struct Inputs {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub shared_time: SharedTime,
    /// Where letters go, whatever the settings say.
    pub mail: Option<Arc<dyn Mail>>,
    /// How long news of the end of a session may take until it is taken for lost.
    pub lost_news: Duration,
    /// The web client; no files if there is none.
    pub web: &'static [web::File],
}

/// Whose time counts for what nodes share, limits and presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedTime {
    /// The clocks of nodes differ a little.
    OfRedis,
    /// A test moves it.
    OfClock,
}

impl Default for Inputs {
    fn default() -> Inputs {
        Inputs {
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds::new()),
            shared_time: SharedTime::OfRedis,
            mail: None,
            lost_news: tick::LOST_NEWS,
            web: web::EMBEDDED,
        }
    }
}

/// One running node.
pub struct Node {
    pub core: Arc<Core>,
    pub config: Arc<Config>,
    pub lifecycle: Lifecycle,
    /// Where it listens; `None` for one that only works.
    pub address: Option<SocketAddr>,
    /// Lets go of what stands behind the ports.
    close: Pin<Box<dyn Future<Output = ()> + Send>>,
    served: Option<Served>,
    /// Ends the lanes and side jobs.
    stop: CancellationToken,
    /// What still has something to tell others when it ends.
    writers: TaskTracker,
    tasks: TaskTracker,
}

struct Served {
    io: SocketIo,
    edge: Arc<Edge>,
    listening: tokio::task::JoinHandle<()>,
}

impl Node {
    /// Opens the backends and starts what the roles ask for.
    pub async fn start(config: Config, roles: Roles, inputs: Inputs) -> anyhow::Result<Node> {
        let config = Arc::new(config);
        let backends = Backends::open(&config, &inputs).await?;
        let core = Arc::new(core(&config, &inputs, &backends)?);
        if let Some(keyring) = &backends.keyring {
            keys::compare(&**keyring, &core.tokens, &config.key_dir()).await?;
        }
        sessions::load_revoked(&core).await?;

        let mut node = Node {
            core,
            config,
            lifecycle: Lifecycle::new(),
            address: None,
            close: backends.close,
            served: None,
            stop: CancellationToken::new(),
            writers: TaskTracker::new(),
            tasks: TaskTracker::new(),
        };
        let state = Arc::new(ServerState {
            config: node.config.clone(),
            parts: backends.parts,
            draining: node.lifecycle.draining.clone(),
            metrics: metrics::start()?,
            web: !inputs.web.is_empty(),
        });
        node.tell_operator(state.clone())?;
        // The edges first: they must hear of everything that is done.
        if roles.serve {
            let web = Web::new(inputs.web, &node.config.server)?;
            node.serve(state, backends.subscribe, web, inputs.lost_news).await?;
        }
        if roles.work {
            node.work();
        }
        node.watch(backends.keyring);
        Ok(node)
    }

    /// The listener of `tls.redirect_listen`, if there is to be one.
    fn lead_to_https(&self) -> anyhow::Result<()> {
        let Some(address) = self.config.tls.redirect_listen else { return Ok(()) };
        let listener = listener::bind(address)
            .with_context(|| format!("can't listen on {address} (tls.redirect_listen)"))?;
        let settings = ListenerSettings::from(&*self.config);
        let router = redirect::routes(Arc::new(self.config.server.clone()));
        let closing = self.lifecycle.closing.clone();
        self.tasks.spawn(listener::serve(listener, router, settings, closing));
        Ok(())
    }

    /// The listener of `metrics.listen`, if there is to be one.
    fn tell_operator(&self, state: Arc<ServerState>) -> anyhow::Result<()> {
        let Some(address) = self.config.metrics.listen else { return Ok(()) };
        let listener = listener::bind(address)
            .with_context(|| format!("can't listen on {address} (metrics.listen)"))?;
        let settings = ListenerSettings::from(&*self.config);
        let closing = self.lifecycle.closing.clone();
        let server = Arc::new(self.config.server.clone());
        let router = layers::around_all(server::operator_routes(state), server);
        self.tasks.spawn(listener::serve(listener, router, settings, closing));
        Ok(())
    }

    async fn serve(
        &mut self,
        state: Arc<ServerState>,
        subscribe: Subscribe,
        web: Web,
        lost_news: Duration,
    ) -> anyhow::Result<()> {
        let (core, config) = (self.core.clone(), self.config.clone());
        let edge = Arc::new(Edge {
            core: core.clone(),
            conns: Default::default(),
            settings: socket_settings(&config),
        });
        let server = Arc::new(config.server.clone());
        let visitors = server.clone();
        let io = socket::serve(edge.clone(), move |parts| visitor(parts, &visitors));
        let fanout = Fanout::new(edge.clone(), &io).context("a namespace is missing")?;
        let news = subscribe(fanout.interest());
        let stop = self.stop.clone();
        self.tasks.spawn(failures::tell_all(edge.clone(), fanout.lost(), stop.clone()));
        self.tasks.spawn(fanout.run(news));

        let router = layers::with_fallback(routes(&core, &server, &io, state), web);
        let router = layers::around_all(router, server);
        let mut settings = ListenerSettings::from(&*config);
        if let Some((tls, upkeep)) = Tls::open(&config, core.clock.clone(), stop.clone())? {
            settings.tls = Some(tls);
            self.tasks.spawn(upkeep);
        }
        self.lead_to_https()?;
        let listener = listener::bind(config.server.listen)
            .with_context(|| format!("can't listen on {}", config.server.listen))?;
        self.address = Some(listener.local_addr()?);
        let closing = self.lifecycle.closing.clone();
        let listening = tokio::spawn(listener::serve(listener, router, settings, closing));

        self.writers.spawn(tick::receipts(core.clone(), stop.clone()));
        self.tasks.spawn(tick::presence(edge.clone(), stop.clone()));
        self.tasks.spawn(tick::typing(core.clone(), stop.clone()));
        self.tasks.spawn(tick::expiry(edge.clone(), stop.clone()));
        self.tasks.spawn(tick::lost_ends(edge.clone(), lost_news, stop.clone()));
        self.tasks.spawn(tick::socket_metrics(io.clone(), stop));
        self.served = Some(Served { io, edge, listening });
        Ok(())
    }

    fn work(&self) {
        let settings = WorkerSettings {
            batch: self.config.queue.batch,
            max_attempts: self.config.queue.max_attempts,
            backoff_base: self.config.queue.backoff_base(),
            backoff_max: self.config.queue.backoff_max(),
        };
        for lane in 0..self.core.queue.lanes() {
            let (core, settings, stop) = (self.core.clone(), settings.clone(), self.stop.clone());
            self.writers.spawn(worker::run(core, lane, settings, stop));
        }
        self.tasks.spawn(tick::lanes(self.core.clone(), self.stop.clone()));
        self.tasks.spawn(worker::index(self.core.clone(), self.stop.clone()));
        self.tasks.spawn(tick::disappearing(self.core.clone(), self.stop.clone()));
        let jobs = JobSettings::from(&self.config.jobs);
        // They may have news for others, as the lanes do.
        self.writers.spawn(side_jobs::run(self.core.clone(), jobs, self.stop.clone()));
        self.tasks.spawn(tick::jobs(self.core.clone(), self.stop.clone()));
    }

    /// What other processes may change beside us: keys, and the dead letters. And what to measure.
    fn watch(&self, keyring: Option<Arc<dyn Keyring>>) {
        let (core, stop) = (self.core.clone(), self.stop.clone());
        if let Some(keyring) = keyring {
            self.tasks.spawn(keys::announce(keyring, core.tokens.clone(), stop.clone()));
        }
        self.tasks.spawn(tick::process(stop.clone()));
        self.tasks.spawn(tick::sessions(core.clone(), stop.clone()));
        self.tasks.spawn(keys::watch(self.config.key_dir(), core.tokens.clone(), stop.clone()));
        self.tasks.spawn(tick::queue(core, stop));
    }

    /// Finishes what is running and lets go of everything, within the configured time.
    pub async fn drain(self) -> Drained {
        let Node { core, config, lifecycle, close, served, stop, writers, tasks, .. } = self;
        lifecycle.draining.cancel();
        let closing = lifecycle.closing.clone();
        let (queue, bus) = (core.queue.clone(), core.bus.clone());
        let mut drain = Drain::within(config.server.drain());
        if let Some(Served { io, edge, listening }) = served {
            drain = drain
                .then("sockets", async move {
                    announce(&edge);
                    // Takes no new sessions, but needs the listener a little longer: who polls
                    // fetches the last words with another request.
                    let left = io.close(Duration::from_secs(8)).await;
                    tracing::info!(left, "sockets closed");
                    closing.cancel();
                })
                .then("requests", async move {
                    if let Err(err) = listening.await {
                        tracing::error!(error = %err, "the listener ended badly");
                    }
                });
        }
        drain
            .then("lanes", async move {
                stop.cancel();
                writers.close();
                writers.wait().await;
                queue.close().await;
            })
            .then("side jobs", async move {
                bus.close().await;
                lifecycle.closing.cancel();
                tasks.close();
                tasks.wait().await;
            })
            .then("store", close)
            .run()
            .await
    }
}

fn core(config: &Config, inputs: &Inputs, backends: &Backends) -> anyhow::Result<Core> {
    let Inputs { clock, ids, .. } = inputs.clone();
    let auth = &config.auth;
    let keys = keys::open(&config.key_dir(), clock.now()).context("can't open the signing keys")?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let local = Arc::new(MemoryLimits::new(clock.clone()));
    let limiter = if config.limits.enabled { Limiter::new } else { Limiter::disabled };
    Ok(Core {
        store: backends.store.clone(),
        claims: backends.claims.clone(),
        queue: backends.queue.clone(),
        bus: backends.bus.clone(),
        presence: backends.presence.clone(),
        limits: limiter(config.limits.tiers(), backends.limits.clone(), local),
        brake: brake(config, backends, clock.clone()),
        vault: keys::open_vault(&config.key_dir(), &*ids).context("can't open the vault")?,
        tokens: Arc::new(Signer::new(&auth.issuer, &auth.audience, keys)),
        passwords: Passwords::new(auth.bcrypt_cost, threads, auth.bcrypt_queue)?,
        auth: AuthSettings {
            access_ttl: auth.access_ttl(),
            refresh_ttl: auth.refresh_ttl(),
            session_ttl: auth.session_ttl(),
            refresh_grace: auth.refresh_grace(),
            require_verified_email: auth.require_verified_email,
            username_changes: auth.username_changes,
            deletion_grace: config.accounts.deletion_grace(),
        },
        passkeys: config.relying_party(),
        oidc: outbound::oidc(config),
        members: Default::default(),
        bonds: Default::default(),
        pending: Pending::new(config.store.commit_wait()),
        revoked: Default::default(),
        receipts: receipts::Gathered::default(),
        typing: Default::default(),
        new_jobs: Default::default(),
        mail: mail(config, inputs)?,
        retention: config.retention.rules(),
        disappear_secs: config.retention.disappear_min_secs..=config.retention.disappear_max_secs,
        clock,
        ids,
    })
}

fn brake(config: &Config, backends: &Backends, clock: Arc<dyn Clock>) -> Brake {
    let limits = &config.limits;
    let (at_place, everywhere) = (limits.login.pace(), limits.login_account.pace());
    let local = Arc::new(MemoryThrottle::new(clock));
    let brake = Brake::new(at_place, everywhere, backends.throttle.clone(), local);
    if limits.enabled { brake } else { brake.released() }
}

fn mail(config: &Config, inputs: &Inputs) -> anyhow::Result<MailSettings> {
    let transport = match inputs.mail.clone() {
        Some(transport) => transport,
        None => outbound::mail(config, inputs.clock.clone())?,
    };
    let name = config.mail.from_name.clone();
    let from = Mailbox { name, address: config.mail.from.clone() };
    let events = EventKey::parse(&config.mail.webhook_key);
    Ok(MailSettings { transport, from, public_url: config.link_url(), events })
}

fn socket_settings(config: &Config) -> SocketSettings {
    let socket = &config.socket;
    SocketSettings {
        ping_interval: socket.ping_interval(),
        ping_timeout: socket.ping_timeout(),
        max_payload: socket.max_payload_bytes,
        max_buffered_bytes: socket.max_buffered_bytes,
        max_buffered_packets: socket.max_buffered_packets,
        connections_per_user: socket.connections_per_user,
        flood: config.limits.enabled.then_some(socket::Flood { burst: 1_000, per_sec: 200 }),
    }
}

/// Everything this node answers beside the web client, REST and sockets.
fn routes(
    core: &Arc<Core>,
    server: &Arc<crate::config::Server>,
    io: &SocketIo,
    state: Arc<ServerState>,
) -> Router {
    let (api, _) = http::openapi::routes().split_for_parts();
    let api = api.with_state(core.clone());
    let layers = ApiLayers {
        server: server.clone(),
        limits: core.clone(),
        idempotency: Idempotency {
            claims: core.claims.clone(),
            clock: core.clock.clone(),
            max_body_bytes: server.max_body_bytes,
        },
    };
    let doorman = Doorman { core: core.clone(), server: server.clone() };
    let api =
        layers::around_api(api, layers).layer(from_fn_with_state(doorman, http::caller::identify));
    let signer = core.tokens.clone();
    let keys = get(|| async move { http::extract::Json(signer.jwks()) });
    api.merge(http::docs::routes())
        .merge(server::routes(state))
        .route("/.well-known/jwks.json", keys)
        .route_service("/socket.io/", io.service())
}

/// What is kept of the request that opens a connection; `None` for one of a foreign page. A cookie
/// counts only from a page of ours.
fn visitor(parts: &::http::request::Parts, server: &crate::config::Server) -> Option<Visitor> {
    let sender = Sender::of(&parts.headers, server);
    if sender == Sender::Foreign {
        return None;
    }
    let token = cookies::access_token(&parts.headers).filter(|_| sender == Sender::Page);
    let peer = parts.extensions.get::<Peer>().copied();
    let unknown = std::net::IpAddr::from([0, 0, 0, 0]);
    let address = peer.map_or(unknown, |peer| ClientIp::of(peer, &parts.headers, server).0);
    Some(Visitor { address, cookie_token: token.map(Arc::from) })
}

/// Tells each client when to come back, spread over some seconds.
fn announce(edge: &Edge) {
    for conn in edge.conns.all() {
        let mut chance = [0; 2];
        edge.core.ids.fill(&mut chance);
        let share = u64::from(u16::from_le_bytes(chance));
        let reconnect_after_ms = RECONNECT_WITHIN_MS * share / u64::from(u16::MAX);
        if let Some(chat) = conn.socket("/chat")
            && let Err(err) = chat.emit(SERVER_DRAINING, &ServerDraining { reconnect_after_ms })
        {
            tracing::debug!(error = %err, "nobody to tell");
        }
    }
}
