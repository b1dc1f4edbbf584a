//! Values as JSON, in the notation of RFC 7047 section 5.1.

use super::{Atom, Map, Set, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// JSON that is not an OVSDB value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an OVSDB {expected}: {json}")]
pub struct DecodeError {
    expected: &'static str,
    json: String,
}

impl DecodeError {
    pub(crate) fn new(expected: &'static str, json: &Json) -> Self {
        // A whole table can stand here: enough of it to recognise it will do.
        let json = json.to_string().chars().take(200).collect();
        DecodeError { expected, json }
    }
}

impl Atom {
    /// The atom as JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Atom::Integer(number) => json!(number),
            Atom::Real(number) => json!(number),
            Atom::Boolean(flag) => json!(flag),
            Atom::String(text) => json!(&**text),
            Atom::Uuid(uuid) => json!(["uuid", uuid]),
            Atom::Named(name) => json!(["named-uuid", &**name]),
        }
    }

    /// Reads an atom.
    ///
    /// # Errors
    /// If it is none.
    pub fn from_json(json: &Json) -> Result<Self, DecodeError> {
        let atom = match json {
            Json::Bool(flag) => Some(Atom::Boolean(*flag)),
            Json::Number(number) => number.as_i64().map(Atom::Integer).or_else(|| number.as_f64().map(Atom::Real)),
            Json::String(text) => Some(Atom::from(text)),
            Json::Array(pair) => match pair.as_slice() {
                [Json::String(tag), Json::String(text)] => tagged(tag, text),
                _ => None,
            },
            Json::Null | Json::Object(_) => None,
        };
        atom.ok_or_else(|| DecodeError::new("atom", json))
    }
}

fn tagged(tag: &str, text: &str) -> Option<Atom> {
    match tag {
        "uuid" => Uuid::try_parse(text).ok().map(Atom::Uuid),
        "named-uuid" => Some(Atom::named(text)),
        _ => None,
    }
}

impl Value {
    /// The value as JSON; a set of one is written as the bare atom.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Set(set) => match set.as_slice() {
                [atom] => atom.to_json(),
                atoms => json!(["set", atoms.iter().map(Atom::to_json).collect::<Vec<_>>()]),
            },
            Value::Map(map) => {
                let entry = |(key, value): &(Atom, Atom)| json!([key.to_json(), value.to_json()]);
                json!(["map", map.iter().map(entry).collect::<Vec<_>>()])
            }
        }
    }

    /// Reads a value: a set, a map or a bare atom.
    ///
    /// # Errors
    /// If it is none.
    pub fn from_json(json: &Json) -> Result<Self, DecodeError> {
        match json.as_array().map(Vec::as_slice) {
            Some([Json::String(tag), Json::Array(members)]) if tag == "set" => {
                Ok(Value::Set(members.iter().map(Atom::from_json).collect::<Result<Set, _>>()?))
            }
            Some([Json::String(tag), Json::Array(entries)]) if tag == "map" => {
                Ok(Value::Map(entries.iter().map(entry_from_json).collect::<Result<Map, _>>()?))
            }
            _ => Ok(Value::from(Atom::from_json(json)?)),
        }
    }
}

fn entry_from_json(json: &Json) -> Result<(Atom, Atom), DecodeError> {
    match json.as_array().map(Vec::as_slice) {
        Some([key, value]) => Ok((Atom::from_json(key)?, Atom::from_json(value)?)),
        _ => Err(DecodeError::new("map entry", json)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn atom() -> impl Strategy<Value = Atom> {
        prop_oneof![
            any::<i64>().prop_map(Atom::Integer),
            // Whole reals look like integers on the wire; only the schema tells.
            any::<i32>().prop_map(|number| Atom::Real(f64::from(number) + 0.5)),
            any::<bool>().prop_map(Atom::Boolean),
            any::<String>().prop_map(Atom::from),
            any::<u128>().prop_map(|bits| Atom::Uuid(Uuid::from_u128(bits))),
            "[a-z_]{1,8}".prop_map(Atom::named),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let set = prop::collection::vec(atom(), 0..6).prop_map(Value::set);
        let map = prop::collection::vec((atom(), atom()), 0..6).prop_map(Value::map);
        prop_oneof![set, map]
    }

    fn set() -> impl Strategy<Value = Set> {
        prop::collection::vec(atom(), 0..6).prop_map(|atoms| atoms.into_iter().collect())
    }

    proptest! {
        #[test]
        fn values_survive_being_written_and_read(value in value()) {
            let text = value.to_json().to_string();
            prop_assert_eq!(Value::from_json(&serde_json::from_str(&text).unwrap()), Ok(value));
        }

        #[test]
        fn the_difference_of_two_sets_leads_from_one_to_the_other(from in set(), to in set()) {
            let difference = from.symmetric_difference(&to);
            prop_assert_eq!(from.symmetric_difference(&difference), to);
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        let wrong =
            [r#"null"#, r#"{}"#, r#"[]"#, r#"["uuid","x"]"#, r#"["set",1]"#, r#"["map",[["a"]]]"#, r#"["what","a"]"#];
        for text in wrong {
            assert!(Value::from_json(&serde_json::from_str(text).unwrap()).is_err(), "{text}");
        }
        // What the server says instead of a set of strings must be recognised, not what a string may look like.
        assert_eq!(Value::from_json(&json!("set")), Ok(Value::from("set")));
    }
}
