//! Places to die or to fail at, for the tests that stop a commit half-way.

use crate::run::Result;

/// With the failpoint `name` set to `return(fail)` this is an error, with any other `return` the
/// end of the process. Does nothing unless built with the feature `failpoints`.
pub fn point(name: &str) -> Result<()> {
    // The name is not looked at in a build without failpoints.
    let _ = name;
    fail::fail_point!(name, |how| match how.as_deref() {
        Some("fail") => Err(crate::run::Failure::Unexpected("a failpoint")),
        _ => std::process::abort(),
    });
    Ok(())
}
