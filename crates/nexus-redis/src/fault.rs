//! Places to die at, for the tests that kill a worker half-way.

/// Aborts the process if a test has set the failpoint `name` to `return`. Does nothing unless built
/// with the feature `failpoints`.
pub fn point(name: &str) {
    // The name is not looked at in a build without failpoints.
    let _ = name;
    fail::fail_point!(name, |_| std::process::abort());
}
