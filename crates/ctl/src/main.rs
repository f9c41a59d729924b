//! satchelctl
fn main() {}
