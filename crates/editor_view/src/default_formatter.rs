//! Choosing who lays out all texts of a language: `editor.defaultFormatter`, written for the language
//! into the person's settings.

use gpui_kit::{AsyncWindowContext, Context, WeakEntity, Window};
use serde_json::Value;
use ui::{LanguageSetting, Severity};
use workspace::{Buffer, FormatterChoice};

use crate::choice_picker::{Choice, Choices};
use crate::formatting::{Formatting, about, missing_choice};
use crate::view::EditorView;

const SETTING: &str = "editor.defaultFormatter";

/// The rows of who could do it: servers, programs, those that are not there, and nobody in particular.
pub(crate) fn choices(formatting: Formatting) -> Choices {
    let Formatting {
        servers,
        found,
        chosen,
        ..
    } = formatting;
    let mut rows = Vec::new();
    let mut selected = None;
    // A name that a formatter has means that one, and the server where its program is not there.
    let is_found = |name: &String| found.found.iter().any(|one| one.entry.name == *name);
    let servers: Vec<_> = servers.into_iter().filter(|name| !is_found(name)).collect();
    let missing = found.missing.iter();
    let (served, missing): (Vec<_>, Vec<_>) =
        missing.partition(|entry| servers.contains(&entry.name));
    let servers = servers.into_iter().map(|name| {
        let entry = served.iter().find(|entry| entry.name == name);
        let choice = match entry {
            Some(entry) => FormatterChoice::Program((*entry).clone()),
            None => FormatterChoice::Server(name.clone()),
        };
        (name, "Language server".into(), choice)
    });
    let programs = found.found.iter().map(|one| {
        let choice = FormatterChoice::Program(one.entry.clone());
        (one.entry.name.clone(), about(one), choice)
    });
    for (name, detail, choice) in servers.chain(programs) {
        if choice == chosen {
            selected = Some(rows.len());
        }
        rows.push(Choice::new(
            name.clone(),
            detail,
            move |view, window, cx| view.keep_formatter(Some(&name), choice.clone(), window, cx),
        ));
    }
    rows.extend(missing.into_iter().cloned().map(missing_choice));
    if !rows.is_empty() {
        let nobody = selected.is_none().then_some(rows.len());
        selected = selected.or(nobody);
        rows.push(Choice::new(
            "None",
            "The language server, or else the first that is found",
            |view, window, cx| view.keep_formatter(None, FormatterChoice::Any, window, cx),
        ));
    }
    Choices {
        id: "default-formatter-picker",
        question: "Format all files of this language with".into(),
        none: "No language server or formatter is known for this language.",
        rows,
        selected: selected.unwrap_or_default(),
    }
}

impl EditorView {
    /// Has the settings say who lays out all texts of the language, and tells what that means.
    fn keep_formatter(
        &mut self,
        name: Option<&str>,
        choice: FormatterChoice,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(language) = self.buffer_ref(cx).map(Buffer::language) else {
            return;
        };
        let setting = LanguageSetting {
            language: language.id_str().to_owned(),
            key: SETTING,
            value: name.map_or(Value::Null, Value::from),
        };
        let writing = ui::keep_language_setting(setting, window, cx);
        let (name, buffer) = (name.map(str::to_owned), self.buffer);
        let telling = cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let written = writing.await;
                // The window may be closed meanwhile.
                this.update_in(cx, |view, window, cx| {
                    if let Err(error) = written {
                        return ui::notify_error(&error, window, cx);
                    }
                    let in_force = view.model.read(cx).formatter_choice(buffer, cx);
                    let language = language.name();
                    let (severity, message) = match name {
                        _ if in_force != Ok(choice) => (
                            Severity::Warning,
                            format!(
                                "It is in your settings, but `kiln.formatter` or the folder's settings choose another formatter for {language}."
                            ),
                        ),
                        Some(name) => (
                            Severity::Info,
                            format!("From now on, {language} is formatted with {name}."),
                        ),
                        None => (
                            Severity::Info,
                            format!("No formatter is preferred for {language} any more."),
                        ),
                    };
                    ui::notify(severity, message, window, cx);
                })
                .ok();
            },
        );
        telling.detach();
    }
}
