//! Hypercorn's access log: `127.0.0.1:5000 - - [12/Feb/2024:16:25:00 +0000] "GET /ws/x 1.1" 101 - …`.
//!
//! Told from other access lines by the protocol, of which it prints the version alone.

use super::access_line::AccessLine;
use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// Hypercorn's access lines.
pub(super) struct HypercornAccess;

impl Dialect for HypercornAccess {
    fn id(&self) -> &'static str {
        "hypercorn-access"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "127.0.0.1:5000 - - [12/Feb/2024:16:25:00 +0000] \"GET /ws/x 1.1\" 101 - \"-\" \"websockets/12\"",
            "127.0.0.1:5000 - - [12/Feb/2024:16:25:00 +0000] \"GET /ws/x 2\" 403 0 \"-\" \"-\"",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        if !text.contains("] \"") {
            return None;
        }
        let line = AccessLine::read(text)?;
        let bare = line
            .request
            .protocol
            .starts_with(|c: char| c.is_ascii_digit());
        bare.then(|| Parsed {
            side: Some(Side::Backend),
            ..line.parsed()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_status_and_zone() {
        let parsed = HypercornAccess.parse(HypercornAccess.samples()[0]).unwrap();
        assert_eq!(
            (parsed.status, parsed.stamp.unwrap().offset_s),
            (Some(101), Some(0))
        );
        assert!(parsed.message.starts_with("\"GET /ws/x 1.1\" 101"));
    }
}
