//! F-1: what comes over the wire below Socket.IO: WebSocket frames, and bodies of polling requests.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    nexus_socketio::fuzzing::frames(data);
    nexus_socketio::fuzzing::polled(data);
});
