//! The web client as browsers get it, byte by byte: over a real port, from files of its own.

use nexus_server::{
    app::{Inputs, Node},
    config::{Flags, load},
    http::web::{EMBEDDED, File},
    lifecycle::Roles,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::fixture::key_dir;

const PAGE: &str = "<!doctype html><title>NexusChat</title>";
const SCRIPT: &str = "console.log(1)";
const PERSON: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

static FILES: &[File] = &[
    File {
        path: "/index.html",
        plain: PAGE.as_bytes(),
        brotli: Some(b"page as br"),
        gzip: Some(b"page as gzip"),
    },
    File {
        path: "/assets/app-1a2b3c.js",
        plain: SCRIPT.as_bytes(),
        brotli: Some(b"script as br"),
        gzip: Some(b"script as gzip"),
    },
    File { path: "/assets/logo-4d5e6f.png", plain: b"\x89PNG", brotli: None, gzip: None },
    File { path: "/sw.js", plain: b"self", brotli: None, gzip: None },
    File { path: "/theme.js", plain: b"theme", brotli: None, gzip: None },
    File { path: "/manifest.webmanifest", plain: b"{}", brotli: None, gzip: None },
];

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value).next().unwrap_or_default()
    }

    fn is_problem(&self) -> bool {
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_default();
        self.header("content-type") == "application/problem+json"
            && problem["status"] == self.status
    }
}

/// A server with these files.
struct Site {
    node: Node,
    _data: TempDir,
}

impl Site {
    async fn of(web: &'static [File], public_url: &str) -> Site {
        let data = tempfile::tempdir().unwrap();
        let mut config = load(&Flags::default(), Default::default()).unwrap();
        config.server.listen = ([127, 0, 0, 1], 0).into();
        config.server.public_url = public_url.to_owned();
        config.data_dir = data.path().join("data");
        config.auth.key_dir = key_dir();
        let inputs = Inputs { web, ..Inputs::default() };
        let node = Node::start(config, Roles::ALL, inputs).await.unwrap();
        Site { node, _data: data }
    }

    async fn stop(self) {
        self.node.drain().await;
    }
}

async fn site() -> Site {
    Site::of(FILES, "").await
}

/// The path goes out as it is.
async fn ask(site: &Site, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut connection = TcpStream::connect(site.node.address.unwrap()).await.unwrap();
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let req = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
    connection.write_all(req.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

#[tokio::test]
async fn the_page_is_at_the_root_and_at_every_address_a_person_may_open() {
    let site = site().await;
    for path in ["/", "/chat/01966f4e-0000-7000-8000-000000000001", "/settings/", "/apix?to=/api"] {
        let answer = ask(&site, "GET", path, &[PERSON]).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, PAGE), "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
    assert_eq!(ask(&site, "GET", "/", &[]).await.body, PAGE, "whoever asks");
    assert_eq!(ask(&site, "GET", "/index.html", &[]).await.body, PAGE, "the service worker");
    site.stop().await;
}

#[tokio::test]
async fn programs_and_files_that_are_gone_get_a_problem_and_never_a_page() {
    let site = site().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1/nowhere",
        "/api/nowhere",
        "/socket.io",
        "/socket.io/x",
        "/.well-known/nothing",
        "/errors",
        "/errors/nonsense",
        "/healthz/",
        "/readyz/x",
        "/metrics/x",
        "/assets",
        "/assets/",
        "/assets/gone",
        "/assets/app-000000.js",
        "/favicon.ico",
        "/a/b.html",
    ] {
        let answer = ask(&site, "GET", path, &[PERSON]).await;
        assert!(answer.status == 404 && answer.is_problem(), "{path}: {}", answer.head);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    for accept in ["*/*", "application/json", "text/html;q=0"] {
        let answer = ask(&site, "GET", "/chat/x", &[("accept", accept)]).await;
        assert!(answer.status == 404 && answer.is_problem(), "{accept}");
    }
    site.stop().await;
}

#[tokio::test]
async fn no_trick_with_a_path_leads_anywhere() {
    let site = site().await;
    let long = format!("/{}", "x/".repeat(10_000));
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/assets/../index.html",
        "/assets/%2e%2e/sw.js",
        "/assets//app-1a2b3c.js",
        "//",
        "//evil",
        "/chat//x",
        "/chat/%00",
        "/%2f",
        "/..;/api",
        "/chat/%3Cscript%3E",
        "/index.html/",
        "/INDEX.HTML",
        "/sw%2ejs",
        "/\\evil",
    ] {
        let answer = ask(&site, "GET", path, &[PERSON]).await;
        assert!(answer.status == 404 && answer.is_problem(), "{path}");
    }
    for (path, status) in [("/\0", 400), ("/a b", 400), (&long, 431)] {
        let answer = ask(&site, "GET", path, &[PERSON]).await;
        assert_eq!(answer.status, status, "{:?}", path.get(..20));
    }
    site.stop().await;
}

#[tokio::test]
async fn each_browser_gets_the_smallest_form_it_takes() {
    let site = site().await;
    for (accepts, encoding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.9, gzip", "gzip"),
        ("GZIP;Q=0.5, br;q=0", "gzip"),
        ("*", "br"),
        ("*;q=0.5, br;q=0.1", "gzip"),
        ("br;q=0.001", "br"),
        ("identity, br;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("deflate", ""),
        ("br;q=nonsense", ""),
        ("identity;q=0", ""),
        ("", ""),
    ] {
        let answer =
            ask(&site, "GET", "/assets/app-1a2b3c.js", &[("accept-encoding", accepts)]).await;
        assert_eq!(
            (answer.status, answer.header("content-encoding")),
            (200, encoding),
            "{accepts}"
        );
        let body =
            if encoding.is_empty() { SCRIPT.to_owned() } else { format!("script as {encoding}") };
        assert_eq!(answer.body, body, "{accepts}");
        assert_eq!(answer.header("content-length"), body.len().to_string());
        // With `accept` in it a service worker would not find again what it has kept.
        assert_eq!(answer.header("vary"), "accept-encoding");
        let picture =
            ask(&site, "GET", "/assets/logo-4d5e6f.png", &[("accept-encoding", accepts)]).await;
        assert_eq!(picture.header("content-encoding"), "", "{accepts}");
    }
    site.stop().await;
}

#[tokio::test]
async fn what_has_its_hash_in_its_name_is_kept_for_a_year_and_all_else_is_asked_for_again() {
    let site = site().await;
    let year = "public, max-age=31536000, immutable";
    for (path, kind, cache) in [
        ("/assets/app-1a2b3c.js", "text/javascript; charset=utf-8", year),
        ("/assets/logo-4d5e6f.png", "image/png", year),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/theme.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
    ] {
        let answer = ask(&site, "GET", path, &[]).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{path}");
        assert_eq!(answer.header("cache-control"), cache, "{path}");
        let again = ask(&site, "GET", path, &[("if-none-match", answer.header("etag"))]).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        // They replace what the browser has kept of them.
        for header in ["cache-control", "content-security-policy", "etag", "vary"] {
            assert_eq!(again.header(header), answer.header(header), "{path}: {header}");
        }
    }
    site.stop().await;
}

#[tokio::test]
async fn a_tag_names_one_form_of_one_content() {
    let site = site().await;
    let tag = async |accepts| {
        let answer = ask(&site, "GET", "/", &[("accept-encoding", accepts)]).await;
        answer.header("etag").to_owned()
    };
    let (plain, gzip, br) = (tag("").await, tag("gzip").await, tag("br").await);
    assert!(plain.starts_with('"') && plain != gzip && gzip != br && plain != br);
    for (known, accepts, status) in [
        (gzip.clone(), "gzip", 304),
        (gzip.clone(), "br", 200),
        (format!("\"other\", W/{br}"), "br", 304),
        ("*".to_owned(), "br", 304),
        ("\"other\"".to_owned(), "br", 200),
    ] {
        let headers = [("if-none-match", known.as_str()), ("accept-encoding", accepts)];
        assert_eq!(ask(&site, "GET", "/", &headers).await.status, status, "{known} {accepts}");
    }
    site.stop().await;
}

#[tokio::test]
async fn pages_and_workers_may_load_what_is_ours_and_nothing_else() {
    let site = site().await;
    for path in ["/", "/sw.js", "/assets/app-1a2b3c.js"] {
        let answer = ask(&site, "GET", path, &[]).await;
        let csp = answer.header("content-security-policy");
        assert!(csp.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "));
        assert!(csp.contains("connect-src 'self'; ") && !csp.contains("unsafe"), "{csp}");
        assert!(csp.ends_with("frame-ancestors 'none'; require-trusted-types-for 'script'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    }
    site.stop().await;
    let site = Site::of(FILES, "https://chat.example.com").await;
    let answer = ask(&site, "GET", "/", &[]).await;
    let sources = "connect-src 'self' wss://chat.example.com;";
    assert!(answer.header("content-security-policy").contains(sources), "{}", answer.head);
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    site.stop().await;
}

#[tokio::test]
async fn head_tells_what_get_would_and_nothing_else_is_taken() {
    let site = site().await;
    let headers = [("accept-encoding", "br")];
    let get = ask(&site, "GET", "/assets/app-1a2b3c.js", &headers).await;
    let head = ask(&site, "HEAD", "/assets/app-1a2b3c.js", &headers).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for header in ["content-length", "content-encoding", "etag", "cache-control"] {
        assert_eq!(head.header(header), get.header(header), "{header}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        let answer = ask(&site, method, "/", &[]).await;
        assert!(answer.status == 405 && answer.is_problem(), "{method}");
        assert_eq!(ask(&site, method, "/nowhere", &[]).await.status, 404, "{method}");
    }
    site.stop().await;
}

#[tokio::test]
async fn a_server_without_the_client_says_so_to_people_and_to_programs() {
    let site = Site::of(&[], "").await;
    for path in ["/", "/chat/1"] {
        let answer = ask(&site, "GET", path, &[PERSON]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (404, "no-store"), "{path}");
        assert!(answer.body.contains("make run") && answer.body.contains("/api/docs/"));
    }
    let features = async |site: &Site| {
        let about: Value =
            serde_json::from_str(&ask(site, "GET", "/.well-known/nexuschat", &[]).await.body)
                .unwrap();
        about["features"].to_string()
    };
    assert!(!features(&site).await.contains("web"));
    site.stop().await;
    let site = self::site().await;
    assert!(features(&site).await.contains("\"web\""));
    site.stop().await;
}

#[tokio::test]
async fn the_client_in_this_binary_is_whole() {
    let site = Site::of(EMBEDDED, "").await;
    for file in EMBEDDED {
        let answer = ask(&site, "HEAD", file.path, &[]).await;
        assert_eq!(answer.status, 200, "{}", file.path);
        assert_ne!(answer.header("content-type"), "application/octet-stream", "{}", file.path);
        assert_eq!(answer.header("content-length"), file.plain.len().to_string());
    }
    if let Some(page) = EMBEDDED.iter().find(|file| file.path == "/index.html") {
        let page = String::from_utf8_lossy(page.plain);
        let quoted = page.split('"').filter(|part| part.starts_with("/assets/"));
        for asset in quoted {
            assert!(EMBEDDED.iter().any(|file| file.path == asset), "{asset} is missing");
        }
    }
    site.stop().await;
}
