//! The syntax of git's lines that stand open in the text: git's version is parsed in the background
//! once lines of it are shown, and forgotten with them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gpui_kit::{AppContext as _, Context, Task};
use syntax::{HighlightSpan, LanguageId, MAX_PARSED_BYTES, SyntaxTree};
use workspace::Buffer;

use crate::differences::rows_in_view;
use crate::inline_hunks::SameVersion;
use crate::view::EditorView;

/// A version of git's that lines of are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum GitVersion {
    /// That in the index: what is not staged differs from it.
    Index,
    /// That of the last commit: what is staged differs from it.
    Commit,
}

/// The highlights of lines of git's, by their rows: what the rows on the screen are drawn by.
pub(crate) type LineColors = Rc<RefCell<HashMap<Range<usize>, Rc<[HighlightSpan]>>>>;

/// What is known of the syntax of git's version.
#[derive(Default)]
pub(crate) struct GitColors {
    of: Option<(SameVersion, LanguageId)>,
    tree: Option<SyntaxTree>,
    lines: LineColors,
    looking: Option<Looking>,
}

/// The work in the background, which ends with this.
struct Looking {
    cancel: Arc<AtomicBool>,
    _task: Task<()>,
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl GitColors {
    /// What rows are drawn by that are made now.
    pub(crate) fn lines(&self) -> LineColors {
        self.lines.clone()
    }

    /// Drops what is known of another version, or in another language.
    fn is_about(&mut self, of: Option<(SameVersion, LanguageId)>) {
        if self.of != of {
            self.of = of;
            self.tree = None;
            self.looking = None;
            self.lines.borrow_mut().clear();
        }
    }
}

impl EditorView {
    /// Looks in the background for the colours of git's lines that are shown without them.
    pub(crate) fn color_git_lines(&mut self, cx: &mut Context<Self>) {
        self.color_lines_of(GitVersion::Index, cx);
        self.color_lines_of(GitVersion::Commit, cx);
    }

    fn color_lines_of(&mut self, of_git: GitVersion, cx: &mut Context<Self>) {
        let rows = self.inline_hunks.shown_git_rows(of_git);
        let of = self.buffer_ref(cx).and_then(|buffer: &Buffer| {
            let index = buffer.found_version()?;
            let version = match of_git {
                GitVersion::Index => index,
                GitVersion::Commit => &index.staged.as_ref()?.committed,
            };
            let language = buffer.language();
            let parsed = language.has_grammar() && version.text.len() <= MAX_PARSED_BYTES;
            (parsed && !rows.is_empty()).then(|| (SameVersion(version.clone()), language))
        });
        let colors = self.inline_hunks.colors_of(of_git);
        colors.is_about(of.clone());
        let Some((version, language)) = of.filter(|_| colors.looking.is_none()) else {
            return;
        };
        let known = colors.lines.borrow();
        let missing = rows.into_iter().filter(|rows| !known.contains_key(rows));
        let missing: Vec<Range<usize>> = missing.collect();
        drop(known);
        if missing.is_empty() {
            return;
        }
        let cancel = Arc::new(AtomicBool::new(false));
        let tree = colors.tree.clone();
        let found = cx.background_spawn({
            let cancel = cancel.clone();
            async move {
                let text = &version.0.text;
                let tree = match tree {
                    Some(tree) => tree,
                    None => SyntaxTree::parse(language, text, None, &cancel)?,
                };
                let highlights = |rows: Range<usize>| {
                    let shown = rows_in_view(&rows);
                    let bytes = text.line_start(shown.start)..text.line_end(shown.end - 1);
                    (rows, tree.highlights(text, bytes))
                };
                let found: Vec<_> = missing.into_iter().map(highlights).collect();
                Some((tree, found))
            }
        });
        let task = cx.spawn(async move |this, cx| {
            let found = found.await;
            // The view may be closed by now; where git's version is another one, this is dropped.
            this.update(cx, |view, cx| {
                let colors = view.inline_hunks.colors_of(of_git);
                colors.looking = None;
                let Some((tree, found)) = found else {
                    return;
                };
                colors.tree = Some(tree);
                let found = found.into_iter().map(|(rows, spans)| (rows, spans.into()));
                colors.lines.borrow_mut().extend(found);
                cx.notify();
                // Others may have been opened meanwhile.
                view.color_git_lines(cx);
            })
            .ok();
        });
        self.inline_hunks.colors_of(of_git).looking = Some(Looking {
            cancel,
            _task: task,
        });
    }
}
