//! The command line of `wswhy`.

fn main() {}
