//! Names for what plans make, as the driver gives them.

use std::convert::Infallible;

use plan::{Admitted, InterfaceName, ObjectKind};

/// Names what admitted plans make, counting from 1: no two things get the same name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names(u32);

impl Names {
    /// What the driver's names begin with, unless its configuration says otherwise.
    pub const PREFIX: &str = "ov";

    /// Names what a plan makes.
    pub fn give(&mut self, plan: &mut Admitted) {
        let named = plan.name_objects(|kind| {
            self.0 += 1;
            Ok::<_, Infallible>(name(kind, self.0))
        });
        named.unwrap_or_else(|never| match never {});
    }
}

fn name(kind: ObjectKind, number: u32) -> InterfaceName {
    let text = format!("{}{}{number}", Names::PREFIX, kind.letter());
    InterfaceName::new(text).expect("a prefix, a letter and a number of at most ten digits are a name")
}
