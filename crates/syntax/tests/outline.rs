//! What files of each language are made of, and which symbols are around a place.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::{ChangeSet, Edit, Text};
use proptest::prelude::*;
use syntax::{Outline, SyntaxTree, by_name};

fn outline(language: &str, source: &str) -> Outline {
    let text = Text::new(source);
    let never = AtomicBool::new(false);
    let tree = SyntaxTree::parse(by_name(language).unwrap(), &text, None, &never).unwrap();
    tree.outline(&text, &never).unwrap()
}

/// A line a symbol, indented by what it stands in.
fn shown(language: &str, source: &str) -> Vec<String> {
    let outline = outline(language, source);
    let symbols = outline.symbols().iter().enumerate();
    symbols
        .map(|(place, symbol)| {
            assert!(symbol.range.contains(&symbol.name_range.start));
            let indent = "  ".repeat(outline.depth(place));
            format!("{indent}{} {}", symbol.kind.word(), symbol.name)
        })
        .collect()
}

#[test]
fn rust() {
    let source = "mod a {\n    pub struct P<T> { x: T }\n}\nenum E { A, B(u8) }\nimpl<T>\n    Show for P<T> {\n    const N: u8 = 1;\n    fn show(&self) { fn inner() {} }\n}\ntrait Show { type Out; fn show(&self); }\nmacro_rules! m { () => {} }\nstatic S: u8 = 1;\n#[test]\nfn main() { let x = |y| y; }\n";
    assert_eq!(
        shown("rust", source),
        [
            "module a",
            "  struct P",
            "    field x",
            "enum E",
            "  enum member A",
            "  enum member B",
            "implementation impl<T> Show for P<T>",
            "  constant N",
            "  method show",
            "    function inner",
            "interface Show",
            "  type Out",
            "  method show",
            "macro m",
            "constant S",
            "function main",
        ]
    );
}

#[test]
fn python() {
    let source = "LIMIT = 3\n\n@cached\nclass Store(Base):\n    size = 0\n    def load(self):\n        x = 1\n        def inner(): pass\n\nasync def main(): pass\n";
    assert_eq!(
        shown("python", source),
        [
            "variable LIMIT",
            "class Store",
            "  field size",
            "  method load",
            "    function inner",
            "function main",
        ]
    );
}

#[test]
fn typescript_and_javascript() {
    let source = "export interface Task { id: number; run(): void }\nenum Color { Red, Green = 2 }\ntype Id = string;\nnamespace Api {\n  export const list = async () => { const x = 1; };\n}\nexport abstract class Store<T> {\n  private size = 0;\n  constructor() {}\n  abstract load(): void;\n}\nconst limit = 3, handlers = { onOpen: () => {} };\nfunction main() {}\n";
    assert_eq!(
        shown("typescript", source),
        [
            "interface Task",
            "  property id",
            "  method run",
            "enum Color",
            "  enum member Red",
            "  enum member Green",
            "type Id",
            "module Api",
            "  function list",
            "class Store",
            "  property size",
            "  method constructor",
            "  method load",
            "variable limit",
            "variable handlers",
            "  method onOpen",
            "function main",
        ]
    );
    let source =
        "class A { x = 1; get() {} }\nexport function* f() {}\nconst View = () => <a>{b}</a>;\n";
    let expected = [
        "class A",
        "  property x",
        "  method get",
        "function f",
        "function View",
    ];
    assert_eq!(shown("javascript", source), expected);
    let source = source.replace("x = 1", "x: number = 1");
    assert_eq!(shown("typescriptreact", &source), expected);
}

#[test]
fn json() {
    assert_eq!(
        shown("json", r#"{"a": {"b": [{"c": 1}]}, "d": null}"#),
        ["property a", "  property b", "    property c", "property d"]
    );
}

#[test]
fn markdown() {
    let source = "intro\n\n# One\n\ntext\n\n## Two *x* `y` [z](w)\n\n```rust\nfn a() {}\n```\n\nThree\n=====\n\nmore\n";
    assert_eq!(
        shown("markdown", source),
        ["section One", "  section Two x y z", "section Three"]
    );
}

#[test]
fn headings_of_markdown_are_listed_by_their_levels_however_they_are_marked() {
    let source = "One\n===\n\n## Two\n\nThree\n-----\n\n### Four\n\n> # Five\n>\n> ## Six\n\nSeven\n-----\n\nEight\n=====\n\nend\n";
    assert_eq!(
        shown("markdown", source),
        [
            "section One",
            "  section Two",
            "  section Three",
            "    section Four",
            "      section Five",
            "        section Six",
            "  section Seven",
            "section Eight",
        ]
    );
    let outline = outline("markdown", source);
    let around = outline.around(source.find("end").unwrap());
    assert_eq!(around, [7], "the text below a heading belongs to it");
}

#[test]
fn headings_of_markdown_are_named_as_a_reader_sees_them() {
    let source = "# One #\n\n## Two ## \n\n## C#\n\n## ##\n\n## a &amp; <b>b</b> &#35;\n\nSix #\n=====\n\n> a\n> -> b\n> ===\n";
    assert_eq!(
        shown("markdown", source),
        [
            "section One",
            "  section Two",
            "  section C#",
            "  section ##",
            "  section a & b #",
            "section Six #",
            "  section a -> b",
        ]
    );
}

#[test]
fn every_name_of_a_declaration_is_listed() {
    assert_eq!(
        shown(
            "go",
            "package a\nconst A, B = 1, 2\nvar c, d int\ntype S struct{ X, Y int }\n"
        ),
        [
            "constant A",
            "constant B",
            "variable c",
            "variable d",
            "struct S",
            "  field X",
            "  field Y",
        ]
    );
    assert_eq!(
        shown("python", "type A = int\ntype B[T] = list[T]\n"),
        ["type A", "type B"]
    );
    assert_eq!(
        shown("rust", "union U { a: u8 }"),
        ["struct U", "  field a"]
    );
}

#[test]
fn givens_of_scala_are_called_by_their_type_where_they_have_no_name() {
    let source = "given Ordering[Color] with\n  def compare(a: Color): Int = 1\n\ngiven named: Show[A] with\n  def show = 2\n";
    assert_eq!(
        shown("scala", source),
        [
            "implementation given Ordering[Color]",
            "  method compare",
            "implementation named",
            "  method show",
        ]
    );
}

#[test]
fn what_follows_a_namespace_without_braces_stands_in_it() {
    let source = "using System;\n\nnamespace A.B;\n\nclass C { void D() {} }\n\nenum E { F }\n";
    assert_eq!(
        shown("csharp", source),
        [
            "module A.B",
            "  class C",
            "    method D",
            "  enum E",
            "    enum member F"
        ]
    );
    let around = |offset: usize| {
        let outline = outline("csharp", source);
        let names = outline.around(offset).into_iter();
        let names = names.map(|place| outline.symbols()[place].name.to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(around(0), [""; 0]);
    assert_eq!(around(source.find("void").unwrap()), ["A.B", "C", "D"]);
    assert_eq!(around(source.find("\nenum").unwrap()), ["A.B"]);
    assert_eq!(around(source.len()), ["A.B"]);
    let blocks = "namespace A {\n  namespace B { class C {} }\n  class D {}\n}\nclass E {}\n";
    assert_eq!(
        shown("csharp", blocks),
        [
            "module A",
            "  module B",
            "    class C",
            "  class D",
            "class E"
        ]
    );
    // The next one ends it.
    let two = "<?php\nnamespace A\\B;\nclass C { function d() {} }\nconst E = 1;\n\
               namespace F;\nfunction g() {}\n";
    assert_eq!(
        shown("php", two),
        [
            "module A\\B",
            "  class C",
            "    method d",
            "  constant E",
            "module F",
            "  function g",
        ]
    );
    let blocks = "<?php\nnamespace A { class B {} }\nnamespace { function c() {} }\n";
    assert_eq!(
        shown("php", blocks),
        ["module A", "  class B", "function c"]
    );
}

#[test]
fn what_is_handed_to_a_component_is_not_listed() {
    let source = "const App = () => {\n  const go = () => 1;\n  return <A b={() => { const c = () => 2; }} d={{ e: () => 3 }}>{f((g) => 4)}</A>;\n};\n";
    for language in ["tsx", "jsx"] {
        assert_eq!(shown(language, source), ["function App", "  function go"]);
    }
}

#[test]
fn elements_are_told_by_what_selects_them() {
    assert_eq!(
        shown(
            "html",
            "<div class=\"a b\" id=c><p data-id=\"d\">e</p><br id='f'><style class=g></style></div>"
        ),
        [
            "section div#c.a.b",
            "  section p",
            "  section br#f",
            "  section style.g"
        ]
    );
}

#[test]
fn names_of_rules_and_columns_are_whole() {
    assert_eq!(
        shown(
            "css",
            "@media screen and (min-width: 10px), print { a, b > c { d: e } }\n@supports (f: g) and (not (h: i)) { j { k: l } }\n@page :first { m: n }\n"
        ),
        [
            "section @media screen and (min-width: 10px), print",
            "  section a, b > c",
            "section @supports (f: g) and (not (h: i))",
            "  section j",
            "section @page :first",
        ]
    );
    assert_eq!(
        shown(
            "sql",
            "CREATE TABLE \"Orders\" (\"Id\" int, `b` text, [c d] int, e int);"
        ),
        [
            "struct \"Orders\"",
            "  field \"Id\"",
            "  field `b`",
            "  field [c d]",
            "  field e",
        ]
    );
}

#[test]
fn a_language_without_a_query_and_a_broken_text_have_what_is_there() {
    assert!(shown("rust", "").is_empty());
    assert!(shown("rust", "fn a( {{{ impl").len() <= 2);
    let all = shown("rust", "fn a() {}\nfn b( {}\nfn c() {}\n");
    assert!(all.contains(&"function a".to_owned()), "{all:?}");
    let long = format!("fn {}() {{}}\n", "n".repeat(5000));
    assert_eq!(outline("rust", &long).symbols()[0].name.len(), 200);
    let cancelled = AtomicBool::new(true);
    let text = Text::new("fn a() {}\n");
    let tree = SyntaxTree::parse(
        by_name("rust").unwrap(),
        &text,
        None,
        &AtomicBool::new(false),
    );
    assert_eq!(tree.unwrap().outline(&text, &cancelled), None);
}

const NESTED: &str = "fn a() {}\nmod b {\n    impl C {\n        fn d(&self) { fn e() {} }\n        fn f() {}\n    }\n}\nfn g() {}\n";

proptest! {
    /// What is around a place is what a look at every symbol says.
    #[test]
    fn around_is_what_every_symbol_says(offset in 0..NESTED.len() + 1) {
        let outline = outline("rust", NESTED);
        let symbols = outline.symbols();
        let found = outline.around(offset);
        let holds: Vec<usize> = (0..symbols.len())
            .filter(|place| {
                let range = &symbols[*place].range;
                range.start <= offset && offset <= range.end
            })
            .collect();
        // Where two touch, the one that begins there goes before the one that ends there.
        for place in &found {
            prop_assert!(holds.contains(place));
        }
        for place in holds {
            let strictly = symbols[place].range.contains(&offset);
            prop_assert!(found.contains(&place) || !strictly, "{place} at {offset}");
        }
        for pair in found.windows(2) {
            prop_assert_eq!(symbols[pair[1]].parent, Some(pair[0]));
        }
    }

    /// So it is over edits in any number of places.
    #[test]
    fn edits_of_many_carets_carry_it_along_too(rows in prop::collection::vec(any::<bool>(), 150)) {
        let source = "fn a() {}\n".repeat(rows.len());
        let edits = rows.iter().enumerate().filter(|(_, edited)| **edited);
        let edits = edits.map(|(row, _)| Edit::new(row * 10..row * 10, "// more\n"));
        let changes = ChangeSet::from_edits(source.len(), edits.collect()).unwrap();
        let after = changes.apply(&Text::new(&source)).unwrap();
        let mut carried = outline("rust", &source);
        carried.follow(&changes);
        prop_assert_eq!(carried, outline("rust", &after.to_string()));
    }

    /// An outline that was carried over an edit outside of names is that of the text afterwards.
    #[test]
    fn edits_carry_the_outline_along(at in 0_usize..5, comment in "[a-z ]{0,20}") {
        let place = NESTED
            .match_indices('\n')
            .map(|(place, _)| place + 1)
            .nth(at)
            .unwrap();
        let text = Text::new(NESTED);
        let edit = Edit::new(place..place, format!("// {comment}\n"));
        let changes = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
        let after = changes.apply(&text).unwrap();
        let mut carried = outline("rust", NESTED);
        carried.follow(&changes);
        prop_assert_eq!(carried, outline("rust", &after.to_string()));
    }
}

#[test]
fn symbols_beside_one_stand_in_the_same() {
    let outline = outline("rust", NESTED);
    let names = |places: Vec<usize>| -> Vec<&str> {
        let symbols = outline.symbols();
        places.iter().map(|place| &*symbols[*place].name).collect()
    };
    let place = |name: &str| {
        let mut symbols = outline.symbols().iter();
        symbols.position(|symbol| *symbol.name == *name).unwrap()
    };
    assert_eq!(names(outline.siblings(place("d"))), ["d", "f"]);
    assert_eq!(names(outline.siblings(place("a"))), ["a", "b", "g"]);
}
