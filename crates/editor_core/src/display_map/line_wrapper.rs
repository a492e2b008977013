//! Where a row too wide for the view is cut.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

use super::extent::{TabPoint, to_u32};
use super::tab_map::TabSnapshot;
use crate::Bias;

/// Bytes of a row that are looked at in one piece.
const WINDOW: u32 = 16 * 1024;

/// How wide text is; the view knows its font. Widths are in any one unit, such as pixels.
pub trait Measure: Send + Sync {
    /// Advance of a grapheme cluster that is neither a tab nor shown as a mark.
    fn advance(&self, grapheme: &str) -> f32;

    /// Advance of one cell, that of a space.
    fn cell(&self) -> f32;
}

/// How far the continuation rows of a wrapped line are indented (`editor.wrappingIndent`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WrapIndent {
    /// Not at all.
    None,
    /// As the line.
    #[default]
    Same,
    /// One level more than the line.
    Indent,
    /// Two levels more than the line.
    DeepIndent,
}

/// The rule by which lines are cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WrapRule {
    /// The width of a row in the unit of [`Measure`].
    pub width: f32,
    /// The indentation of continuation rows.
    pub indent: WrapIndent,
}

/// Where a line without tabs that stands alone is cut: the bytes at which its rows after the first begin,
/// and the cells that these are indented by, where a level has so many. O(line).
pub fn cut_line(
    line: &str,
    rule: WrapRule,
    level: u32,
    measure: &dyn Measure,
) -> (Vec<usize>, u32) {
    let indent = continuation_indent(line, rule, level, measure.cell());
    let (mut cuts, mut start) = (Vec::new(), 0);
    loop {
        let text = &line[start..];
        let mut row = Row::new(rule, start == 0, indent, measure.cell());
        let cut = text.grapheme_indices(true).find_map(|(offset, grapheme)| {
            let first = grapheme.chars().next().unwrap_or(' ');
            row.add(offset, Class::of(first), measure.advance(grapheme))
        });
        match cut {
            Some(cut) if cut > 0 && cut < text.len() => start += cut,
            _ => return (cuts, indent),
        }
        cuts.push(start);
    }
}

/// A row of the tab layer, while it is being cut.
pub(crate) struct LineWrapper<'a> {
    tabs: &'a TabSnapshot,
    rule: WrapRule,
    measure: &'a dyn Measure,
    row: u32,
    len: u32,
    indent: u32,
    window: String,
    /// Column where the window starts.
    window_start: u32,
}

impl<'a> LineWrapper<'a> {
    pub(crate) fn new(
        tabs: &'a TabSnapshot,
        rule: WrapRule,
        measure: &'a dyn Measure,
        row: u32,
    ) -> Self {
        let mut wrapper = Self {
            tabs,
            rule,
            measure,
            row,
            len: tabs.row_len(row),
            indent: 0,
            window: String::new(),
            window_start: 0,
        };
        if wrapper.len > 0 {
            wrapper.fill(0, WINDOW);
            wrapper.indent = wrapper.continuation_indent();
        }
        wrapper
    }

    /// Bytes of the row.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// Cells of the indentation of continuation rows.
    pub(crate) fn indent(&self) -> u32 {
        self.indent
    }

    /// Where the row that starts at a column is cut; none where the rest fits.
    pub(crate) fn next_break(&mut self, start: u32) -> Option<TabPoint> {
        let mut bytes = WINDOW;
        loop {
            let inside = start >= self.window_start
                && start as usize <= self.window_start as usize + self.window.len();
            let window_end = self.window_start as usize + self.window.len();
            // A window that ends soon may hide the place to cut at.
            if !inside
                || (window_end < self.len as usize
                    && window_end < start as usize + bytes as usize / 2)
            {
                self.fill(start, bytes);
            }
            let at_row_end = self.window_start as usize + self.window.len() >= self.len as usize;
            let text = &self.window[(start - self.window_start) as usize..];
            match self.cut(text, start) {
                Cut::At(offset) => {
                    let mut column = start + to_u32(offset);
                    if text[..offset].ends_with(' ') && text[offset..].starts_with(' ') {
                        column = self.beside_tab(start, column);
                    }
                    return (column < self.len).then(|| TabPoint::new(self.row, column));
                }
                Cut::Fits if at_row_end => return None,
                // A row of megabytes without width: it is cut anywhere.
                Cut::Fits if bytes > 64 * WINDOW => {
                    return (!text.is_empty())
                        .then(|| TabPoint::new(self.row, start + to_u32(text.len())));
                }
                Cut::Fits => {
                    bytes = bytes.saturating_mul(4);
                    self.fill(start, bytes);
                }
            }
        }
    }

    /// A tab is never cut, as it is one character: the place before it, or after it where it does
    /// not fit into a row at all.
    fn beside_tab(&self, start: u32, column: u32) -> u32 {
        let clipped = |bias| {
            let below = self
                .tabs
                .to_fold_point(TabPoint::new(self.row, column), bias);
            self.tabs.to_tab_point(below).column()
        };
        match clipped(Bias::Left) {
            before if before > start => before,
            _ => clipped(Bias::Right),
        }
    }

    fn fill(&mut self, start: u32, bytes: u32) {
        self.window_start = start;
        let end = start.saturating_add(bytes).min(self.len);
        self.window = self.tabs.slice(self.row, start..end);
    }

    fn cut(&self, text: &str, start: u32) -> Cut {
        let cell = self.measure.cell();
        let mut row = Row::new(self.rule, start == 0, self.indent, cell);
        if text.is_ascii() {
            for (offset, byte) in text.bytes().enumerate() {
                let grapheme = &text[offset..=offset];
                let class = Class::of(char::from(byte));
                if let Some(cut) = row.add(offset, class, self.advance(grapheme, None)) {
                    return Cut::At(cut);
                }
            }
            return Cut::Fits;
        }
        let mut previous = None;
        for (offset, grapheme) in text.grapheme_indices(true) {
            let first = grapheme.chars().next().unwrap_or(' ');
            if let Some(cut) = row.add(offset, Class::of(first), self.advance(grapheme, previous)) {
                return Cut::At(cut);
            }
            previous = grapheme.chars().next_back();
        }
        Cut::Fits
    }

    fn advance(&self, grapheme: &str, previous: Option<char>) -> f32 {
        let marks = self.tabs.marks();
        let mut shown = String::new();
        let mut last = previous;
        let mut plain = true;
        if grapheme.len() > 1
            || grapheme
                .as_bytes()
                .first()
                .is_some_and(|byte| *byte < 0x20 || *byte == 0x7f)
        {
            for character in grapheme.chars() {
                match marks.mark_for(character, last) {
                    Some(mark) => {
                        plain = false;
                        shown.push_str(&mark);
                    }
                    None => shown.push(character),
                }
                last = Some(character);
            }
        }
        if plain {
            return self.measure.advance(grapheme);
        }
        shown
            .graphemes(true)
            .map(|grapheme| self.measure.advance(grapheme))
            .sum()
    }

    fn continuation_indent(&self) -> u32 {
        let cell = self.measure.cell();
        continuation_indent(&self.window, self.rule, self.tabs.tab_size(), cell)
    }
}

/// Cells of the indentation of the continuation rows of a line; a level of it has so many, and one of
/// them is so wide.
fn continuation_indent(line: &str, rule: WrapRule, level: u32, cell: f32) -> u32 {
    let blank = line.bytes().take_while(|byte| *byte == b' ').count();
    let indent = match rule.indent {
        WrapIndent::None => 0,
        WrapIndent::Same => to_u32(blank),
        WrapIndent::Indent => to_u32(blank) + level,
        WrapIndent::DeepIndent => to_u32(blank) + level * 2,
    };
    // Deep lines would leave no room for their text.
    if indent as f32 * cell > rule.width / 2. {
        0
    } else {
        indent
    }
}

enum Cut {
    At(usize),
    Fits,
}

/// One visual row, as far as it was measured.
struct Row {
    width: f32,
    used: f32,
    /// Where the row can be cut.
    opportunity: Option<usize>,
    before: Option<Class>,
    /// Whether there is more in the row than white space.
    seen_text: bool,
}

impl Row {
    /// An empty row; one that is not the first of its line is indented by some cells.
    fn new(rule: WrapRule, is_first: bool, indent: u32, cell: f32) -> Self {
        Self {
            width: rule.width,
            used: if is_first { 0. } else { indent as f32 * cell },
            opportunity: None,
            before: None,
            seen_text: false,
        }
    }

    /// Adds a grapheme; gives the place of the cut where it does not fit any more.
    fn add(&mut self, offset: usize, class: Class, advance: f32) -> Option<usize> {
        if let Some(before) = self.before
            && self.seen_text
            && class.may_follow_cut(before)
        {
            self.opportunity = Some(offset);
        }
        let hangs =
            class == Class::Space && self.before.is_some_and(|before| before != Class::Space);
        if self.used + advance > self.width && offset > 0 && !hangs {
            return Some(self.opportunity.unwrap_or(offset));
        }
        self.used += advance;
        self.seen_text |= class != Class::Space;
        self.before = Some(class);
        None
    }
}

/// What a grapheme means to the places where a row can be cut. After the defaults of VS Code's
/// `editor.wordWrapBreakBeforeCharacters` and `…AfterCharacters`, with East Asian text cut anywhere
/// but before closing and after opening punctuation (UAX #14, ID, CL, OP).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    /// Opening brackets and quotes: a cut is good before them.
    Open,
    /// Closing brackets and marks: a cut is good after them.
    Close,
    /// Ideographs, kana and syllables that are written without spaces.
    Wide,
    Word,
}

impl Class {
    fn of(character: char) -> Self {
        match character {
            ' ' | '\t' => Self::Space,
            '(' | '[' | '{' | '‘' | '“' | '〈' | '《' | '「' | '『' | '【' | '〔' | '（' | '［'
            | '｛' | '｢' | '£' | '¥' | '＄' | '￡' | '￥' => Self::Open,
            '}' | ')' | ']' | '?' | '|' | '/' | '&' | '.' | ',' | ';' | '¢' | '°' | '′' | '″'
            | '‰' | '℃' | '、' | '。' | '｡' | '､' | '￠' | '，' | '．' | '：' | '；' | '？'
            | '！' | '％' | '・' | '･' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ' | 'ー' | '々' | '〉' | '》'
            | '」' | '』' | '】' | '〕' | '）' | '］' | '｝' | '｣' => Self::Close,
            character if character.is_ascii() => Self::Word,
            character if character.width() == Some(2) => Self::Wide,
            _ => Self::Word,
        }
    }

    fn may_follow_cut(self, before: Self) -> bool {
        match (before, self) {
            (_, Self::Space | Self::Close) => false,
            (Self::Space, _) => true,
            (Self::Open, _) => false,
            (Self::Close, _) | (_, Self::Open) => true,
            (Self::Wide, _) | (_, Self::Wide) => true,
            (Self::Word, Self::Word) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;
    use crate::display_map::{DisplayMap, DisplayStyle};
    use proptest::prelude::*;

    /// A cell a character, and two for those that are wide.
    struct Cells;

    impl Measure for Cells {
        fn advance(&self, grapheme: &str) -> f32 {
            let first = grapheme.chars().next();
            first.and_then(|first| first.width()).unwrap_or(1) as f32
        }

        fn cell(&self) -> f32 {
            1.
        }
    }

    proptest! {
        #[test]
        fn a_line_that_stands_alone_is_cut_as_in_a_text(
            line in "[ ab(,日]{0,60}", width in 4_u32..20, which in 0_usize..4,
        ) {
            let all = [WrapIndent::None, WrapIndent::Same, WrapIndent::Indent, WrapIndent::DeepIndent];
            let rule = WrapRule { width: width as f32, indent: all[which] };
            let style = DisplayStyle::default();
            let map = DisplayMap::new(Text::new(&line), style);
            let snapshot = map.snapshot();
            let mut wrapper = LineWrapper::new(snapshot.tabs(), rule, &Cells, 0);
            let (mut expected, mut start) = (Vec::new(), 0);
            while let Some(cut) = wrapper.next_break(start).map(TabPoint::column) {
                expected.push(cut as usize);
                start = cut;
            }
            let (cuts, indent) = cut_line(&line, rule, style.tab_size, &Cells);
            prop_assert_eq!(cuts, expected);
            prop_assert!(line.is_empty() || indent == wrapper.indent());
        }
    }
}
