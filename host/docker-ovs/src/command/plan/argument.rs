//! Arguments with a form of their own.

use std::str::FromStr;

/// `KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// `KEY=VALUE` was wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("KEY=VALUE is wanted")]
pub(crate) struct BadAssignment;

impl FromStr for Assignment {
    type Err = BadAssignment;

    fn from_str(text: &str) -> Result<Self, BadAssignment> {
        let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or(BadAssignment)?;
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments() {
        let assignment: Assignment = "routes=10.0.0.0/8=10.1.0.254".parse().unwrap();
        assert_eq!((&*assignment.key, &*assignment.value), ("routes", "10.0.0.0/8=10.1.0.254"));
        assert!("=x".parse::<Assignment>().is_err() && "x".parse::<Assignment>().is_err());
    }
}
