//! What Enter does by the `onEnterRules` of an imported language.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use editor_core::{EnterAction, EnterIndent};
use serde_json::Value;

use crate::configuration::pattern;
use crate::language_files::word;
use crate::textmate::{LinePattern, tell_problem};

/// More rules than these are left out.
const MAX_RULES: usize = 50;

/// The longest text that a rule begins a line with, in bytes.
const MAX_APPENDED: usize = 100;

/// How long the rules are asked for one Enter, at all its carets: once it is over, none fits.
const MAX_TIME: Duration = Duration::from_millis(50);

/// What is asked within this long of the first question is for the same Enter.
const ONE_ENTER: Duration = Duration::from_millis(250);

/// Answers that took so long before the rules are not asked any more. One may be the machine's doing.
const MAX_SLOW: usize = 3;

/// The rules of a language, in their order.
#[derive(Debug)]
pub(crate) struct EnterRules {
    rules: Vec<EnterRule>,
    /// The language, for a person.
    language: String,
    slow: AtomicUsize,
    spent: Mutex<Spent>,
}

/// How long the rules were asked for one Enter.
#[derive(Debug)]
struct Spent {
    since: Instant,
    time: Duration,
}

#[derive(Debug)]
struct EnterRule {
    before: LinePattern,
    after: Option<LinePattern>,
    above: Option<LinePattern>,
    action: EnterAction,
}

impl EnterRules {
    /// Reads a list of rules. What cannot be used is left out and told.
    pub(crate) fn read(language: &str, value: &Value, problems: &mut Vec<String>) -> Self {
        let rules = value.as_array().into_iter().flatten();
        let mut read = Vec::new();
        for rule in rules.take(MAX_RULES) {
            match EnterRule::read(language, rule) {
                Some(rule) => read.push(rule),
                None => problems.push("one of its onEnterRules is left out".to_owned()),
            }
        }
        Self {
            rules: read,
            language: language.to_owned(),
            slow: AtomicUsize::new(0),
            spent: Mutex::new(Spent {
                since: Instant::now(),
                time: Duration::ZERO,
            }),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What the first rule says that fits.
    pub(crate) fn action(&self, above: &str, before: &str, after: &str) -> Option<EnterAction> {
        if self.slow.load(Ordering::Relaxed) >= MAX_SLOW {
            return None;
        }
        let started = Instant::now();
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if started.duration_since(spent.since) > ONE_ENTER {
            *spent = Spent {
                since: started,
                time: Duration::ZERO,
            };
        }
        let left = MAX_TIME.saturating_sub(spent.time);
        if left.is_zero() {
            return None;
        }
        let in_time = || started.elapsed() <= left;
        let mut rules = self.rules.iter().take_while(|_| in_time());
        let found = rules.find(|rule| rule.fits(above, before, after));
        let took = started.elapsed();
        spent.time += took;
        drop(spent);
        if took > MAX_TIME && self.slow.fetch_add(1, Ordering::Relaxed) + 1 == MAX_SLOW {
            tell_problem(
                &format!(
                    "The onEnterRules of the imported language {}",
                    self.language
                ),
                "take too long; they are not asked again until the next start",
            );
        }
        found.map(|rule| rule.action)
    }
}

impl EnterRule {
    /// `None` for what has no action or a pattern that is not understood: without one of its
    /// patterns a rule would fit more than it should.
    fn read(language: &str, value: &Value) -> Option<Self> {
        let mut wrong = Vec::new();
        let mut named = |key: &str| pattern(language, value, key, &mut wrong);
        let (before, after) = (named("beforeText"), named("afterText"));
        let above = named("previousLineText");
        let action = value.get("action")?;
        let append = action.get("appendText").map_or(Some(""), Value::as_str)?;
        let plain = append.len() <= MAX_APPENDED
            && !(append.chars()).any(|character| character.is_control() && character != '\t');
        let remove = action.get("removeText").map_or(Some(0), Value::as_u64)?;
        let rule = Self {
            before: before?,
            after,
            above,
            action: EnterAction {
                indent: match action.get("indent")?.as_str()? {
                    "none" => EnterIndent::Same,
                    "indent" => EnterIndent::Deeper,
                    "outdent" => EnterIndent::Shallower,
                    "indentOutdent" => EnterIndent::Split,
                    _ => return None,
                },
                append: if plain { word(append.to_owned()) } else { "" },
                remove: usize::try_from(remove).ok()?,
            },
        };
        (plain && wrong.is_empty()).then_some(rule)
    }

    fn fits(&self, above: &str, before: &str, after: &str) -> bool {
        let fits = |pattern: &Option<LinePattern>, line: &str| {
            (pattern.as_ref()).is_none_or(|pattern| pattern.is_match(line))
        };
        self.before.is_match(before) && fits(&self.after, after) && fits(&self.above, above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules(value: &Value) -> (EnterRules, Vec<String>) {
        let mut problems = Vec::new();
        (EnterRules::read("own", value, &mut problems), problems)
    }

    #[test]
    fn the_first_rule_whose_patterns_all_fit_says_what_to_do() {
        let (rules, problems) = rules(&json!([
            { "beforeText": "^\\s*--", "afterText": "\\S", "previousLineText": "^head",
              "action": { "indent": "none", "appendText": "-- " } },
            { "beforeText": { "pattern": "do$", "flags": "i" }, "action": { "indent": "indentOutdent" } },
            { "beforeText": "do$", "action": { "indent": "outdent", "removeText": 1 } },
        ]));
        assert_eq!(problems, Vec::<String>::new());
        let of = |above, before, after| rules.action(above, before, after);
        let action = |indent, append, remove| {
            Some(EnterAction {
                indent,
                append,
                remove,
            })
        };
        assert_eq!(
            of("head", " -- a", "b"),
            action(EnterIndent::Same, "-- ", 0)
        );
        assert_eq!(of("head", " -- a", " "), None);
        assert_eq!(of("tail", " -- a", "b"), None);
        assert_eq!(of("", "x DO", ""), action(EnterIndent::Split, "", 0));
    }

    #[test]
    fn a_rule_that_cannot_be_used_whole_is_left_out() {
        let (rules, problems) = rules(&json!([
            { "beforeText": "a", "afterText": "((", "action": { "indent": "none" } },
            { "beforeText": "a", "action": { "indent": "sideways" } },
            { "beforeText": "a", "action": { "indent": "none", "appendText": "a\nb" } },
            { "beforeText": "a" }, { "action": { "indent": "none" } }, 3,
        ]));
        assert!(rules.is_empty());
        assert_eq!(problems.len(), 6, "{problems:?}");
    }
}
