//! Whether the kernel forwards packets, which nat networks need.

use super::finding::Finding;

/// The switches of the kernel.
const SWITCHES: [(&str, &str, &str); 2] = [
    ("IPv4", "/proc/sys/net/ipv4/ip_forward", "net.ipv4.ip_forward"),
    ("IPv6", "/proc/sys/net/ipv6/conf/all/forwarding", "net.ipv6.conf.all.forwarding"),
];

pub(super) fn look() -> Vec<Finding> {
    SWITCHES
        .into_iter()
        .map(|(family, file, key)| judge(family, key, std::fs::read_to_string(file).ok().as_deref()))
        .collect()
}

fn judge(family: &str, key: &str, value: Option<&str>) -> Finding {
    const SUBJECT: &str = "forwarding";
    match value.map(str::trim) {
        Some("0") => Finding::doubtful(SUBJECT, format!("{family}: off; nat networks need it"))
            .advise(format!("sysctl -w {key}=1, and in /etc/sysctl.d for the next boot")),
        Some(_) => Finding::good(SUBJECT, format!("{family}: on")),
        None => Finding::doubtful(SUBJECT, format!("{family}: this kernel does not have it")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn off_is_told_with_the_switch() {
        assert_eq!(judge("IPv4", "net.x", Some("1\n")).state, State::Good);
        let off = judge("IPv4", "net.x", Some("0\n"));
        assert!(off.state == State::Doubtful && off.advice.unwrap().contains("sysctl -w net.x=1"));
        assert_eq!(judge("IPv6", "net.x", None).state, State::Doubtful);
    }
}
