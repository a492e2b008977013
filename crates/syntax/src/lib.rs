//! Languages: which one a file is in, and what each part of its text is.
//!
//! [`SyntaxTree::parse`] runs tree-sitter over a snapshot of the text, off the UI thread and
//! incrementally; [`SyntaxTree::interpolate`] carries a tree over an edit at once, so that the
//! next frame has something to paint; [`SyntaxTree::highlights`] names the spans of a range at a
//! cost that follows the range, not the file.
//!
//! ```
//! use std::{path::Path, sync::atomic::AtomicBool};
//! use editor_core::Text;
//! use syntax::SyntaxTree;
//!
//! let text = Text::from("fn main() {}");
//! let rust = syntax::detect(Path::new("main.rs"), "");
//! let tree = SyntaxTree::parse(rust, &text, None, &AtomicBool::new(false)).unwrap();
//! let first = &tree.highlights(&text, 0..text.len())[0];
//! assert_eq!((first.range.clone(), first.highlight.name()), (0..2, "keyword.storage"));
//! ```

mod associations;
mod brackets;
mod broken;
mod c_words;
mod carried_layers;
mod configuration;
mod cpp_modules;
mod css_declarations;
mod data_section;
mod detect;
mod diff_rows;
mod doc_examples;
mod doc_tags;
mod ears;
mod emphasis;
mod enter_rules;
mod fold_markers;
mod folds;
mod grammar;
mod guess;
mod highlight;
mod html_end_tags;
mod imported;
mod indents;
mod injection;
mod language;
mod language_files;
mod layer;
mod lexicon;
mod line_parts;
mod lines;
mod locals;
mod markdown_sections;
mod mend;
mod outline;
mod parse_input;
mod patch_folds;
mod plain_markdown;
mod reference;
mod shebang;
mod shell_heredocs;
mod shell_session;
mod sql_dialects;
mod sql_folds;
mod string_parts;
mod text_objects;
mod textmate;
mod touched;
mod tree;
mod unfinished;
mod view;

pub use associations::Associations;
pub use brackets::{Bracket, BracketPair};
pub use configuration::LanguageConfiguration;
pub use detect::{DETECTED_BYTES, by_name, detect};
pub use folds::{SyntaxFolds, plain_folds};
pub use grammar::grammar;
pub use guess::guess;
pub use highlight::{HighlightId, HighlightSpan};
pub use imported::{ImportedLanguage, register_imported};
pub use language::{Language, LanguageId, is_built_in, language, languages};
pub use layer::OldPoints;
pub use locals::{LocalName, LocalPlace};
pub use outline::{Outline, Symbol, SymbolKind};
pub use reference::reference_markdown;
pub use textmate::{
    GrammarSource, ImportedGrammar, ScopedPart, check_grammar, line_scopes, take_grammar_problems,
};
pub use tree::{MAX_PARSED_BYTES, SyntaxTree};
