//! What the names of a text mean: `textDocument/semanticTokens` (LSP 3.17), whole, by what changed
//! since, and of a part.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use editor_core::Text;
use lsp_types::Position;
use serde_json::{Value, json};

use crate::capabilities::Capabilities;
use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::{PositionEncoding, bounded};

/// More tokens of one answer are not taken.
const MAX_TOKENS: usize = 200_000;
/// Numbers that the protocol has for a token.
const NUMBERS: usize = 5;
/// More kinds of tokens are not taken of a server, nor more modifiers.
const MAX_KINDS: usize = 500;
/// Modifiers are bits of a number.
const MAX_MODIFIERS: usize = 32;
/// More of the name of a kind is cut off, in bytes.
const MAX_NAME: usize = 64;
/// A longer id of an answer is not sent back, in bytes.
const MAX_ID: usize = 1_000;

const PROVIDER: &str = "semanticTokensProvider";
const METHOD: &str = "textDocument/semanticTokens";

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenMeaning {
    /// The kind of thing that it names, as the server calls it.
    pub kind: Arc<str>,
    /// What else is said of it.
    pub modifiers: Vec<Arc<str>>,
}

/// What the names of a text mean.
#[derive(Debug, Clone)]
pub struct SemanticTokens {
    /// The version of the text that the bytes are of.
    pub version: u64,
    /// Places of names, in order and apart from each other, each with the index of its meaning.
    pub tokens: Vec<(Range<usize>, u32)>,
    /// All meanings that names have.
    pub meanings: Vec<TokenMeaning>,
    previous: Option<Arc<Previous>>,
}

/// An answer, by which a server may say what changed since.
#[derive(Debug)]
struct Previous {
    id: String,
    data: Vec<u32>,
}

/// How a server gives tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokensOffered {
    /// Those of a whole text.
    pub whole: bool,
    /// Those of a part of one.
    pub part: bool,
}

/// What a server calls the kinds and the modifiers.
#[derive(Debug, Clone, Default)]
struct Legend {
    kinds: Vec<Arc<str>>,
    modifiers: Vec<Arc<str>>,
}

impl Legend {
    fn read(has: &Capabilities) -> Self {
        let legend = &has.option(PROVIDER, METHOD)["legend"];
        let names = |list: &Value, most: usize| -> Vec<Arc<str>> {
            let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
            let names = list.iter().take(most);
            names
                .map(|name| bounded::line(name.as_str().unwrap_or_default(), MAX_NAME).into())
                .collect()
        };
        Self {
            kinds: names(&legend["tokenTypes"], MAX_KINDS),
            modifiers: names(&legend["tokenModifiers"], MAX_MODIFIERS),
        }
    }
}

fn offers(option: &Value) -> bool {
    matches!(option, Value::Bool(true) | Value::Object(_))
}

impl LanguageServer {
    /// How it gives tokens; `None` where it gives none.
    pub fn offers_tokens(&self) -> Option<TokensOffered> {
        let inner = self.shared().inner.lock();
        inner.ready.as_ref()?;
        let has = &inner.capabilities;
        let options = has.option(PROVIDER, METHOD);
        let offered = TokensOffered {
            whole: offers(&options["full"]),
            part: offers(&options["range"]),
        };
        (has.offers(PROVIDER, METHOD) && (offered.whole || offered.part)).then_some(offered)
    }

    /// Asks what the names of an open text mean, or those in some bytes of it. Where it was answered
    /// before for the whole text, `before` lets the server say what changed since. `None` where the
    /// answer cannot be read.
    pub fn semantic_tokens(
        &self,
        path: &Path,
        part: Option<Range<usize>>,
        before: Option<&SemanticTokens>,
    ) -> Reply<Option<SemanticTokens>> {
        let before = before.and_then(|before| before.previous.clone());
        let before = before.filter(|_| {
            let inner = self.shared().inner.lock();
            let delta = &inner.capabilities.option(PROVIDER, METHOD)["full"]["delta"];
            *delta == Value::Bool(true) && part.is_none()
        });
        let method = match (&part, &before) {
            (Some(_), _) => "textDocument/semanticTokens/range",
            (None, Some(_)) => "textDocument/semanticTokens/full/delta",
            (None, None) => "textDocument/semanticTokens/full",
        };
        self.ask_if(
            path,
            method,
            |has| has.offers(PROVIDER, METHOD),
            |mut params, document, encoding, has| {
                let (version, text) = document.newest();
                let text = text.clone();
                if let Some(part) = part {
                    params["range"] = json!({
                        "start": encoding.position(&text, part.start),
                        "end": encoding.position(&text, part.end),
                    });
                } else if let Some(before) = &before {
                    params["previousResultId"] = Value::String(before.id.clone());
                }
                let legend = Legend::read(has);
                let read = move |answer: Value| {
                    let data = data(&answer, before.as_deref())?;
                    let (tokens, meanings) = decoded(&data, &legend, &text, encoding);
                    let id = answer["resultId"].as_str().filter(|id| id.len() <= MAX_ID);
                    let previous = id.map(|id| {
                        Arc::new(Previous {
                            id: id.to_owned(),
                            data,
                        })
                    });
                    Some(SemanticTokens {
                        version,
                        tokens,
                        meanings,
                        previous,
                    })
                };
                (params, read)
            },
        )
    }
}

/// The numbers of an answer, which has them all or what changed since an answer before it.
fn data(answer: &Value, before: Option<&Previous>) -> Option<Vec<u32>> {
    let numbers = |list: &Value| -> Option<Vec<u32>> {
        let list = list.as_array()?.iter().take(MAX_TOKENS * NUMBERS);
        list.map(|number| {
            number
                .as_u64()
                .and_then(|number| u32::try_from(number).ok())
        })
        .collect()
    };
    if answer.get("data").is_some() {
        return numbers(&answer["data"]);
    }
    let before = &before?.data;
    let mut edits: Vec<(usize, usize, Vec<u32>)> = Vec::new();
    for edit in answer["edits"].as_array()? {
        let start = usize::try_from(edit["start"].as_u64()?).ok()?;
        let gone = usize::try_from(edit["deleteCount"].as_u64()?).ok()?;
        let new = match edit.get("data") {
            Some(new) => numbers(new)?,
            None => Vec::new(),
        };
        edits.push((start, gone, new));
    }
    // All are in the places of the answer before.
    edits.sort_by_key(|(start, _, _)| *start);
    let (mut data, mut kept) = (Vec::with_capacity(before.len()), 0);
    for (start, gone, new) in edits {
        data.extend_from_slice(before.get(kept..start)?);
        data.extend(new);
        kept = start.checked_add(gone)?;
        if data.len() > MAX_TOKENS * NUMBERS {
            return None;
        }
    }
    data.extend_from_slice(before.get(kept..)?);
    (data.len() <= MAX_TOKENS * NUMBERS).then_some(data)
}

/// The tokens in the bytes of a text, and what they mean.
fn decoded(
    data: &[u32],
    legend: &Legend,
    text: &Text,
    encoding: PositionEncoding,
) -> (Vec<(Range<usize>, u32)>, Vec<TokenMeaning>) {
    let mut tokens: Vec<(Range<usize>, u32)> = Vec::with_capacity(data.len() / NUMBERS);
    let mut meanings = Vec::new();
    let mut known = std::collections::HashMap::new();
    let (mut line, mut character) = (0_u32, 0_u32);
    for one in data.chunks_exact(NUMBERS) {
        let &[lines, characters, length, kind, modifiers] = one else {
            break;
        };
        line = line.saturating_add(lines);
        character = match lines {
            0 => character.saturating_add(characters),
            _ => characters,
        };
        if line as usize >= text.line_count() {
            break;
        }
        let Some(name) = legend.kinds.get(kind as usize) else {
            continue;
        };
        let start = encoding.offset(text, Position::new(line, character));
        let end = Position::new(line, character.saturating_add(length));
        let end = encoding.offset(text, end);
        let apart = tokens.last().is_none_or(|(last, _)| last.end <= start);
        if start >= end || !apart {
            continue;
        }
        let meaning = *known.entry((kind, modifiers)).or_insert_with(|| {
            let set = legend.modifiers.iter().enumerate();
            let set = set.filter(|(bit, _)| modifiers & (1 << bit) != 0);
            meanings.push(TokenMeaning {
                kind: name.clone(),
                modifiers: set.map(|(_, name)| name.clone()).collect(),
            });
            meanings.len() as u32 - 1
        });
        tokens.push((start..end, meaning));
    }
    (tokens, meanings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn legend() -> Legend {
        Legend {
            kinds: vec!["variable".into(), "function".into()],
            modifiers: vec!["declaration".into(), "readonly".into()],
        }
    }

    fn shown(data: &[u32], text: &str) -> Vec<String> {
        let text = Text::new(text);
        let (tokens, meanings) = decoded(data, &legend(), &text, PositionEncoding::Utf16);
        let tokens = tokens.into_iter();
        tokens
            .map(|(range, meaning)| {
                let meaning = &meanings[meaning as usize];
                let modifiers: Vec<_> = meaning.modifiers.iter().map(|one| &**one).collect();
                let modifiers = modifiers.join(".");
                format!("{}: {} {modifiers}", text.slice(range), meaning.kind)
            })
            .collect()
    }

    #[test]
    fn places_are_relative_and_of_the_encoding() {
        let data = [
            0, 4, 2, 0, 3, // 😀 is two units
            0, 5, 1, 1, 0, //
            1, 0, 3, 0, 2, //
        ];
        assert_eq!(
            shown(&data, "let 😀 = f\nabc"),
            [
                "😀: variable declaration.readonly",
                "f: function ",
                "abc: variable readonly"
            ]
        );
    }

    #[test]
    fn tokens_that_make_no_sense_are_left_out() {
        let data = [
            0,
            0,
            3,
            9,
            0, // of no kind
            0,
            0,
            0,
            0,
            0, // empty
            0,
            0,
            900,
            0,
            0, // longer than its line
            0,
            1,
            1,
            0,
            0, // within another
            9,
            0,
            1,
            0,
            0, // past the end
            u32::MAX,
            u32::MAX,
            u32::MAX,
            0,
            0, //
            1,
            2, // not all of it
        ];
        assert_eq!(shown(&data, "abc\n"), ["abc: variable "]);
    }

    #[test]
    fn what_changed_is_put_into_the_answer_before() {
        let before = Previous {
            id: "1".into(),
            data: vec![1, 2, 3, 4, 5, 6],
        };
        let edits = |edits: Value| data(&json!({"edits": edits}), Some(&before));
        let edit = |start: u32, gone: u32, new: &[u32]| json!({"start": start, "deleteCount": gone, "data": new});
        assert_eq!(
            edits(json!([edit(0, 1, &[9, 9]), edit(4, 2, &[7])])),
            Some(vec![9, 9, 2, 3, 4, 7])
        );
        assert_eq!(
            edits(json!([{"start": 2, "deleteCount": 2}])),
            Some(vec![1, 2, 5, 6])
        );
        assert_eq!(edits(json!([edit(5, 2, &[])])), None, "past its end");
        assert_eq!(data(&json!({"edits": []}), None), None, "of none");
        assert_eq!(data(&json!({"data": [1, -1]}), None), None);
        assert_eq!(data(&Value::Null, None), None);
    }
}
