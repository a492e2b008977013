//! Go to Symbol in Project: what the whole project is made of, by name, as the language servers know
//! it.

use std::path::{Path, PathBuf};

use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, Entity, SharedString, Task, Window, div};
use ui::tokens::space;
use ui::widgets::row;
use ui::{ActiveKilnTheme as _, FoundSymbol, Severity, Typography as _, WorkspaceModel, icons};

use crate::fuzzy::{self, Match};
use crate::picker::{Picker, PickerDelegate, highlighted};

/// The most rows that are shown.
const MAX_ROWS: usize = 500;

/// A picker of the symbols of a project.
pub struct ProjectSymbols {
    model: Entity<WorkspaceModel>,
    query: String,
    /// What was found for the query, or for the one before it until there is an answer.
    found: Vec<FoundSymbol>,
    /// Whether what was found is for an earlier query.
    stale: bool,
    matches: Vec<Match>,
    /// What went wrong with the first server that failed.
    failed: Option<String>,
    /// The questions without an answer.
    waiting: usize,
    /// What waits for the answers; dropped, the questions are cancelled.
    asked: Vec<Task<()>>,
}

impl ProjectSymbols {
    /// A picker of what the servers of `model` find.
    pub fn new(model: Entity<WorkspaceModel>) -> Self {
        Self {
            model,
            query: String::new(),
            found: Vec::new(),
            stale: false,
            matches: Vec::new(),
            failed: None,
            waiting: 0,
            asked: Vec::new(),
        }
    }

    fn take(&mut self, answer: Result<Vec<FoundSymbol>, String>) {
        self.waiting -= 1;
        match answer {
            Ok(found) => {
                // The rows stay until there are others, so that they do not flicker while one types.
                if !found.is_empty() && std::mem::take(&mut self.stale) {
                    self.found.clear();
                }
                self.found.extend(found);
            }
            Err(message) => drop(self.failed.get_or_insert(message)),
        }
        if self.waiting == 0 && std::mem::take(&mut self.stale) {
            self.found.clear();
        }
        self.rank();
    }

    fn rank(&mut self) {
        // A space asks for what a symbol stands in, too: "point new".
        let whole = self.query.trim().contains(' ');
        let candidates = self.found.iter().map(|symbol| match whole {
            true => format!("{} {}", symbol.name, symbol.container).into(),
            false => std::borrow::Cow::from(&symbol.name),
        });
        let candidates: Vec<_> = candidates.collect();
        let texts = candidates.iter().map(|text| &**text);
        self.matches = fuzzy::find(&self.query, texts, MAX_ROWS);
    }

    fn symbol(&self, row: usize) -> Option<&FoundSymbol> {
        self.found.get(self.matches.get(row)?.index)
    }
}

/// A file as seen from the folder.
fn relative(path: &Path, root: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_path_buf()
}

impl PickerDelegate for ProjectSymbols {
    fn name(&self) -> SharedString {
        "Go to symbol in project".into()
    }

    fn placeholder(&self) -> SharedString {
        "Go to symbol in the project".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        if self.waiting > 0 {
            return "Asking the language servers\u{2026}".into();
        }
        match (&self.failed, query.trim().is_empty()) {
            (Some(message), _) => format!("No symbols are known: {message}.").into(),
            (None, true) => {
                "Type a part of a name. Language servers that run, and open files, are searched."
                    .into()
            }
            (None, false) => format!("No symbol matches \u{201c}{query}\u{201d}.").into(),
        }
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn search(&mut self, query: &str, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let query = query.trim_start_matches('#');
        query.clone_into(&mut self.query);
        self.failed = None;
        self.stale = true;
        let questions = self
            .model
            .update(cx, |model, cx| model.project_symbols(query.trim(), cx));
        self.waiting = questions.len();
        // The questions before are cancelled with this.
        self.asked = questions
            .into_iter()
            .map(|question| Picker::show_found(question, Self::take, window, cx))
            .collect();
        self.rank();
        cx.notify();
    }

    fn is_searching(&self) -> bool {
        self.waiting > 0
    }

    fn row_label(&self, index: usize) -> SharedString {
        let label = self.symbol(index).map(|symbol| {
            let file = symbol
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy();
            format!("{}, {}, {file}", symbol.name, symbol.kind.word())
        });
        label.unwrap_or_default().into()
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let Some(symbol) = self.symbol(index) else {
            return div().into_any_element();
        };
        let theme = cx.kiln_theme();
        let positions = fuzzy::positions(&self.query, &symbol.name);
        let path = relative(&symbol.path, self.model.read(cx).root());
        row()
            .w_full()
            .gap(space::M)
            .child(icons::icon(
                icons::symbol_icon(symbol.kind),
                theme.text_muted,
            ))
            .child(div().flex_none().max_w_full().truncate().child(highlighted(
                &symbol.name,
                &positions,
                cx,
            )))
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .text_color(theme.text_muted)
                    .child(symbol.container.clone()),
            )
            .child(
                div()
                    .flex_none()
                    .max_w_1_2()
                    .truncate()
                    .text_caption()
                    .text_color(theme.text_muted)
                    .child(path.display().to_string()),
            )
            .into_any_element()
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let Some(symbol) = self.symbol(index) else {
            return;
        };
        let target = self
            .model
            .update(cx, |model, cx| model.symbol_target(symbol, cx));
        // The picker is closed before the answer is there.
        window
            .spawn(cx, async move |cx| {
                let target = target.await;
                // The window may be closed meanwhile.
                cx.update(|window, cx| match target {
                    Ok(target) => ui::open_path(target, window, cx),
                    Err(message) => ui::notify(Severity::Warning, message, window, cx),
                })
                .ok();
            })
            .detach();
    }
}
