//! Values under keys: a network's options, the facts about its host, what Docker is told.

use crate::{FromValue, Value};

/// Values under keys. Lists are short (64 at most), so they are searched in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, Value)>);

impl Attributes {
    /// The value under a key, if there is one:
    ///
    /// ```
    /// # let options: guest_modes::Attributes = [("mtu".to_owned(), 9000_u16.into())].into_iter().collect();
    /// let mtu: Option<u16> = options.get("mtu");
    /// assert_eq!(mtu, Some(9000));
    /// assert_eq!(options.get::<bool>("icc"), None);
    /// ```
    ///
    /// # Panics
    ///
    /// Where the value has another type than is asked for. The host types options by the manifest, so that the mode
    /// and its own `mode.toml` disagree.
    #[track_caller]
    pub fn get<'a, T: FromValue<'a>>(&'a self, key: &str) -> Option<T> {
        let value = self.value(key)?;
        let Some(typed) = T::from_value(value) else { panic!("\"{key}\" is {value:?}, {} is wanted", T::WANTED) };
        Some(typed)
    }

    /// The value under a key that is always there: an option that is required or has a default.
    ///
    /// # Panics
    ///
    /// As [`get`](Self::get), and where there is no value: then the manifest gives the option no default.
    #[track_caller]
    pub fn expect<'a, T: FromValue<'a>>(&'a self, key: &str) -> T {
        let Some(value) = self.get(key) else { panic!("\"{key}\" is missing: mode.toml has to give it a default") };
        value
    }

    /// The value under a key, whatever its type.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Puts a value under a key, instead of the one that was there.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl FromIterator<(String, Value)> for Attributes {
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(attributes: T) -> Self {
        Self(attributes.into_iter().collect())
    }
}

impl IntoIterator for Attributes {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Attributes {
        [("mtu".to_owned(), Value::Integer(70_000)), ("icc".to_owned(), Value::Boolean(true))].into_iter().collect()
    }

    #[test]
    fn a_value_is_read_as_its_type() {
        assert_eq!(options().get::<i64>("mtu"), Some(70_000));
        assert!(options().expect::<bool>("icc"));
        assert_eq!(options().get::<&str>("bridge"), None);
    }

    #[test]
    #[should_panic(expected = "\"icc\" is Boolean(true), text is wanted")]
    fn another_type_is_the_modes_mistake() {
        options().get::<&str>("icc");
    }

    #[test]
    #[should_panic(expected = "an integer from 0 to 65535 is wanted")]
    fn a_number_that_does_not_fit_is_never_cut() {
        options().get::<u16>("mtu");
    }

    #[test]
    #[should_panic(expected = "\"vlan\" is missing: mode.toml has to give it a default")]
    fn a_missing_default_is_named() {
        options().expect::<u16>("vlan");
    }

    #[test]
    fn a_value_is_replaced() {
        let mut options = options();
        options.set("icc", false);
        assert_eq!(options.get("icc"), Some(false));
        assert_eq!(options.iter().count(), 2);
    }
}
