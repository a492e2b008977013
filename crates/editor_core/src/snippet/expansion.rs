//! From a snippet to the text that it puts in at one caret, with the places of its tab stops.

use std::collections::BTreeMap;
use std::ops::Range;

use super::parser::SnippetError;
use super::transform::Transform;
use super::variables::{Environment, Place, Variable};
use super::{Part, Snippet};
use crate::IndentStyle;
use crate::editing::with_line_feeds;

/// The longest text that a snippet may become.
const MAX_EXPANDED: usize = 1024 * 1024;

/// A place of a tab stop in the expanded text.
#[derive(Debug, Clone)]
pub(super) struct Stop {
    /// Which of the carets it belongs to.
    pub caret: usize,
    pub number: u32,
    pub range: Range<usize>,
    pub transform: Option<Transform>,
    pub choices: Vec<String>,
    /// Whether the snippet put something in here.
    pub is_filled: bool,
    /// The index of the stop that this one is inside of.
    pub parent: Option<usize>,
}

/// The text for one caret.
#[derive(Debug, Clone)]
pub(super) struct Expansion {
    pub text: String,
    /// In the order of their starts, an outer one before those inside of it.
    pub stops: Vec<Stop>,
}

/// Expands a snippet at a caret whose line begins with `indent`.
pub(super) fn expand(
    snippet: &Snippet,
    place: &Place<'_>,
    environment: &mut Environment,
    indent: &str,
    style: &IndentStyle,
) -> Result<Expansion, SnippetError> {
    let mut highest = 0;
    let mut contents = BTreeMap::new();
    collect(&snippet.parts, &mut highest, &mut contents);
    let mut expander = Expander {
        place,
        environment,
        indent,
        unit: style.unit(),
        contents,
        names: BTreeMap::new(),
        highest,
        open: Vec::new(),
        parent: None,
        result: Expansion {
            text: String::new(),
            stops: Vec::new(),
        },
    };
    expander.parts(&snippet.parts)?;
    let mut result = expander.result;
    if !result.stops.iter().any(|stop| stop.number == 0) {
        let end = result.text.len();
        result.stops.push(Stop {
            caret: place.caret,
            number: 0,
            range: end..end,
            transform: None,
            choices: Vec::new(),
            is_filled: false,
            parent: None,
        });
    }
    Ok(result)
}

/// What the first place of every number that has something in it holds, and the highest number.
fn collect<'s>(parts: &'s [Part], highest: &mut u32, contents: &mut BTreeMap<u32, Content<'s>>) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::TabStop { number, .. } => *highest = (*highest).max(*number),
            Part::Placeholder { number, content } => {
                *highest = (*highest).max(*number);
                contents.entry(*number).or_insert(Content::Parts(content));
                collect(content, highest, contents);
            }
            Part::Choice { number, choices } => {
                *highest = (*highest).max(*number);
                contents.entry(*number).or_insert(Content::Choices(choices));
            }
            Part::Variable { default, .. } => {
                if let Some(default) = default {
                    collect(default, highest, contents);
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Content<'s> {
    Parts(&'s [Part]),
    Choices(&'s [String]),
}

struct Expander<'a, 's> {
    place: &'a Place<'a>,
    environment: &'a mut Environment,
    indent: &'a str,
    unit: String,
    contents: BTreeMap<u32, Content<'s>>,
    /// The numbers given to names that are no variables.
    names: BTreeMap<&'s str, u32>,
    highest: u32,
    /// The numbers whose content is being written, so that `${1:$1}` ends.
    open: Vec<u32>,
    parent: Option<usize>,
    result: Expansion,
}

impl<'s> Expander<'_, 's> {
    fn parts(&mut self, parts: &'s [Part]) -> Result<(), SnippetError> {
        for part in parts {
            match part {
                Part::Text(text) => self.snippet_text(text)?,
                Part::TabStop { number, transform } => {
                    let content = self.contents.get(number).copied();
                    self.stop(*number, content, transform.as_ref(), &[])?;
                }
                Part::Placeholder { number, content } => {
                    let own = Some(Content::Parts(content));
                    // A later placeholder of the same number mirrors the first.
                    let content = self.contents.get(number).copied().or(own);
                    self.stop(*number, content, None, &[])?;
                }
                Part::Choice { number, choices } => {
                    let content = self.contents.get(number).copied();
                    self.stop(*number, content, None, choices)?;
                }
                Part::Variable {
                    name,
                    default,
                    transform,
                } => self.variable(name, default.as_deref(), transform.as_ref())?,
            }
        }
        Ok(())
    }

    fn stop(
        &mut self,
        number: u32,
        content: Option<Content<'s>>,
        transform: Option<&Transform>,
        choices: &[String],
    ) -> Result<(), SnippetError> {
        let start = self.result.text.len();
        let index = self.result.stops.len();
        self.result.stops.push(Stop {
            caret: self.place.caret,
            number,
            range: start..start,
            transform: transform.cloned(),
            choices: choices.to_vec(),
            is_filled: false,
            parent: self.parent,
        });
        if !self.open.contains(&number) {
            self.open.push(number);
            let outer = self.parent.replace(index);
            match content {
                Some(Content::Parts(parts)) => self.parts(parts)?,
                Some(Content::Choices(choices)) => {
                    if let Some(first) = choices.first() {
                        self.push(first)?;
                    }
                }
                None => {}
            }
            self.parent = outer;
            self.open.pop();
        }
        if let Some(transform) = transform {
            // The places inside are gone with the text that they were in.
            self.result.stops.truncate(index + 1);
            let transformed = transform.apply(&self.result.text[start..]);
            self.result.text.truncate(start);
            self.push(&transformed)?;
        }
        let end = self.result.text.len();
        self.result.stops[index].range.end = end;
        self.result.stops[index].is_filled = start < end;
        Ok(())
    }

    fn variable(
        &mut self,
        name: &'s str,
        default: Option<&'s [Part]>,
        transform: Option<&Transform>,
    ) -> Result<(), SnippetError> {
        match (self.environment.resolve(name, self.place), transform) {
            (Variable::Known(value), Some(transform)) => {
                let transformed = transform.apply(&value.unwrap_or_default());
                self.push(&with_line_feeds(&transformed))
            }
            (Variable::Known(Some(value)), None) => self.push(&with_line_feeds(&value)),
            (Variable::Known(None), None) => self.parts(default.unwrap_or_default()),
            (Variable::Unknown, _) => match default {
                Some(default) => self.parts(default),
                // The protocol: the name of an unknown variable becomes a placeholder.
                None => {
                    let number = match self.names.get(name) {
                        Some(number) => *number,
                        None => {
                            self.highest += 1;
                            self.names.insert(name, self.highest);
                            self.highest
                        }
                    };
                    let start = self.result.text.len();
                    self.push(name)?;
                    self.result.stops.push(Stop {
                        caret: self.place.caret,
                        number,
                        range: start..self.result.text.len(),
                        transform: None,
                        choices: Vec::new(),
                        is_filled: true,
                        parent: self.parent,
                    });
                    Ok(())
                }
            },
        }
    }

    /// Text of the snippet itself: its lines are indented like the one it goes into, and its tabs
    /// at their starts as the document is.
    fn snippet_text(&mut self, text: &str) -> Result<(), SnippetError> {
        let mut at_start = self.result.text.is_empty() || self.result.text.ends_with('\n');
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.push("\n")?;
                let indent = self.indent;
                self.push(indent)?;
                at_start = true;
            }
            let tabs = match at_start {
                true => line.bytes().take_while(|byte| *byte == b'\t').count(),
                false => 0,
            };
            let levels = self.unit.repeat(tabs);
            self.push(&levels)?;
            self.push(&line[tabs..])?;
            at_start = false;
        }
        Ok(())
    }

    fn push(&mut self, text: &str) -> Result<(), SnippetError> {
        if self.result.text.len() + text.len() > MAX_EXPANDED {
            return Err(SnippetError::TooLarge);
        }
        self.result.text.push_str(text);
        Ok(())
    }
}
