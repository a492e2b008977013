//! Putting tool calls together from the pieces in which they stream.

use serde_json::Value;

use crate::{ModelEvent, ToolCall};

/// A call of which not all has arrived.
#[derive(Debug)]
struct PartialCall {
    index: u64,
    id: String,
    name: String,
    arguments: String,
    announced: bool,
    /// The id is ours: the server gave none in time.
    own_id: bool,
}

impl PartialCall {
    /// Whether a piece with this id and name belongs to the call. Servers that
    /// count wrong send each call whole: a name and arguments behind a complete
    /// object are another call.
    fn takes(&self, id: Option<&str>, name: Option<&str>, arguments: &str) -> bool {
        match id {
            Some(id) if self.id == id => true,
            Some(_) if !self.id.is_empty() && !self.own_id => false,
            _ => name.is_none() || arguments.is_empty() || !self.is_complete(),
        }
    }

    fn is_complete(&self) -> bool {
        serde_json::from_str::<serde_json::Map<String, Value>>(&self.arguments).is_ok()
    }
}

/// The calls of one answer that are still arriving, by the server's index.
#[derive(Debug, Default)]
pub(crate) struct ToolCallAssembler {
    open: Vec<PartialCall>,
    begun: usize,
    argument_bytes: usize,
}

impl ToolCallAssembler {
    /// Takes a piece of the call at `index`. `id` and `name` usually come with
    /// the first piece alone. A second id at the same index begins another
    /// call (servers that do not count).
    pub fn push(
        &mut self,
        index: u64,
        id: Option<&str>,
        name: Option<&str>,
        arguments: &str,
        events: &mut Vec<ModelEvent>,
    ) {
        let id = id.filter(|id| !id.is_empty());
        let name = name.filter(|name| !name.is_empty());
        let position = self
            .open
            .iter()
            .rposition(|call| call.index == index && call.takes(id, name, arguments));
        let position = position.unwrap_or_else(|| {
            self.begun += 1;
            self.open.push(PartialCall {
                index,
                id: String::new(),
                name: String::new(),
                arguments: String::new(),
                announced: false,
                own_id: false,
            });
            self.open.len() - 1
        });
        let call = &mut self.open[position];
        // One that comes after ours was announced is too late.
        if let Some(id) = id.filter(|_| !call.own_id) {
            id.clone_into(&mut call.id);
        }
        if let Some(name) = name {
            name.clone_into(&mut call.name);
        }
        call.arguments.push_str(arguments);
        self.argument_bytes = self.argument_bytes.saturating_add(arguments.len());
        if !call.announced && !call.name.is_empty() {
            call.announced = true;
            if call.id.is_empty() {
                call.id = format!("call_{}", self.begun);
                call.own_id = true;
            }
            events.push(ModelEvent::ToolCallStarted {
                id: call.id.clone(),
                name: call.name.clone(),
            });
        }
    }

    /// How many calls have begun in this answer.
    pub fn begun(&self) -> usize {
        self.begun
    }

    /// How many bytes of arguments have arrived in this answer, those of open calls among them.
    pub fn argument_bytes(&self) -> usize {
        self.argument_bytes
    }

    /// The call at `index` is complete.
    pub fn finish(&mut self, index: u64, events: &mut Vec<ModelEvent>) {
        while let Some(position) = self.open.iter().position(|call| call.index == index) {
            let call = self.open.remove(position);
            events.push(complete(call));
        }
    }

    /// The answer ended regularly: every open call is complete.
    pub fn finish_all(&mut self, events: &mut Vec<ModelEvent>) {
        events.extend(self.open.drain(..).map(complete));
    }
}

fn complete(call: PartialCall) -> ModelEvent {
    let PartialCall {
        id,
        name,
        arguments,
        ..
    } = call;
    let text = arguments.trim();
    let error = if name.is_empty() {
        "the call names no tool".to_owned()
    } else {
        // No arguments at all is how several servers write an empty object.
        match serde_json::from_str::<Value>(if text.is_empty() { "{}" } else { text }) {
            Ok(arguments @ Value::Object(_)) => {
                return ModelEvent::ToolCall(ToolCall {
                    id,
                    name,
                    arguments,
                });
            }
            Ok(_) => "the arguments are not a JSON object".to_owned(),
            Err(error) => format!("the arguments are not valid JSON: {error}"),
        }
    };
    ModelEvent::MalformedToolCall {
        id,
        name,
        arguments,
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    type Piece<'a> = (u64, Option<&'a str>, Option<&'a str>, &'a str);

    fn assemble(pieces: &[Piece<'_>]) -> Vec<ModelEvent> {
        let mut assembler = ToolCallAssembler::default();
        let mut events = Vec::new();
        for (index, id, name, arguments) in pieces {
            assembler.push(*index, *id, *name, arguments, &mut events);
        }
        assembler.finish_all(&mut events);
        events
            .into_iter()
            .filter(|event| !matches!(event, ModelEvent::ToolCallStarted { .. }))
            .collect()
    }

    fn call(id: &str, name: &str, arguments: Value) -> ModelEvent {
        ModelEvent::ToolCall(ToolCall {
            id: id.into(),
            name: name.into(),
            arguments,
        })
    }

    #[test]
    fn pieces_of_two_calls_may_alternate() {
        assert_eq!(
            assemble(&[
                (0, Some("a"), Some("read_file"), ""),
                (1, Some("b"), Some("list"), "{\"x\""),
                (0, None, None, "{\"path\":"),
                (1, None, None, ":1}"),
                (0, None, None, "\"m\"}"),
            ]),
            [
                call("a", "read_file", json!({"path": "m"})),
                call("b", "list", json!({"x": 1})),
            ]
        );
    }

    #[test]
    fn two_ids_at_one_index_are_two_calls() {
        assert_eq!(
            assemble(&[
                (0, Some("a"), Some("f"), "{}"),
                (0, Some("b"), Some("f"), "{}"),
            ]),
            [call("a", "f", json!({})), call("b", "f", json!({}))]
        );
    }

    #[test]
    fn whole_calls_at_one_index_without_ids_are_told_apart() {
        assert_eq!(
            assemble(&[
                (0, Some(""), Some("f"), "{\"a\":1}"),
                (0, Some(""), Some("f"), "{\"a\":2}"),
            ]),
            [
                call("call_1", "f", json!({"a": 1})),
                call("call_2", "f", json!({"a": 2})),
            ]
        );
    }

    #[test]
    fn an_id_that_comes_late_does_not_split_a_call() {
        assert_eq!(
            assemble(&[
                (0, None, Some("f"), "{\"a\""),
                (0, Some("late"), None, ":1}"),
            ]),
            [call("call_1", "f", json!({"a": 1}))]
        );
    }

    #[test]
    fn half_a_call_is_malformed_and_an_empty_one_is_not() {
        let events = assemble(&[(0, Some("a"), Some("f"), "{\"path\": \"src/ma")]);
        assert!(
            matches!(&events[..], [ModelEvent::MalformedToolCall { id, arguments, .. }]
                if id == "a" && arguments == "{\"path\": \"src/ma"),
            "{events:?}"
        );
        assert_eq!(
            assemble(&[(0, Some("a"), Some("f"), "")]),
            [call("a", "f", json!({}))]
        );
        for bad in ["[1]", "\"text\"", "null", "{} {}"] {
            let events = assemble(&[(0, Some("a"), Some("f"), bad)]);
            assert!(
                matches!(&events[..], [ModelEvent::MalformedToolCall { .. }]),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_call_without_an_id_gets_one() {
        assert_eq!(
            assemble(&[(0, None, Some("f"), "{}")]),
            [call("call_1", "f", json!({}))]
        );
    }
}
