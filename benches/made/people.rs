//! Who uses the made application: names, addresses, ports. All invented; the addresses are those set
//! aside for documentation.

use super::chance::Chance;

const NAMES: [&str; 24] = [
    "maria", "olaf", "noor", "yusuf", "kim", "akin", "lena", "tomas", "ines", "ravi", "sofia",
    "emeka", "hanna", "diego", "mei", "pavel", "aisha", "jonas", "clara", "omar", "freya", "luca",
    "priya", "anton",
];

const NETWORKS: [&str; 3] = ["192.0.2", "198.51.100", "203.0.113"];

/// One of some thousand users, a few of whom come often.
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) id: u64,
}

impl User {
    pub(crate) fn any(chance: &mut Chance) -> Self {
        let id = if chance.happens(300) {
            chance.below(24)
        } else {
            chance.below(4000)
        };
        let name = NAMES[usize::try_from(id).unwrap_or(0) % NAMES.len()];
        let name = match id / 24 {
            0 => name.to_owned(),
            family => format!("{name}{family}"),
        };
        Self { name, id }
    }
}

/// An address and a port of its own.
pub(crate) fn client(chance: &mut Chance) -> String {
    let network = chance.one_of(&NETWORKS);
    let host = chance.between(1, 254);
    let port = chance.between(32_768, 60_999);
    format!("{network}.{host}:{port}")
}
