//! A mode's no to a user.

use std::fmt;

/// Whose mistake it is, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// The request contradicts itself or the option's meaning.
    Invalid,
    /// The mode cannot do that.
    Unsupported,
    /// Something else has it.
    Conflict,
    /// There is none left.
    Exhausted,
    /// Not allowed.
    Denied,
    /// The mode met something it does not expect.
    Internal,
}

/// The user's mistake, in words for the user: what was wrong and what would be right. A mode that is itself at fault
/// panics instead, and the host then says that the mode is broken.
///
/// ```
/// use guest_modes::Refusal;
/// let refusal = Refusal::invalid("mtu-too-small", "mtu 576 is too small for IPv6: 1280 or more is wanted").at("mtu");
/// assert_eq!(refusal.at.as_deref(), Some("mtu"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of no.
    pub class: RefusalClass,
    /// Short and stable, for tests and scripts.
    pub code: String,
    /// What was wrong and what would be right.
    pub message: String,
    /// The key of the option to change.
    pub at: Option<String>,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $class:ident;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(code: &str, message: impl Into<String>) -> Self {
            Self { class: RefusalClass::$class, code: code.to_owned(), message: message.into(), at: None }
        }
    )+};
}

impl Refusal {
    constructors! {
        /// The request contradicts itself or the option's meaning.
        invalid => Invalid;
        /// The mode cannot do that.
        unsupported => Unsupported;
        /// Something else has it.
        conflict => Conflict;
        /// There is none left.
        exhausted => Exhausted;
        /// Not allowed.
        denied => Denied;
        /// The mode met something it does not expect.
        internal => Internal;
    }

    /// Names the option to change.
    #[must_use]
    pub fn at(mut self, option: &str) -> Self {
        self.at = Some(option.to_owned());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
