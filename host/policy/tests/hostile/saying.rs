//! What guests say reaches people escaped and cut.

use policy::Verdict;

use crate::support::{ask, shown};

const HARMLESS: &str = "\\u{1b}]0;t\\u{7}\\u{1b}[2J\\r\\n\\u{0}\\u{9b}\\u{202e}x";

#[tokio::test]
async fn nothing_a_guest_says_steers_a_terminal() {
    let outcome = ask("escapes").await;
    let Err(Verdict::Refused(refusal)) = &outcome.answer else { panic!("{outcome:?}") };
    assert_eq!(refusal.code, HARMLESS);
    assert_eq!(refusal.message, HARMLESS);
    assert_eq!(refusal.at.as_deref(), Some(HARMLESS));
    assert_eq!(outcome.log[0].text, HARMLESS);
    assert!(!shown(&outcome).chars().any(char::is_control));
}

#[tokio::test]
async fn a_flood_of_log_lines_is_cut_and_counted() {
    let outcome = ask("log-flood").await;
    let bytes: usize = outcome.log.iter().map(|line| line.text.len()).sum();
    assert!(bytes <= 16 << 10 && outcome.log.iter().all(|line| line.text.len() <= 1 << 10), "{bytes} bytes");
    assert_eq!(outcome.log.len(), 16);
    assert!(outcome.dropped_lines > 1000, "{}", outcome.dropped_lines);
}
