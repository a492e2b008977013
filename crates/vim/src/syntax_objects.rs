//! Functions, classes and parameters as text objects, and the motions between them, which the syntax
//! of the text gives. The names are those of the plugins that are used for it in Neovim; the motions
//! are Vim's own for C and Java (`:help ]m`, `:help ]]`), for every language.

use editor_core::{Direction, Edge, Extent, ObjectKind};

use crate::motion::Span;
use crate::{Vim, VimContext};

impl Vim {
    /// `af`, `ic`, `aa` and their like; lines where what they take is all that is in them.
    pub(crate) fn syntax_object(
        &self,
        object: char,
        around: bool,
        count: usize,
        context: &dyn VimContext,
    ) -> Option<(usize, usize, Span)> {
        let kind = match object {
            'f' => ObjectKind::Function,
            'c' => ObjectKind::Class,
            'a' => ObjectKind::Parameter,
            _ => return None,
        };
        let extent = match around {
            true => Extent::Around,
            false => Extent::Inside,
        };
        let mut range = self.cursor..self.cursor;
        if self.mode.is_visual() && self.anchor != self.cursor {
            range.start = self.anchor.min(self.cursor);
            range.end = self.next(self.anchor.max(self.cursor));
        }
        for _ in 0..count {
            range = context.object(&self.text, kind, range, extent)?;
        }
        if range.is_empty() {
            return (!self.mode.is_visual()).then_some((range.start, range.end, Span::Exclusive));
        }
        let last = self.previous(range.end);
        let is_blank = |range| self.text.slice(range).trim().is_empty();
        let fills_lines = is_blank(self.line_start(self.row(range.start))..range.start)
            && is_blank(range.end..self.line_end(self.row(last)));
        let span = match kind {
            ObjectKind::Parameter => Span::Inclusive,
            _ if fills_lines => Span::Lines,
            _ => Span::Inclusive,
        };
        Some((range.start, last, span))
    }

    /// Where `]m`, `[[` and their like lead. Where there is no class at all, the motions between
    /// classes go from function to function, which are the sections of such a text.
    pub(crate) fn syntax_edge(
        &self,
        name: &str,
        count: usize,
        context: &dyn VimContext,
    ) -> Option<usize> {
        let (edge, direction) = match name {
            "]m" | "]]" => (Edge::Start, Direction::Forward),
            "[m" | "[[" => (Edge::Start, Direction::Backward),
            "]M" | "][" => (Edge::End, Direction::Forward),
            _ => (Edge::End, Direction::Backward),
        };
        let kind = if name.ends_with(['m', 'M']) {
            ObjectKind::Function
        } else {
            let has = |direction| {
                let class = ObjectKind::Class;
                let found = context.object_edge(&self.text, class, self.cursor, edge, direction);
                found.is_some()
            };
            match has(Direction::Forward) || has(Direction::Backward) {
                true => ObjectKind::Class,
                false => ObjectKind::Function,
            }
        };
        let mut at = self.cursor;
        for _ in 0..count {
            // The end of a part is behind its last character, on which the cursor stands.
            let from = match edge {
                Edge::Start => at,
                Edge::End => self.next(at),
            };
            let found = context.object_edge(&self.text, kind, from, edge, direction)?;
            at = match edge {
                Edge::Start => found,
                Edge::End => self.previous(found),
            };
        }
        Some(at)
    }
}
