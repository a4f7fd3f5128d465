//! The command line of Curfew.
fn main() {}
