//! The language of a buffer, and how another one is chosen.

use gpui_kit::{App, Context, InteractiveElement, Window, actions};
use settings::Settings;
use syntax::{LanguageId, languages};
use ui::{ActiveSettings as _, CommandSpec};

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    ChangeLanguage "editor.changeLanguage" "Change Language…" => |v, window, cx| v.choose_language(window, cx);
}

/// Languages with a grammar whose texts are sentences all the same, by the names that VS Code and
/// its extensions give them.
const PROSE: [&str; 6] = [
    "asciidoc",
    "git-commit",
    "latex",
    "markdown",
    "restructuredtext",
    "tex",
];

/// Whether texts of a language are sequences of tokens rather than sentences.
pub(crate) fn is_code(language: LanguageId) -> bool {
    language.has_grammar() && !PROSE.contains(&language.id_str())
}

impl EditorView {
    /// The settings for the language of the text.
    pub(crate) fn language_settings<'a>(&self, cx: &'a App) -> &'a Settings {
        let language = self.language(cx).id_str();
        cx.kiln_settings().of_language(language)
    }

    fn choose_language(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let now = self.language(cx);
        let mut offered: Vec<_> = languages().iter().collect();
        offered.sort_by_key(|language| language.name);
        let selected = offered
            .iter()
            .position(|language| language.id == now)
            .unwrap_or(0);
        let rows = offered
            .into_iter()
            .map(|language| {
                let about = if language.id == now { "Now" } else { "" };
                let id = language.id;
                Choice::new(language.name, about, move |view, _, cx| {
                    let buffer = view.buffer;
                    view.model.update(cx, |model, cx| {
                        model.update(cx, |workspace| workspace.set_language(buffer, id));
                    });
                })
            })
            .collect();
        let choices = Choices {
            id: "language-picker",
            question: "Change language",
            none: "",
            rows,
            selected,
        };
        self.open_choices(choices, window, cx);
    }
}
