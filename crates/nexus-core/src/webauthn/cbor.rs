//! As much of CBOR (RFC 8949) as authenticators write: CTAP2's form, which knows no lengths that are
//! told later, no floats and no tags.

/// Attestations of TPMs are nested so deep, and none deeper.
const MAX_DEPTH: u8 = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    List(Vec<Item<'a>>),
    Map(Vec<(Item<'a>, Item<'a>)>),
    /// `true`, `false` and `null`.
    Simple(u8),
}

impl<'a> Item<'a> {
    pub fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Item::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Item::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub fn text_key(&self, key: &str) -> Option<&Item<'a>> {
        self.value(&Item::Text(key))
    }

    pub fn int_key(&self, key: i64) -> Option<&Item<'a>> {
        self.value(&Item::Int(key))
    }

    fn value(&self, key: &Item<'_>) -> Option<&Item<'a>> {
        let Item::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }
}

pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    /// The next one; `None` where there is none in our form.
    pub fn item(&mut self) -> Option<Item<'a>> {
        self.item_within(MAX_DEPTH)
    }

    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    pub fn left(&self) -> usize {
        self.0.len()
    }

    pub fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    fn item_within(&mut self, depth: u8) -> Option<Item<'a>> {
        let depth = depth.checked_sub(1)?;
        let first = self.take(1)?.first()?;
        let (major, short) = (first >> 5, first & 31);
        if major == 7 {
            return matches!(short, 20..=22).then_some(Item::Simple(short));
        }
        let number = self.number(short)?;
        let int = i64::try_from(number).ok();
        let length = usize::try_from(number).ok();
        Some(match major {
            0 => Item::Int(int?),
            1 => Item::Int(-1 - int?),
            2 => Item::Bytes(self.take(length?)?),
            3 => Item::Text(std::str::from_utf8(self.take(length?)?).ok()?),
            // Nothing is set aside for a length that is only claimed.
            4 => Item::List((0..number).map(|_| self.item_within(depth)).collect::<Option<_>>()?),
            5 => self.map(number, depth)?,
            _ => return None,
        })
    }

    fn map(&mut self, length: u64, depth: u8) -> Option<Item<'a>> {
        let mut entries = Vec::new();
        for _ in 0..length {
            let key = self.item_within(depth)?;
            // Two readers could take one of two each.
            if entries.iter().any(|(known, _)| *known == key) {
                return None;
            }
            entries.push((key, self.item_within(depth)?));
        }
        Some(Item::Map(entries))
    }

    fn number(&mut self, short: u8) -> Option<u64> {
        let length = match short {
            0..=23 => return Some(short.into()),
            24..=27 => 1 << (short - 24),
            _ => return None,
        };
        let bytes = self.take(length)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}
