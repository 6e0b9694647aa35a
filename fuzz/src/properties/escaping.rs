//! Hostile text in a report: nothing steers a terminal, and Markdown keeps its shape.

use super::markdown::{self, Piece};
use wswhy::report::escape::{code, code_cell, fence, prose, visible, visible_lines};
use wswhy::rules::RuleSet;

pub(super) fn hold(_: &RuleSet, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let shown = visible(&text);
    assert!(!shown.contains('\n'));
    nothing_steers(&shown);
    assert_eq!(visible(&shown), shown, "shown twice");
    nothing_steers(&visible_lines(&text));
    a_span_holds(&text, &shown);
    a_cell_holds(&text);
    a_fence_holds(&text);
    a_sentence_holds(&text);
}

/// No control character but line breaks, and none that cannot be seen or turns the line around.
pub(super) fn nothing_steers(text: &str) {
    let steers = |letter: char| {
        letter.is_control() && letter != '\n'
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(letter, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
            || matches!(letter, '\u{e0000}'..='\u{e0fff}')
    };
    let found = text.chars().find(|letter| steers(*letter));
    assert!(found.is_none(), "{found:?} in {text:?}");
}

fn a_span_holds(text: &str, shown: &str) {
    let written = code(text);
    let pieces = markdown::pieces(&format!("a {written} b\n"));
    if shown.trim().is_empty() {
        assert!(pieces.iter().all(Piece::is_harmless), "{pieces:?}");
        return;
    }
    let expected = [
        Piece::Words("a ".to_owned()),
        Piece::Code(shown.to_owned()),
        Piece::Words(" b".to_owned()),
    ];
    assert_eq!(pieces, expected, "{written:?}");
}

fn a_cell_holds(text: &str) {
    let table = format!("| a | b |\n|---|---|\n| {} | end |\n", code_cell(text));
    let pieces = markdown::pieces(&table);
    assert!(pieces.iter().all(Piece::is_harmless), "{pieces:?}");
    assert_eq!(
        pieces.last(),
        Some(&Piece::Words("end".to_owned())),
        "{table:?}"
    );
}

fn a_fence_holds(text: &str) {
    let written = format!("before\n\n{}\nafter\n", fence(text, "text"));
    let pieces = markdown::pieces(&written);
    let [Piece::Words(_), Piece::Block(block), Piece::Words(after)] = pieces.as_slice() else {
        panic!("{written:?} is {pieces:?}");
    };
    assert_eq!(after, "after");
    assert_eq!(
        block.trim_end_matches('\n'),
        visible_lines(text).trim_end_matches('\n')
    );
}

fn a_sentence_holds(text: &str) {
    for written in [
        prose(text),
        format!("- {}", prose(text)),
        format!("> {}", prose(text)),
    ] {
        let pieces = markdown::pieces(&written);
        assert!(
            pieces.iter().all(Piece::is_harmless),
            "{written:?} is {pieces:?}"
        );
    }
}
