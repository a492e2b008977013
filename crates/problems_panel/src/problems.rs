//! The "Problems" panel: what language servers say of the files of the project.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use gpui_kit::component::input::{InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Context, Entity, FocusHandle, Focusable, Render, Role, SharedString,
    Subscription, Window, div,
};
use lsp::{Diagnostic, DiagnosticSeverity, RelatedInformation, ServerState};
use ui::list_keys::Step;
use ui::markdown::LinkTarget;
use ui::tokens::scaled;
use ui::widgets::{Button, EmptyState, IconButton, ListRow};
use ui::{
    ActiveKilnTheme as _, Colors, DockSide, FileInFrontChanged, IconName, OpenTarget, Panel,
    ServerSays, Severity, WorkspaceModel, icons,
};
use workspace::{Buffer, BufferId, PlacedDiagnostic, SaidOfClosedFile, WorkspaceEvent};

use crate::commands::{self, FilterWanted};
use crate::filter::{FileFilter, Filter, Switch};
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

/// How many problems a file has.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    all: usize,
    /// Those of which servers said too many for them to be known.
    unknown: usize,
    /// Those that the filter lets through, as far as they are known.
    found: usize,
    /// Those that are listed.
    listed: usize,
}

impl Counted {
    /// How many the filter lets through; one that hides nothing lets through what is unknown too.
    fn let_through(self, filter: &Filter) -> usize {
        match filter.is_active() {
            true => self.found,
            false => self.all,
        }
    }
}

/// The "Problems" panel.
pub struct ProblemsPanel {
    model: Entity<WorkspaceModel>,
    places: Places<Problem>,
    filter: Filter,
    /// What is typed into the filter.
    input: Entity<InputState>,
    /// How many problems each file has that has some.
    counted: BTreeMap<PathBuf, Counted>,
    /// There are problems in more files than are known.
    has_more: bool,
    _subscriptions: Vec<Subscription>,
}

impl ProblemsPanel {
    /// A list of what is wrong in the files of `model`.
    pub fn new(model: Entity<WorkspaceModel>, window: &mut Window, cx: &mut Context<Self>) -> Self {
        let placeholder = "Filter (text, *.rs, !node_modules)";
        let input = cx.new(|cx| InputState::new(window, cx).placeholder(placeholder));
        let subscriptions = vec![
            cx.subscribe(&model, |this: &mut Self, _, event, cx| match event {
                WorkspaceEvent::BufferDiagnosticsChanged(id) => this.refresh_one(*id, cx),
                WorkspaceEvent::ClosedDiagnosticsChanged
                | WorkspaceEvent::BufferOpened(_)
                | WorkspaceEvent::BufferClosed(_)
                | WorkspaceEvent::BufferPathChanged(_) => this.refresh(cx),
                _ => {}
            }),
            cx.subscribe(&model, |this: &mut Self, _, _: &FileInFrontChanged, cx| {
                if this.filter.is_on(Switch::CurrentFile) {
                    this.refresh(cx);
                }
            }),
            cx.subscribe(&model, |_: &mut Self, _, said: &ServerSays, cx| {
                if let ServerSays::Failed { .. } | ServerSays::FailureOver { .. } = said {
                    cx.notify();
                }
            }),
            cx.subscribe_in(&input, window, Self::on_input),
        ];
        let mut panel = Self {
            model,
            places: Places::new(cx),
            filter: Filter::default(),
            input,
            counted: BTreeMap::new(),
            has_more: false,
            _subscriptions: subscriptions,
        };
        panel.refresh(cx);
        panel
    }

    /// Narrows the list down as it was, by what [`Panel::shown`] gave.
    pub fn bring_back(&mut self, shown: &str, window: &mut Window, cx: &mut Context<Self>) {
        let Some(typed) = self.filter.bring_back(shown) else {
            return;
        };
        self.input
            .update(cx, |input, cx| input.set_value(typed, window, cx));
        self.refresh(cx);
    }

    fn on_input(
        &mut self,
        input: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            InputEvent::Change => {
                self.filter.set_typed(&input.read(cx).value());
                self.refresh(cx);
            }
            InputEvent::PressEnter { .. } => self.focus_list(window, cx),
            _ => {}
        }
    }

    fn refresh(&mut self, cx: &mut Context<Self>) {
        let model = self.model.read(cx);
        let workspace = model.workspace();
        self.counted.clear();
        self.has_more = workspace.has_more_closed_diagnostics();
        let mut groups = Vec::new();
        let filtering = Filtering::new(&self.filter, model);
        let open = workspace
            .buffers()
            .filter_map(|one| filtering.of_buffer(one));
        let closed = workspace.closed_diagnostics().into_iter();
        let closed = closed.map(|(path, said)| filtering.of_closed_file(path, said));
        for (group, counted) in open.chain(closed) {
            if counted.all > 0 {
                self.counted.insert(group.path.clone(), counted);
            }
            if !group.items.is_empty() {
                groups.push(group);
            }
        }
        groups.sort_by(|one, other| one.path.cmp(&other.path));
        self.places.list.set(groups);
        cx.notify();
    }

    /// The same where something else is said of one open file alone.
    fn refresh_one(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let model = self.model.read(cx);
        let buffer = model.workspace().buffer(id);
        let filtering = Filtering::new(&self.filter, model);
        let Some((group, counted)) = buffer.and_then(|one| filtering.of_buffer(one)) else {
            return;
        };
        let path = group.path.clone();
        match counted.all {
            0 => drop(self.counted.remove(&path)),
            _ => drop(self.counted.insert(path.clone(), counted)),
        }
        let group = (!group.items.is_empty()).then_some(group);
        self.places.list.replace(&path, group);
        cx.notify();
    }

    /// How many problems there are in all files.
    fn count(&self) -> Counted {
        let mut sum = Counted::default();
        for one in self.counted.values() {
            sum.all += one.all;
            sum.unknown += one.unknown;
            sum.found += one.found;
            sum.listed += one.listed;
        }
        sum
    }

    pub(crate) fn filter(&self) -> &Filter {
        &self.filter
    }

    pub(crate) fn filter_input(&self) -> &Entity<InputState> {
        &self.input
    }

    /// What stands beside the filter while something is not listed, or the filter may hide something.
    pub(crate) fn shown_of_all(&self) -> Option<String> {
        let Counted {
            all,
            unknown,
            listed,
            ..
        } = self.count();
        let filtered = self.filter.is_active();
        if all == 0 || (!filtered && listed == all && !self.has_more) {
            return None;
        }
        let plus = if self.has_more { "+" } else { "" };
        let mut told = format!("Showing {} of {}{plus}", thousands(listed), thousands(all));
        if filtered && unknown > 0 {
            told.push_str(&format!(", {} not looked through", thousands(unknown)));
        }
        Some(told)
    }

    /// Switches a part of the filter on or off.
    pub(crate) fn flip(&mut self, switch: Switch, cx: &mut Context<Self>) {
        self.filter.flip(switch);
        self.refresh(cx);
    }

    /// Has everything listed again.
    pub(crate) fn clear_filter(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.input
            .update(cx, |input, cx| input.set_value("", window, cx));
        self.filter = Filter::default();
        self.refresh(cx);
    }

    /// What Escape does in the filter: it is emptied, or left where nothing is typed.
    pub(crate) fn leave_filter(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.input.read(cx).value().is_empty() {
            return self.focus_list(window, cx);
        }
        self.input
            .update(cx, |input, cx| input.set_value("", window, cx));
        self.filter.set_typed("");
        self.refresh(cx);
    }

    /// Gives the keyboard to the filter.
    pub(crate) fn focus_filter(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.input.update(cx, |input, cx| input.focus(window, cx));
    }

    /// Gives the keyboard to the list, with a row selected.
    pub(crate) fn focus_list(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let list = &mut self.places.list;
        if list.selected.is_none() {
            list.step(Step::First);
        }
        self.places.focus.focus(window, cx);
        cx.notify();
    }

    /// What stands there while a server that looks for problems was given up.
    fn silent_state(&self, cx: &App) -> Option<EmptyState> {
        let servers = self.model.read(cx).language_servers()?;
        let failed = servers.running().filter_map(|server| match server.state() {
            ServerState::Failed { reason } => Some((server.name(), reason)),
            _ => None,
        });
        let failed: Vec<_> = failed.collect();
        let (name, reason) = failed.first()?;
        // Those of several folders have one name.
        let others = failed.iter().filter(|(other, _)| other != name).count();
        let title = match others {
            0 => format!("The language server {name} is not running"),
            1 => format!("The language server {name} and another are not running"),
            _ => format!("The language server {name} and {others} others are not running"),
        };
        let body = format!(
            "What it would find wrong is not known: {reason}. Its name in the status bar, while one \
             of its files is in front, restarts it."
        );
        Some(EmptyState::new(IconName::TriangleAlert, title).body(body))
    }

    /// What stands in the place of a list that is empty.
    fn empty_state(&self, cx: &mut Context<Self>) -> EmptyState {
        let hidden = self.count().all;
        if hidden == 0 {
            return self.silent_state(cx).unwrap_or_else(|| {
                EmptyState::new(IconName::CircleCheck, "No problems")
                    .body("What language servers find wrong in the project is listed here.")
            });
        }
        let hides = match hidden {
            1 => "The filter hides 1 problem.".to_owned(),
            count => format!("The filter hides {} problems.", thousands(count)),
        };
        let clear = Button::new("clear-problems-filter", "Clear Filter")
            .command(commands::CLEAR_FILTER)
            .on_click(cx.listener(|this, _, window, cx| {
                this.clear_filter(window, cx);
                this.focus_list(window, cx);
            }));
        // Enter and Space press it, and open no row.
        let clear = div().key_context(CONTROL_CONTEXT).child(clear);
        EmptyState::new(IconName::Funnel, hides).action(clear)
    }
}

/// A number as a person reads it: `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
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

    fn pill(&self, group: &Group<Problem>) -> String {
        let counted = self.counted.get(&group.path);
        let counted = counted.copied().unwrap_or_default();
        match counted.let_through(&self.filter) {
            found if found <= counted.listed => found.to_string(),
            found => {
                let (listed, found) = (thousands(counted.listed), thousands(found));
                format!("first {listed} of {found}")
            }
        }
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
                let icon = icons::icon(IconName::CornerDownRight, colors.text_faint);
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

/// What is listed of files by a filter.
struct Filtering<'a> {
    filter: &'a Filter,
    root: &'a Path,
    /// The file that the keyboard is in.
    current: Option<&'a Path>,
}

impl<'a> Filtering<'a> {
    fn new(filter: &'a Filter, model: &'a WorkspaceModel) -> Self {
        Self {
            filter,
            root: model.root(),
            current: model.file_in_front(),
        }
    }

    fn in_file(&self, path: &Path) -> FileFilter<'a> {
        let shown = path.strip_prefix(self.root).unwrap_or(path);
        self.filter.in_file(shown, self.current == Some(path))
    }

    /// What is wrong in a file, the gravest first.
    fn of_buffer(&self, buffer: &Buffer) -> Option<(Group<Problem>, Counted)> {
        let path = buffer.path()?.to_path_buf();
        let filter = self.in_file(&path);
        let said = buffer.diagnostics();
        let (listed, found) = said.gravest(MOST_OF_A_FILE, |one| filter.shows(one));
        let counted = Counted {
            all: said.count_problems(),
            unknown: said.count_left_out(),
            found,
            listed: listed.len(),
        };
        let rows = listed.into_iter();
        let items = rows.flat_map(|(range, one)| Problem::rows(range, one, buffer));
        let items = items.collect();
        Some((Group { path, items }, counted))
    }

    /// The same in a file that is not open.
    fn of_closed_file(
        &self,
        path: &Path,
        of_file: SaidOfClosedFile<'_>,
    ) -> (Group<Problem>, Counted) {
        let filter = self.in_file(path);
        let unknown = of_file.left_out.problems();
        let mut said = of_file.said;
        // Hints are for who looks at the text.
        said.retain(|one| one.diagnostic.severity != DiagnosticSeverity::Hint);
        let all = said.len() + unknown;
        said.retain(|one| filter.shows(&one.diagnostic));
        said.sort_by_key(|one| (one.diagnostic.severity, one.line, one.column));
        let found = said.len();
        said.truncate(MOST_OF_A_FILE);
        let counted = Counted {
            all,
            unknown,
            found,
            listed: said.len(),
        };
        let items = said.into_iter().flat_map(Problem::closed).collect();
        let path = path.to_path_buf();
        (Group { path, items }, counted)
    }
}

impl Focusable for ProblemsPanel {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        match FilterWanted::is_wanted(cx) {
            true => self.input.read(cx).focus_handle(cx),
            false => self.places.focus.clone(),
        }
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

    fn has_focus(&self, window: &Window, cx: &App) -> bool {
        let filter = self.input.read(cx).focus_handle(cx);
        self.places.focus.contains_focused(window, cx) || filter.contains_focused(window, cx)
    }

    /// What narrows the list down.
    fn shown(&self, cx: &App) -> Option<String> {
        Some(self.filter.kept(&self.input.read(cx).value()))
    }

    fn badge(&self, _: &App) -> Option<SharedString> {
        let count = self.count().all;
        let plus = if self.has_more { "+" } else { "" };
        (count > 0).then(|| format!("{count}{plus}").into())
    }
}

impl Render for ProblemsPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let empty = self.empty_state(cx);
        let list = tree(self, "Problems", empty, window, cx).into_any_element();
        let bar = self.render_filter(window, cx);
        self.with_filter_actions(bar, list, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_are_read_in_groups_of_three() {
        for (number, written) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(thousands(number), written);
        }
    }
}
