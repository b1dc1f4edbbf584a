//! Whether the kernel forwards packets, which nat networks need.

use super::finding::Finding;

/// The switches of the kernel.
const SWITCHES: [(&str, &str); 2] =
    [("IPv4", "/proc/sys/net/ipv4/ip_forward"), ("IPv6", "/proc/sys/net/ipv6/conf/all/forwarding")];

pub(super) fn look() -> Vec<Finding> {
    let judged = SWITCHES.map(|(family, file)| judge(family, std::fs::read_to_string(file).ok().as_deref()));
    judged.into()
}

fn judge(family: &str, value: Option<&str>) -> Finding {
    const SUBJECT: &str = "forwarding";
    match value.map(str::trim) {
        Some("0") => Finding::good(
            SUBJECT,
            format!("{family}: off; the driver turns it on with the first network that needs it"),
        ),
        Some(_) => Finding::good(SUBJECT, format!("{family}: on")),
        None => Finding::doubtful(SUBJECT, format!("{family}: this kernel does not have it")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn on_off_and_not_there() {
        assert_eq!(judge("IPv4", Some("1\n")).what, "IPv4: on");
        assert!(judge("IPv4", Some("0\n")).what.contains("off; the driver turns it on"));
        assert_eq!(judge("IPv6", None).state, State::Doubtful);
    }
}
