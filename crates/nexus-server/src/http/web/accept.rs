//! What a client takes, as it says in `Accept` and `Accept-Encoding` (RFC 9110, 12.5).

use axum::http::{HeaderMap, HeaderName, header};

/// Browsers that open an address ask for HTML by name. Programs, with their `*/*`, are served
/// better by a refusal than by a page.
pub fn names_html(headers: &HeaderMap) -> bool {
    weight(headers, header::ACCEPT, "text/html").is_some_and(|weight| weight > 0)
}

/// How much this encoding is wanted, in thousandths.
pub fn encoding(headers: &HeaderMap, name: &str) -> u16 {
    let weight = |name| weight(headers, header::ACCEPT_ENCODING, name);
    weight(name).or_else(|| weight("*")).unwrap_or(0)
}

fn weight(headers: &HeaderMap, header: HeaderName, wanted: &str) -> Option<u16> {
    let lines = headers.get_all(header).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).find_map(|item| {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        name.trim().eq_ignore_ascii_case(wanted).then(|| thousandths(parameters))
    })
}

fn thousandths(parameters: &str) -> u16 {
    let mut pairs = parameters.split(';').filter_map(|pair| pair.split_once('='));
    match pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("q")) {
        Some((_, q)) => q.trim().parse().map_or(0, |q: f32| (q.clamp(0.0, 1.0) * 1_000.0) as u16),
        None => 1_000,
    }
}
