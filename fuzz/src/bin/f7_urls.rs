//! F-7: addresses that we are told to lead a browser to. What passes stays on this server, for a
//! parser that reads as browsers do (WHATWG URL).
#![no_main]

use libfuzzer_sys::fuzz_target;
use nexus_core::oidc::leads_back;
use url::Url;

const OURS: &str = "https://chat.example.com";

fuzz_target!(|data: &[u8]| {
    let Ok(path) = std::str::from_utf8(data) else { return };
    if !leads_back(path) {
        return;
    }
    let base = Url::parse(OURS).expect("a URL");
    // As we write it, and as a page would that takes it for a reference of its own.
    for read in [Url::parse(&format!("{OURS}{path}#oidc-ticket=x")), base.join(path)] {
        assert_eq!(read.expect("it can be read").origin(), base.origin(), "{path:?}");
    }
});
