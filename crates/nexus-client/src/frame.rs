//! Socket.IO frames as text: what arrives, taken apart; binary packets are not used here.

/// One Engine.IO message, borrowed from the text it came in.
#[derive(Debug, PartialEq)]
pub(crate) enum Frame<'a> {
    /// `0{…}`
    Open {
        body: &'a str,
    },
    Close,
    Ping,
    /// `40/chat,{…}`
    Connected {
        namespace: &'a str,
    },
    /// `44/chat,{…}`
    Refused {
        namespace: &'a str,
        body: &'a str,
    },
    /// `41/chat,`
    Disconnected {
        namespace: &'a str,
    },
    /// `42/chat,["name",body]`; `payload` is the whole array.
    Event {
        namespace: &'a str,
        payload: &'a str,
    },
    /// `43/chat,7[answer]`; `payload` is the whole array.
    Ack {
        id: u64,
        payload: &'a str,
    },
    Other,
}

impl<'a> Frame<'a> {
    pub(crate) fn parse(text: &'a str) -> Frame<'a> {
        let mut chars = text.chars();
        match chars.next() {
            Some('0') => return Frame::Open { body: chars.as_str() },
            Some('1') => return Frame::Close,
            Some('2') => return Frame::Ping,
            Some('4') => {}
            _ => return Frame::Other,
        }
        let kind = chars.next();
        let (namespace, rest) = split_namespace(chars.as_str());
        match kind {
            Some('0') => Frame::Connected { namespace },
            Some('1') => Frame::Disconnected { namespace },
            Some('2') => Frame::Event { namespace, payload: without_id(rest).1 },
            Some('3') => match without_id(rest) {
                (Some(id), payload) => Frame::Ack { id, payload },
                (None, _) => Frame::Other,
            },
            Some('4') => Frame::Refused { namespace, body: rest },
            _ => Frame::Other,
        }
    }
}

fn split_namespace(text: &str) -> (&str, &str) {
    if !text.starts_with('/') {
        return ("/", text);
    }
    text.split_once(',').unwrap_or((text, ""))
}

fn without_id(text: &str) -> (Option<u64>, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (text[..digits].parse().ok(), &text[digits..])
}

#[cfg(test)]
mod tests {
    use super::Frame;

    #[test]
    fn takes_frames_apart() {
        for (text, frame) in [
            ("0{\"sid\":\"x\"}", Frame::Open { body: "{\"sid\":\"x\"}" }),
            ("2", Frame::Ping),
            ("40/chat,{\"sid\":\"x\"}", Frame::Connected { namespace: "/chat" }),
            ("40{\"sid\":\"x\"}", Frame::Connected { namespace: "/" }),
            ("41/chat,", Frame::Disconnected { namespace: "/chat" }),
            ("42/chat,[\"a\",1]", Frame::Event { namespace: "/chat", payload: "[\"a\",1]" }),
            ("42[\"a\"]", Frame::Event { namespace: "/", payload: "[\"a\"]" }),
            ("43/chat,17[{}]", Frame::Ack { id: 17, payload: "[{}]" }),
            (
                "44/chat,{\"message\":\"no\"}",
                Frame::Refused { namespace: "/chat", body: "{\"message\":\"no\"}" },
            ),
            ("", Frame::Other),
        ] {
            assert_eq!(Frame::parse(text), frame, "{text}");
        }
    }
}
