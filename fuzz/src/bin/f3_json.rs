//! F-3: bodies, event payloads and cursors. What is read is written, and read again the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nexus_protocol::{
    event::{PresenceSubscribe, TypingStart},
    *,
};
use serde::{Serialize, de::DeserializeOwned};

type Reader = fn(&[u8]);

fn read<T: DeserializeOwned>(data: &[u8]) {
    let _ = serde_json::from_slice::<T>(data);
}

fn survives<T: DeserializeOwned + Serialize>(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(data) else { return };
    let once = serde_json::to_value(&value).expect("what was read can be written");
    let again: T = serde_json::from_value(once.clone()).expect("what was written can be read");
    assert_eq!(serde_json::to_value(&again).expect("twice"), once);
}

fn cursor(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = nexus_core::cursor::read::<(String, u64)>(text);
    }
}

/// The corpus names them by their place: new ones come last.
const READERS: &[Reader] = &[
    read::<SignupRequest>,
    read::<LoginRequest>,
    survives::<RefreshRequest>,
    survives::<MsgSend>,
    survives::<SendMessage>,
    survives::<CreateChat>,
    survives::<SyncRequest>,
    survives::<Message>,
    survives::<Chat>,
    survives::<Problem>,
    survives::<Vec<Timestamp>>,
    cursor,
    read::<AddContact>,
    read::<AddMembers>,
    read::<AddPasskey>,
    read::<BanUser>,
    read::<ChangeAccount>,
    read::<ChangeEmail>,
    read::<ChangePassword>,
    read::<CreateInvite>,
    read::<DeleteMe>,
    read::<EditMessage>,
    read::<FileReport>,
    read::<ForwardMessage>,
    read::<MakeAnnouncement>,
    read::<MsgDelete>,
    read::<MsgEdit>,
    read::<MsgReact>,
    read::<OidcSignup>,
    read::<PasskeyLogin>,
    read::<PresenceSubscribe>,
    read::<ResolveReport>,
    read::<StartOidc>,
    read::<StartSweep>,
    read::<StepUp>,
    read::<SyncCheck>,
    read::<TypingStart>,
    read::<UpdateChat>,
    read::<UpdateChatMe>,
    read::<UpdateContact>,
    read::<UpdateMe>,
    read::<UpdateSettings>,
];

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else { return };
    READERS[usize::from(*kind) % READERS.len()](data);
});
