//! Keys whose makers gave them a mark, so that they are found wherever they stand: those of clouds,
//! code hosts, chat and payment services, and PEM blocks.
//!
//! A mark of a few letters may end a word of a log (`task-…` holds `sk-`): such a key begins a word
//! and holds a digit.

use super::finding::{Carrier, Finding, Kind};
use super::marks::{Mark, Marks};
use super::pattern::Pattern;
use std::sync::LazyLock;

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
    static MARKED: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            // Amazon, Google, Azure, DigitalOcean, Heroku, Databricks.
            r"(?:AKIA|ASIA)[0-9A-Z]{12,}|AIza[0-9A-Za-z_-]{20,}|GOCSPX-[A-Za-z0-9_-]{12,}|ya29\.[A-Za-z0-9_-]{10,}",
            r"|GOOG1?[A-Z0-9]{20,}|[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{30,}|do[opr]_v1_[A-Za-z0-9_]{20,}",
            r"|HRKU-[A-Za-z0-9_-]{20,}|dapi[0-9a-f]{32}",
            // GitHub, GitLab, npm, PyPI, Docker, Hugging Face.
            r"|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}",
            r"|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[A-Za-z0-9_-]{16,}",
            r"|npm_[A-Za-z0-9_]{30,}|pypi-[A-Za-z0-9_-]{20,}|dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{20,}",
            // Slack, Discord, SendGrid, Shopify, Square, Sentry, Grafana, Vault.
            r"|xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9_-]{8,}|xapp-[0-9]-[A-Za-z0-9_-]{8,}|hooks\.slack\.com/services/[A-Za-z0-9_/]{12,}",
            r"|discord(?:app)?\.com/api/webhooks/\d+/[A-Za-z0-9_-]+|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
            r"|shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{16,}|sq0[a-z]{3}-[A-Za-z0-9_-]{20,}|sntry[su]_[A-Za-z0-9_=+/-]{20,}",
            // Linear, Postman, Brevo, Tailscale, Doppler, New Relic, Firebase's messages.
            r"|lin_(?:api|oauth)_[A-Za-z0-9]{20,}|PMAK-[A-Za-z0-9-]{20,}|xkeysib-[A-Za-z0-9-]{20,}|tskey-[a-z]+-[A-Za-z0-9-]{12,}",
            r"|dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.]{20,}|NRAK-[A-Z0-9]{20,}|APA91b[A-Za-z0-9_-]{20,}",
            r"|gl(?:sa|c)_[A-Za-z0-9_=+/-]{20,}|hv[sbr]\.[A-Za-z0-9_-]{20,}|whsec_[A-Za-z0-9_]{12,}",
            r#"|django-insecure-[!#-&(-~]{12,}|AGE-SECRET-KEY-1[A-Z0-9]{20,}"#,
        ))
    });
    for one in MARKED.find_iter(text) {
        found.push(Finding::new(one.range(), Kind::Key, Carrier::Unmistakable));
    }
}

/// PEM blocks, on one line or over several, up to their end or that of the text.
fn private_keys(text: &str, found: &mut Vec<Finding>) {
    static BLOCK: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r#"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:[^"'-]|-[^"'-])*"#)
    });
    static BODY: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"-----(?:[^-]|-[^-])*?[A-Za-z0-9+/]{16,}"));
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
    static SHORT: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"[prs]k_(?:live|test)_[A-Za-z0-9_]{8,}|sk-[A-Za-z0-9_-]{20,}",
            // Twilio, Mailgun, Groq, Supabase, Replicate, Telegram.
            r"|(?:SK|AC)[0-9a-f]{32}|key-[0-9a-f]{32}|gsk_[A-Za-z0-9]{20,}|sbp_[0-9a-f]{20,}|r8_[A-Za-z0-9]{20,}",
            r"|[0-9]{8,10}:AA[A-Za-z0-9_-]{30,}",
        ))
    });
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
    static ENCODED: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"(?:%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[nrt])$"));
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
