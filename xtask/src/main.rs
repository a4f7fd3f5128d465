//! The build harness.
fn main() {}
