//! tasks.md.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::diagnostic::SpecDiagnostic;
use crate::graph::{self, GraphError, TaskGraph};
use crate::lines::{Line, bullet, headings, lines};
use crate::reference::{dotted_number, requirement_reference};
use crate::requirements::numbered_title;

/// Names a task within one document: its number (`1.2`); `#3` for the third task
/// without a number; a second task of the same number gets `#2` behind it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct TaskId(pub String);

impl TaskId {
    /// The number, where the task has one in the document that no task before it has.
    pub fn number(&self) -> Option<&str> {
        (!self.0.contains('#')).then_some(self.0.as_str())
    }
}

impl From<&str> for TaskId {
    fn from(text: &str) -> Self {
        Self(text.to_string())
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a task's box says.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// `[ ]`
    NotStarted,
    /// `[~]`
    Queued,
    /// `[-]`
    Running,
    /// `[x]`
    Done,
}

impl TaskState {
    /// The mark between the brackets.
    pub fn mark(self) -> char {
        match self {
            Self::NotStarted => ' ',
            Self::Queued => '~',
            Self::Running => '-',
            Self::Done => 'x',
        }
    }

    /// The state that a mark means.
    pub fn from_mark(mark: char) -> Option<Self> {
        match mark {
            ' ' => Some(Self::NotStarted),
            '~' => Some(Self::Queued),
            '-' => Some(Self::Running),
            'x' | 'X' => Some(Self::Done),
            _ => None,
        }
    }
}

/// One task.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Task {
    /// Its name in this document.
    pub id: TaskId,
    /// Its text, without number and box.
    pub title: String,
    /// What its box says.
    pub state: TaskState,
    /// Whether a `*` behind the box makes it optional.
    pub optional: bool,
    /// How deep it is nested: 0 at the top.
    pub level: u32,
    /// The requirements and criteria that it names.
    pub requirements: Vec<String>,
    /// The further lines of detail.
    pub details: Vec<String>,
    /// The one byte between the brackets.
    pub box_range: Range<usize>,
    /// Its line and its details, without the tasks under it.
    pub range: Range<usize>,
    /// The task that it is part of.
    pub parent: Option<TaskId>,
    /// Index into [`TasksDoc::groups`] of the heading that it stands under.
    pub group: Option<usize>,
}

impl Task {
    /// What is shown in the place of a title that has no text.
    pub const NO_TEXT: &'static str = "(no text)";

    /// Whether its title has anything to read: more than spaces, marks of emphasis and characters
    /// that are not seen.
    pub fn has_text(&self) -> bool {
        self.title.chars().any(|c| {
            !c.is_whitespace() && !text_safety::deceives(c) && !matches!(c, '*' | '_' | '`' | '\\')
        })
    }

    /// Its title, or [`Task::NO_TEXT`].
    pub fn shown_title(&self) -> &str {
        if self.has_text() {
            &self.title
        } else {
            Self::NO_TEXT
        }
    }
}

/// A heading that gathers tasks: `## Task 1: Title`, `## Phase 2`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TaskGroup {
    /// The heading's text.
    pub title: String,
    /// The heading's line.
    pub range: Range<usize>,
}

/// How far the tasks are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Progress {
    /// Tasks that are done.
    pub done: usize,
    /// Tasks in all.
    pub total: usize,
}

impl Progress {
    /// The share that is done, 0.0 to 1.0; 0.0 where there is nothing.
    pub fn fraction(self) -> f32 {
        if self.total == 0 {
            0.0
        } else {
            self.done as f32 / self.total as f32
        }
    }

    /// Whether there were tasks and all are done.
    pub fn is_complete(self) -> bool {
        self.total > 0 && self.done == self.total
    }
}

/// Why a task cannot be changed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TaskError {
    /// No task has the id.
    #[error("there is no task {id} in tasks.md; it has {known}")]
    Unknown {
        /// What was asked for.
        id: TaskId,
        /// What there is, shortened.
        known: String,
    },
}

/// A parsed tasks.md, with the text that it came from.
#[derive(Clone, Debug)]
pub struct TasksDoc {
    source: String,
    tasks: Vec<Task>,
    groups: Vec<TaskGroup>,
    graph: Option<Result<TaskGraph, GraphError>>,
    pub(crate) bad_boxes: Vec<Range<usize>>,
}

impl TasksDoc {
    /// Reads a document. Never fails; see [`TasksDoc::diagnostics`].
    pub fn parse(source: &str) -> Self {
        let lines = lines(source);
        let mut reader = Reader::default();
        for line in &lines {
            reader.line(line);
        }
        Self {
            graph: graph::find(source, &lines, &headings(&lines)),
            tasks: reader.tasks,
            groups: reader.groups,
            bad_boxes: reader.bad_boxes,
            source: source.to_string(),
        }
    }

    /// The text that the document was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The tasks, in the document's order.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The headings that gather tasks.
    pub fn groups(&self) -> &[TaskGroup] {
        &self.groups
    }

    /// The task with this id.
    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == *id)
    }

    /// The tasks directly under one.
    pub fn children<'a>(&'a self, id: &'a TaskId) -> impl Iterator<Item = &'a Task> {
        self.tasks
            .iter()
            .filter(move |task| task.parent.as_ref() == Some(id))
    }

    /// Whether a task is work of its own: no required task is under it. One with
    /// nothing but optional tasks under it is; they come on top of it.
    pub fn is_leaf(&self, id: &TaskId) -> bool {
        self.children(id).all(|child| child.optional)
    }

    /// A task's text as it stands in the document: its line and its details.
    pub fn block(&self, task: &Task) -> &str {
        self.source.get(task.range.clone()).unwrap_or_default()
    }

    /// The task graph's waves; `None` where the document has none.
    pub fn graph(&self) -> Option<&Result<TaskGraph, GraphError>> {
        self.graph.as_ref()
    }

    /// The one edit that sets a task's box: the byte between its brackets, and the
    /// mark to put there.
    pub fn set_state(
        &self,
        id: &TaskId,
        state: TaskState,
    ) -> Result<(Range<usize>, String), TaskError> {
        let task = self.task(id).ok_or_else(|| self.unknown(id))?;
        Ok((task.box_range.clone(), state.mark().to_string()))
    }

    /// The edits that set a task's box and those of the tasks that it is part of:
    /// a task begins with its first part and is done with its last required one.
    /// They are in the document's order and change one byte each.
    pub fn set_state_with_parents(
        &self,
        id: &TaskId,
        state: TaskState,
    ) -> Result<Vec<(Range<usize>, String)>, TaskError> {
        let mut current = self.task(id).ok_or_else(|| self.unknown(id))?;
        let mut states: HashMap<&TaskId, TaskState> = HashMap::from([(&current.id, state)]);
        let mut edits = vec![(current.box_range.clone(), state.mark().to_string())];
        let mut visited = HashSet::from([&current.id]);
        while let Some(parent) = current.parent.as_ref().and_then(|parent| self.task(parent)) {
            // What is work of its own is not done with its optional parts.
            if self.is_leaf(&parent.id) || !visited.insert(&parent.id) {
                break;
            }
            let state_of = |task: &Task| states.get(&task.id).copied().unwrap_or(task.state);
            let finished = self
                .children(&parent.id)
                .all(|child| child.optional || state_of(child) == TaskState::Done);
            let begun = self
                .children(&parent.id)
                .any(|child| state_of(child) != TaskState::NotStarted);
            let next = match (finished, begun, parent.state) {
                (true, _, _) => TaskState::Done,
                (false, true, _) => TaskState::Running,
                (false, false, _) => TaskState::NotStarted,
            };
            if next != parent.state {
                edits.push((parent.box_range.clone(), next.mark().to_string()));
            }
            states.insert(&parent.id, next);
            current = parent;
        }
        edits.sort_by_key(|(range, _)| range.start);
        Ok(edits)
    }

    /// The first required leaf that is not done, in the document's order.
    pub fn next_task(&self) -> Option<&Task> {
        self.leaves()
            .find(|task| !task.optional && task.state != TaskState::Done)
    }

    /// Tasks that are work of their own: see [`TasksDoc::is_leaf`].
    pub fn leaves(&self) -> impl Iterator<Item = &Task> {
        let parents: HashSet<&TaskId> = self
            .tasks
            .iter()
            .filter(|task| !task.optional)
            .filter_map(|task| task.parent.as_ref())
            .collect();
        self.tasks
            .iter()
            .filter(move |task| !parents.contains(&task.id))
    }

    /// How far the required leaves are; the optional ones where there are no others.
    pub fn progress(&self) -> Progress {
        let count = |optional: bool| {
            self.leaves().filter(|task| task.optional == optional).fold(
                Progress::default(),
                |progress, task| Progress {
                    done: progress.done + usize::from(task.state == TaskState::Done),
                    total: progress.total + 1,
                },
            )
        };
        let required = count(false);
        if required.total == 0 {
            count(true)
        } else {
            required
        }
    }

    /// What is wrong with the document.
    pub fn diagnostics(&self) -> Vec<SpecDiagnostic> {
        crate::tasks_diagnostics::diagnose(self)
    }

    fn unknown(&self, id: &TaskId) -> TaskError {
        let mut known: Vec<&str> = self
            .tasks
            .iter()
            .take(12)
            .map(|task| task.id.0.as_str())
            .collect();
        if self.tasks.len() > known.len() {
            known.push("…");
        }
        TaskError::Unknown {
            id: id.clone(),
            known: if known.is_empty() {
                "none".into()
            } else {
                known.join(", ")
            },
        }
    }
}

impl fmt::Display for TasksDoc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

/// What a line with a box says.
struct BoxLine<'a> {
    mark: char,
    /// Offset of the mark in the line.
    mark_at: usize,
    optional: bool,
    number: Option<&'a str>,
    title: &'a str,
}

enum Item<'a> {
    Task(BoxLine<'a>),
    BadBox,
    Other,
}

/// Reads `- [ ] 1.2 Title` and its relatives.
fn item(text: &str) -> Item<'_> {
    let trimmed = text.trim_start();
    let indent = text.len() - trimmed.len();
    // The list's own number serves where the text has none: `1. [ ] Title`.
    let (marker, list_number) = match trimmed.as_bytes().first() {
        Some(b'-' | b'*' | b'+') => (1, None),
        Some(byte) if byte.is_ascii_digit() => match dotted_number(trimmed) {
            Some((number, rest)) if rest.starts_with(['.', ')']) => {
                (number.len() + 1, Some(number))
            }
            Some((number, _)) if number.contains('.') => (number.len(), Some(number)),
            _ => return Item::Other,
        },
        _ => return Item::Other,
    };
    let after = &trimmed[marker..];
    let spaces = after.len() - after.trim_start_matches([' ', '\t']).len();
    let Some(inside) = after[spaces..].strip_prefix('[') else {
        return Item::Other;
    };
    if spaces == 0 {
        return Item::Other;
    }
    let mut characters = inside.chars();
    let (Some(mark), Some(close)) = (characters.next(), characters.next()) else {
        return Item::Other;
    };
    if mark == ']' {
        // `- [] 1. Title` lost its space; `- [](link)` is a link.
        return if close == ' ' {
            Item::BadBox
        } else {
            Item::Other
        };
    }
    let rest = characters.as_str();
    let ended = rest.is_empty() || rest.starts_with([' ', '\t', '*', '\\']);
    if close != ']' || !ended {
        return Item::Other;
    }
    if TaskState::from_mark(mark).is_none() {
        return Item::BadBox;
    }
    let (optional, rest) = match rest.strip_prefix("\\*").or_else(|| rest.strip_prefix('*')) {
        // `**bold` straight behind the box is text, not a star.
        Some(after) if !rest.starts_with("**") => (true, after),
        _ => (false, rest),
    };
    let rest = rest.trim();
    let (optional, rest) = match rest.strip_prefix("* ") {
        Some(after) if !optional => (true, after.trim_start()),
        _ => (optional, rest),
    };
    let (number, title) = match task_number(rest) {
        Some((number, title)) => (Some(number), title),
        None => (list_number, rest),
    };
    Item::Task(BoxLine {
        mark,
        mark_at: indent + marker + spaces + 1,
        optional,
        number,
        title,
    })
}

/// The number at the start of a task's text: `1. Title`, `1.2 Title`, `Task 3: Title`.
fn task_number(text: &str) -> Option<(&str, &str)> {
    let bare = text.trim_start_matches('*');
    let named = bare
        .strip_prefix("Task ")
        .or_else(|| bare.strip_prefix("task "));
    let (number, rest) = dotted_number(named.unwrap_or(bare))?;
    let after = rest.trim_start_matches(['.', ')', ':', '：', '*']);
    let marked = after.len() < rest.len() || number.contains('.') || named.is_some();
    // `3 tests` and `2nd try` are words, not numbers.
    let ends = after.is_empty() || after.starts_with([' ', '\t']) || rest.starts_with(['.', '：']);
    (marked && ends).then(|| (number, after.trim()))
}

#[derive(Default)]
struct Reader {
    tasks: Vec<Task>,
    /// The indents of the tasks under this heading that a further one may be part of, outermost first,
    /// with their indices: for those whose number names no parent.
    open_indents: Vec<(usize, usize)>,
    /// The indent of the last task.
    indent: usize,
    /// The last task of each number.
    numbered: HashMap<String, usize>,
    groups: Vec<TaskGroup>,
    bad_boxes: Vec<Range<usize>>,
    ids: HashMap<String, usize>,
    unnumbered: usize,
    group: Option<usize>,
    /// Whether further lines belong to the last task.
    open: bool,
    /// Whether the next plain line continues the last detail.
    paragraph: bool,
    /// Whether the line before was empty.
    blank: bool,
}

impl Reader {
    fn line(&mut self, line: &Line<'_>) {
        if let Some((level, title)) = line.heading() {
            self.open = false;
            if level >= 2 {
                self.group = Some(self.groups.len());
                self.groups.push(TaskGroup {
                    title: title.to_string(),
                    range: line.range(),
                });
                self.open_indents.clear();
            }
            return;
        }
        if !line.fenced {
            match item(line.text) {
                Item::Task(found) => return self.task(line, found),
                Item::BadBox => {
                    self.bad_boxes.push(line.range());
                    self.open = false;
                    return;
                }
                Item::Other => {}
            }
        }
        self.detail(line);
    }

    fn task(&mut self, line: &Line<'_>, found: BoxLine<'_>) {
        let name = match found.number {
            Some(number) => number.to_string(),
            None => {
                self.unnumbered += 1;
                format!("#{}", self.unnumbered)
            }
        };
        let indent = line.indent();
        let parent = self.parent(&name, found.number.is_some(), indent);
        if found.number.is_some() {
            self.numbered.insert(name.clone(), self.tasks.len());
        }
        let seen = self.ids.entry(name.clone()).or_insert(0);
        *seen += 1;
        let id = if *seen == 1 {
            name
        } else {
            format!("{name}#{seen}")
        };
        let mark_at = line.start + found.mark_at;
        let level = parent
            .and_then(|index: usize| self.tasks.get(index))
            .map_or(0, |parent| parent.level + 1);
        self.tasks.push(Task {
            id: TaskId(id),
            title: found.title.to_string(),
            state: TaskState::from_mark(found.mark).unwrap_or(TaskState::NotStarted),
            optional: found.optional,
            level,
            requirements: Vec::new(),
            details: Vec::new(),
            box_range: mark_at..mark_at + found.mark.len_utf8(),
            range: line.range(),
            parent: parent
                .and_then(|index| self.tasks.get(index))
                .map(|parent| parent.id.clone()),
            group: self.group,
        });
        // What is indented as deep or deeper is no parent of what follows: this one is nearer.
        while self
            .open_indents
            .pop_if(|(open, _)| *open >= indent)
            .is_some()
        {}
        self.open_indents.push((indent, self.tasks.len() - 1));
        self.indent = indent;
        self.open = true;
        self.paragraph = false;
        self.blank = false;
    }

    /// The index of the task that a new one is part of: by its number where that
    /// names an earlier task, by its indent otherwise, for indents lie.
    fn parent(&self, name: &str, numbered: bool, indent: usize) -> Option<usize> {
        if numbered
            && let Some((front, _)) = name.rsplit_once('.')
            && let Some(by_number) = self.numbered.get(front)
        {
            return Some(*by_number);
        }
        if numbered && !name.contains('.') {
            return None;
        }
        let first_within = self
            .open_indents
            .partition_point(|(open, _)| *open < indent);
        let nearest = self.open_indents[..first_within].last();
        nearest
            .map(|(_, index)| *index)
            // A number that names no parent is not part of another number.
            .filter(|index| !numbered || self.tasks[*index].id.0.starts_with('#'))
    }

    fn detail(&mut self, line: &Line<'_>) {
        let text = line.text.trim();
        if text.is_empty() {
            self.paragraph = false;
            self.blank = true;
            return;
        }
        if text == "---" || text == "***" || text == "___" {
            self.open = false;
        }
        let Some(task) = self.tasks.last_mut().filter(|_| self.open) else {
            return;
        };
        let item = (!line.fenced).then(|| bullet(line.text)).flatten();
        // What stands no deeper than the task belongs to the document, not to it: a
        // bullet always, a paragraph after an empty line. A reference always does.
        let depth = self.indent;
        let outside = !line.fenced
            && line.indent() <= depth
            && (item.is_some() || self.blank)
            && requirement_reference(item.unwrap_or(text)).is_none();
        self.blank = false;
        if outside {
            self.open = false;
            return;
        }
        task.range.end = line.range().end;
        if let Some(ids) = (!line.fenced)
            .then(|| requirement_reference(item.unwrap_or(text)))
            .flatten()
        {
            for id in ids {
                if !task.requirements.contains(&id) {
                    task.requirements.push(id);
                }
            }
            self.paragraph = false;
            return;
        }
        match (item, task.details.last_mut()) {
            (Some(item), _) => task.details.push(item.to_string()),
            (None, Some(last)) if self.paragraph && !line.fenced => {
                last.push(' ');
                last.push_str(text);
            }
            (None, _) => task.details.push(text.to_string()),
        }
        self.paragraph = !line.fenced;
    }
}

/// A line of what stands below a task's own, as the parser reads it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DetailLine<'a> {
    /// The line, without its end.
    pub text: &'a str,
    /// Whether it belongs to code between fences, the fences included.
    pub fenced: bool,
    /// Whether it begins a point of a list, with a mark or a number.
    pub is_item: bool,
}

/// The lines below the first one of a task's [block](TasksDoc::block).
pub fn detail_lines(block: &str) -> Vec<DetailLine<'_>> {
    let below = lines(block).into_iter().skip(1);
    below
        .map(|line| DetailLine {
            text: line.text,
            fenced: line.fenced,
            is_item: !line.fenced && bullet(line.text).is_some(),
        })
        .collect()
}

impl TaskGroup {
    /// The number of `## Task 1: Title`, where the heading has one.
    pub fn number(&self) -> Option<String> {
        numbered_title(&self.title, "Task").map(|(number, _, _)| number)
    }
}
