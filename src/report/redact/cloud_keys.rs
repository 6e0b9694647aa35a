//! Keys whose makers gave them a mark, so that they are found wherever they stand: those of clouds,
//! code hosts, chat and payment services, and PEM blocks.
//!
//! A mark of a few letters may end a word of a log (`task-…` holds `sk-`): such a key begins a word
//! and holds a digit.

use super::expressions;
use super::finding::{Carrier, Finding, Kind};
use super::marks::{Mark, Marks};
use super::pattern::Pattern;

/// Adds the marked keys of a text.
pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    if marks.has(Mark::CloudKey) {
        marked(text, found);
        private_keys(text, found);
    }
    if marks.has(Mark::ShortKey) {
        shortly_marked(text, found);
    }
}

fn marked(text: &str, found: &mut Vec<Finding>) {
    static MARKED: Pattern = Pattern::new(expressions::CLOUD_KEY);
    for one in MARKED.find_iter(text) {
        found.push(Finding::new(one.range(), Kind::Key, Carrier::Unmistakable));
    }
}

/// PEM blocks, on one line or over several, up to their end or that of the text.
fn private_keys(text: &str, found: &mut Vec<Finding>) {
    static BLOCK: Pattern = Pattern::new(expressions::PRIVATE_KEY_BLOCK);
    static BODY: Pattern = Pattern::new(expressions::PRIVATE_KEY_BODY);
    for block in BLOCK.find_iter(text) {
        if BODY.is_match(block.as_str()) {
            let shown = block.as_str().trim_end_matches('-').trim_end();
            let end = block.start().saturating_add(shown.len());
            found.push(Finding::new(
                block.start()..end,
                Kind::Key,
                Carrier::Unmistakable,
            ));
        }
    }
}

fn shortly_marked(text: &str, found: &mut Vec<Finding>) {
    static SHORT: Pattern = Pattern::new(expressions::SHORT_CLOUD_KEY);
    for one in SHORT.find_iter(text) {
        let known = ["sk-proj-", "sk-ant-", "sk-or-", "sk-svcacct-"];
        let is_key = one.as_str().contains('_')
            || one.as_str().bytes().any(|byte| byte.is_ascii_digit())
            || known.iter().any(|start| one.as_str().starts_with(start));
        if is_key && begins_word(text.get(..one.start()).unwrap_or_default()) {
            found.push(Finding::new(one.range(), Kind::Key, Carrier::Unmistakable));
        }
    }
}

/// Whether a word begins behind `before`: there is no letter, or one that ends an encoded sign
/// (`%3D`, `\u003d`, `\n`).
fn begins_word(before: &str) -> bool {
    static ENCODED: Pattern = Pattern::new(expressions::ENCODED_BEFORE);
    !before.ends_with(|c: char| c.is_alphanumeric()) || ENCODED.is_match(before)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    /// Invented values, each split so that no scanner takes this file for a leak.
    const KEYS: [&str; 38] = [
        concat!("AK", "IAEXAMPLE000000000"),
        concat!("GO", "OG1EXAMPLEEXAMPLEEXAMPLEEXAMPLE"),
        concat!("abc", "8Q~abcdefghijklmnopqrstuvwxyz.abcde"),
        concat!("do", "p_v1_abcdefabcdefabcdefabcdef"),
        concat!("do", "o_v1_abcdefabcdefabcdefabcdef"),
        concat!("HR", "KU-abcdefghijklmnopqrstuv"),
        concat!("da", "pi", "aaaaaaaabbbbbbbbccccccccdddddddd"),
        concat!("gh", "s_abcdefghijklmnop"),
        concat!("gl", "pat-abcdefghijklmnop"),
        concat!("gl", "dt-abcdefghijklmnop"),
        concat!("gl", "rt-abcdefghijklmnop"),
        concat!("np", "m_abcdefghijklmnopqrstuvwxyzabcdef"),
        concat!("py", "pi-abcdefghijklmnopqrstuv"),
        concat!("dc", "kr_pat_abcdefghijklmnopqrstu"),
        concat!("xo", "xe.xoxp-1-abcdefghij"),
        concat!("dis", "cord.com/api/webhooks/123456/abc-def"),
        concat!("S", "G.abcdefghijklmnopqr.abcdefghijklmnopqr"),
        concat!("sh", "pat_aaaabbbbccccddddeeee"),
        concat!("sq", "0atp-abcdefghijklmnopqrstuv"),
        concat!("hv", "s.abcdefghijklmnopqrstuv"),
        concat!("gl", "sa_abcdefghijklmnopqrstuv"),
        concat!("AG", "E-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQ"),
        concat!("sk", "-proj-abcdefghijklmnopqrst"),
        concat!("sk", "-ant-abcdefghijklmnopqrst"),
        concat!("SK", "aaaaaaaa11111111bbbbbbbb22222222"),
        concat!("AC", "aaaaaaaa11111111bbbbbbbb22222222"),
        concat!("key", "-aaaaaaaa11111111bbbbbbbb22222222"),
        concat!("gs", "k_abcdefghijklmnopqrstuv"),
        concat!("sb", "p_aaaabbbbccccddddeeee"),
        concat!("r8", "_abcdefghijklmnopqrstuv"),
        concat!("12345678", ":AAabcdefghijklmnopqrstuvwxyzabcdef"),
        concat!("lin", "_api_abcdefghijklmnopqrstuv"),
        concat!("PM", "AK-aaaabbbbccccddddeeee-ffff"),
        concat!("xkey", "sib-aaaabbbbccccddddeeee"),
        concat!("tskey", "-auth-abcdefghijkl"),
        concat!("dp", ".pt.abcdefghijklmnopqrstuv"),
        concat!("NR", "AK-AAAABBBBCCCCDDDDEEEE"),
        concat!("APA", "91babcdefghijklmnopqrstuv"),
    ];

    #[test]
    fn marked_keys_go_wherever_they_stand() {
        for key in KEYS {
            check(&format!("with {key} sent"), "with <key-1> sent");
            check(&format!("q%3D{key}"), "q%3D<key-1>");
        }
    }

    #[test]
    fn words_that_hold_a_mark_stay() {
        for line in [
            "task-executor-worker-pool-main-thread started",
            "disk-usage-monitor-service-primary",
            "mask-rcnn-inference-worker-service-2",
            "risk_live_dashboard opened",
            "sk-learn-inference-worker-service",
            "at 12345678:AAA and tskey-auth",
            "monkey-aaaaaaaa11111111bbbbbbbb",
        ] {
            check(line, line);
        }
    }
}
