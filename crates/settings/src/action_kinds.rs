//! The kinds of code actions that a save takes, as VS Code's `editor.codeActionsOnSave` has them.

use serde_json::Value;

/// How many kinds a setting may hold.
const MAX_KINDS: usize = 100;

/// The kinds that a save takes, what mends before the rest, as VS Code does it. Takes an object of
/// kinds, each with when it is taken, or a list of them. Kiln saves when it is asked to alone, so that
/// `explicit` and `always` are the same. `None` where it is neither.
pub(crate) fn action_kinds(value: &Value) -> Option<Vec<String>> {
    let mut kinds = Vec::new();
    match value {
        Value::Array(list) => {
            for kind in list {
                kinds.push(kind.as_str()?.to_owned());
            }
        }
        Value::Object(object) => {
            for (kind, when) in object {
                match when {
                    Value::Bool(false) => {}
                    Value::Bool(true) => kinds.push(kind.clone()),
                    Value::String(when) => match when.as_str() {
                        "never" => {}
                        "explicit" | "always" => kinds.push(kind.clone()),
                        _ => return None,
                    },
                    _ => return None,
                }
            }
            kinds.sort_by_key(|kind| !kind.starts_with("source.fixAll"));
        }
        _ => return None,
    }
    (kinds.len() <= MAX_KINDS).then_some(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn kinds_are_read_as_vs_code_writes_them() {
        let read = |value| action_kinds(&value);
        let kinds = |kinds: &[&str]| Some(kinds.iter().map(|kind| (*kind).to_owned()).collect());
        let mixed = json!({
            "source.organizeImports": "explicit", "source.fixAll.eslint": true,
            "source.sortMembers": "never", "source.addMissingImports": false, "source.x": "always",
        });
        let sorted = ["source.fixAll.eslint", "source.organizeImports", "source.x"];
        assert_eq!(read(mixed), kinds(&sorted));
        assert_eq!(
            read(json!(["b", "source.fixAll"])),
            kinds(&["b", "source.fixAll"])
        );
        assert_eq!(read(json!({})), kinds(&[]));
        for wrong in [
            json!({"a": "sometimes"}),
            json!({"a": 1}),
            json!([1]),
            json!("a"),
        ] {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }
}
