use nexus_core::ports::{Envelope, Mailbox};
use nexus_protocol::{JobId, Timestamp};
use uuid::Uuid;

pub fn letter() -> Envelope {
    let job = JobId(Uuid::from_u128(7));
    Envelope {
        job,
        kind: "digest",
        message_id: format!("{job}@example.org"),
        from: Mailbox { name: "NexusChat".to_owned(), address: "chat@example.org".to_owned() },
        to: Mailbox { name: "Änn \"x\" <y>".to_owned(), address: "ann@example.com".to_owned() },
        date: Timestamp(1_767_434_400_000),
        subject: "Ungelesen: größer".to_owned(),
        text: "Hallo,\n\n.\n.two dots, and a line: https://chat.example.org/reset#token=abc\n"
            .to_owned(),
        html: "<p>Hallo</p>\n".to_owned(),
        headers: vec![
            ("Auto-Submitted", "auto-generated".to_owned()),
            (
                "List-Unsubscribe",
                format!("<https://chat.example.org/unsubscribe?token={}>", "t".repeat(600)),
            ),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ],
    }
}
