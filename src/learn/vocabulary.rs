//! Loose words for common refusals, to name a group whose place says that it stops an attempt.
//!
//! These are looser than any phrase of the lexicon may be, and decide nothing by themselves: they are
//! asked only about lines that stand where attempts end, and a person reviews the answer.

use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

const CREDENTIAL: &str = r"\b(?:token|jwt|pass|passport|ticket|badge|key|credentials?|session|cookie|login|signature|invite|card|voucher|auth\w*)\b";
const PERSON: &str = r"\b(?:user|account|member|guest|holder|owner|person|visitor|player|customer|profile|identity)\b";

/// A kind, what its lines speak of (empty: anything), and what they say of it.
const TABLE: [(&str, &str, &str); 8] = [
    (
        "token-expired",
        CREDENTIAL,
        r"\b(?:expir\w*|r[au]n out|lapsed|stale|outdated|too old|past its|no longer (?:good|valid))\b",
    ),
    (
        "token-missing",
        CREDENTIAL,
        r"\b(?:no|without|missing|absent|lack(?:s|ing)?|forgot(?:ten)?|empty|none|nothing)\b",
    ),
    (
        "token-invalid",
        CREDENTIAL,
        r"\b(?:bad|invalid|broken|forged|fake|garbled|malformed|unreadable|wrong|corrupt\w*|tamper\w*|mismatch\w*|not (?:ours|genuine|valid))\b",
    ),
    (
        "user-inactive",
        PERSON,
        r"\b(?:inactive|disabled|suspended|banned|blocked|locked|frozen|deactivated)\b",
    ),
    (
        "user-not-found",
        PERSON,
        r"\b(?:unknown|not found|no such|nobody|missing|gone|does not exist|not there)\b",
    ),
    (
        "role-refused",
        "",
        r"\b(?:roles?|permissions?|privileges?|clearance|staff only|admins? only|members? only|not (?:allowed|entitled|permitted)|forbidden)\b",
    ),
    (
        "connection-limited",
        "",
        r"\b(?:too many|limit\w*|quota|is full|house full|at capacity|throttl\w*)\b",
    ),
    (
        "connection-refused-by-application",
        "",
        r"\b(?:turn(?:ed|ing)? (?:away|back|down)|refus\w*|reject\w*|den(?:y|ied|ying)|declin\w*|kick\w*|sent? (?:home|away)|shut out|kept out|not let in|closed for|go away|drop(?:ped|ping))\b",
    ),
];

static COMPILED: LazyLock<Vec<(&str, Regex, Regex)>> = LazyLock::new(|| {
    let compile = |pattern: &str| {
        RegexBuilder::new(pattern)
            .case_insensitive(true)
            .build()
            .ok()
    };
    TABLE
        .iter()
        .filter_map(|(kind, of, says)| Some((*kind, compile(of)?, compile(says)?)))
        .collect()
});

/// The kinds that a text's words suggest, the likeliest first.
pub(super) fn suggested(text: &str) -> Vec<&'static str> {
    COMPILED
        .iter()
        .filter(|(_, of, says)| of.is_match(text) && says.is_match(text))
        .map(|(kind, _, _)| *kind)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::suggested;

    #[test]
    fn every_row_compiles_and_speaks() {
        for (text, kind) in [
            ("pass has run out", "token-expired"),
            ("came without a badge", "token-missing"),
            ("that ticket is forged", "token-invalid"),
            ("member is suspended", "user-inactive"),
            ("nobody by that account", "user-not-found"),
            ("not entitled to the ledger", "role-refused"),
            ("house full tonight", "connection-limited"),
            (
                "sending them away: turned back",
                "connection-refused-by-application",
            ),
        ] {
            assert_eq!(suggested(text).first(), Some(&kind), "{text}");
        }
        assert!(suggested("warming the cache").is_empty());
    }
}
