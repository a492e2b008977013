//! What a person asks the agent about a place of a text, from the view that shows it.
//!
//! Views and the agent's panel do not know each other: the panel takes such questions, and a view
//! asks them, through this.

use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;

use gpui_kit::{App, Global, Window};

/// A question about lines of a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AgentQuestion {
    /// What is asked for, in a person's words.
    pub instruction: String,
    /// The file, absolute; `None` where the text has none yet.
    pub path: Option<PathBuf>,
    /// The language's id.
    pub language: &'static str,
    /// The lines, counted from 1, and the one behind the last.
    pub lines: Range<usize>,
    /// What they read, with what is not saved yet; `None` where that is more than
    /// [`AgentQuestion::MAX_CODE`].
    pub code: Option<String>,
}

impl AgentQuestion {
    /// Of more bytes than this only the place is told: the agent can read the file, and a model
    /// should not be given what may not fit.
    pub const MAX_CODE: usize = 32 * 1024;
}

type Takes = Rc<dyn Fn(AgentQuestion, &mut Window, &mut App) -> bool>;

struct Taker {
    takes: Takes,
    listens: fn(&Window, &App) -> bool,
}

impl Global for Taker {}

/// Says who takes questions; it gives whether the window has an agent that it was sent to.
/// `listens` says whether a window has one.
pub fn set_question_handler(
    takes: impl Fn(AgentQuestion, &mut Window, &mut App) -> bool + 'static,
    listens: fn(&Window, &App) -> bool,
    cx: &mut App,
) {
    cx.set_global(Taker {
        takes: Rc::new(takes),
        listens,
    });
}

/// Sends a question to the agent of a window; false where it has none.
pub fn ask_agent(question: AgentQuestion, window: &mut Window, cx: &mut App) -> bool {
    let takes = cx.try_global::<Taker>().map(|taker| taker.takes.clone());
    takes.is_some_and(|takes| takes(question, window, cx))
}

/// Whether a window has an agent that takes questions; one without a folder has none.
pub fn has_agent(window: &Window, cx: &App) -> bool {
    let taker = cx.try_global::<Taker>();
    taker.is_some_and(|taker| (taker.listens)(window, cx))
}
