use crate::{CaretHistory, Cell, CellAnchor, ChangeSet, ColumnSelection, Selections, Text, marked};

fn shown(text: &str, anchor: (usize, u32), head: (usize, u32)) -> String {
    let text = Text::new(text);
    let cell = |(row, column)| Cell { row, column };
    let columns = ColumnSelection {
        anchor: cell(anchor),
        head: cell(head),
    };
    marked::format(&text, &columns.selections(&text, 4))
}

#[test]
fn a_box_selects_the_same_columns_of_each_row() {
    let text = "abcd\nab\n\nabcd";
    assert_eq!(shown(text, (0, 1), (3, 3)), "a«bcˇ»d\na«bˇ»\n\na«bcˇ»d");
    assert_eq!(shown(text, (3, 3), (0, 1)), "a«ˇbc»d\na«ˇb»\n\na«ˇbc»d");
    assert_eq!(shown(text, (0, 3), (3, 3)), "abcˇd\nab\n\nabcˇd");
    assert_eq!(shown(text, (0, 9), (3, 9)), "abcdˇ\nabˇ\nˇ\nabcdˇ");
    assert_eq!(shown("\tx\n日本語", (0, 4), (1, 6)), "\t«xˇ»\n日本«語ˇ»");
}

#[test]
fn a_box_is_grown_by_rows_and_columns() {
    let (text, start) = marked::parse("aˇbcd\nab\nabcde").unwrap();
    let columns = ColumnSelection::from_selection(&text, start.primary(), 4)
        .moved(&text, 2, 0, 4)
        .moved(&text, 0, 3, 4);
    let selections = columns.selections(&text, 4);
    assert_eq!(
        marked::format(&text, &selections),
        "a«bcdˇ»\na«bˇ»\na«bcdˇ»e"
    );
    assert_eq!(selections.primary_index(), 2);
    let far = columns.moved(&text, 9, 90, 4);
    assert_eq!(far.head, Cell { row: 2, column: 5 });
    let back = far.moved(&text, -9, -90, 4);
    assert_eq!(back.head, Cell { row: 0, column: 0 });
}

#[test]
fn movements_are_taken_back_and_done_again() {
    let mut history = CaretHistory::default();
    let at = Selections::caret;
    history.push(&at(0));
    history.push(&at(4));
    assert_eq!(history.undo(&at(9)), Some(at(4)));
    assert_eq!(history.undo(&at(4)), Some(at(0)));
    assert_eq!(history.undo(&at(0)), None);
    assert_eq!(history.redo(&at(0)), Some(at(4)));
    history.push(&at(4));
    assert_eq!(history.redo(&at(7)), None);
    history.clear();
    assert_eq!(history.undo(&at(7)), None);
}

#[test]
fn a_cell_stays_in_its_text_while_that_is_edited() {
    let moved = |cell: (usize, u32), range, new: &str| {
        let text = Text::new("\tone\ntwo\n");
        let (row, column) = cell;
        let mut anchor = CellAnchor::new(Cell { row, column }, &text, 4);
        assert_eq!(anchor.cell(&text, 4), Cell { row, column });
        let changes = ChangeSet::replacement(text.len(), range, new).unwrap();
        anchor.follow(&changes);
        let cell = anchor.cell(&changes.apply(&text).unwrap(), 4);
        (cell.row, cell.column)
    };
    // Lines above, text before it in its row, and what is behind it.
    assert_eq!(moved((1, 2), 0..0, "new\n"), (2, 2));
    assert_eq!(moved((1, 2), 0..5, ""), (0, 2));
    assert_eq!(moved((1, 2), 5..5, "日"), (1, 4));
    assert_eq!(moved((1, 2), 8..8, "x"), (1, 2));
    assert_eq!(moved((0, 5), 0..1, ""), (0, 1));
    // Past the end of a row it stays as far past it.
    assert_eq!(moved((1, 9), 0..0, "new\n"), (2, 9));
    assert_eq!(moved((1, 9), 5..6, ""), (1, 8));
}
