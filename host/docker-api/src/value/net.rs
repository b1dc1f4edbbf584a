//! Addresses with a prefix length.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::malformed::Malformed;

/// Reads a field such as `10.30.30.1/23`, keeping its host part. Null and the empty text mean none; an address alone is
/// one of a single host.
pub(crate) fn parse(field: &str, text: Option<&str>) -> Result<Option<IpNet>, Malformed> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    match text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)) {
        Ok(net) => Ok(Some(net)),
        Err(_) => Err(Malformed::value(field, text, "an address with a prefix length such as 10.0.0.1/24")),
    }
}

/// Reads a field such as `10.30.30.1`. Null and the empty text mean none.
pub(crate) fn parse_address(field: &str, text: Option<&str>) -> Result<Option<IpAddr>, Malformed> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Malformed::value(field, text, "an address such as 10.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_part_is_kept() {
        assert_eq!(parse("Gateway", Some("10.30.30.1/23")).unwrap().unwrap().to_string(), "10.30.30.1/23");
        assert_eq!(parse("Gateway", Some("fd00::1")).unwrap().unwrap().to_string(), "fd00::1/128");
    }

    #[test]
    fn nothing_is_none_and_nonsense_is_named() {
        assert_eq!(parse("Pool", None).unwrap(), None);
        assert_eq!(parse("Pool", Some("")).unwrap(), None);
        let error = parse("Pool", Some("10.0.0.0/33")).unwrap_err().to_string();
        assert!(error.starts_with("Pool is \"10.0.0.0/33\", expected an address"), "{error}");
    }
}
