//! One-time codes by the clock (RFC 6238): SHA-1, six digits, thirty seconds, as every app has them.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use nexus_protocol::Timestamp;

/// As long as SHA-1's result, which RFC 4226 asks for.
pub const SECRET_BYTES: usize = 20;
const STEP_MILLIS: u64 = 30_000;

/// Clocks differ, and typing takes time: the step before and the one after are fine, too.
pub fn matching_step(secret: &[u8], code: &str, now: Timestamp) -> Option<u64> {
    let step = u64::try_from(now.0).unwrap_or(0) / STEP_MILLIS;
    let steps = [step.saturating_sub(1), step, step + 1];
    steps.into_iter().find(|step| {
        verify_slices_are_equal(code_of(secret, *step).as_bytes(), code.as_bytes()).is_ok()
    })
}

/// What an app shows in this step.
pub fn code_of(secret: &[u8], step: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let start = tag.last().map_or(0, |last| usize::from(last & 0xF));
    let number =
        tag.iter().skip(start).take(4).fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7FFF_FFFF) % 1_000_000)
}

/// What an app reads from a QR code.
pub fn uri(issuer: &str, account: &str, secret: &[u8]) -> String {
    let (issuer, account) = (escape(issuer), escape(account));
    format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", base32(secret))
}

/// RFC 4648, without padding.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters = bytes.chunks(5).flat_map(|chunk| {
        let mut group = [0; 8];
        group[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(group);
        let count = (chunk.len() * 8).div_ceil(5);
        (0..count).map(move |n| char::from(LETTERS[(bits >> (35 - 5 * n)) as usize & 31]))
    });
    letters.collect()
}

fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
        let secret = b"12345678901234567890";
        for (secs, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_of(secret, secs / 30), code, "{secs}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_step_late() {
        let secret = [3; SECRET_BYTES];
        let now = Timestamp(1_767_434_400_000);
        let step = 1_767_434_400_000 / STEP_MILLIS;
        for (ahead, found) in [(-2_i64, false), (-1, true), (0, true), (1, true), (2, false)] {
            let wanted = step.saturating_add_signed(ahead);
            let expected = found.then_some(wanted);
            assert_eq!(matching_step(&secret, &code_of(&secret, wanted), now), expected, "{ahead}");
        }
        for wrong in ["", "12345", "1234567", "abcdef"] {
            assert_eq!(matching_step(&secret, wrong, now), None);
        }
    }

    #[test]
    fn base32_is_that_of_the_rfc() {
        // RFC 4648, section 10.
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_name_cannot_add_to_the_address() {
        let uri = uri("Our Chat", "ann&secret=x:?#%", b"foobar");
        let label = "otpauth://totp/Our%20Chat:ann%26secret%3Dx%3A%3F%23%25";
        assert_eq!(uri, format!("{label}?secret=MZXW6YTBOI&issuer=Our%20Chat"));
    }
}
