//! Arguments to send: several, with binary among them.

use bytes::Bytes;
use serde::Serialize;

use crate::{Args, args::Placeholder};

/// The arguments of an event or an acknowledgement that has not exactly one JSON argument.
///
/// ```
/// use nexus_socketio::Payload;
/// let mut payload = Payload::new().arg(&"photo.jpg").binary(vec![1, 2, 3]);
/// let file = payload.attach(vec![4, 5, 6]);
/// let payload = payload.arg(&serde_json::json!({ "thumbnail": file }));
/// assert_eq!(payload.len(), 3);
/// ```
#[derive(Debug, Default)]
pub struct Payload {
    json: Vec<u8>,
    len: usize,
    attachments: Vec<Bytes>,
    failed: Option<serde_json::Error>,
}

/// Stands for an attachment inside a JSON argument; serialize it where the bytes belong.
#[derive(Debug, Clone, Copy)]
pub struct Attachment(usize);

impl Serialize for Attachment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Placeholder { placeholder: true, num: self.0 as u64 }.serialize(serializer)
    }
}

impl Payload {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a JSON argument. A value that cannot be serialized makes the emit fail.
    #[must_use]
    pub fn arg<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        self.separate();
        if let Err(error) = serde_json::to_writer(&mut self.json, value) {
            self.failed = Some(error);
        }
        self
    }

    /// Adds an argument that is binary as a whole.
    #[must_use]
    pub fn binary(mut self, bytes: impl Into<Bytes>) -> Self {
        let attachment = self.attach(bytes);
        self.arg(&attachment)
    }

    /// Adds bytes to be referred to from inside a later [`arg`](Self::arg).
    pub fn attach(&mut self, bytes: impl Into<Bytes>) -> Attachment {
        self.attachments.push(bytes.into());
        Attachment(self.attachments.len() - 1)
    }

    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no argument.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The arguments as JSON, comma separated, and their attachments.
    pub(crate) fn into_parts(self) -> Result<(Vec<u8>, Vec<Bytes>), serde_json::Error> {
        match self.failed {
            Some(error) => Err(error),
            None => Ok((self.json, self.attachments)),
        }
    }

    fn separate(&mut self) {
        if self.len > 0 {
            self.json.push(b',');
        }
        self.len += 1;
    }
}

/// The same arguments again, attachments included: for an echo or a relay.
impl From<&Args> for Payload {
    fn from(args: &Args) -> Self {
        let mut payload = Self { attachments: args.attachments().to_vec(), ..Self::default() };
        for raw in (0..args.len()).filter_map(|index| args.raw(index)) {
            payload.separate();
            payload.json.extend_from_slice(raw.as_bytes());
        }
        payload
    }
}
