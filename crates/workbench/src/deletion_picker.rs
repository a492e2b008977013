//! Choosing among what was deleted for language servers, to bring it back.

use crate::fuzzy::{self, Match};
use crate::picker::{Picker, PickerDelegate, highlighted};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, SharedString, Window, div};
use std::rc::Rc;
use std::time::SystemTime;
use ui::tokens::{Typography as _, space};
use ui::widgets::row;
use ui::{ActiveKilnTheme as _, Deletion, ago};

/// More rows are not shown; there are no more.
const MOST: usize = 500;

/// What is done with the chosen deletion.
pub(crate) type Chosen = Rc<dyn Fn(&Deletion, &mut Window, &mut App)>;

/// The deletions that can be taken back, the newest first.
pub(crate) struct DeletionPicker {
    deletions: Vec<Deletion>,
    /// What each deleted.
    files: Vec<String>,
    matches: Vec<Match>,
    query: String,
    now: SystemTime,
    chosen: Chosen,
}

impl DeletionPicker {
    pub(crate) fn new(deletions: Vec<Deletion>, now: SystemTime, chosen: Chosen) -> Self {
        Self {
            files: deletions.iter().map(Deletion::files).collect(),
            deletions,
            matches: Vec::new(),
            query: String::new(),
            now,
            chosen,
        }
    }

    /// What a row shows: the deletion and its files.
    fn shown(&self, index: usize) -> Option<(&Deletion, &str)> {
        let place = self.matches.get(index)?.index;
        Some((self.deletions.get(place)?, self.files.get(place)?))
    }

    fn age(&self, deletion: &Deletion) -> String {
        ago(deletion.deleted(), self.now)
    }
}

impl PickerDelegate for DeletionPicker {
    fn name(&self) -> SharedString {
        "Bring back deleted files".into()
    }

    fn placeholder(&self) -> SharedString {
        "Select what to bring back".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        format!("No deleted file fits \u{201c}{query}\u{201d}.").into()
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn search(&mut self, query: &str, _: &mut Window, cx: &mut Context<Picker<Self>>) {
        query.clone_into(&mut self.query);
        let files = self.files.iter().map(String::as_str);
        self.matches = fuzzy::find(query, files, MOST);
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        let label = |(deletion, files)| format!("{files}, {}", self.age(deletion));
        self.shown(index).map(label).unwrap_or_default().into()
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let Some((deletion, files)) = self.shown(index) else {
            return div().into_any_element();
        };
        let positions = fuzzy::positions(&self.query, files);
        let files = div()
            .flex_1()
            .min_w_0()
            .truncate()
            .child(highlighted(files, &positions, cx));
        let age = div()
            .flex_none()
            .text_small()
            .text_color(cx.kiln_theme().text_muted)
            .child(self.age(deletion));
        row()
            .w_full()
            .gap(space::M)
            .child(files)
            .child(age)
            .into_any_element()
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        if let Some((deletion, _)) = self.shown(index) {
            (self.chosen)(deletion, window, cx);
        }
    }
}
