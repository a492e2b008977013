//! Go to File: the folder's files by name, recent ones first.

use crate::picker::{Picker, PickerDelegate, emphasised};
use crate::symbol_picker::SymbolList;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, SharedString, Task, Window, div};
use search::{FileList, FileMatch, WalkLimits};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use ui::tokens::space;
use ui::widgets::row;
use ui::{ActiveKilnTheme as _, OpenTarget, icons};

/// The most rows that are shown.
const MAX_ROWS: usize = 200;

/// The files of a folder, and those that match what is typed.
pub struct QuickOpen {
    root: PathBuf,
    files: Arc<FileList>,
    recent: Vec<String>,
    rows: Vec<FileMatch>,
    query: String,
    line: Option<(u32, u32)>,
    /// The symbols of the active file, and whether they are what is listed now.
    symbols: Option<SymbolList>,
    in_symbols: bool,
    loading: bool,
    cancel: Arc<AtomicBool>,
    _load: Task<()>,
    /// The search for the rows of the query; none once they are there.
    search: Option<Task<()>>,
}

impl Drop for QuickOpen {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl QuickOpen {
    /// The files below `root`. `recent` are the open files, the last used first; `symbols` those
    /// of the active one, which are listed after an `@`.
    pub fn new(root: PathBuf, recent: &[PathBuf], symbols: Option<SymbolList>) -> Self {
        let recent = recent
            .iter()
            .filter_map(|path| path.strip_prefix(&root).ok())
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        Self {
            root,
            files: Arc::default(),
            recent,
            rows: Vec::new(),
            query: String::new(),
            line: None,
            symbols,
            in_symbols: false,
            loading: true,
            cancel: Arc::default(),
            _load: Task::ready(()),
            search: None,
        }
    }

    /// Reads the folder, off the UI thread.
    pub fn load(picker: &mut Picker<Self>, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let root = picker.delegate.root.clone();
        let cancel = picker.delegate.cancel.clone();
        let walk = cx
            .background_executor()
            .spawn(async move { FileList::read(&root, &WalkLimits::default(), &cancel) });
        picker.delegate._load = cx.spawn_in(window, async move |picker, cx| {
            let files = walk.await;
            // The picker may have been closed meanwhile.
            picker
                .update_in(cx, |picker, window, cx| {
                    picker.delegate.files = Arc::new(files);
                    picker.delegate.loading = false;
                    let query = picker.delegate.query.clone();
                    picker.delegate.search(&query, window, cx);
                    picker.refresh(window, cx);
                })
                .ok();
        });
    }

    /// The symbols, where they are what is listed.
    fn symbols(&self) -> Option<&SymbolList> {
        self.symbols.as_ref().filter(|_| self.in_symbols)
    }

    fn target(&self, index: usize) -> Option<OpenTarget> {
        let path = self.root.join(&self.rows.get(index)?.path);
        Some(match self.line {
            Some((line, column)) => OpenTarget::at(path, line, column),
            None => OpenTarget::new(path),
        })
    }
}

/// Splits "src/main.rs:12:4" into the name and the place.
fn split_place(query: &str) -> (&str, Option<(u32, u32)>) {
    let mut parts = query.splitn(3, ':');
    let name = parts.next().unwrap_or_default();
    let line = parts.next().and_then(|part| part.parse().ok());
    let column = parts.next().and_then(|part| part.parse().ok());
    (name, line.map(|line| (line, column.unwrap_or(1))))
}

impl PickerDelegate for QuickOpen {
    fn name(&self) -> SharedString {
        "Go to file".into()
    }

    fn placeholder(&self) -> SharedString {
        "Go to file, add :line for a place, or type @ for a symbol".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        if let Some(symbols) = self.symbols() {
            return symbols.nothing();
        }
        match (self.loading, query.is_empty()) {
            (true, _) => "Reading the folder\u{2026}".into(),
            (false, true) => "This folder has no files yet.".into(),
            (false, false) => format!("No file matches \u{201c}{query}\u{201d}.").into(),
        }
    }

    fn len(&self) -> usize {
        if let Some(symbols) = self.symbols() {
            return symbols.len();
        }
        self.rows.len()
    }

    fn search(&mut self, query: &str, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        query.clone_into(&mut self.query);
        self.search = None;
        let was_in_symbols = self.in_symbols;
        self.in_symbols = self.symbols.is_some() && query.starts_with('@');
        if let Some(symbols) = &mut self.symbols {
            if self.in_symbols {
                symbols.search(query.trim_start_matches('@'));
                cx.notify();
                return;
            }
            if was_in_symbols {
                symbols.go_back(cx);
            }
        }
        let (name, line) = split_place(query);
        self.line = line;
        if name.trim().is_empty() {
            let rest = self
                .files
                .paths()
                .iter()
                .filter(|file| !self.recent.contains(file));
            self.rows = self
                .recent
                .iter()
                .chain(rest)
                .take(MAX_ROWS)
                .map(|path| FileMatch {
                    path: path.clone(),
                    score: 0,
                    ranges: Vec::new(),
                })
                .collect();
            cx.notify();
            return;
        }
        let (files, name, cancel) = (self.files.clone(), name.to_owned(), self.cancel.clone());
        let search = cx
            .background_executor()
            .spawn(async move { files.find(&name, MAX_ROWS, &cancel) });
        let take = |this: &mut Self, rows| {
            this.rows = rows;
            this.search = None;
        };
        self.search = Some(Picker::show_found(search, take, window, cx));
    }

    fn is_searching(&self) -> bool {
        let named = !split_place(&self.query).0.trim().is_empty();
        self.search.is_some() || (self.loading && named && !self.in_symbols)
    }

    fn row_label(&self, index: usize) -> SharedString {
        if let Some(symbols) = self.symbols() {
            return symbols.label(index);
        }
        self.rows
            .get(index)
            .map(|row| row.path.clone())
            .unwrap_or_default()
            .into()
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        if let Some(symbols) = self.symbols() {
            return symbols.row(index, cx);
        }
        let Some(FileMatch { path, ranges, .. }) = self.rows.get(index) else {
            return div().into_any_element();
        };
        let theme = cx.kiln_theme();
        let split = path.rfind('/').map_or(0, |slash| slash + 1);
        let (folder, name) = (path[..split].trim_end_matches('/'), &path[split..]);
        let in_name = within(ranges, split..path.len());
        let in_folder = within(ranges, 0..folder.len());
        row()
            .w_full()
            .gap(space::M)
            .child(icons::icon(
                icons::file_icon(Path::new(path)),
                theme.text_muted,
            ))
            .child(
                div()
                    .flex_none()
                    .max_w_full()
                    .truncate()
                    .child(emphasised(name, in_name, cx)),
            )
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .text_color(theme.text_muted)
                    .child(emphasised(folder, in_folder, cx)),
            )
            .into_any_element()
    }

    fn selected(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        if let Some(symbols) = self.symbols() {
            symbols.reveal(index, window, cx);
        }
    }

    fn cancelled(&mut self, cx: &mut App) {
        if self.in_symbols
            && let Some(symbols) = &mut self.symbols
        {
            symbols.go_back(cx);
        }
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        if let Some(symbols) = self.symbols() {
            symbols.reveal(index, window, cx);
            return;
        }
        if let Some(target) = self.target(index) {
            ui::open_path(target, window, cx);
        }
    }
}

/// The parts of `ranges` inside `part`, counted from its start.
fn within(ranges: &[Range<usize>], part: Range<usize>) -> Vec<Range<usize>> {
    ranges
        .iter()
        .map(|range| range.start.max(part.start)..range.end.min(part.end))
        .filter(|range| range.start < range.end)
        .map(|range| range.start - part.start..range.end - part.start)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_is_split_between_name_and_folder() {
        let ranges = [1..2, 3..6, 8..9];
        assert_eq!(within(&ranges, 0..4), [1..2, 3..4]);
        assert_eq!(within(&ranges, 4..9), [0..2, 4..5]);
    }

    #[test]
    fn a_place_behind_the_name_is_understood() {
        assert_eq!(split_place("main.rs"), ("main.rs", None));
        assert_eq!(split_place("main.rs:12"), ("main.rs", Some((12, 1))));
        assert_eq!(split_place("main.rs:12:4"), ("main.rs", Some((12, 4))));
        assert_eq!(split_place("main.rs:x"), ("main.rs", None));
    }
}
