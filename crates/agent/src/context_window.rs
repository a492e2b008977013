//! Making a conversation fit the model's context.

use llm::{Content, Message, ModelProfile, Role, ToolSpec};

use crate::spec_flow::bounded;

/// Bytes of text to a token, on the cautious side for code.
const BYTES_PER_TOKEN: usize = 3;
/// How much of a long piece is kept when it must shrink, in bytes.
const KEPT_BYTES: usize = 400;

/// Shortens the oldest tool results first, then long texts, then leaves the
/// oldest turns out, until the conversation fits with `reserve` tokens left
/// for the answer. The last prompt always stays. Says how many messages were
/// left out.
pub(crate) fn fit(
    messages: &mut Vec<Message>,
    system: &str,
    tools: &[ToolSpec],
    profile: ModelProfile,
    reserve: u32,
) -> usize {
    let fixed = system.len()
        + tools
            .iter()
            .map(|tool| {
                tool.name.len() + tool.description.len() + tool.parameters.to_string().len()
            })
            .sum::<usize>();
    let tokens = (profile.context_tokens as usize).saturating_sub(reserve as usize);
    let budget = (tokens * BYTES_PER_TOKEN).saturating_sub(fixed);
    let mut size: usize = messages.iter().map(message_bytes).sum();

    // The results of the last two steps are what the model works with.
    let recent = messages.len().saturating_sub(4);
    for keep in [recent, messages.len()] {
        for message in &mut messages[..keep] {
            if size <= budget {
                return 0;
            }
            size -= message_bytes(message);
            for piece in &mut message.content {
                shrink(piece);
            }
            size += message_bytes(message);
        }
    }
    let mut dropped = 0;
    while size > budget {
        // The next turn begins at the next user message with words of its own.
        let next = messages
            .iter()
            .enumerate()
            .skip(1)
            .find(|(_, message)| begins_turn(message))
            .map(|(index, _)| index);
        let Some(next) = next else { break };
        dropped += next;
        size -= messages[..next].iter().map(message_bytes).sum::<usize>();
        messages.drain(..next);
    }
    dropped
}

fn begins_turn(message: &Message) -> bool {
    message.role == Role::User
        && message
            .content
            .iter()
            .all(|piece| matches!(piece, Content::Text { .. }))
}

fn message_bytes(message: &Message) -> usize {
    message.content.iter().map(piece_bytes).sum::<usize>() + 16
}

fn piece_bytes(piece: &Content) -> usize {
    match piece {
        Content::Text { text } => text.len(),
        Content::ToolCall(call) => call.name.len() + call.arguments.to_string().len(),
        Content::ToolResult { output, .. } => output.len(),
    }
}

fn shrink(piece: &mut Content) {
    match piece {
        Content::ToolResult { output, .. } if output.len() > KEPT_BYTES * 2 => {
            *output = format!(
                "{}…\n[shortened to save space]",
                bounded(output, KEPT_BYTES)
            );
        }
        Content::Text { text } if text.len() > KEPT_BYTES * 20 => {
            *text = format!(
                "{}…\n[shortened to save space]",
                bounded(text, KEPT_BYTES * 10)
            );
        }
        Content::ToolCall(call) => {
            if let serde_json::Value::Object(arguments) = &mut call.arguments {
                for value in arguments.values_mut() {
                    if let serde_json::Value::String(text) = value
                        && text.len() > KEPT_BYTES * 2
                    {
                        *text = format!("{}…", bounded(text, KEPT_BYTES));
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use llm::ToolCall;
    use serde_json::json;

    fn profile(context_tokens: u32) -> ModelProfile {
        ModelProfile {
            context_tokens,
            small: true,
            tools: true,
        }
    }

    fn turn(words: &str, output: usize) -> Vec<Message> {
        vec![
            Message::user(words),
            Message {
                role: Role::Assistant,
                content: vec![Content::ToolCall(ToolCall {
                    id: words.into(),
                    name: "read_file".into(),
                    arguments: json!({}),
                })],
            },
            Message {
                role: Role::User,
                content: vec![Content::ToolResult {
                    call_id: words.into(),
                    output: "x".repeat(output),
                    is_error: false,
                }],
            },
            Message::assistant("done"),
        ]
    }

    #[test]
    fn what_fits_is_left_alone() {
        let mut messages = turn("a", 100);
        let before = messages.clone();
        assert_eq!(fit(&mut messages, "sys", &[], profile(8_000), 500), 0);
        assert_eq!(messages, before);
    }

    #[test]
    fn a_text_of_wide_characters_is_shortened_as_much_as_another() {
        for text in ["字", "x"] {
            let mut piece = Content::ToolResult {
                call_id: "a".into(),
                output: text.repeat(3_000 / text.len()),
                is_error: false,
            };
            shrink(&mut piece);
            assert!(piece_bytes(&piece) < 500, "{text}: {}", piece_bytes(&piece));
        }
        // What is cut is no longer than its mark says.
        let mut short = Content::ToolResult {
            call_id: "a".into(),
            output: "字".repeat(250),
            is_error: false,
        };
        let before = short.clone();
        shrink(&mut short);
        assert_eq!(short, before);
    }

    #[test]
    fn old_results_shrink_before_turns_are_dropped() {
        let mut messages = [
            turn("a", 20_000),
            turn("b", 3_000),
            vec![Message::user("c")],
        ]
        .concat();
        let dropped = fit(&mut messages, "", &[], profile(4_000), 1_000);
        assert_eq!(dropped, 0);
        assert!(messages[2].content.iter().map(piece_bytes).sum::<usize>() < 1_000);
        assert_eq!(
            messages[6].content.iter().map(piece_bytes).sum::<usize>(),
            3_000
        );
    }

    #[test]
    fn the_last_prompt_stays_whatever_is_dropped() {
        let mut messages = (0..200)
            .flat_map(|_| turn("words", 900))
            .collect::<Vec<_>>();
        messages.push(Message::user("the question"));
        let dropped = fit(&mut messages, "", &[], profile(2_000), 500);
        assert!(dropped > 0);
        assert_eq!(messages.last().unwrap().text(), "the question");
        assert!(begins_turn(&messages[0]), "a result never comes first");
        let size: usize = messages.iter().map(message_bytes).sum();
        assert!(size <= 1_500 * BYTES_PER_TOKEN, "{size}");
    }

    #[test]
    fn one_answer_of_megabytes_does_not_fill_the_next_request() {
        let mut messages = vec![
            Message::user("write"),
            Message::assistant("x".repeat(4 << 20)),
            Message::user("shorter"),
        ];
        fit(&mut messages, "", &[], profile(8_000), 500);
        assert!(messages.iter().map(message_bytes).sum::<usize>() < 8_000 * 3);
        assert_eq!(messages.last().unwrap().text(), "shorter");
    }
}
