//! The "Problems" panel: what language servers say of the open files.

use std::ops::Range;
use std::path::Path;

use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Context, Entity, FocusHandle, Focusable, Render, Role, SharedString,
    Subscription, Window, div,
};
use lsp::{Diagnostic, DiagnosticSeverity, RelatedInformation};
use ui::markdown::LinkTarget;
use ui::tokens::scaled;
use ui::widgets::{EmptyState, IconButton, ListRow};
use ui::{
    ActiveKilnTheme as _, Colors, DockSide, IconName, OpenTarget, Panel, Severity, WorkspaceModel,
    icons,
};
use workspace::{Buffer, BufferId, PlacedDiagnostic, Workspace, WorkspaceEvent};

use crate::grouped::{CONTROL_CONTEXT, Group};
use crate::place_panel::{PlacePanel, Places, RowState, pressed, tree};

/// More problems of a file than this are not listed.
const MOST_OF_A_FILE: usize = 1_000;

/// A row of the list: a problem, or below it a place that belongs to it.
pub(crate) struct Problem {
    said: Said,
    /// Where, in lines and characters, from zero.
    line: usize,
    column: usize,
}

enum Said {
    Diagnostic(Diagnostic),
    Related(RelatedInformation),
}

impl Problem {
    /// The rows of a problem of an open text.
    fn rows(
        range: Range<usize>,
        diagnostic: &Diagnostic,
        buffer: &Buffer,
    ) -> impl Iterator<Item = Self> {
        let text = buffer.text();
        let line = text.row_at(range.start);
        let column = text.count_chars(text.line_start(line)..range.start);
        Self::with_related(diagnostic, line, column)
    }

    /// The same in a file that is not open.
    fn closed(placed: &PlacedDiagnostic) -> impl Iterator<Item = Self> {
        let (line, column) = (placed.line as usize, placed.column as usize);
        Self::with_related(&placed.diagnostic, line, column)
    }

    fn with_related(
        diagnostic: &Diagnostic,
        line: usize,
        column: usize,
    ) -> impl Iterator<Item = Self> + use<> {
        let problem = Self {
            said: Said::Diagnostic(diagnostic.clone()),
            line,
            column,
        };
        let related = diagnostic.related.clone();
        let related = (0..related.len()).map(move |index| {
            let one = related[index].clone();
            // In the units of its server, which are characters but for few texts: the line counts.
            let place = one.location.position;
            Self {
                said: Said::Related(one),
                line: place.line as usize,
                column: place.character as usize,
            }
        });
        std::iter::once(problem).chain(related)
    }

    /// Who says it and its code, how much more it says, and where it is.
    fn detail(&self) -> String {
        let place = format!("[Ln {}, Col {}]", self.line + 1, self.column + 1);
        let said = match &self.said {
            Said::Diagnostic(said) => said,
            Said::Related(one) => {
                let name = one.location.path.file_name().unwrap_or_default();
                return format!("{}  {place}", name.to_string_lossy());
            }
        };
        let from = match (&said.source, &said.code) {
            (Some(source), Some(code)) => format!("{source}({code})  "),
            (Some(one), None) | (None, Some(one)) => format!("{one}  "),
            (None, None) => String::new(),
        };
        let more = match said.message.trim_end().lines().count() {
            0 | 1 => String::new(),
            2 => "+1 line  ".to_owned(),
            lines => format!("+{} lines  ", lines - 1),
        };
        format!("{more}{from}{place}")
    }
}

/// The icon, the colour and the word of a severity.
fn severity(
    severity: DiagnosticSeverity,
    colors: &Colors,
) -> (IconName, gpui_kit::Hsla, &'static str) {
    match severity {
        DiagnosticSeverity::Error => (IconName::CircleX, colors.error, "Error"),
        DiagnosticSeverity::Warning => (IconName::TriangleAlert, colors.warning, "Warning"),
        DiagnosticSeverity::Information | DiagnosticSeverity::Hint => {
            (IconName::Info, colors.text_muted, "Information")
        }
    }
}

/// The "Problems" panel.
pub struct ProblemsPanel {
    model: Entity<WorkspaceModel>,
    places: Places<Problem>,
    _subscription: Subscription,
}

impl ProblemsPanel {
    /// A list of what is wrong in the files of `model`.
    pub fn new(model: Entity<WorkspaceModel>, cx: &mut Context<Self>) -> Self {
        let subscription = cx.subscribe(&model, |this: &mut Self, _, event, cx| match event {
            WorkspaceEvent::BufferDiagnosticsChanged(id) => this.refresh_one(*id, cx),
            WorkspaceEvent::ClosedDiagnosticsChanged
            | WorkspaceEvent::BufferOpened(_)
            | WorkspaceEvent::BufferClosed(_)
            | WorkspaceEvent::BufferPathChanged(_) => this.refresh(cx),
            _ => {}
        });
        let mut panel = Self {
            model,
            places: Places::new(cx),
            _subscription: subscription,
        };
        panel.refresh(cx);
        panel
    }

    fn refresh(&mut self, cx: &mut Context<Self>) {
        let workspace = self.model.read(cx).workspace();
        let mut groups: Vec<_> = workspace.buffers().filter_map(of_buffer).collect();
        groups.extend(of_closed_files(workspace));
        groups.sort_by(|one, other| one.path.cmp(&other.path));
        self.places.list.set(groups);
        cx.notify();
    }

    /// The same where something else is said of one open file alone.
    fn refresh_one(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let buffer = self.model.read(cx).workspace().buffer(id);
        if let Some((buffer, path)) = buffer.and_then(|one| Some((one, one.path()?))) {
            self.places.list.replace(path, of_buffer(buffer));
            cx.notify();
        }
    }

    fn count_all(&self) -> usize {
        let groups = &self.places.list.groups;
        groups.iter().map(|group| Self::count(&group.items)).sum()
    }
}

impl PlacePanel for ProblemsPanel {
    type Place = Problem;

    const IDS: [&'static str; 3] = ["problems", "problem-rows", "problem"];

    fn places(&self) -> &Places<Problem> {
        &self.places
    }

    fn places_mut(&mut self) -> &mut Places<Problem> {
        &mut self.places
    }

    fn root<'a>(&self, cx: &'a App) -> &'a Path {
        self.model.read(cx).root()
    }

    fn count(problems: &[Problem]) -> usize {
        let is_problem = |one: &&Problem| matches!(one.said, Said::Diagnostic(_));
        problems.iter().filter(is_problem).count()
    }

    fn target(path: &Path, problem: &Problem) -> OpenTarget {
        let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
        let path = match &problem.said {
            Said::Diagnostic(_) => path,
            Said::Related(one) => &one.location.path,
        };
        OpenTarget::at(path, place(problem.line), place(problem.column))
    }

    fn render_place(&self, problem: &Problem, row: RowState, cx: &Context<Self>) -> AnyElement {
        let colors = cx.kiln_theme();
        let (message, indent, icon, tooltip) = match &problem.said {
            Said::Diagnostic(said) => {
                let (icon, color, word) = severity(said.severity, colors);
                let tooltip = format!("{word}: {}", said.message);
                (
                    &said.message,
                    scaled(24.),
                    icons::icon(icon, color),
                    tooltip,
                )
            }
            Said::Related(one) => {
                let icon = icons::icon(IconName::ChevronRight, colors.text_faint);
                (&one.message, scaled(44.), icon, one.message.to_string())
            }
        };
        let first = message.lines().next().unwrap_or_default();
        let explained = match &problem.said {
            Said::Diagnostic(said) => said.code_address.as_deref().map(|address| {
                let code = said.code.as_deref().unwrap_or("the problem");
                link(row.index, code, address)
            }),
            Said::Related(_) => None,
        };
        ListRow::new(("problem", row.index), first.to_owned())
            .role(Role::TreeItem)
            .detail(problem.detail())
            .indent(indent)
            .start(icon)
            .tooltip(tooltip)
            .selected(row.selected)
            .focused(row.focused)
            .on_click(pressed(row.index, cx))
            .when_some(explained, |row, link| {
                row.end(div().flex_none().key_context(CONTROL_CONTEXT).child(link))
            })
            .into_any_element()
    }
}

/// A button that leads to where the server explains a code on the web.
fn link(index: usize, code: &str, address: &str) -> IconButton {
    let address = address.to_owned();
    let label = format!("Explain {code} in the browser");
    IconButton::new(("problem-link", index), IconName::ExternalLink, label).on_click(
        // It comes from a server: checked as any link in what one says.
        move |_, window, cx| match LinkTarget::parse(&address) {
            LinkTarget::Web(address) => cx.open_url(&address),
            LinkTarget::File(_) | LinkTarget::Refused => {
                let message = "Only links to the web are followed from here.";
                ui::notify(Severity::Info, message, window, cx);
            }
        },
    )
}

/// What is wrong in a file, the gravest first.
fn of_buffer(buffer: &Buffer) -> Option<Group<Problem>> {
    let path = buffer.path()?.to_path_buf();
    // Hints are for who looks at the text.
    let listed = buffer.diagnostics().gravest(MOST_OF_A_FILE).into_iter();
    let items: Vec<_> = listed
        .flat_map(|(range, one)| Problem::rows(range, one, buffer))
        .collect();
    (!items.is_empty()).then_some(Group { path, items })
}

/// What is wrong in files that are not open, the gravest of each first.
fn of_closed_files(workspace: &Workspace) -> impl Iterator<Item = Group<Problem>> {
    let files = workspace.closed_diagnostics().into_iter();
    files.filter_map(|(path, mut said)| {
        said.retain(|one| one.diagnostic.severity != DiagnosticSeverity::Hint);
        said.sort_by_key(|one| (one.diagnostic.severity, one.line, one.column));
        let items: Vec<_> = said
            .into_iter()
            .take(MOST_OF_A_FILE)
            .flat_map(Problem::closed)
            .collect();
        let path = path.to_path_buf();
        (!items.is_empty()).then_some(Group { path, items })
    })
}

impl Focusable for ProblemsPanel {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.places.focus.clone()
    }
}

impl Panel for ProblemsPanel {
    const ID: &'static str = "problems";
    const TOGGLE_COMMAND: Option<&'static str> = Some("problems.focus");

    fn side() -> DockSide {
        DockSide::Bottom
    }

    fn title(&self, _: &App) -> SharedString {
        "Problems".into()
    }

    fn icon(&self) -> IconName {
        IconName::CircleX
    }

    fn badge(&self, _: &App) -> Option<SharedString> {
        let count = self.count_all();
        (count > 0).then(|| count.to_string().into())
    }
}

impl Render for ProblemsPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let empty = EmptyState::new(IconName::CircleCheck, "No problems")
            .body("What language servers find wrong in the project is listed here.");
        tree(self, "Problems", empty, window, cx)
    }
}
