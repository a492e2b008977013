//! Kiln's text editor: a gpui element of our own over [`editor_core`] and [`workspace`].
//!
//! An [`EditorView`] is one view of one buffer. The text, its undo history and its syntax tree belong
//! to the buffer and are shared; carets, scroll position and focus belong to the view. A frame costs
//! what is in view, however long the file and its lines are.
//!
//! [`register`] makes it the opener of files that nothing before it takes, and adds its commands.

mod banner;
mod blink;
mod blocks;
mod bookmarks;
mod bracket_colors;
mod bracket_guides;
mod bracket_match;
mod caret_bound;
mod characters;
mod choice_picker;
mod clipboard;
mod code_actions;
mod code_lens;
mod color_swatches;
mod commands;
mod compare;
mod completion;
mod default_formatter;
mod definition;
mod diagnostics;
mod display;
mod display_text;
mod editor_style;
mod element;
mod encodings;
mod error_item;
mod file_drop;
mod find_bar;
mod find_bar_view;
mod find_history;
mod find_replace;
mod floating;
mod fold_marks;
mod folding;
mod formatting;
mod frame;
mod git_colors;
mod go_to_line;
mod hierarchy;
mod highlights;
mod hover;
mod hunk_commands;
mod hunk_controls;
mod hunk_marks;
mod hunks;
mod indent_guides;
mod indentation;
mod inlay_hints;
mod inlays;
mod inline_completion;
mod inline_hunks;
mod inline_prompt;
mod item;
mod joint_undo;
mod language_server;
mod languages;
mod layout;
mod left_view;
mod line_counting;
mod linked_editing;
mod links;
mod long_line;
mod minimap;
mod navigating;
mod occurrence_rule;
mod occurrences;
mod opener;
mod peek;
mod peek_panel;
mod pointer;
mod popover;
mod preview;
mod proposal;
mod proposal_controls;
mod proposal_part;
mod proposal_rows;
mod references;
mod rename;
mod render;
mod row_shaper;
mod scroll;
mod scroll_motion;
mod selection_ranges;
mod semantic_tokens;
mod server_folds;
mod server_links;
mod server_offer;
mod server_trace;
mod server_views;
mod shaped_segment;
mod signature;
mod snippets;
mod sticky_scroll;
mod text_drag;
mod text_input;
mod text_place;
mod ticks;
mod typing;
mod undo_history;
mod unicode_highlight;
mod view;
mod vim_commands;
mod vim_keys;
mod vim_mode;
mod vim_paint;
mod whitespace;
mod words;
mod wrapping;

pub use blocks::{BlockContext, BlockElement, RenderBlock};
pub use error_item::ErrorItem;
pub use hover::{Hover, HoverProvider, register_hover_provider};
pub use inlays::{InlayStyle, InlayText};
pub use occurrences::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightProvider,
    register_document_highlight_provider,
};
pub use opener::{open, register};
pub use preview::preview;
pub use text_place::TextPlace;
pub use view::EditorView;
