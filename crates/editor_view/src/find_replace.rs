//! Replacing what the find bar found.

use std::time::Duration;

use editor_core::find::{Matches, Pattern, Replacement, ReplacementError, Scope};
use editor_core::{Edit, Selections, Text, Transaction, editing};
use gpui_kit::{App, AppContext as _, Context, Window};
use ui::Severity;

use crate::find_bar::{FindBar, SEARCH_AT_ONCE};
use crate::find_history::{Field, FindHistory};

/// How often replacing all begins again because the text was edited meanwhile.
const MAX_TRIES: usize = 5;

/// Replacing all that takes longer is told of.
const SLOW: Duration = Duration::from_millis(200);

/// Replacing all: what it does, apart from the text.
#[derive(Clone)]
struct ReplaceAll {
    pattern: std::sync::Arc<Pattern>,
    replacement: Replacement,
    known: Option<std::sync::Arc<Matches>>,
}

impl ReplaceAll {
    /// The change and the number of matches that it replaces.
    fn transaction(
        &self,
        text: &Text,
        selections: &Selections,
        scope: &Scope,
    ) -> Result<(Transaction, usize), ReplacementError> {
        let mut count = 0;
        let transaction = if let Some(known) = &self.known {
            count = known.len();
            let known = known.ranges();
            self.replacement
                .replace(text, selections, &self.pattern, known)?
        } else {
            let cancel = std::sync::atomic::AtomicBool::new(false);
            let search = self.pattern.search(text, scope, &cancel);
            let all = search.inspect(|_| count += 1);
            self.replacement
                .replace(text, selections, &self.pattern, all)?
        };
        Ok((transaction, count))
    }
}

impl FindBar {
    /// What takes the place of a match, and whether that can be read is shown.
    fn replacement_of(&mut self, cx: &mut Context<Self>) -> Option<Replacement> {
        let pattern = self.pattern.clone()?;
        let text = self.replacement.read(cx).value().to_string();
        match Replacement::new(&text, &pattern) {
            Ok(replacement) => {
                self.replacement_error = None;
                Some(replacement.preserve_case(self.preserve_case))
            }
            Err(error) => {
                self.replacement_error = Some(ui::sentence(error.to_string()));
                None
            }
        }
    }

    /// Whether the replacement has groups of the pattern in it, for which the case of what is replaced
    /// is not kept.
    pub(crate) fn replaces_by_groups(&self, cx: &App) -> bool {
        let Some(pattern) = self.pattern.as_ref().filter(|it| it.query().regex) else {
            return false;
        };
        let text = self.replacement.read(cx).value().to_string();
        Replacement::new(&text, pattern).is_ok_and(|replacement| replacement.has_groups())
    }

    /// Replaces in the case of what is replaced, or as it is written again.
    pub(crate) fn toggle_preserve_case(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.shows_replace = true;
        self.preserve_case = !self.preserve_case;
        self.keep_for_next(window, cx);
        cx.notify();
    }

    pub(crate) fn check_replacement(&mut self, cx: &mut Context<Self>) {
        if self.replacement_of(cx).is_some() || self.pattern.is_none() {
            self.replacement_error = None;
        }
        cx.notify();
    }

    /// Replaces the selected match and goes to the next one.
    pub(crate) fn replace_one(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (Some(view), Some(found)) = (self.view.upgrade(), self.current_match(cx)) else {
            self.step(true, window, cx);
            return;
        };
        let (Some(replacement), Some(pattern)) = (self.replacement_of(cx), self.pattern.clone())
        else {
            cx.notify();
            return;
        };
        self.remember_both(cx);
        let text = view.read(cx).text(cx);
        let new = replacement.expand(&text, &pattern, &found);
        self.origin = found.start + new.len();
        view.update(cx, |view, cx| {
            view.edit_with(window, cx, |text, selections| {
                editing::replace_ranges(text, selections, vec![Edit::new(found, new)])
            });
        });
        self.refresh(true, window, cx);
    }

    /// Replaces every match, as one step of undo.
    pub(crate) fn replace_all(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (Some(replacement), Some(pattern)) = (self.replacement_of(cx), self.pattern.clone())
        else {
            cx.notify();
            return;
        };
        self.remember_both(cx);
        self.replacing_since = None;
        let replace = ReplaceAll {
            pattern,
            replacement,
            known: self.all_matches(),
        };
        self.replace_all_at(replace, MAX_TRIES, window, cx);
    }

    fn replace_all_at(
        &mut self,
        replace: ReplaceAll,
        tries: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(view) = self.view.upgrade() else {
            return;
        };
        let view = view.read(cx);
        let (text, version) = (view.text(cx), view.version);
        let (selections, scope) = (view.selections.clone(), self.scope.clone());
        if text.len() <= SEARCH_AT_ONCE {
            let result = replace.transaction(&text, &selections, &scope);
            self.replaced(result, window, cx);
            return;
        }
        let working = cx.background_spawn({
            let replace = replace.clone();
            async move { replace.transaction(&text, &selections, &scope) }
        });
        let now = cx.background_executor().now();
        self.replacing_since.get_or_insert(now);
        // It is told of with the next frame, which nothing else may ask for.
        let telling = cx.spawn(async move |this, cx| {
            cx.background_executor().timer(SLOW).await;
            // The bar may be closed by now.
            this.update(cx, |_, cx| cx.notify()).ok();
        });
        self.replacing = Some(cx.spawn_in(window, async move |this, cx| {
            let result = working.await;
            drop(telling);
            // The bar may be closed by now, and then nothing is replaced.
            this.update_in(cx, |bar, window, cx| {
                let now = bar.view.upgrade().map(|view| view.read(cx).version);
                if now == Some(version) {
                    bar.replaced(result, window, cx);
                } else if tries > 1 {
                    let replace = ReplaceAll {
                        known: None,
                        ..replace
                    };
                    bar.replace_all_at(replace, tries - 1, window, cx);
                } else {
                    bar.replacing_since = None;
                    let message = "The text kept changing, so nothing was replaced. Try again.";
                    ui::notify(Severity::Warning, message, window, cx);
                }
            })
            .ok();
        }));
    }

    fn replaced(
        &mut self,
        result: Result<(Transaction, usize), ReplacementError>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.replacing_since = None;
        let Some(view) = self.view.upgrade() else {
            return;
        };
        let (transaction, count) = match result {
            Ok(made) => made,
            Err(error) => {
                let message = ui::sentence(error.to_string());
                ui::notify(Severity::Warning, message, window, cx);
                return;
            }
        };
        let version = view.read(cx).version;
        view.update(cx, |view, cx| view.edit(transaction, window, cx));
        if count > 0 && view.read(cx).version != version {
            let times = if count == 1 { "match" } else { "matches" };
            ui::notify(
                Severity::Info,
                format!("Replaced {count} {times}. Undo takes all of them back."),
                window,
                cx,
            );
        }
        self.refresh(false, window, cx);
    }

    /// Whether all matches are being replaced, for so long that it is to be told.
    pub(crate) fn replaces_long(&self, cx: &Context<Self>) -> bool {
        let now = cx.background_executor().now();
        let since = self.replacing_since;
        since.is_some_and(|since| now.saturating_duration_since(since) >= SLOW)
    }

    fn remember_both(&self, cx: &mut Context<Self>) {
        self.remember(cx);
        let replacement = self.replacement.read(cx).value().to_string();
        FindHistory::remember(Field::Replacement, replacement, cx);
    }
}
