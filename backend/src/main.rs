//! Placeholder of the first commit: the server follows.
fn main() {}
