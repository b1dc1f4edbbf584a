//! Whose an element is, in its comment. An element's comment has 128 bytes, which is room for two of Docker's ids, so
//! the instance is not in there: a table is one instance's.

use plan::{EndpointId, InstanceId, NetworkId};

use crate::Mark;

/// The kernel's limit.
const LONGEST: usize = 128;
/// The length of Docker's ids.
const ID: usize = 64;

/// The comment of a mark: `NETWORK` or `NETWORK/ENDPOINT`, without the stroke where only that makes it too long. None
/// for ids that are longer than Docker's.
pub(super) fn write(mark: &Mark) -> Option<String> {
    let network = mark.network.as_str();
    let text = match mark.endpoint.as_ref().map(EndpointId::as_str) {
        None => network.to_owned(),
        Some(endpoint) if network.len() == ID && endpoint.len() == ID => format!("{network}{endpoint}"),
        Some(endpoint) => format!("{network}/{endpoint}"),
    };
    (text.len() <= LONGEST).then_some(text)
}

/// The mark of a comment; none: we did not write it.
pub(super) fn read(comment: &str, instance: &InstanceId) -> Option<Mark> {
    let (network, endpoint) = match comment.split_once('/') {
        Some((network, endpoint)) => (network, Some(endpoint)),
        None if comment.len() == 2 * ID => (comment.get(..ID)?, comment.get(ID..)),
        None => (comment, None),
    };
    Some(Mark {
        instance: instance.clone(),
        network: NetworkId::new(network).ok()?,
        endpoint: endpoint.map(EndpointId::new).transpose().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_read_back() {
        let instance = InstanceId::new("0123abcd").unwrap();
        let (long, other) = ("a".repeat(64), "b".repeat(64));
        for (network, endpoint) in [("net", None), ("net", Some("end")), (&long, Some(other.as_str())), (&long, None)] {
            let mark = Mark {
                instance: instance.clone(),
                network: NetworkId::new(network).unwrap(),
                endpoint: endpoint.map(|id| EndpointId::new(id).unwrap()),
            };
            let comment = write(&mark).unwrap();
            assert!(comment.len() <= 128);
            assert_eq!(read(&comment, &instance), Some(mark));
        }
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        let mark = Mark {
            instance: InstanceId::new("0123abcd").unwrap(),
            network: NetworkId::new("a".repeat(100)).unwrap(),
            endpoint: Some(EndpointId::new("b".repeat(100)).unwrap()),
        };
        assert_eq!(write(&mark), None);
    }
}
