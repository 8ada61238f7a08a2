//! The web client at `/`: its files, which are in the binary, and what browsers are told about them.

mod accept;

use std::collections::HashMap;

use anyhow::Context as _;
use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use nexus_core::Error;

use super::error::ApiError;
use crate::config::Server;

include!(concat!(env!("OUT_DIR"), "/web.rs"));

/// One file of the client, and what the build of the client has compressed of it.
#[derive(Clone, Copy, Debug)]
pub struct File {
    pub path: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

const PAGE: &str = "/index.html";
const IDENTITY: &str = "identity";
/// Below it a name stands for one content for ever.
const HASHED: &str = "/assets/";
/// What programs ask for: there, nothing is ever a page.
const NO_PAGES: [&str; 8] =
    ["api", "assets", "errors", "healthz", "metrics", "readyz", "socket.io", ".well-known"];

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const VARY_OF_PAGES: HeaderValue = HeaderValue::from_static("accept, accept-encoding");
/// A service worker finds what it keeps by these as well, and asks with another `Accept` than it
/// fetched with.
const VARY_OF_FILES: HeaderValue = HeaderValue::from_static("accept-encoding");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// With 404: whoever watches this address must notice that the client is gone.
const WITHOUT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>NexusChat</title>\n\
    <h1>NexusChat runs, without its web client</h1>\n\
    <p>This binary was built without it. <code>make run</code> builds both; it needs Node 20.19 or \
    later.</p>\n\
    <p><a href=\"/api/docs/\">The API, to read and to try</a></p></html>\n";

/// What is answered where nothing else is.
pub struct Web {
    files: HashMap<&'static str, Served>,
    csp: HeaderValue,
}

struct Served {
    kind: HeaderValue,
    cache: HeaderValue,
    plain: Form,
    /// The smallest last.
    compressed: Vec<Form>,
}

struct Form {
    encoding: &'static str,
    tag: HeaderValue,
    bytes: &'static [u8],
}

impl Web {
    pub fn new(files: &[File], server: &Server) -> anyhow::Result<Web> {
        let files = files.iter().map(|file| Ok((file.path, Served::new(file)?)));
        let csp = HeaderValue::try_from(csp(server)).context("server.public_url is no address")?;
        Ok(Web { files: files.collect::<anyhow::Result<_>>()?, csp })
    }

    /// The fallback of all routes.
    pub fn answer(&self, req: &Request) -> Response {
        let (path, asked) = (req.uri().path(), req.headers());
        let is_page = path == "/" || (may_be_page(path) && accept::names_html(asked));
        match self.files.get(if is_page { PAGE } else { path }) {
            Some(_) if !matches!(*req.method(), Method::GET | Method::HEAD) => {
                ApiError::MethodNotAllowed.into_response()
            }
            Some(file) => {
                self.send(file, asked, if is_page { VARY_OF_PAGES } else { VARY_OF_FILES })
            }
            None if is_page => (StatusCode::NOT_FOUND, Html(WITHOUT)).into_response(),
            None => ApiError::from(Error::NotFound("address")).into_response(),
        }
    }

    fn send(&self, file: &Served, asked: &HeaderMap, vary: HeaderValue) -> Response {
        let form = file.form_for(asked);
        // On 304 as well: browsers put these over those they have kept. And on scripts: a worker
        // is ruled by what its own file says.
        let mut headers = HeaderMap::from_iter([
            (header::ETAG, form.tag.clone()),
            (header::CACHE_CONTROL, file.cache.clone()),
            (header::VARY, vary),
            (header::CONTENT_SECURITY_POLICY, self.csp.clone()),
        ]);
        if is_known(asked, &form.tag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, file.kind.clone());
        if form.encoding != IDENTITY {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(form.encoding));
        }
        (headers, form.bytes).into_response()
    }
}

impl Served {
    fn new(file: &File) -> anyhow::Result<Served> {
        let hash = digest(&SHA256, file.plain);
        let hash: String =
            hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        // Different bytes, so different tags.
        let form = |encoding, bytes| -> anyhow::Result<Form> {
            Ok(Form {
                encoding,
                tag: HeaderValue::try_from(format!("\"{hash}-{encoding}\""))?,
                bytes,
            })
        };
        let compressed = [("gzip", file.gzip), ("br", file.brotli)].into_iter();
        let compressed = compressed.filter_map(|(encoding, bytes)| Some(form(encoding, bytes?)));
        Ok(Served {
            kind: HeaderValue::from_static(kind(file.path)),
            cache: if file.path.starts_with(HASHED) { FOR_EVER } else { ASK_AGAIN },
            plain: form(IDENTITY, file.plain)?,
            compressed: compressed.collect::<anyhow::Result<_>>()?,
        })
    }

    /// Plain goes to whoever takes nothing else, even if they refuse it: they can read it at least.
    fn form_for(&self, asked: &HeaderMap) -> &Form {
        let wanted = |form: &&Form| accept::encoding(asked, form.encoding);
        let best = self.compressed.iter().max_by_key(wanted);
        best.filter(|form| wanted(form) > 0 && wanted(form) >= wanted(&&self.plain))
            .unwrap_or(&self.plain)
    }
}

/// Whether the path may be one of the client's own. Ids and words only, so that neither a file
/// that is gone nor an attempt to climb is answered with a page.
fn may_be_page(path: &str) -> bool {
    let word = |segment: &str| {
        !segment.is_empty()
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte))
    };
    let path = path.strip_prefix('/').unwrap_or(path);
    let first = path.split('/').next().unwrap_or_default();
    !NO_PAGES.contains(&first) && path.strip_suffix('/').unwrap_or(path).split('/').all(word)
}

/// Whether this very form is what the browser has.
fn is_known(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let lines = asked.get_all(header::IF_NONE_MATCH).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).any(|known| {
        // A proxy that compresses makes them weak.
        let known = known.trim_ascii();
        known == b"*" || known.strip_prefix(b"W/").unwrap_or(known) == tag.as_bytes()
    })
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        _ => "application/octet-stream",
    }
}

/// Pages load what is ours, run no script that stands in HTML, and make none of text.
fn csp(server: &Server) -> String {
    // Safari before 15.4 does not count a WebSocket to this host as `self`.
    let host = server.public_url.trim_end_matches('/').strip_prefix("http");
    let socket = host.map_or(String::new(), |host| format!(" ws{host}"));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
         media-src 'self' blob:; connect-src 'self'{socket}; worker-src 'self'; \
         manifest-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
}
