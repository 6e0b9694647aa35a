//! A report as a Markdown renderer reads it, and what words outside of code may not hold.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A part of a text.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// Words outside of code, those of one paragraph together.
    Words(String),
    /// A span of code.
    Code(String),
    /// A block of code.
    Block(String),
    /// HTML as it stands.
    Html(String),
    /// Anything that a renderer obeys and that a log has no say in: a link, an image, a footnote.
    Obeyed(String),
}

impl Piece {
    /// Whether a stranger may have written it.
    pub(super) fn is_harmless(&self) -> bool {
        match self {
            Self::Words(words) => !is_resolved(words),
            Self::Code(_) | Self::Block(_) => true,
            Self::Html(_) | Self::Obeyed(_) => false,
        }
    }
}

/// Whether GitHub makes something of words: a mention, a reference, a link, a picture.
fn is_resolved(words: &str) -> bool {
    let lower = words.to_lowercase();
    let numbered = words
        .split('#')
        .skip(1)
        .any(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    let hashed = words
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|word| (7..=40).contains(&word.len()) && is_commit(word));
    numbered
        || hashed
        || words.contains('@')
        || ["://", "www.", "gh-"]
            .iter()
            .any(|mark| lower.contains(mark))
}

/// Words of letters alone are words.
fn is_commit(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The parts of a text in their order.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let extensions =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut pieces = Vec::new();
    let mut block = None;
    for event in Parser::new_ext(text, extensions) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => block = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => pieces.extend(block.take().map(Piece::Block)),
            Event::Text(words) => match (&mut block, pieces.last_mut()) {
                (Some(block), _) => block.push_str(&words),
                (None, Some(Piece::Words(before))) => before.push_str(&words),
                _ => pieces.push(Piece::Words(words.into_string())),
            },
            Event::Code(code) => pieces.push(Piece::Code(code.into_string())),
            Event::Html(html) | Event::InlineHtml(html) => {
                pieces.push(Piece::Html(html.into_string()));
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => pieces.push(Piece::Obeyed(format!("{event:?}"))),
            // Words of two paragraphs stay apart.
            Event::End(_) => match pieces.last_mut() {
                Some(Piece::Words(words)) if words.is_empty() => {}
                _ if block.is_none() => pieces.push(Piece::Words(String::new())),
                _ => {}
            },
            _ => {}
        }
    }
    pieces.retain(|piece| *piece != Piece::Words(String::new()));
    pieces
}

/// A whole report: HTML is that of our folds, and every fold that opens is closed.
pub(super) fn holds_its_shape(report: &str) {
    let mut open = 0_i32;
    for piece in pieces(report) {
        if let Piece::Html(html) = &piece {
            for line in html.lines().map(str::trim).filter(|line| !line.is_empty()) {
                let opens = line.starts_with("<details><summary>") && line.ends_with("</summary>");
                assert!(opens || line == "</details>", "{line:?} in {report}");
                open += if opens { 1 } else { -1 };
                assert!((0..=1).contains(&open), "folds in {report}");
            }
        } else {
            assert!(piece.is_harmless(), "{piece:?} in {report}");
        }
    }
    assert_eq!(open, 0, "folds in {report}");
}
