//! Grammars that were imported from extensions.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt::{self, Debug};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::Value;
use syntaxmate::{GrammarRegistry, PreparedLanguage};

use super::expansion::Grammars;
use super::{forget_given_up, lock};
use crate::language::{LanguageId, languages};

/// Reads the text of a grammar, and says what is wrong where it cannot.
pub type GrammarSource = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

/// A TextMate grammar from elsewhere. It is read and made ready when a text first needs it, off the
/// UI thread.
#[derive(Clone)]
pub struct ImportedGrammar {
    /// Its scope, such as `source.zig`.
    pub scope: String,
    /// VS Code's identifier of the language that it is the grammar of; others are for being
    /// included in grammars or put into them.
    pub language: Option<String>,
    /// The scopes of the grammars that it is put into.
    pub inject_to: Vec<String>,
    /// Identifiers of languages by the scopes of what is written in them.
    pub embedded: BTreeMap<String, String>,
    /// Its text, in JSON.
    pub source: GrammarSource,
}

impl Debug for ImportedGrammar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ImportedGrammar({})", self.scope)
    }
}

/// The most grammars that one includes, all together.
const MAX_INCLUDED: usize = 64;

/// How deep groups and classes of a pattern may stand in one another.
const MAX_NESTED: usize = 200;

/// The longest pattern of a grammar, in bytes.
const MAX_PATTERN: usize = 128 * 1024;

/// The most problems that wait for being told.
const MAX_PROBLEMS: usize = 20;

type Ready = (PreparedLanguage, Arc<HashMap<String, LanguageId>>);

#[derive(Default)]
struct Imported {
    grammars: HashMap<String, ImportedGrammar>,
    /// Made so far, or nothing where that failed.
    ready: HashMap<String, Option<Ready>>,
    /// What was told already.
    told: HashSet<(String, String)>,
    problems: Vec<String>,
}

static IMPORTED: LazyLock<Mutex<Imported>> = LazyLock::new(Mutex::default);

/// Whether problems wait, to be asked about without waiting for the lock.
static HAS_PROBLEMS: AtomicBool = AtomicBool::new(false);

/// Takes grammars in the place of those that were imported before.
pub(crate) fn set_imported(grammars: Vec<ImportedGrammar>) {
    let by_scope = grammars
        .into_iter()
        .map(|grammar| (grammar.scope.clone(), grammar));
    *lock(&IMPORTED) = Imported {
        grammars: by_scope.collect(),
        ..Imported::default()
    };
    forget_given_up();
}

/// Has grammars made anew when they are next needed: the languages inside them are others now.
pub(crate) fn forget_prepared() {
    lock(&IMPORTED).ready.clear();
}

/// What went wrong with imported grammars and languages since this was asked last, each said once,
/// in sentences for a person. Costs next to nothing where there is nothing.
pub fn take_grammar_problems() -> Vec<String> {
    if !HAS_PROBLEMS.swap(false, Ordering::Relaxed) {
        return Vec::new();
    }
    std::mem::take(&mut lock(&IMPORTED).problems)
}

/// Tells a problem of a grammar, once.
pub(super) fn tell(scope: &str, problem: &str) {
    tell_problem(&format!("The imported grammar {scope}"), problem);
}

/// Tells a problem once: what has it, as the start of a sentence, and the rest of that.
pub(crate) fn tell_problem(owner: &str, problem: &str) {
    let mut imported = lock(&IMPORTED);
    let is_new = (imported.told).insert((owner.to_owned(), problem.to_owned()));
    if is_new && imported.problems.len() < MAX_PROBLEMS {
        imported.problems.push(format!("{owner} {problem}."));
        HAS_PROBLEMS.store(true, Ordering::Relaxed);
    }
}

/// The grammar with a scope, ready for use, with the languages inside it.
pub(super) fn prepared(scope: &str) -> Option<Ready> {
    let known = lock(&IMPORTED).ready.get(scope).cloned();
    let ready = match known {
        Some(known) => known,
        None => {
            let grammars = lock(&IMPORTED).grammars.clone();
            // Not while the lock is held: it may take long.
            let made = guarded(|| prepare(scope, &grammars));
            let made = made.map_err(|problem| tell(scope, &problem));
            let made = made.ok();
            lock(&IMPORTED).ready.insert(scope.to_owned(), made.clone());
            made
        }
    };
    ready.or_else(|| Some((blank(scope)?, Arc::default())))
}

/// A grammar that says nothing of any line, in the place of one that cannot be used.
fn blank(scope: &str) -> Option<PreparedLanguage> {
    let mut registry = GrammarRegistry::new();
    let grammar = serde_json::json!({ "scopeName": scope, "patterns": [] });
    let root = registry.add_json(&grammar.to_string()).ok()?;
    PreparedLanguage::new(&registry, root).ok()
}

/// Makes a grammar with all that it includes and all that is put into it. What it includes and
/// nobody brought is left out, as in VS Code.
fn prepare(root: &str, known: &HashMap<String, ImportedGrammar>) -> Result<Ready, String> {
    let mut embedded = HashMap::new();
    let injected = known.values().filter(|grammar| is_put_into(grammar, root));
    let mut injected: Vec<&str> = injected.map(|grammar| grammar.scope.as_str()).collect();
    injected.sort_unstable();
    let mut wanted: VecDeque<String> = VecDeque::from([root.to_owned()]);
    wanted.extend(injected.into_iter().map(str::to_owned));
    let mut seen = HashSet::new();
    let mut values: Vec<(&str, Value)> = Vec::new();
    while let Some(scope) = wanted.pop_front() {
        if seen.len() == MAX_INCLUDED || !seen.insert(scope.clone()) {
            continue;
        }
        let Some(grammar) = known.get(&scope) else {
            if scope == root {
                return Err("is not there any more; import it again".to_owned());
            }
            continue;
        };
        match read(grammar, root, &mut wanted) {
            Ok(value) => values.push((&grammar.scope, value)),
            Err(problem) if scope == root => return Err(problem),
            // The rest is worth having.
            Err(problem) => tell(&scope, &problem),
        }
        for (scope, language) in &grammar.embedded {
            let mut all = languages().iter();
            if let Some(language) = all.find(|known| known.id_str == language) {
                embedded.insert(scope.clone(), language.id);
            }
        }
    }
    let (_, prepared) = ready(&values)?;
    Ok((prepared, Arc::new(embedded)))
}

/// Has the engine take grammars, the one that texts begin in first.
fn ready(values: &[(&str, Value)]) -> Result<(GrammarRegistry, PreparedLanguage), String> {
    let scoped = values.iter().map(|(scope, value)| (*scope, value));
    if !Grammars::new(scoped).are_bounded() {
        return Err("includes itself in too many ways".to_owned());
    }
    let mut registry = GrammarRegistry::new();
    let mut root = None;
    for (scope, value) in values {
        match registry.add_json(&value.to_string()) {
            Ok(id) => root = root.or(Some(id)),
            Err(error) if root.is_none() => return Err(format!("cannot be used: {error}")),
            Err(error) => tell(scope, &format!("cannot be used: {error}")),
        }
    }
    let root = root.ok_or("is not there any more; import it again")?;
    let prepared = PreparedLanguage::new(&registry, root)
        .map_err(|error| format!("cannot be used: {error}"))?;
    Ok((registry, prepared))
}

/// Whether a grammar is put into the texts of another: it names its scope, or the start of it.
fn is_put_into(grammar: &ImportedGrammar, root: &str) -> bool {
    grammar.inject_to.iter().any(|host| {
        let rest = root.strip_prefix(host.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Reads a grammar, and notes which others it includes.
fn read(
    grammar: &ImportedGrammar,
    root: &str,
    wanted: &mut VecDeque<String>,
) -> Result<Value, String> {
    let text = (grammar.source)()?;
    let mut value: Value = serde_json::from_str(&text)
        .map_err(|error| format!("is not a grammar in JSON any more ({error}); import it again"))?;
    let mut includes = Vec::new();
    look_through(&value, &mut includes)?;
    wanted.extend(includes);
    let object = (value.as_object_mut()).ok_or("cannot be used: it is no object")?;
    if !object.get("patterns").is_some_and(Value::is_array) && !object.contains_key("repository") {
        return Err("cannot be used: it has no patterns".to_owned());
    }
    // By the name under which it was brought, whatever it calls itself.
    object.insert("scopeName".into(), grammar.scope.clone().into());
    object.remove("injectTo");
    if is_put_into(grammar, root) {
        object.insert("injectTo".into(), vec![root].into());
    }
    Ok(value)
}

/// Whether a text in JSON is a grammar that can be used, apart from what it includes. The name of a
/// pattern that the engine does not understand, and skips, where there is one.
///
/// # Errors
/// What is wrong with it, as the end of a sentence about it.
pub fn check_grammar(scope: &str, text: &str) -> Result<Option<String>, String> {
    let grammar = ImportedGrammar {
        scope: scope.to_owned(),
        language: None,
        inject_to: Vec::new(),
        embedded: BTreeMap::new(),
        source: {
            let text = text.to_owned();
            Arc::new(move || Ok(text.clone()))
        },
    };
    guarded(|| {
        let value = read(&grammar, scope, &mut VecDeque::new())?;
        let (registry, _) = ready(&[(scope, value)])?;
        let odd = registry.validate_regexes().err();
        Ok(odd.map(|error| error.to_string()))
    })
}

/// A grammar from elsewhere must not end the program, whatever it makes of the library.
fn guarded<T>(make: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(AssertUnwindSafe(make))
        .unwrap_or_else(|_| Err("makes the engine fail".to_owned()))
}

/// Collects the scopes that a grammar includes, and refuses patterns that are too long or too deep.
/// The value is no deeper than its reader allowed.
fn look_through(value: &Value, includes: &mut Vec<String>) -> Result<(), String> {
    match value {
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| look_through(item, includes)),
        Value::Object(fields) => fields.iter().try_for_each(|(key, field)| {
            let Some(text) = field.as_str() else {
                return look_through(field, includes);
            };
            match key.as_str() {
                "include" if !text.starts_with(['#', '$']) => {
                    let scope = text.split('#').next().unwrap_or_default();
                    includes.push(scope.to_owned());
                    Ok(())
                }
                "match" | "begin" | "end" | "while" if text.len() > MAX_PATTERN => {
                    Err(format!("has a pattern of more than {MAX_PATTERN} bytes"))
                }
                "match" | "begin" | "end" | "while" if !is_flat(text) => Err(format!(
                    "has a pattern that nests more than {MAX_NESTED} levels deep"
                )),
                _ => Ok(()),
            }
        }),
        _ => Ok(()),
    }
}

/// Whether the groups and classes of a pattern nest no deeper than what reads them can take.
pub(super) fn is_flat(pattern: &str) -> bool {
    let mut depth = 0_usize;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTED {
            return false;
        }
    }
    true
}
