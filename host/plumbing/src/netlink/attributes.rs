//! The payload of messages: a fixed header, then attributes, each with a length, a kind and a value, padded to 4 bytes.

/// A payload being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body(Vec<u8>);

const NESTED: u16 = 0x8000;
const KIND: u16 = 0x3fff;

impl Body {
    /// Begins with a family's fixed header.
    pub(crate) fn header(bytes: &[u8]) -> Self {
        Self(bytes.to_vec()).padded()
    }

    /// Adds an attribute.
    pub(crate) fn put(mut self, kind: u16, value: &[u8]) -> Self {
        let length = u16::try_from(value.len() + 4).unwrap_or(u16::MAX);
        self.0.extend(length.to_ne_bytes());
        self.0.extend(kind.to_ne_bytes());
        self.0.extend(value);
        self.padded()
    }

    /// Adds a number in the host's byte order.
    pub(crate) fn number(self, kind: u16, value: u32) -> Self {
        self.put(kind, &value.to_ne_bytes())
    }

    /// Adds a text, which ends with a zero.
    pub(crate) fn text(self, kind: u16, text: &str) -> Self {
        self.put(kind, &[text.as_bytes(), &[0]].concat())
    }

    /// Adds attributes in an attribute.
    pub(crate) fn nest(self, kind: u16, inner: Self) -> Self {
        let Self(bytes) = inner;
        self.put(kind | NESTED, &bytes)
    }

    /// The bytes so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn padded(mut self) -> Self {
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self
    }
}

/// The attributes in some bytes: kind and value. Ends where the bytes make no sense.
pub(crate) fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?));
        let kind = u16::from_ne_bytes(bytes.get(2..4)?.try_into().ok()?);
        let value = bytes.get(4..length)?;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind & KIND, value))
    })
}

/// The value of the first attribute of a kind.
pub(crate) fn attribute(bytes: &[u8], kind: u16) -> Option<&[u8]> {
    attributes(bytes).find(|(found, _)| *found == kind).map(|(_, value)| value)
}

/// A value as a number in the host's byte order.
pub(crate) fn number(value: &[u8]) -> Option<u32> {
    Some(u32::from_ne_bytes(value.get(..4)?.try_into().ok()?))
}

/// A value as a text that ends with a zero.
pub(crate) fn text(value: &[u8]) -> String {
    let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
    String::from_utf8_lossy(&value[..end]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let body = Body::header(&[9, 9]).text(3, "eth0").nest(18, Body::default().number(1, 7).put(2, &[1, 2, 3]));
        let bytes = body.bytes();
        assert_eq!(bytes.len() % 4, 0);
        assert_eq!(attribute(&bytes[4..], 3).map(text).as_deref(), Some("eth0"));
        let nested = attribute(&bytes[4..], 18).unwrap();
        assert_eq!(attribute(nested, 1).and_then(number), Some(7));
        assert_eq!(attributes(nested).last(), Some((2, &[1, 2, 3][..])));
    }

    #[test]
    fn nonsense_ends_the_list() {
        assert_eq!(attributes(&[]).count(), 0);
        assert_eq!(attributes(&[3, 0, 1, 0]).count(), 0, "shorter than its own head");
        assert_eq!(attributes(&[12, 0, 1, 0, 5, 5]).count(), 0, "longer than what is there");
        assert_eq!(attributes(&[4, 0, 1, 0, 255]).count(), 1, "a rest too short for a head");
    }
}
