//! What stands in our tables, out of `nft -j list table`.

use std::collections::HashMap;

use serde_json::Value;

use super::base::Base;
use super::element::Element;

/// A table's contents.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// All elements of all sets and maps.
    pub(super) elements: Vec<Element>,
    sets: Vec<String>,
    /// Its chains by name.
    pub(super) chains: Chains,
}

/// Chains by name.
pub(super) type Chains = HashMap<String, Listed>;

/// A chain, in `nft`'s words. Those are not the ones that it was made with, and another version has others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    policy: Option<String>,
    rules: Vec<String>,
}

impl Listing {
    /// Reads what `nft` printed about a table. What we did not make is not understood, and not missed.
    pub(super) fn read(family: &'static str, json: &str) -> Self {
        let document: Value = serde_json::from_str(json).unwrap_or_default();
        let mut listing = Self::default();
        for object in document["nftables"].as_array().into_iter().flatten() {
            let Some((kind, object)) = object.as_object().and_then(|object| object.iter().next()) else { continue };
            match kind.as_str() {
                "set" | "map" => listing.set(family, object),
                "chain" => {
                    let policy = object["policy"].as_str().map(str::to_owned);
                    listing.chains.entry(text(&object["name"])).or_default().policy = policy;
                }
                "rule" => {
                    let rule = object["expr"].to_string();
                    listing.chains.entry(text(&object["chain"])).or_default().rules.push(rule);
                }
                _ => {}
            }
        }
        listing
    }

    /// Whether the static part stands as it was made, and its chains as they were listed then. Where that is not known,
    /// their rules are counted.
    pub(super) fn has(&self, base: &Base, made: Option<&Chains>) -> bool {
        let sets = base.sets.iter().all(|set| self.sets.iter().any(|name| name == set.name));
        sets && base.chains.iter().all(|chain| {
            self.chains.get(chain.name).is_some_and(|found| {
                let same = made.is_none_or(|made| made.get(chain.name) == Some(found));
                same && found.rules.len() == chain.rules.len()
            })
        })
    }

    fn set(&mut self, family: &'static str, object: &Value) {
        let name = text(&object["name"]);
        for entry in object["elem"].as_array().into_iter().flatten() {
            // A map's entry is a pair; a key with a comment is an object around it.
            let (key, value) = match entry.as_array() {
                Some(pair) => (&pair[0], parts(&pair[1])),
                None => (entry, Vec::new()),
            };
            let wrapped = &key["elem"];
            let (key, comment) =
                if wrapped.is_null() { (key, None) } else { (&wrapped["val"], wrapped["comment"].as_str()) };
            let comment = comment.map(str::to_owned);
            self.elements.push(Element { family, set: name.clone(), key: parts(key), value, comment });
        }
        self.sets.push(name);
    }
}

fn parts(value: &Value) -> Vec<String> {
    match value["concat"].as_array() {
        Some(parts) => parts.iter().map(text).collect(),
        None => vec![text(value)],
    }
}

/// A part as it is written in a statement.
fn text(value: &Value) -> String {
    match value {
        Value::String(name) => match name.as_str() {
            "tcp" => "6".to_owned(),
            "udp" => "17".to_owned(),
            "sctp" => "132".to_owned(),
            name => name.to_owned(),
        },
        Value::Object(object) if object.contains_key("prefix") => {
            let prefix = &object["prefix"];
            format!("{}/{}", text(&prefix["addr"]), prefix["len"])
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_as_they_are_written() {
        let json = r#"{"nftables": [{"metainfo": {"version": "1.0.6"}},
            {"set": {"name": "gateways", "elem": ["ovh1", {"elem": {"val": "ovh2", "comment": "net"}}]}},
            {"set": {"name": "masquerade6", "elem": [{"elem": {"val": {"concat": ["ovh1",
                {"prefix": {"addr": "fd00::", "len": 64}}]}, "comment": "net"}}]}},
            {"map": {"name": "published4", "elem": [[{"elem": {"val": {"concat": ["sctp", 8080]}, "comment": "net/end"}},
                {"concat": ["10.0.0.2", 80]}]]}},
            {"map": {"name": "published6"}},
            {"chain": {"name": "guard", "policy": "accept"}}, {"rule": {"chain": "guard", "handle": 7, "expr": [{"drop": null}]}},
            {"rule": {"chain": "guard", "handle": 9, "expr": [{"accept": null}]}}]}"#;
        let listing = Listing::read("inet", json);
        let written: Vec<String> = listing.elements.iter().map(|element| element.add("t")).collect();
        assert_eq!(
            written,
            [
                r#"add element inet t gateways { "ovh1" }"#,
                r#"add element inet t gateways { "ovh2" comment "net" }"#,
                r#"add element inet t masquerade6 { "ovh1" . fd00::/64 comment "net" }"#,
                r#"add element inet t published4 { 132 . 8080 comment "net/end" : 10.0.0.2 . 80 }"#,
            ]
        );
        let rules = [r#"[{"drop":null}]"#, r#"[{"accept":null}]"#].map(str::to_owned).to_vec();
        assert_eq!(listing.chains["guard"], Listed { policy: Some("accept".to_owned()), rules });
    }

    #[test]
    fn nothing_is_read_out_of_nonsense() {
        for json in ["", "[]", r#"{"nftables": 7}"#, r#"{"nftables": [[], {"set": null}, {"rule": 3}]}"#] {
            assert!(Listing::read("inet", json).elements.is_empty(), "{json}");
        }
    }
}
