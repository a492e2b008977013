//! Grammars that come with VS Code itself and that an imported one includes, such as those of CSS and
//! JavaScript: Kiln's own grammars of these languages cannot be included.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use crate::extensions::Extension;
use crate::language_packs::LanguagePack;
use crate::languages::{Allowance, Languages, grammar_file, read_grammar, text};
use crate::report::IncludedGrammar;

/// More of them are left out.
const MAX_INCLUDED: usize = 100;

/// Adds the grammars of extensions that come with the program which grammars of `found` include, and
/// those that they include in turn. Their languages are not taken over.
pub(crate) fn add_included(
    found: &mut Languages,
    built_in: &[Extension],
    allowance: &mut Allowance,
) {
    let mut declared: HashMap<&str, (&Extension, &Value)> = HashMap::new();
    for extension in built_in {
        for grammar in &extension.grammars {
            if let Some(scope) = text(grammar, "scopeName") {
                declared.entry(scope).or_insert((extension, grammar));
            }
        }
    }
    if declared.is_empty() {
        return;
    }
    let mut wanted = VecDeque::new();
    let mut seen = HashSet::new();
    for grammar in found.packs.iter().flat_map(|pack| &pack.grammars) {
        seen.insert(grammar.scope_name.clone());
        wanted.extend(included(&grammar.text));
    }
    let mut packs: Vec<LanguagePack> = Vec::new();
    let mut count = 0;
    while let Some(scope) = wanted.pop_front() {
        if count == MAX_INCLUDED || allowance.is_over {
            break;
        }
        if !seen.insert(scope.clone()) {
            continue;
        }
        let Some((extension, grammar)) = declared.get(scope.as_str()) else {
            continue;
        };
        let read = match grammar_file(extension, grammar) {
            Ok((_, size)) if !allowance.takes(size) => {
                Err("it is too large beside the grammars of all extensions together".to_owned())
            }
            Ok((path, _)) => read_grammar(&path, grammar, &scope),
            Err(reason) => Err(reason),
        };
        match read {
            Ok((mut grammar, _)) => {
                allowance.keep(&grammar.text);
                wanted.extend(included(&grammar.text));
                // It is there for being included alone.
                grammar.language = None;
                grammar.inject_to.clear();
                count += 1;
                found.included.push(IncludedGrammar {
                    scope: grammar.scope_name.clone(),
                    extension: extension.id.clone(),
                });
                match packs.iter_mut().find(|pack| pack.extension == extension.id) {
                    Some(pack) => pack.grammars.push(grammar),
                    None => {
                        let mut pack = LanguagePack::new(&extension.id);
                        pack.grammars.push(grammar);
                        packs.push(pack);
                    }
                }
            }
            Err(reason) => found.leave(&scope, reason, true),
        }
    }
    found.packs.extend(packs);
}

/// The scopes of other grammars that one includes, by its text in JSON.
fn included(grammar: &str) -> Vec<String> {
    fn collect(value: &Value, scopes: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, scopes)),
            Value::Object(fields) => fields.iter().for_each(|(key, field)| match field {
                Value::String(name) if key == "include" && !name.starts_with(['#', '$']) => {
                    scopes.extend(name.split('#').next().map(str::to_owned));
                }
                field => collect(field, scopes),
            }),
            _ => {}
        }
    }
    let mut scopes = Vec::new();
    if let Ok(value) = serde_json::from_str(grammar) {
        collect(&value, &mut scopes);
    }
    scopes
}
