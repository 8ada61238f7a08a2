//! The arguments of a received event or acknowledgement.

use std::ops::Range;

use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use tungstenite::Utf8Bytes;

use crate::error::ArgError;

/// Arguments as they came: JSON text that is parsed when asked for, and binary attachments.
#[derive(Debug, Clone, Default)]
pub struct Args {
    text: Utf8Bytes,
    spans: Vec<Range<u32>>,
    attachments: Vec<Bytes>,
}

/// How JSON stands for the binary attachment `num`.
#[derive(Debug, Clone, Copy, Deserialize, serde::Serialize)]
pub(crate) struct Placeholder {
    #[serde(rename = "_placeholder")]
    pub placeholder: bool,
    pub num: u64,
}

impl Args {
    /// Splits the JSON array `text[data]` into its elements.
    pub(crate) fn parse(text: Utf8Bytes, data: Range<usize>) -> Result<Self, serde_json::Error> {
        let json = text.as_str().get(data).unwrap_or_default();
        let start = text.as_str().as_ptr().addr();
        let spans = serde_json::from_str::<Vec<&RawValue>>(json)?
            .into_iter()
            .map(|raw| {
                // Bounded by max_payload, far below 4 GiB; a wrong span only reads as missing.
                let from = raw.get().as_ptr().addr() - start;
                from as u32..(from + raw.get().len()) as u32
            })
            .collect();
        Ok(Self { text, spans, attachments: Vec::new() })
    }

    /// Takes the first argument out, which is an event's name.
    pub(crate) fn take_first(&mut self) -> Option<Range<u32>> {
        (!self.spans.is_empty()).then(|| self.spans.remove(0))
    }

    pub(crate) fn slice(&self, span: &Range<u32>) -> Option<&str> {
        self.text.as_str().get(span.start as usize..span.end as usize)
    }

    pub(crate) fn attach(&mut self, attachments: Vec<Bytes>) {
        self.attachments = attachments;
    }

    /// How many arguments there are (attachments count where they stand).
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no argument.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Argument `index` as JSON text.
    pub fn raw(&self, index: usize) -> Option<&str> {
        self.spans.get(index).and_then(|span| self.slice(span))
    }

    /// Argument `index` as a `T`.
    pub fn get<T: DeserializeOwned>(&self, index: usize) -> Result<T, ArgError> {
        let raw = self.raw(index).ok_or(ArgError::Missing(index))?;
        serde_json::from_str(raw).map_err(|source| ArgError::Shape { index, source })
    }

    /// Argument `index` as a JSON value; attachments stay `{"_placeholder":true,"num":n}`.
    pub fn value(&self, index: usize) -> Result<Value, ArgError> {
        self.get(index)
    }

    /// Argument `index`, which is an attachment as a whole.
    pub fn bytes(&self, index: usize) -> Result<&Bytes, ArgError> {
        let placeholder = self.get::<Placeholder>(index)?;
        self.by_placeholder(placeholder).ok_or(ArgError::NoAttachment(index))
    }

    /// The attachment a value (or a part of one) stands for, if it is a valid placeholder.
    pub fn resolve(&self, value: &Value) -> Option<&Bytes> {
        self.by_placeholder(Placeholder::deserialize(value).ok()?)
    }

    /// The attachments, in the order they came.
    pub fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }

    fn by_placeholder(&self, placeholder: Placeholder) -> Option<&Bytes> {
        let index = usize::try_from(placeholder.num).ok()?;
        self.attachments.get(index).filter(|_| placeholder.placeholder)
    }
}
