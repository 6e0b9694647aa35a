//! Which finders can find anything in a text at all, by words of which one stands in all that they
//! find: one pass over the text spares most lines most expressions, and a short run their compiling.
//!
//! A mark promises nothing: it may stand in a text that holds nothing private. What is private is
//! said by the finders alone.

mod table;
mod words;

use std::sync::LazyLock;
use table::WordTable;
pub(super) use words::Mark;

/// The table of the words, which the build has made.
const TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/marks"));

/// The finders that a text is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks(u32);

impl Marks {
    const ALL: Self = Self(u32::MAX);

    /// The marks of a text.
    pub(super) fn of(text: &str) -> Self {
        static WORDS: LazyLock<Option<WordTable<'static>>> =
            LazyLock::new(|| postcard::from_bytes(TABLE).ok());
        // Letters that expressions take for `s` and `k` where case does not matter.
        if !text.is_ascii() && text.contains(['\u{17f}', '\u{212a}']) {
            return Self::ALL;
        }
        let Some(needed_by) = WORDS.as_ref().and_then(|words| words.needed_by(text)) else {
            return Self::ALL;
        };
        let mut marks = Self(needed_by);
        marks.add_signs(text);
        marks
    }

    /// Whether a finder has to look.
    pub(super) fn has(self, mark: Mark) -> bool {
        self.0 & mark.bit() != 0
    }

    fn set(&mut self, mark: Mark, stands: bool) {
        if stands {
            self.0 |= mark.bit();
        } else {
            self.0 &= !mark.bit();
        }
    }

    /// Marks of single signs, and of signs that a word needs beside it.
    fn add_signs(&mut self, text: &str) {
        let signs = Signs::of(text);
        if text.contains("SK") || text.contains("AC") {
            self.set(Mark::ShortKey, true);
        }
        // The words stand between spaces, of which expressions know more.
        if signs.odd_space {
            self.set(Mark::Dotted, true);
            self.set(Mark::Doing, true);
            self.set(Mark::Told, true);
        }
        self.set(Mark::Dotted, self.has(Mark::Dotted) && signs.dots > 0);
        self.set(Mark::Printed, self.has(Mark::Printed) && signs.angle);
        let query = signs.query || signs.percent;
        self.set(Mark::Query, query || self.has(Mark::Query));
        self.set(Mark::Encoded, signs.percent || signs.backslash);
        self.set(Mark::Login, signs.at && signs.slash && text.contains("://"));
        let encoded = signs.percent || signs.backslash;
        self.set(Mark::Mail, signs.at || encoded && text.contains("40"));
        self.set(Mark::Local, signs.beyond && text.contains('\u{2514}'));
        self.set(Mark::LongWord, signs.word >= 20);
        self.set(Mark::Base64, signs.base64 >= 32);
        self.set(Mark::Phone, signs.plus || signs.percent);
        self.set(Mark::V4, signs.dots >= 3);
        // Without its zeros left out an address has eight parts, or six and one of the older form.
        self.set(Mark::V6, signs.colons >= 6 || text.contains("::"));
    }
}

/// What one pass over the bytes of a text tells.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent observations about one text"
)]
struct Signs {
    at: bool,
    slash: bool,
    angle: bool,
    query: bool,
    percent: bool,
    backslash: bool,
    plus: bool,
    /// A character beyond ASCII.
    beyond: bool,
    /// White space that is no plain space, or may be.
    odd_space: bool,
    dots: usize,
    colons: usize,
    /// The longest run of letters, digits and `_+-`.
    word: usize,
    /// The longest run of letters, digits and `+/`.
    base64: usize,
}

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = Self::default();
        let (mut word, mut base64) = (0_usize, 0_usize);
        for byte in text.bytes() {
            let letter = byte.is_ascii_alphanumeric() || byte == b'+';
            word = longer(word, letter || matches!(byte, b'_' | b'-'));
            base64 = longer(base64, letter || byte == b'/');
            signs.word = signs.word.max(word);
            signs.base64 = signs.base64.max(base64);
            match byte {
                b'@' => signs.at = true,
                b'/' => signs.slash = true,
                b'<' => signs.angle = true,
                b'?' | b'&' | b';' => signs.query = true,
                b'%' => signs.percent = true,
                b'\\' => signs.backslash = true,
                b'+' => signs.plus = true,
                b'.' => signs.dots = signs.dots.saturating_add(1),
                b':' => signs.colons = signs.colons.saturating_add(1),
                b'\t'..=b'\r' => signs.odd_space = true,
                0x80.. => {
                    signs.beyond = true;
                    signs.odd_space = true;
                }
                _ => {}
            }
        }
        signs
    }
}

/// A run that goes on, or is over.
fn longer(run: usize, goes_on: bool) -> usize {
    if goes_on { run.saturating_add(1) } else { 0 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::find_marked;
    use super::*;
    use crate::report::texts::Origin;

    /// Holds that nothing is found without its mark.
    pub(in super::super) fn check(text: &str) {
        let with = find_marked(Origin::Log, text, Marks::of(text));
        let all = find_marked(Origin::Log, text, Marks::ALL);
        let shown = |found: &[super::super::Finding]| format!("{found:?}");
        assert_eq!(shown(&with), shown(&all), "{text}");
    }

    #[test]
    fn words_are_found_in_either_case_and_by_all_who_need_them() {
        let marks = Marks::of("Token: x");
        assert!(marks.has(Mark::Secret) && marks.has(Mark::Scheme));
        assert!(!marks.has(Mark::Cookie) && !marks.has(Mark::Mail));
        assert_eq!(Marks::of("to\u{212a}en: x"), Marks::ALL);
        assert_eq!(Marks::of(""), Marks(0));
    }

    #[test]
    fn the_table_finds_each_word_and_those_within_it() {
        for word in words::WORDS.iter().flat_map(|(_, words)| *words) {
            let text = format!("x{}x", word.to_ascii_uppercase());
            let needs = |(_, words): &&(Mark, &[&str])| {
                words
                    .iter()
                    .any(|it| text.to_ascii_lowercase().contains(it))
            };
            let needed_by = words::WORDS
                .iter()
                .filter(needs)
                .map(|(mark, _)| mark.bit());
            let table: WordTable<'_> = postcard::from_bytes(TABLE).unwrap();
            assert_eq!(table.needed_by(&text), Some(needed_by.sum()), "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_found_without_its_mark(text in r#"((?i:user(name)?|token|pass(word)?|key|session|sid|cookie|authorization|x-api-key|sec-websocket-protocol|bearer|basic|jwt|refresh|otp|login|first name|role|account|authenticated as|logged in as|connected|closed|profile|member)|/home/|C:\\Users\\|redis://|wss://h/|%40|\\u0026|&amp;|&t=|\?st=|%3D|\\u003d|└ 'x|<User: |sk-|SK|ghp_|AKIA|8Q~|eyJ|-----BEGIN RSA PRIVATE KEY-----|[ \t:=,.'"@+?&;/<>\[\](){}%-]|[: =]{1,2}| (for|from|by|of|as) |2001:db8::1|203\.0\.113\.9|\+49 170 1234567|[a-zA-Z0-9]{1,9}|[a-zA-Z0-9_]{18,24}|[A-Za-z0-9+/]{30,36}|[0-9a-f]{32}|[äſK\u{a0}é]){0,12}"#) {
            check(&text);
        }
    }
}
