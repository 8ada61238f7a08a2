//! F-2: packets of Socket.IO, and events put together again from their attachments. Messages are
//! divided by a byte 0xFF; those that are no text are attachments.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    nexus_socketio::fuzzing::packets(data.split(|byte| *byte == 0xFF));
});
