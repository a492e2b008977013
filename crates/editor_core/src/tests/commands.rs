//! What holds for every command, whatever the text and wherever the carets.

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;

use super::display;
use super::generators::{selections, string};
use super::typing::CODE;
use crate::auto_indent::{self, AutoIndent, Indenting};
use crate::auto_pair::{self, PairSettings, Typing, WhichClosers};
use crate::clipboard::{self, Clip};
use crate::editing::{CommentStyle, FinalNewline, LetterCase};
use crate::movement::{self, visual};
use crate::{
    AutoClosed, IndentStyle, Selection, Selections, Text, Transaction, editing, multi_caret,
};

type Command = fn(&Text, &Selections) -> Transaction;

const STYLE: IndentStyle = IndentStyle::spaces(4);

const INDENTING: Indenting<'static> = Indenting {
    level: AutoIndent::Full,
    style: STYLE,
    trims: true,
    syntax: &CODE,
};

/// Typing over and deleting every closer, which changes the most.
fn pairs() -> Typing<'static> {
    static NONE: std::sync::LazyLock<AutoClosed> = std::sync::LazyLock::new(AutoClosed::default);
    Typing {
        settings: PairSettings {
            delete: WhichClosers::Always,
            overtype: WhichClosers::Always,
            ..PairSettings::default()
        },
        syntax: &CODE,
        closed: &NONE,
    }
}

fn typed(text: &Text, selections: &Selections, typed: &str) -> Transaction {
    auto_pair::insert_typed(text, selections, typed, &pairs()).transaction
}

fn backspace(text: &Text, selections: &Selections) -> Transaction {
    auto_pair::delete_backward(text, selections, &pairs(), &STYLE)
}

fn toggle_comment(text: &Text, selections: &Selections) -> Transaction {
    editing::toggle_line_comment(text, selections, &CODE, CommentStyle::default())
}

const COMMANDS: &[(&str, Command)] = &[
    ("insert_text", |t, s| editing::insert_text(t, s, "xé\n")),
    ("insert_newline", |t, s| {
        auto_indent::insert_newline(t, s, &INDENTING)
    }),
    ("insert_line_below", |t, s| {
        auto_indent::insert_line_below(t, s, &INDENTING)
    }),
    ("settle }", |t, s| {
        auto_indent::settle_typed(t, s, "}", &INDENTING)
    }),
    ("reindent", |t, s| {
        editing::reindent(t, s, false, &CODE, &STYLE)
    }),
    ("reindent all", |t, s| {
        editing::reindent(t, s, true, &CODE, &STYLE)
    }),
    ("convert to tabs", |t, s| {
        editing::convert_indentation(t, s, &IndentStyle::tabs(4))
    }),
    ("insert_line_above", editing::insert_line_above),
    ("delete_backward", editing::delete_backward),
    ("delete_forward", editing::delete_forward),
    ("delete_word_backward", editing::delete_word_backward),
    ("delete_word_forward", editing::delete_word_forward),
    ("delete_to_line_start", editing::delete_to_line_start),
    ("delete_to_line_end", editing::delete_to_line_end),
    ("delete_line", editing::delete_line),
    ("duplicate_line", editing::duplicate_line),
    ("duplicate_line_up", editing::duplicate_line_up),
    ("sort up", editing::sort_lines_ascending),
    ("sort down", editing::sort_lines_descending),
    ("unique", editing::unique_lines),
    ("reverse", editing::reverse_lines),
    ("transpose", editing::transpose),
    ("upper", |t, s| {
        editing::change_case(t, s, LetterCase::Upper)
    }),
    ("title", |t, s| {
        editing::change_case(t, s, LetterCase::Title)
    }),
    ("snake", |t, s| {
        editing::change_case(t, s, LetterCase::Snake)
    }),
    ("camel", |t, s| {
        editing::change_case(t, s, LetterCase::Camel)
    }),
    ("trim", editing::trim_trailing_whitespace),
    ("final newline", |t, s| {
        let wanted = FinalNewline {
            insert: true,
            trim: true,
        };
        let wanted = editing::CleanUp {
            final_newline: wanted,
            ..editing::CleanUp::default()
        };
        editing::clean_up(t, s, &[], wanted)
    }),
    ("delete_subword_backward", editing::delete_subword_backward),
    ("delete_subword_forward", editing::delete_subword_forward),
    ("move_line_up", editing::move_line_up),
    ("move_line_down", editing::move_line_down),
    ("join_lines", editing::join_lines),
    ("insert_tab", |t, s| editing::insert_tab(t, s, &STYLE)),
    ("indent", |t, s| editing::indent(t, s, &STYLE)),
    ("outdent", |t, s| editing::outdent(t, s, &STYLE)),
    ("comment", toggle_comment),
    ("block comment", |t, s| {
        editing::toggle_block_comment(t, s, &CODE, CommentStyle::default())
    }),
    ("typed (", |t, s| typed(t, s, "(")),
    ("typed )", |t, s| typed(t, s, ")")),
    ("typed \"", |t, s| typed(t, s, "\"")),
    ("backspace", |t, s| backspace(t, s)),
    ("cut", |t, s| clipboard::cut(t, s).0),
    ("paste", |t, s| {
        clipboard::paste(t, s, &Clip::external("one\ntwo"))
    }),
    ("paste rows", |t, s| {
        clipboard::paste(t, s, &clipboard::copy(t, &Selections::caret(0)))
    }),
];

type Movement = fn(&Text, &Selection, bool) -> Selection;

const MOVEMENTS: &[Movement] = &[
    movement::left,
    movement::right,
    |t, s, extend| visual::up(&display(t), s, extend),
    |t, s, extend| visual::down(&display(t), s, extend),
    |t, s, extend| visual::row_start(&display(t), s, extend),
    |t, s, extend| visual::row_end(&display(t), s, extend),
    movement::word_left,
    movement::word_right,
    movement::line_start,
    movement::line_end,
    movement::subword_left,
    movement::subword_right,
    movement::paragraph_up,
    movement::paragraph_down,
    |t, s, extend| movement::same_indent_up(t, s, 4, extend),
    |t, s, extend| movement::same_indent_down(t, s, 4, extend),
    movement::document_start,
    movement::document_end,
    |t, s, extend| visual::page(&display(t), s, 7, extend),
    |t, s, extend| visual::page(&display(t), s, -7, extend),
];

fn cases() -> impl Strategy<Value = (String, Selections)> {
    string().prop_flat_map(|text| {
        let selections = selections(&text);
        (Just(text), selections)
    })
}

fn in_order(text: &Text, selections: &Selections) -> bool {
    let inside = selections
        .iter()
        .all(|one| text.is_char_boundary(one.anchor) && text.is_char_boundary(one.head));
    let apart = selections
        .as_slice()
        .windows(2)
        .all(|pair| pair[0].end() <= pair[1].start());
    inside && apart && selections.primary_index() < selections.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_command_fits_the_text_and_is_taken_back((text, selections) in cases()) {
        let text = Text::new(&text);
        for (name, command) in COMMANDS {
            let transaction = command(&text, &selections);
            let after = transaction.changes.apply(&text).unwrap();
            prop_assert!(in_order(&after, &transaction.selections_after), "{}", name);
            let back = transaction.changes.invert(&text).apply(&after).unwrap();
            prop_assert_eq!(&back, &text, "{}", name);
        }
    }

    #[test]
    fn every_movement_stays_in_the_text((text, selections) in cases(), extend in any::<bool>()) {
        let text = Text::new(&text);
        for movement in MOVEMENTS {
            let moved = selections.transform(|selection| movement(&text, selection, extend));
            prop_assert!(in_order(&text, &moved));
        }
        let rule = multi_caret::OccurrenceRule::default();
        let added = [
            multi_caret::add_above(&display(&text), &selections),
            multi_caret::add_below(&display(&text), &selections),
            multi_caret::select_next_occurrence(&text, &selections, rule),
            multi_caret::select_previous_occurrence(&text, &selections, rule),
            multi_caret::skip_to_next_occurrence(&text, &selections, rule),
            multi_caret::select_all_occurrences(&text, &selections, rule, &AtomicBool::new(false))
                .unwrap()
                .selections,
            multi_caret::select_rows(&text, &selections),
            multi_caret::split_into_rows(&text, &selections).selections,
        ];
        for selections in added {
            prop_assert!(in_order(&text, &selections));
        }
    }

    #[test]
    fn moving_rows_up_and_down_again_changes_nothing((text, selections) in cases()) {
        let text = Text::new(&text);
        let down = editing::move_line_down(&text, &selections);
        let moved = down.changes.apply(&text).unwrap();
        let last = text.line_count() - 1;
        let reaches_end = selections.iter().any(|one| text.row_at(one.end()) == last);
        if !reaches_end {
            let up = editing::move_line_up(&moved, &down.selections_after);
            prop_assert_eq!(up.changes.apply(&moved).unwrap(), text);
            prop_assert!(up.selections_after.same_places(&selections));
        }
    }

    #[test]
    fn commenting_twice_changes_nothing((text, selections) in cases()) {
        let text = Text::new(&text.replace('/', "|"));
        let selections = selections.transform(|one| crate::Selection::new(
            text.floor_char_boundary(one.anchor),
            text.floor_char_boundary(one.head),
        ));
        let on = toggle_comment(&text, &selections);
        let commented = on.changes.apply(&text).unwrap();
        let off = toggle_comment(&commented, &on.selections_after);
        let back = off.changes.apply(&commented).unwrap();
        prop_assert_eq!(back, text);
    }
}
