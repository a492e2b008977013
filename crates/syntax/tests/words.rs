//! What a word is in each language.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use editor_core::{Selection, Text, movement};
use syntax::{by_name, language};

#[test]
fn a_double_click_takes_a_word_of_the_language() {
    for (name, marked, word) in [
        ("css", "a { margin-¦left: 1px }", "margin-left"),
        ("css", "a { --gap¦: 1px }", "--gap"),
        ("html", "<my-¦item>", "my-item"),
        ("javascript", "let $na¦me = 1", "$name"),
        ("typescript", "f($¦)", "$"),
        ("php", "<?php $na¦me->x", "$name"),
        ("shellscript", "echo $HO¦ME", "$HOME"),
        ("ruby", "a.emp¦ty?", "empty?"),
        ("ruby", "a.save!¦ if b", "save!"),
        ("ruby", "a!¦=b", "!="),
        ("ruby", "x ¦? y : z", "?"),
        ("terraform", "aws_a.my-na¦me", "my-name"),
        ("rust", "a-¦b", "b"),
        ("python", "a_¦b$c", "a_b"),
    ] {
        let at = marked.find('¦').unwrap();
        let text = Text::from(marked.replace('¦', "").as_str());
        let words = language(by_name(name).unwrap()).rules.word_chars;
        assert_eq!(
            text.slice(words.word_at(&text, at)),
            word,
            "{name}: {marked}"
        );
    }
}

#[test]
fn movement_goes_by_words_of_the_language() {
    for (name, source, right, left) in [
        ("css", "margin-left: 1px", 11, 0),
        ("rust", "margin-left: 1px", 6, 0),
        ("ruby", "empty? && x", 6, 0),
        ("php", "$name->x", 5, 0),
    ] {
        let text = Text::from(source);
        let words = language(by_name(name).unwrap()).rules.word_chars;
        let end = movement::word_right_in(&text, &Selection::caret(0), false, words).head;
        assert_eq!(end, right, "{name}: {source}");
        let start = movement::word_left_in(&text, &Selection::caret(end), false, words).head;
        assert_eq!(start, left, "{name}: {source}");
    }
}
