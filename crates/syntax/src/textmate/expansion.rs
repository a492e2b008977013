//! How much a grammar becomes when what it includes is put in its place.
//!
//! The engine writes out all rules that may begin at a place. Rules that include one another make
//! few lines become endless many: such a grammar is refused before the engine sees it.

use std::collections::HashMap;

use serde_json::Value;

/// How deep the engine follows what includes something that includes something.
const MAX_DEPTH: usize = 128;

/// The most rules of one place. Real grammars have up to some thousands.
const MAX_RULES: u64 = 50_000;

/// Grammars that include one another, the one that texts begin in first.
pub(super) struct Grammars<'a> {
    values: Vec<&'a Value>,
    by_scope: HashMap<&'a str, usize>,
    /// By name, in each grammar: what is under this name at any level.
    repositories: Vec<HashMap<&'a str, Vec<&'a Value>>>,
    /// Rules by grammar, name (nothing for the grammar itself) and how deep they may still go.
    known: HashMap<(usize, &'a str, usize), u64>,
}

impl<'a> Grammars<'a> {
    /// From grammars with their scopes.
    pub(super) fn new(grammars: impl IntoIterator<Item = (&'a str, &'a Value)>) -> Self {
        let mut made = Self {
            values: Vec::new(),
            by_scope: HashMap::new(),
            repositories: Vec::new(),
            known: HashMap::new(),
        };
        for (scope, value) in grammars {
            made.by_scope.insert(scope, made.values.len());
            made.values.push(value);
            let mut names = HashMap::new();
            collect(value, &mut names);
            made.repositories.push(names);
        }
        made
    }

    /// Whether the rules of every place are few enough to be written out.
    pub(super) fn are_bounded(&mut self) -> bool {
        (0..self.values.len()).all(|grammar| {
            let value = self.values[grammar];
            self.lists_are_bounded(grammar, value)
        })
    }

    /// The same of all lists of rules in a part of a grammar.
    fn lists_are_bounded(&mut self, grammar: usize, value: &'a Value) -> bool {
        match value {
            Value::Array(items) => (items.iter()).all(|item| self.lists_are_bounded(grammar, item)),
            Value::Object(fields) => fields.iter().all(|(key, field)| {
                let few = match (key.as_str(), field) {
                    ("patterns", Value::Array(rules)) => {
                        self.rules(grammar, rules, MAX_DEPTH) <= MAX_RULES
                    }
                    _ => true,
                };
                few && self.lists_are_bounded(grammar, field)
            }),
            _ => true,
        }
    }

    fn rules(&mut self, grammar: usize, rules: &'a [Value], depth: usize) -> u64 {
        if depth == 0 {
            return 0;
        }
        // A step for each, so that what leads nowhere counts as work, too.
        rules.iter().fold(1, |sum: u64, rule| {
            sum.saturating_add(self.rule(grammar, rule, depth))
        })
    }

    fn rule(&mut self, grammar: usize, rule: &'a Value, depth: usize) -> u64 {
        if let Some(include) = rule.get("include").and_then(Value::as_str) {
            return self.included(grammar, include, depth);
        }
        let matches = ["match", "begin"].iter().any(|key| rule.get(key).is_some());
        match rule.get("patterns").and_then(Value::as_array) {
            Some(rules) if !matches => self.rules(grammar, rules, depth - 1),
            _ => 1,
        }
    }

    fn included(&mut self, grammar: usize, include: &'a str, depth: usize) -> u64 {
        let (grammar, name) = match include {
            "$self" => (grammar, ""),
            "$base" => (0, ""),
            _ => {
                let (scope, name) = include.split_once('#').unwrap_or((include, ""));
                match scope {
                    "" => (grammar, name),
                    scope => match self.by_scope.get(scope) {
                        Some(other) => (*other, name),
                        None => return 1,
                    },
                }
            }
        };
        let key = (grammar, name, depth);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let targets: Vec<&'a Value> = match name {
            "" => vec![self.values[grammar]],
            name => (self.repositories[grammar].get(name)).map_or_else(Vec::new, Vec::clone),
        };
        let mut most = 1;
        for target in targets {
            let of_target = match (name, target.get("patterns").and_then(Value::as_array)) {
                ("", Some(rules)) => self.rules(grammar, rules, depth - 1),
                ("", None) => 1,
                _ if depth == 1 => 1,
                _ => self.rule(grammar, target, depth - 1),
            };
            most = most.max(of_target);
        }
        self.known.insert(key, most);
        most
    }
}

/// Collects what is named in repositories.
fn collect<'a>(value: &'a Value, names: &mut HashMap<&'a str, Vec<&'a Value>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Object(fields) => {
            if let Some(Value::Object(repository)) = fields.get("repository") {
                for (name, rule) in repository {
                    names.entry(name).or_default().push(rule);
                }
            }
            fields.values().for_each(|field| collect(field, names));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bounded(grammar: &Value) -> bool {
        Grammars::new([("a", grammar)]).are_bounded()
    }

    #[test]
    fn what_doubles_at_each_step_is_refused() {
        let mut repository = serde_json::Map::new();
        for step in 0..60 {
            let next = json!({ "include": format!("#{}", step + 1) });
            repository.insert(
                step.to_string(),
                json!({ "patterns": [next.clone(), next] }),
            );
        }
        let doubling = json!({ "patterns": [{ "include": "#0" }], "repository": repository });
        assert!(!bounded(&doubling));
        let circles = json!({
            "patterns": [{ "include": "#a" }],
            "repository": { "a": { "patterns": [{ "include": "$self" }, { "include": "$self" }] } },
        });
        assert!(!bounded(&circles));
        let in_capture = json!({
            "patterns": [{ "match": "x", "captures": { "0": { "patterns": [{ "include": "#0" }] } } }],
            "repository": repository,
        });
        assert!(!bounded(&in_capture));
    }

    #[test]
    fn what_comes_back_to_itself_by_one_way_or_behind_a_match_is_fine() {
        let once = json!({
            "patterns": [{ "include": "#a" }],
            "repository": { "a": { "patterns": [{ "include": "#a" }, { "match": "b" }] } },
        });
        assert!(bounded(&once));
        let nested = json!({
            "patterns": [{ "begin": "(", "end": ")", "patterns": [{ "include": "$self" }, { "include": "$self" }] }],
        });
        assert!(bounded(&nested));
    }
}
