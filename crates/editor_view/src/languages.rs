//! The language of a buffer, and how another one is chosen.

use std::path::Path;
use std::rc::Rc;

use gpui_kit::{App, AsyncWindowContext, Context, InteractiveElement, WeakEntity, Window, actions};
use settings::Settings;
use syntax::{LanguageId, languages};
use ui::icons::language_icon;
use ui::{
    ActiveSettings as _, CommandSpec, FileAssociation, IconName, ItemEvent, Severity, notify,
};
use workspace::Buffer;

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    ChangeLanguage "editor.changeLanguage" "Change Language…" => |v, window, cx| v.choose_language(window, cx);
}

/// Languages with a grammar whose texts are sentences all the same, by the names that VS Code and
/// its extensions give them.
const PROSE: [&str; 7] = [
    "asciidoc",
    "git-commit",
    "latex",
    "log",
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
        let workspace = self.model.read(cx).workspace();
        let detected = workspace.detected_language(self.buffer);
        let guess = workspace.guess_job(self.buffer);
        let (rows, selected) = self.offered_languages(detected, cx);
        let choices = Choices {
            id: "language-picker",
            question: "Change language".into(),
            none: "",
            rows,
            selected,
        };
        self.open_choices(choices, window, cx);
        let (Some(guess), Some(list)) = (guess, self.open_list()) else {
            return;
        };
        // What the text looks like is told once it is known, where the list is still there.
        let guess = cx.background_executor().spawn(async move { guess.run() });
        cx.spawn(async move |this: WeakEntity<Self>, cx| {
            let detected = Some(guess.await.language);
            this.update(cx, |view, cx| {
                let (rows, _) = view.offered_languages(detected, cx);
                view.offer_instead(list, rows, cx);
            })
            .ok();
        })
        .detach();
    }

    /// The rows to choose a language from, and which of them it is in now. Which one is detected may
    /// not be known yet.
    fn offered_languages(
        &self,
        detected: Option<LanguageId>,
        cx: &Context<Self>,
    ) -> (Vec<Choice>, usize) {
        let now = self.language(cx);
        let path = self.buffer_ref(cx).and_then(Buffer::path);
        let auto = |name: &'static str| {
            let detect = |view: &mut Self, _: &mut Window, cx: &mut Context<Self>| {
                view.detect_language(cx);
            };
            Choice::new("Auto Detect", name, detect).with_icon(IconName::ScanSearch)
        };
        let mut rows = vec![match detected.map(LanguageId::name) {
            Some(name) => auto(name).labelled(format!("Auto Detect: {name}")),
            None => auto(""),
        }];
        if let Some((files, pattern)) = path.and_then(files_like) {
            let name = format!("Configure File Association for \u{2018}{files}\u{2019}\u{2026}");
            let associate = move |view: &mut Self, window: &mut Window, cx: &mut Context<Self>| {
                view.choose_association(&files, &pattern, window, cx);
            };
            rows.push(Choice::new(name, "", associate).with_icon(IconName::Settings2));
        }
        // What it is now stands first, and what it would be.
        let selected = rows.len();
        rows.extend(language_rows(now, detected, |view, id, _, cx| {
            view.set_language(id, cx);
        }));
        (rows, selected)
    }

    /// Takes a language that was chosen by hand.
    pub(crate) fn set_language(&mut self, language: LanguageId, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.set_language(buffer, language));
        });
        // It comes back with the tab.
        cx.emit(ItemEvent::ViewMoved);
    }

    /// Forgets the language that was chosen by hand.
    pub(crate) fn detect_language(&mut self, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let detecting = (self.model).update(cx, |model, cx| model.detect_language(buffer, cx));
        cx.emit(ItemEvent::ViewMoved);
        cx.spawn(async move |this: WeakEntity<Self>, cx| {
            detecting.await;
            // It comes back with the tab, which may be closed meanwhile.
            this.update(cx, |_, cx| cx.emit(ItemEvent::ViewMoved)).ok();
        })
        .detach();
    }

    /// Asks which language files with names of a pattern are in; `files` says which to a person.
    fn choose_association(
        &mut self,
        files: &str,
        pattern: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let now = self.language(cx);
        let workspace = self.model.read(cx).workspace();
        let path = self.buffer_ref(cx).and_then(Buffer::path);
        let detected = path.map_or(now, |path| workspace.language_of_path(path));
        let detected = Some(detected);
        let pattern = pattern.to_owned();
        let rows = language_rows(now, detected, move |view, id, window, cx| {
            view.associate(pattern.clone(), id, window, cx);
        });
        let choices = Choices {
            id: "association-picker",
            question: format!("Language of \u{2018}{files}\u{2019} files").into(),
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }

    /// Writes that files with names of a pattern are in a language, and takes it for this one.
    fn associate(
        &mut self,
        pattern: String,
        language: LanguageId,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let association = FileAssociation {
            pattern,
            language: language.id_str().to_owned(),
        };
        let writing = ui::keep_language_setting(association, window, cx);
        cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let written = writing.await;
                // The window may be closed meanwhile.
                this.update_in(cx, |view, window, cx| {
                    if let Err(error) = written {
                        return ui::notify_error(&error, window, cx);
                    }
                    view.detect_language(cx);
                    if view.language(cx) != language {
                        let message = format!(
                            "It is in your settings, but a longer pattern or the folder\u{2019}s settings say that this file is in {}.",
                            view.language(cx).name()
                        );
                        notify(Severity::Warning, message, window, cx);
                    }
                })
                .ok();
            },
        )
        .detach();
    }
}

/// The files that one stands for, as a person reads it and as a pattern: those with its extension,
/// else those of its name.
fn files_like(path: &Path) -> Option<(String, String)> {
    let name = path.file_name()?.to_str()?;
    let extension = path.extension().and_then(|it| it.to_str());
    let (files, any) = match extension {
        Some(extension) => (format!(".{extension}"), "*"),
        None => (name.to_owned(), ""),
    };
    // What has a meaning in patterns stands for itself.
    let literal = files.chars().fold(String::new(), |mut literal, character| {
        match character {
            '[' | ']' | '{' | '}' | '*' | '?' | '\\' => literal.extend(['[', character, ']']),
            character => literal.push(character),
        }
        literal
    });
    Some((files, format!("{any}{literal}")))
}

/// A row for each language: the present one, the one that is detected as far as that is known, and then
/// all by name.
fn language_rows(
    now: LanguageId,
    detected: Option<LanguageId>,
    take: impl Fn(&mut EditorView, LanguageId, &mut Window, &mut Context<EditorView>) + 'static,
) -> Vec<Choice> {
    let mut offered: Vec<_> = languages().iter().collect();
    let first = |id: LanguageId| (id != now, Some(id) != detected);
    offered.sort_by_key(|language| (first(language.id), language.name.to_lowercase()));
    let take = Rc::new(take);
    let rows = offered.into_iter().map(|language| {
        let id = language.id;
        let mut about = language.id_str.to_owned();
        for (is_it, word) in [(id == now, "now"), (Some(id) == detected, "detected")] {
            if is_it {
                about.push_str(" \u{b7} ");
                about.push_str(word);
            }
        }
        let label = format!("{}, {about}", language.name);
        let take = take.clone();
        Choice::new(language.name, about, move |view, window, cx| {
            take(view, id, window, cx);
        })
        .labelled(label)
        .with_icon(language_icon(id))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_for_those_with_its_extension_or_else_its_name() {
        let of = |path: &str| files_like(Path::new(path)).unwrap();
        let pair = |files: &str, pattern: &str| (files.to_owned(), pattern.to_owned());
        assert_eq!(of("/p/a.test.inc"), pair(".inc", "*.inc"));
        assert_eq!(of("/p/Makefile"), pair("Makefile", "Makefile"));
        assert_eq!(of("/p/.env"), pair(".env", ".env"));
        assert_eq!(of("/p/[id]"), pair("[id]", "[[]id[]]"));
        // A name of a file on Linux, which stands for itself in the setting too.
        let odd = of("/p/a\\b");
        assert_eq!(odd, pair("a\\b", "a[\\]b"));
        let pairs = [(odd.1.as_str(), "php")];
        let (associations, problems) = syntax::Associations::new(pairs);
        assert_eq!(problems, Vec::<String>::new());
        let php = associations.language(Path::new("/p/a\\b"));
        assert_eq!(php.map(|language| language.id_str()), Some("php"));
        assert!(associations.language(Path::new("/p/ab")).is_none());
        assert_eq!(files_like(Path::new("/")), None);
    }
}
