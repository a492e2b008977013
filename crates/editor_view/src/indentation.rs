//! How a document is indented, and how that is changed.

use editor_core::auto_indent::{self, AutoIndent, Indenting};
use editor_core::{IndentStyle, PlainSyntax, Selections, SyntaxView, Text, Transaction, editing};
use gpui_kit::{App, AppContext as _, Context, InteractiveElement, SharedString, Window, actions};
use ui::CommandSpec;
use workspace::Buffer;

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::view::EditorView;

/// Sizes that the lists offer.
const SIZES: std::ops::RangeInclusive<u32> = 1..=8;

crate::commands::commands! {
    ChangeIndentation "editor.changeIndentation" "Change Indentation…" => |v, window, cx| v.choose_indentation(window, cx);
    IndentUsingSpaces "editor.action.indentUsingSpaces" "Indent Using Spaces…" => |v, window, cx| v.choose_size(IndentWith::Spaces, window, cx);
    IndentUsingTabs "editor.action.indentUsingTabs" "Indent Using Tabs…" => |v, window, cx| v.choose_size(IndentWith::Tabs, window, cx);
    ChangeTabDisplaySize "editor.action.changeTabDisplaySize" "Change Tab Display Size…" => |v, window, cx| v.choose_size(IndentWith::Same, window, cx);
    DetectIndentation "editor.detectIndentation" "Detect Indentation from Content" => |v, _, cx| {
        let detected = v.detected_indentation(cx);
        v.set_indentation(detected.unwrap_or(v.indent), cx);
    };
    ConvertIndentationToSpaces "editor.convertIndentationToSpaces" "Convert Indentation to Spaces" => |v, window, cx| v.convert_indentation(true, window, cx);
    ConvertIndentationToTabs "editor.convertIndentationToTabs" "Convert Indentation to Tabs" => |v, window, cx| v.convert_indentation(false, window, cx);
    ReindentLines "editor.action.reindentlines" "Reindent Lines" => |v, window, cx| v.reindent_all(window, cx);
    ReindentSelectedLines "editor.action.reindentselectedlines" "Reindent Selected Lines" => |v, window, cx| {
        let (text, indent) = (v.text(cx), v.indent);
        let transaction = v.by_syntax(cx, |syntax| editing::reindent(&text, &v.selections, false, syntax, &indent));
        v.edit(transaction, window, cx);
    };
}

/// What a level is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IndentWith {
    Spaces,
    Tabs,
    /// What it is now.
    Same,
}

impl EditorView {
    /// Makes an edit that looks at how lines are indented.
    pub(crate) fn with_indenting<R>(&self, cx: &App, run: impl FnOnce(&Indenting<'_>) -> R) -> R {
        let level = match self.language_settings(cx).typing.auto_indent {
            settings::AutoIndent::None => AutoIndent::None,
            settings::AutoIndent::Keep => AutoIndent::Keep,
            settings::AutoIndent::Brackets => AutoIndent::Brackets,
            settings::AutoIndent::Advanced => AutoIndent::Advanced,
            settings::AutoIndent::Full => AutoIndent::Full,
        };
        let (style, trims) = (self.indent, self.trims_auto_whitespace(cx));
        self.by_syntax(cx, |syntax| {
            run(&Indenting {
                level,
                style,
                trims,
                syntax,
            })
        })
    }

    pub(crate) fn newline(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let transaction = self.with_indenting(cx, |indenting| {
            auto_indent::insert_newline(&text, &self.selections, indenting)
        });
        self.edit_indenting(transaction, window, cx);
        self.inline_typed(window, cx);
        self.format_typed("\n", cx);
    }

    pub(crate) fn newline_below(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let transaction = self.with_indenting(cx, |indenting| {
            auto_indent::insert_line_below(&text, &self.selections, indenting)
        });
        self.edit_indenting(transaction, window, cx);
    }

    pub(crate) fn newline_above(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let transaction = editing::insert_line_above(&self.text(cx), &self.selections);
        self.edit_indenting(transaction, window, cx);
    }

    /// Brings rows to where they belong in which something was just typed that ends a block.
    pub(crate) fn settle_typed(
        &mut self,
        typed: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let text = self.text(cx);
        let transaction = self.with_indenting(cx, |indenting| {
            auto_indent::settle_typed(&text, &self.selections, typed, indenting)
        });
        if !transaction.is_empty() {
            self.edit(transaction, window, cx);
        }
    }

    /// What the content says; `None` where it says nothing.
    fn detected_indentation(&self, cx: &App) -> Option<IndentStyle> {
        let tab_size = self.language_settings(cx).editor.tab_size;
        IndentStyle::detect(&self.text(cx), tab_size)
    }

    /// Indents as was chosen, else as `.editorconfig` says, else as the document does, else as the
    /// settings say.
    pub(crate) fn update_indentation(&mut self, cx: &mut Context<Self>) {
        let settings = self.language_settings(cx);
        let by_settings = IndentStyle {
            tab_size: settings.editor.tab_size,
            insert_spaces: settings.editor.insert_spaces,
        };
        let detects = settings.typing.detect_indentation;
        let buffer = self.buffer_ref(cx);
        let indent = buffer.and_then(Buffer::indentation).unwrap_or_else(|| {
            let shown = self
                .detected_indentation(cx)
                .filter(|_| detects)
                .unwrap_or(by_settings);
            buffer.map_or(shown, |buffer| configured(buffer.editor_config(), shown))
        });
        let known = buffer.and_then(Buffer::shown_indentation);
        if known != Some(indent) {
            let buffer = self.buffer;
            self.model
                .update(cx, |model, _| model.set_shown_indentation(buffer, indent));
        }
        if indent != self.indent {
            if indent.tab_size != self.indent.tab_size {
                self.forget_layout();
            }
            self.indent = indent;
            cx.emit(ui::ItemEvent::StatusChanged);
            cx.notify();
        }
    }

    /// Indents the document so from now on, in all its views.
    fn set_indentation(&mut self, style: IndentStyle, cx: &mut Context<Self>) {
        if self.options_here.tab_size.take().is_some() {
            self.forget_layout();
        }
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.set_indentation(buffer, style));
        });
    }

    /// "Spaces: 4", for the status bar.
    pub(crate) fn indentation_label(&self) -> SharedString {
        let IndentStyle {
            tab_size,
            insert_spaces,
        } = self.indent;
        let what = if insert_spaces { "Spaces" } else { "Tab Size" };
        format!("{what}: {tab_size}").into()
    }

    fn choose_indentation(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let rows = vec![
            Choice::new("Indent Using Spaces", "", |view, window, cx| {
                view.choose_size(IndentWith::Spaces, window, cx);
            }),
            Choice::new("Indent Using Tabs", "", |view, window, cx| {
                view.choose_size(IndentWith::Tabs, window, cx);
            }),
            Choice::new("Change Tab Display Size", "", |view, window, cx| {
                view.choose_size(IndentWith::Same, window, cx);
            }),
            Choice::new("Detect Indentation from Content", "", |view, _, cx| {
                let detected = view.detected_indentation(cx);
                view.set_indentation(detected.unwrap_or(view.indent), cx);
            }),
            Choice::new("Convert Indentation to Spaces", "", |view, window, cx| {
                view.convert_indentation(true, window, cx);
            }),
            Choice::new("Convert Indentation to Tabs", "", |view, window, cx| {
                view.convert_indentation(false, window, cx);
            }),
            Choice::new("Trim Trailing Whitespace", "", |view, window, cx| {
                view.edit_with(window, cx, editing::trim_trailing_whitespace);
            }),
        ];
        let choices = Choices {
            id: "indentation-picker",
            question: "Change indentation".into(),
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }

    fn choose_size(&mut self, with: IndentWith, window: &mut Window, cx: &mut Context<Self>) {
        let insert_spaces = match with {
            IndentWith::Spaces => true,
            IndentWith::Tabs => false,
            IndentWith::Same => self.indent.insert_spaces,
        };
        let now = self.indent.tab_size;
        let configured = self.language_settings(cx).editor.tab_size;
        let rows = SIZES
            .map(|size| {
                let about = match (size == now, size == configured) {
                    (true, _) => "Now",
                    (false, true) => "In the settings",
                    (false, false) => "",
                };
                Choice::new(size.to_string(), about, move |view, _, cx| {
                    let style = IndentStyle {
                        tab_size: size,
                        insert_spaces,
                    };
                    view.set_indentation(style, cx);
                })
            })
            .collect();
        let choices = Choices {
            id: "indentation-size-picker",
            question: "Tab size".into(),
            none: "",
            rows,
            selected: (now.clamp(*SIZES.start(), *SIZES.end()) - SIZES.start()) as usize,
        };
        self.open_choices(choices, window, cx);
    }

    /// Writes the indentation with spaces or tabs, and indents so from now on.
    fn convert_indentation(
        &mut self,
        insert_spaces: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let style = IndentStyle {
            insert_spaces,
            ..self.indent
        };
        self.edit_in_background(
            move |selections, text, _| editing::convert_indentation(&text, &selections, &style),
            window,
            cx,
        );
        self.set_indentation(style, cx);
    }

    fn reindent_all(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let style = self.indent;
        self.edit_in_background(
            move |selections, text, syntax| {
                editing::reindent(&text, &selections, true, syntax, &style)
            },
            window,
            cx,
        );
    }

    /// Works out an edit of the whole document off the UI thread and makes it, unless the text has
    /// changed meanwhile.
    fn edit_in_background(
        &mut self,
        work: impl FnOnce(Selections, Text, &dyn SyntaxView) -> Transaction + Send + 'static,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let (text, version) = (buffer.text().clone(), buffer.version());
        let tree = buffer.syntax().cloned();
        let language = syntax::language(buffer.language());
        let selections = self.selections.clone();
        let working = cx.background_spawn(async move {
            match &tree {
                Some(tree) => work(selections, text, tree),
                None => {
                    let plain = PlainSyntax {
                        brackets: language.brackets,
                        rules: language.rules,
                    };
                    work(selections, text, &plain)
                }
            }
        });
        cx.spawn_in(window, async move |view, cx| {
            let transaction = working.await;
            view.update_in(cx, |view, window, cx| {
                if view.buffer_ref(cx).map(Buffer::version) == Some(version) {
                    // The carets may have moved while the text stayed.
                    let transaction =
                        Transaction::from_changes(transaction.changes, &view.selections);
                    view.edit(transaction, window, cx);
                } else {
                    ui::notify(
                        ui::Severity::Info,
                        "The text changed meanwhile; nothing was indented.",
                        window,
                        cx,
                    );
                }
            })
            // A closed view needs no edit.
            .ok();
        })
        .detach();
    }
}

/// What `.editorconfig` says of the indentation, and `shown` where it says nothing.
fn configured(config: &fs::EditorConfig, shown: IndentStyle) -> IndentStyle {
    let insert_spaces = config.insert_spaces.unwrap_or(shown.insert_spaces);
    let size = if insert_spaces {
        config.indent_size
    } else {
        config.tab_width
    };
    IndentStyle {
        insert_spaces,
        tab_size: size.unwrap_or(shown.tab_size),
    }
}
