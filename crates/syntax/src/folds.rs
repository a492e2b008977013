//! What can be folded, by the nodes of a tree that span lines.

use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::Text;
use editor_core::folding::{FoldRegion, FoldRegions, MAX_REGIONS, by_indentation};
use tree_sitter::Node;

use crate::SyntaxTree;
use crate::language::{LanguageId, language};
use crate::layer::Layer;
use crate::{patch_folds, sql_folds};

/// A heading and what belongs to it, in Markdown and TOML.
const SECTIONS: [&str; 3] = ["section", "table", "table_array_element"];

/// What the lines before a text are about it, in Markdown.
const FRONT_MATTER: [&str; 2] = ["minus_metadata", "plus_metadata"];

/// One import, or several, in the grammars that have nodes for them.
const IMPORTS: [&str; 11] = [
    "extern_crate_declaration",
    "future_import_statement",
    "import_declaration",
    "import_from_statement",
    "import_header",
    "import_list",
    "import_statement",
    "namespace_use_declaration",
    "preproc_include",
    "use_declaration",
    "using_directive",
];

/// How far into a line a closing bracket is looked for, in bytes.
const DEEPEST: usize = 1000;

/// What can be folded in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyntaxFolds {
    /// All of it.
    pub regions: FoldRegions,
    /// What of it are comments.
    pub comments: FoldRegions,
    /// What of it are imports that follow one another.
    pub imports: FoldRegions,
    /// What of it somebody marked, as with `#region`.
    pub marked: FoldRegions,
}

impl SyntaxTree {
    /// What can be folded in the text that the tree is of: brackets, blocks that end with a word,
    /// elements, sections, texts up to a word (`<<EOF`), front matter, imports that follow one
    /// another and comments that span lines. Languages that nest by indentation fold by
    /// it, and so do those that are known line by line, which may mark folds besides. The row of a
    /// closing bracket, word or tag stays visible, as in VS Code.
    ///
    /// Takes up to some tens of milliseconds; call it off the UI thread. `None` soon after `cancel`
    /// is set.
    pub fn fold_regions(
        &self,
        text: &Text,
        tab_size: u32,
        cancel: &AtomicBool,
    ) -> Option<SyntaxFolds> {
        let mut collected = Collected::default();
        for layer in self.layers().filter(|layer| !layer.place.in_overlay) {
            collect(layer, text, &mut collected, cancel)?;
        }
        let Collected {
            all: mut found,
            comments,
            imports,
        } = collected;
        let (comments, imports) = (FoldRegions::new(comments), FoldRegions::new(imports));
        if self.has_nodes() && !language(self.language()).folds_by_indentation {
            let marked = marked(self.language(), text, cancel)?;
            found.extend(marked.as_slice());
            if self
                .root()
                .is_some_and(|root| root.place.grammar.name() == "sql")
            {
                let blocks = FoldRegions::new(sql_folds::blocks(text, cancel)?);
                // What the grammar takes for a statement may end amid a block that it does not know.
                found.retain(|region| !blocks.is_crossed_by(*region));
                found.extend(blocks.as_slice());
            }
            return Some(SyntaxFolds {
                regions: FoldRegions::new(found),
                comments,
                imports,
                marked,
            });
        }
        let regions = FoldRegions::new(found);
        let plain = plain_folds(self.language(), text, tab_size, cancel)?;
        let regions = plain.regions.with(regions.as_slice().iter().copied());
        Some(SyntaxFolds {
            regions,
            comments,
            imports,
            marked: plain.marked,
        })
    }
}

/// What can be folded in a text of a language whose syntax is not known: lines that belong to a less
/// indented one, and what the language marks, if it does.
///
/// Takes up to some tens of milliseconds; call it off the UI thread. `None` soon after `cancel` is
/// set, and for texts over [`editor_core::folding::MAX_FOLDED_BYTES`].
pub fn plain_folds(
    language_id: LanguageId,
    text: &Text,
    tab_size: u32,
    cancel: &AtomicBool,
) -> Option<SyntaxFolds> {
    let indented = by_indentation(text, tab_size, cancel)?;
    let marked = marked(language_id, text, cancel)?;
    Some(SyntaxFolds {
        regions: indented.with(marked.as_slice().iter().copied()),
        comments: FoldRegions::default(),
        imports: FoldRegions::default(),
        marked,
    })
}

/// What the lines of a text mark as regions. `None` soon after `cancel` is set.
fn marked(language_id: LanguageId, text: &Text, cancel: &AtomicBool) -> Option<FoldRegions> {
    let markers = language(language_id).fold_markers;
    let found = markers.map(|markers| markers.regions(text, cancel));
    Some(FoldRegions::new(found.unwrap_or(Some(Vec::new()))?))
}

/// What was found, in any order.
#[derive(Default)]
struct Collected {
    all: Vec<FoldRegion>,
    comments: Vec<FoldRegion>,
    imports: Vec<FoldRegion>,
}

fn collect(layer: &Layer, text: &Text, found: &mut Collected, cancel: &AtomicBool) -> Option<()> {
    if layer.place.grammar.name() == "diff" {
        let part = &layer.place.range;
        let rows = text.row_at(part.start)..=text.row_at(part.end);
        let parts = patch_folds::files_and_hunks(text, rows, cancel)?;
        found.all.extend(parts);
        return Some(());
    }
    let mut folds = Folds {
        text,
        start: layer.place.range.start,
        row: text.row_at(layer.place.range.start),
        found,
        comment: None,
        imports: None,
        grammar: layer.place.grammar.name(),
    };
    let mut cursor = layer.tree.walk();
    let mut seen = 0_usize;
    loop {
        seen += 1;
        if seen.is_multiple_of(1024) && cancel.load(Ordering::Relaxed) {
            return None;
        }
        let spans_rows = folds.visit(&cursor.node());
        // What lies in one row has nothing to fold.
        let mut moved = spans_rows && cursor.goto_first_child();
        while !moved {
            moved = cursor.goto_next_sibling();
            if !moved && (!cursor.goto_parent() || folds.found.all.len() >= MAX_REGIONS) {
                folds.end_comment();
                folds.end_imports();
                return Some(());
            }
        }
    }
}

struct Folds<'a> {
    text: &'a Text,
    /// The byte and the row of the text that the tree counts from.
    start: usize,
    row: usize,
    found: &'a mut Collected,
    /// The comment that was met last, with those in the rows right before it, and whether it is one
    /// with an end of its own, which no comment of a row goes on.
    comment: Option<(FoldRegion, bool)>,
    /// The imports that were met last.
    imports: Option<Imports>,
    grammar: &'static str,
}

/// Imports that follow one another.
struct Imports {
    rows: FoldRegion,
    /// Where in the tree they end.
    end: usize,
    is_one: bool,
}

impl Folds<'_> {
    /// Takes a node in; tells whether it spans rows.
    fn visit(&mut self, node: &Node<'_>) -> bool {
        let first = self.row + node.start_position().row;
        let last = self.row + last_row(node);
        self.import(FoldRegion { first, last }, node);
        if is_comment(node) {
            self.comment(FoldRegion { first, last }, node);
        } else if first < last {
            self.block(FoldRegion { first, last }, node);
        }
        first < last
    }

    fn comment(&mut self, rows: FoldRegion, node: &Node<'_>) {
        let begins_row = self.begins_row(node);
        let at = self.start + node.start_byte();
        let is_block = self.text.chars_from(at).take(2).eq("/*".chars());
        match &mut self.comment {
            // A part of the comment, such as its marker.
            Some((comment, _)) if rows.last <= comment.last => return,
            Some((comment, before))
                if rows.first == comment.last + 1 && begins_row && *before == is_block =>
            {
                comment.last = rows.last;
                return;
            }
            _ => {}
        }
        self.end_comment();
        if begins_row || rows.first < rows.last {
            self.comment = Some((rows, is_block));
        }
    }

    fn end_comment(&mut self) {
        let comment = self.comment.take().map(|(rows, _)| rows);
        let comment = comment.filter(|rows| rows.first < rows.last);
        self.found.all.extend(comment);
        self.found.comments.extend(comment);
    }

    /// Imports are one region also with blank lines and comments between them.
    fn import(&mut self, rows: FoldRegion, node: &Node<'_>) {
        let is_import = IMPORTS.contains(&node.kind());
        match &mut self.imports {
            // A part of an import.
            Some(imports) if node.start_byte() < imports.end => {}
            Some(imports) if is_import => {
                imports.rows.last = rows.last;
                imports.end = node.end_byte();
                imports.is_one = false;
            }
            _ if is_import => {
                self.imports = Some(Imports {
                    rows,
                    end: node.end_byte(),
                    is_one: true,
                });
            }
            Some(_) if !is_comment(node) && node.is_named() => self.end_imports(),
            _ => {}
        }
    }

    fn end_imports(&mut self) {
        let Some(Imports {
            mut rows, is_one, ..
        }) = self.imports.take()
        else {
            return;
        };
        // The bracket that ends one stays, as that of any block.
        let ends_with_bracket = || {
            let last = self.text.slice(self.line(rows.last));
            last.trim_start().starts_with([')', '}'])
        };
        if is_one && rows.first < rows.last && ends_with_bracket() {
            rows.last -= 1;
        }
        let imports = Some(rows).filter(|rows| rows.first < rows.last);
        self.found.all.extend(imports);
        self.found.imports.extend(imports);
    }

    fn block(&mut self, rows: FoldRegion, node: &Node<'_>) {
        // What stands before the first heading is no section to a reader.
        let begins_with_heading =
            || (node.child(0)).is_some_and(|child| child.kind().ends_with("heading"));
        if SECTIONS.contains(&node.kind()) {
            if node.kind() == "section" && !begins_with_heading() {
                return;
            }
            let blank = |row: usize| self.text.slice(self.line(row)).trim().is_empty();
            let last = (rows.first..=rows.last).rev().find(|row| !blank(*row));
            self.found.all.push(FoldRegion {
                last: last.unwrap_or(rows.first),
                ..rows
            });
            return;
        }
        if FRONT_MATTER.contains(&node.kind()) {
            self.found.all.push(rows);
            return;
        }
        if self.grammar == "sql" && node.kind() == "statement" {
            self.statement(rows);
        }
        // One that ends with an `END` begins with that of another as well.
        if self.grammar == "sql" && node.is_error() {
            return;
        }
        let last_child = node.child_count().checked_sub(1);
        let last_child = last_child.and_then(|index| node.child(index as u32));
        let is_here = |node: &Node<'_>| {
            matches!(
                node.kind(),
                "heredoc_body" | "heredoc_block" | "nowdoc_body"
            )
        };
        if self.grammar == "dockerfile" && node.kind().ends_with("_instruction") {
            // One with a text up to a word has that for its fold.
            if !last_child.as_ref().is_some_and(is_here) {
                self.found.all.push(rows);
            }
            return;
        }
        if is_here(node) {
            let ends = |node: &Node<'_>| node.kind() == "heredoc_end";
            let end = last_child.filter(ends).or(node.next_sibling().filter(ends));
            let end = end.map(|end| self.row + end.start_position().row);
            // The line break behind the word that is looked for belongs to some grammars' bodies.
            let begun = usize::from(self.begins_row(node) && rows.first > 0);
            self.found.all.push(FoldRegion {
                first: rows.first - begun,
                last: end.map_or(rows.last, |end| end - 1),
            });
            return;
        }
        let Some(end) = last_child else {
            return;
        };
        let kind = end.kind();
        let closes = !end.is_named()
            || kind.contains("closing_element")
            || matches!(
                kind,
                "block_end"
                    | "dollar_quote"
                    | "end_tag"
                    | "heredoc_identifier"
                    | "keyword_end"
                    | "object_end"
                    | "string_end"
                    | "tuple_end"
            );
        // A string that documents what it stands in goes on to its last row.
        if kind == "string_end" && !self.begins_row(&end) {
            self.found.all.push(rows);
            return;
        }
        if closes && self.row + end.start_position().row == rows.last && self.begins_row(&end) {
            self.found.all.push(FoldRegion {
                last: rows.last - 1,
                ..rows
            });
        }
    }

    /// A statement of SQL, which ends with its last row where that does not begin with the end of
    /// something in it. None begins with the end of another.
    fn statement(&mut self, rows: FoldRegion) {
        let is_end = |row: usize| {
            let row = self.text.slice(self.line(row));
            let word = row.trim_start();
            let is_word = word
                .get(..3)
                .is_some_and(|word| word.eq_ignore_ascii_case("end"));
            is_word || word.starts_with([')', '$'])
        };
        if !is_end(rows.first) && !is_end(rows.last) {
            self.found.all.push(rows);
        }
    }

    /// Whether only white space stands before a node in its row.
    fn begins_row(&self, node: &Node<'_>) -> bool {
        let at = self.start + node.start_byte();
        let start = self.text.line_start(self.row + node.start_position().row);
        at >= start && at - start <= DEEPEST && self.text.slice(start..at).trim().is_empty()
    }

    /// The first bytes of a row.
    fn line(&self, row: usize) -> std::ops::Range<usize> {
        let start = self.text.line_start(row);
        let end = self.text.line_end(row).min(start + DEEPEST);
        start..self.text.floor_char_boundary(end).max(start)
    }
}

/// Whether a node is a comment or a part of one. SQL has a name of its own for those in `/* … */`.
fn is_comment(node: &Node<'_>) -> bool {
    node.kind().contains("comment") || node.kind() == "marginalia"
}

/// The row of a node's last byte.
fn last_row(node: &Node<'_>) -> usize {
    let end = node.end_position();
    if end.column == 0 && end.row > node.start_position().row {
        end.row - 1
    } else {
        end.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the regions, in order.
    fn folds(language: &str, source: &str) -> Vec<(usize, usize)> {
        let text = Text::new(source);
        let language = crate::by_name(language).unwrap();
        let cancel = AtomicBool::new(false);
        let tree = SyntaxTree::parse(language, &text, None, &cancel).unwrap();
        let folds = tree.fold_regions(&text, 4, &cancel).unwrap();
        let all = folds.regions.as_slice().iter();
        all.map(|region| (region.first, region.last)).collect()
    }

    #[test]
    fn blocks_fold_up_to_their_closing_brackets() {
        let source = "fn a(b: u8) {\n    if b > 1 {\n        c();\n    } else {\n        d(&[\n            1,\n        ]);\n    }\n}\n";
        assert_eq!(folds("rust", source), [(0, 7), (1, 2), (3, 6), (4, 5)]);
        assert_eq!(folds("rust", "fn a() {}\nfn b() { c() }\n"), []);
        assert_eq!(
            folds("json", "{\n  \"a\": [\n    1\n  ]\n}\n"),
            [(0, 3), (1, 2)]
        );
    }

    #[test]
    fn comments_fold_as_a_whole() {
        let source = "// one\n// two\n// three\nfn a() {} // four\n// five\n\n/* six\nseven */\n";
        assert_eq!(folds("rust", source), [(0, 2), (6, 7)]);
        // One that ends by itself goes on in no row below it.
        let source = "/* one\n   two */\n# three\n# four\na = 1\n";
        assert_eq!(folds("terraform", source), [(0, 1), (2, 3)]);
        assert_eq!(folds("rust", "/* one */\n/* two */\n"), [(0, 1)]);
        let source = "// one\n// two\nfn a() {\n    b();\n}\n";
        let text = Text::new(source);
        let cancel = AtomicBool::new(false);
        let tree = SyntaxTree::parse(crate::by_name("rust").unwrap(), &text, None, &cancel);
        let folds = tree.unwrap().fold_regions(&text, 4, &cancel).unwrap();
        let comment = FoldRegion { first: 0, last: 1 };
        assert_eq!(folds.comments.as_slice(), [comment]);
    }

    #[test]
    fn lines_fold_by_indentation_where_blocks_have_no_end() {
        let source =
            "def a():\n    if b:\n        c()\n    else:\n        d()\n\nx = [\n    1,\n]\n";
        assert_eq!(folds("python", source), [(0, 4), (1, 2), (3, 4), (6, 7)]);
    }

    #[test]
    fn elements_fold_up_to_their_closing_tags() {
        let source = "const a = (\n  <div>\n    <p>\n      text\n    </p>\n  </div>\n);\n";
        assert_eq!(folds("typescriptreact", source), [(0, 5), (1, 4), (2, 3)]);
        let source = "<ul>\n  <li>\n    one<br>\n  </li>\n</ul>\n";
        assert_eq!(folds("html", source), [(0, 3), (1, 2)]);
    }

    #[test]
    fn sections_fold() {
        assert_eq!(
            folds("markdown", "# One\n\ntext\n\n## Two\n\nmore\n\n# Three\n"),
            [(0, 6), (4, 6)]
        );
        assert_eq!(
            folds("toml", "[a]\nb = 1\nc = 2\n\n[[d]]\ne = [\n  1,\n]\n"),
            [(0, 2), (4, 7), (5, 6)]
        );
    }

    #[test]
    fn marked_regions_fold_up_to_their_end() {
        let marked = |name: &str, source: &str| {
            let text = Text::new(source);
            let never = AtomicBool::new(false);
            let language = crate::by_name(name).unwrap();
            let tree = SyntaxTree::parse(language, &text, None, &never).unwrap();
            let folds = tree.fold_regions(&text, 4, &never).unwrap();
            let marked = folds.marked.as_slice().to_vec();
            assert!(
                marked
                    .iter()
                    .all(|region| folds.regions.as_slice().contains(region))
            );
            let rows = marked.iter().map(|region| (region.first, region.last));
            rows.collect::<Vec<_>>()
        };
        for (name, start, end) in [
            ("csharp", "#region One", "#endregion"),
            ("typescript", "//#region One", "//#endregion"),
            ("javascript", "// #region One", "// #endregion"),
            ("c", "#pragma region One", "#pragma endregion"),
            ("cpp", "#pragma region One", "#pragma endregion"),
            ("python", "# region One", "# endregion"),
            ("java", "// region One", "// endregion"),
            ("java", "// <editor-fold>", "// </editor-fold>"),
            ("go", "// region One", "// endregion"),
            ("rust", "// #region One", "// #endregion"),
            ("php", "<?php\n#region One", "#endregion"),
            ("html", "<!-- #region One -->", "<!-- #endregion -->"),
        ] {
            let source = format!("{start}\n\n\n{end}\n");
            let first = start.matches('\n').count();
            assert_eq!(
                marked(name, &source),
                [(first, first + 3)],
                "{name} {start}"
            );
            assert_eq!(marked(name, &format!("{start}\n\n")), [], "{name} {start}");
        }
        assert_eq!(marked("rust", "// regional\n\n// endregion\n"), []);
    }

    #[test]
    fn front_matter_folds() {
        assert_eq!(
            folds("markdown", "---\na: b\n---\n\n# One\n\ntext\n"),
            [(0, 2), (4, 6)]
        );
        assert_eq!(folds("markdown", "+++\na = 1\n+++\n\ntext\n"), [(0, 2)]);
    }

    #[test]
    fn imports_that_follow_one_another_fold() {
        for (name, source) in [
            (
                "c",
                "#include <a.h>\n\n#include \"b.h\"\n// C.\n#include \"c.h\"\nint x;\n",
            ),
            (
                "csharp",
                "using A;\n\nusing B;\n// C.\nusing static C;\nclass D {}\n",
            ),
            (
                "java",
                "import a.A;\n\nimport b.*;\n// C.\nimport static c.C;\nclass D {}\n",
            ),
            (
                "javascript",
                "import a from 'a';\n\nimport 'b';\n// C.\nimport * as c from 'c';\nd();\n",
            ),
            (
                "tsx",
                "import a from 'a';\n\nimport 'b';\n// C.\nimport type { c } from 'c';\nd();\n",
            ),
            (
                "typescript",
                "import a from 'a';\n\nimport 'b';\n// C.\nimport { c } from 'c';\nd();\n",
            ),
            (
                "kotlin",
                "import a.A\n\nimport b.*\n// C.\nimport c.C\nfun d() {}\n",
            ),
            (
                "python",
                "import a\n\nfrom b import c\n# C.\nimport c\nd()\n",
            ),
            (
                "rust",
                "use a::A;\n\npub use b::*;\n// C.\nuse c::C;\nfn d() {}\n",
            ),
            (
                "scala",
                "import a.A\n\nimport b.*\n// C.\nimport c.C\nval d = 1\n",
            ),
            (
                "php",
                "<?php use A;\n\nuse B;\n// C.\nuse function c;\nd();\n",
            ),
        ] {
            let text = Text::new(source);
            let never = AtomicBool::new(false);
            let language = crate::by_name(name).unwrap();
            let tree = SyntaxTree::parse(language, &text, None, &never).unwrap();
            let found = tree.fold_regions(&text, 4, &never).unwrap();
            let imports = [FoldRegion { first: 0, last: 4 }];
            assert_eq!(found.imports.as_slice(), imports, "{name}");
            assert!(found.regions.as_slice().contains(&imports[0]), "{name}");
        }
        assert_eq!(folds("java", "import a.A;\nclass B {}\n"), []);
        // One that spans lines is a region in the one of all.
        assert_eq!(
            folds("rust", "use z::Z;\nuse a::{\n    b,\n};\nfn c() {}\n"),
            [(0, 3), (1, 2)]
        );
    }

    #[test]
    fn the_bracket_behind_imports_stays() {
        let source = "package a\n\nimport (\n\t\"b\"\n\t\"c\"\n)\n\nfunc d() {\n}\n";
        assert_eq!(folds("go", source), [(2, 4)]);
        assert_eq!(folds("rust", "use a::{\n    b,\n};\nfn c() {}\n"), [(0, 1)]);
    }

    #[test]
    fn documentation_in_strings_folds() {
        let source = "def a():\n    \"\"\"One.\n\n    Two.\n    \"\"\"\n    b()\n";
        assert_eq!(folds("python", source), [(0, 5), (1, 3)]);
        let source = "\"\"\"One.\n\nTwo.\"\"\"\nb = 1\n";
        assert_eq!(folds("python", source), [(0, 2)]);
    }

    #[test]
    fn texts_up_to_a_word_fold() {
        assert_eq!(folds("shellscript", "cat <<A | b\nc\n$d\nA\n"), [(0, 2)]);
        assert_eq!(
            folds("shellscript", "cat <<-'A'\n\tb\n\tc\n\tA\n"),
            [(0, 2)]
        );
        assert_eq!(
            folds("ruby", "a = <<~SQL\n  select 1\n  from b\nSQL\n"),
            [(0, 2)]
        );
        assert_eq!(folds("php", "<?php\n$a = <<<B\nc $d\ne\nB;\n"), [(1, 3)]);
        assert_eq!(
            folds("php", "<?php\n$a = <<<'B'\n  c\n  e\n  B;\n"),
            [(1, 3)]
        );
        assert_eq!(folds("terraform", "a = <<B\nc ${d}\ne\nB\n"), [(0, 2)]);
    }

    #[test]
    fn bodies_and_cases_of_sql_fold() {
        let source = "CREATE FUNCTION f() RETURNS int AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$ LANGUAGE plpgsql;\n";
        assert_eq!(folds("sql", source), [(0, 3), (1, 2)]);
        assert_eq!(
            folds("sql", "SELECT CASE\n  WHEN a THEN b\nEND FROM c;\n"),
            [(0, 1)]
        );
        let source = "SELECT\n  a,\n  CASE\n    WHEN b THEN c\n  END\nFROM d\nWHERE e;\nBEGIN\n  SELECT 1;\nEND;\n";
        assert_eq!(folds("sql", source), [(0, 6), (2, 3), (7, 8)]);
        assert_eq!(folds("sql", "CREATE TABLE a (\n  b int\n);\n"), [(0, 1)]);
        assert_eq!(folds("sql", "/* one\n   two */\nSELECT 1;\n"), [(0, 1)]);
    }

    #[test]
    fn blocks_in_bodies_of_sql_without_quotes_fold_up_to_their_own_ends() {
        let source = "DELIMITER //\nCREATE PROCEDURE f(IN a INT)\nBEGIN\n  IF a > 1 THEN\n    UPDATE t SET x = 1\n      WHERE y = 2;\n    SET b = 1;\n  ELSE\n    SET b = 3;\n  END IF;\n  WHILE b < 10 DO\n    SET b = b + 1;\n  END WHILE;\n  lp: LOOP\n    LEAVE lp;\n  END LOOP;\n  REPEAT\n    SET a = 1;\n  UNTIL a = 1\n  END REPEAT;\n  CASE b\n    WHEN 1 THEN\n      SELECT 1;\n  END CASE;\nEND //\n";
        let found = [
            (2, 23),
            (3, 8),
            (4, 5),
            (10, 11),
            (13, 14),
            (16, 18),
            (20, 22),
        ];
        assert_eq!(folds("sql", source), found);
        let source = "CREATE PROCEDURE f (a NUMBER) IS\n  b NUMBER;\nBEGIN\n  IF b > 10 THEN\n    UPDATE c SET d = 1 WHERE e = a;\n  ELSIF b > 5 THEN\n    NULL;\n  END IF;\n  FOR g IN (SELECT * FROM c) LOOP\n    h.i(g.j);\n  END LOOP;\nEXCEPTION\n  WHEN OTHERS THEN\n    ROLLBACK;\nEND f;\n";
        assert_eq!(folds("sql", source), [(2, 13), (3, 6), (8, 9)]);
        // What is a statement to the grammar goes from the loop to the end of the inner block.
        let source = "BEGIN\n  WHILE @x < 10\n  BEGIN\n    SET @x = @x + 1;\n    IF @x = 5\n      PRINT 'five';\n    ELSE BEGIN\n      PRINT 'other';\n    END\n  END\nEND\n";
        assert_eq!(folds("sql", source), [(0, 9), (2, 8), (6, 7)]);
    }

    #[test]
    fn what_is_indented_in_scala_folds() {
        let source = "object A:\n  def f(x: Int) =\n    val y = x\n    y\n\n  def g = x match\n    case 1 =>\n      2\n";
        assert_eq!(folds("scala", source), [(0, 7), (1, 3), (5, 7), (6, 7)]);
        assert_eq!(folds("scala", "def f = {\n  g()\n}\n"), [(0, 1)]);
    }

    #[test]
    fn blocks_and_lists_of_terraform_fold() {
        let source =
            "resource \"x\" \"y\" {\n  name = 1\n  tags = {\n    b = [\n      1,\n    ]\n  }\n}\n";
        for language in ["terraform", "hcl"] {
            assert_eq!(folds(language, source), [(0, 6), (2, 5), (3, 4)]);
        }
    }

    #[test]
    fn instructions_over_several_rows_fold() {
        let source = "FROM a\nENV B=c \\\n    D=e\nRUN f && \\\n    g && \\\n    h\nRUN <<EOF\nset -e\ni\nEOF\nUSER j\n";
        assert_eq!(folds("dockerfile", source), [(1, 2), (3, 5), (6, 8)]);
    }

    #[test]
    fn files_and_hunks_of_a_patch_fold() {
        let source = "diff --git a/b b/b\nindex 83db48f..bf269f4 100644\n--- a/b\n+++ b/b\n@@ -1,2 +1,2 @@\n c\n-d\n+e\n@@ -9 +9 @@\n-f\n+g\ndiff --git a/h b/h\nnew file mode 100644\n--- /dev/null\n+++ b/h\n@@ -0,0 +1 @@\n+i\n";
        assert_eq!(
            folds("diff", source),
            [(0, 10), (4, 7), (8, 10), (11, 16), (15, 16)]
        );
    }

    #[test]
    fn a_patch_without_trailing_blanks_folds_too() {
        let source = "diff --git a/b b/b\nindex 1a2..3b4\n--- a/b\n+++ b/b\n@@ -1,3 +1,3 @@\n\n c\n-d\n+e\n@@ -9 +9 @@\n-f\n+g\n";
        assert_eq!(folds("diff", source), [(0, 11), (4, 8), (9, 11)]);
        let source = format!("# One\n\n```diff\n{source}```\n");
        assert!(folds("markdown", &source).contains(&(7, 11)));
    }

    #[test]
    fn parts_in_other_languages_fold_too() {
        let source = "# One\n\n```rust\nfn a() {\n    b();\n}\n```\n";
        assert!(folds("markdown", source).contains(&(3, 4)));
    }

    #[test]
    fn a_deep_text_does_not_overflow() {
        let deep = "[\n".repeat(100_000);
        folds("json", &deep);
        assert_eq!(
            SyntaxTree::parse(
                crate::by_name("json").unwrap(),
                &Text::new(&deep),
                None,
                &AtomicBool::new(false)
            )
            .and_then(|tree| tree.fold_regions(
                &Text::new(&deep),
                4,
                &AtomicBool::new(true)
            )),
            None,
            "it can be cancelled"
        );
    }
}
