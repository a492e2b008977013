//! What is looked for where a text has changed is what is found where all of it is looked through.

use std::path::Path;

use editor_core::Edit;
use proptest::prelude::*;

use super::*;

/// What a part is known by.
fn part(place: &LayerPlace) -> (&'static str, Range<usize>, Vec<Range<usize>>) {
    (place.grammar.name(), place.range.clone(), place.covered())
}

/// The places of all parts, by depth, as the layers above them have them when all are looked through.
fn all_through(layers: &Layers, text: &Text) -> Vec<Vec<LayerPlace>> {
    let mut by_line = Vec::new();
    let mut found =
        |host: &Layer, kind| injections(host, text, MAX_INJECTIONS, kind, None, &mut by_line);
    let mut depths = vec![found(&layers.root, Kind::Combined)];
    let mut single = found(&layers.root, Kind::Single);
    for depth in 1..layers.injected.len() {
        let above = layers.injected[depth - 1].iter();
        single.extend(above.flat_map(|host| found(host, Kind::Single)));
        single.sort_by_key(|place| place.range.start);
        if depth == 1 {
            drop_overlaps(&mut single);
        }
        depths.push(std::mem::take(&mut single));
    }
    depths
}

fn compare(tree: &SyntaxTree, text: &Text) {
    let layers = tree.by_depth().unwrap();
    let anew = all_through(layers, text);
    for (depth, anew) in anew.iter().enumerate() {
        let kept = layers.injected.get(depth).map_or(&[][..], Vec::as_slice);
        let found = kept.iter().filter(|layer| !layer.place.unfinished);
        let kept: Vec<_> = found.map(|layer| part(&layer.place)).collect();
        let anew: Vec<_> = anew.iter().map(part).collect();
        let differs = (0..kept.len().max(anew.len())).find(|&at| kept.get(at) != anew.get(at));
        if let Some(at) = differs {
            panic!(
                "{}, depth {depth}: {:?} is kept, {:?} is there in\n{text}",
                crate::language(tree.language()).id_str,
                kept.get(at),
                anew.get(at),
            );
        }
    }
}

/// The samples that are parsed as trees, in the order of their names.
fn samples() -> Vec<(LanguageId, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let known = paths.iter().map(|path| {
        let source = std::fs::read_to_string(path).unwrap();
        (crate::detect(path, &source), source)
    });
    known
        .filter(|(id, _)| language(*id).grammar.is_some())
        .collect()
}

/// What joins parts, cuts them, names their language or has them end elsewhere.
const TYPED: &[&str] = &[
    "x",
    " ",
    "\n",
    "(",
    ")",
    "{",
    "}",
    "\"",
    "'",
    "`",
    "${a}",
    "/",
    "*",
    "#",
    "//",
    "/// a\n",
    "/* sql */ ",
    "-- sql\n",
    "```rust\n",
    "```\n",
    "> ",
    "- ",
    "<script>",
    "</script>",
    "<?php ",
    "?>",
    "é",
    "r#",
    "\\n",
    "language=",
    "",
    "",
    "",
];

/// Where an edit cuts into a part, what is left of it is looked for, however far it reaches.
#[test]
fn what_is_left_of_a_long_part_is_looked_for() {
    let rust = crate::by_name("rust").unwrap();
    let never = AtomicBool::new(false);
    let comment = "/// Some words of a long comment.\n".repeat(40);
    let text = Text::from(format!("fn a() {{}}\n{comment}fn b() {{}}\n").as_str());
    let tree = SyntaxTree::parse(rust, &text, None, &never).unwrap();
    assert_eq!(tree.by_depth().unwrap().injected[1].len(), 1);
    let edits = vec![Edit::new(9..20, "\n/// W")];
    let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
    let after = changes.apply(&text).unwrap();
    let carried = tree.interpolate(&changes, &text, &after);
    let tree = SyntaxTree::parse(rust, &after, Some(&carried), &never).unwrap();
    assert_eq!(tree.by_depth().unwrap().injected[1].len(), 1);
    compare(&tree, &after);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn parts_after_edits_are_those_of_the_whole(
        sample in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..3_usize, 0..60_usize, prop::sample::select(TYPED)),
            1..10,
        ),
    ) {
        let samples = samples();
        let (language, source) = sample.get(&samples);
        let never = AtomicBool::new(false);
        let mut text = Text::from(source.as_str());
        let mut tree = SyntaxTree::parse(*language, &text, None, &never).unwrap();
        for (at, often, len, typed) in edits {
            // Several keys before a parse, as where one is on its way.
            for _ in 0..=often {
                let from = text.floor_char_boundary(at.index(text.len() + 1));
                let len = if typed.is_empty() { len } else { len.saturating_sub(40) };
                let to = text.ceil_char_boundary((from + len).min(text.len()));
                let edits = vec![Edit::new(from..to, typed)];
                let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
                let after = changes.apply(&text).unwrap();
                tree = tree.interpolate(&changes, &text, &after);
                text = after;
            }
            tree = SyntaxTree::parse(*language, &text, Some(&tree), &never).unwrap();
            compare(&tree, &text);
        }
    }

    /// Many edits at once carry the parts to where they come one after the other.
    #[test]
    fn parts_are_carried_over_many_edits_as_over_one_after_the_other(
        sample in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..60_usize, prop::sample::select(TYPED)),
            1..40,
        ),
    ) {
        let samples = samples();
        let (language, source) = sample.get(&samples);
        let never = AtomicBool::new(false);
        let text = Text::from(source.as_str());
        let tree = SyntaxTree::parse(*language, &text, None, &never).unwrap();
        let mut apart: Vec<Edit> = Vec::new();
        let mut edits: Vec<_> = edits
            .into_iter()
            .map(|(at, len, typed)| {
                let from = text.floor_char_boundary(at.index(text.len() + 1));
                let len = if typed.is_empty() { len } else { len.saturating_sub(40) };
                let to = text.ceil_char_boundary((from + len).min(text.len()));
                Edit::new(from..to, typed)
            })
            .collect();
        edits.sort_by_key(|edit| edit.range.start);
        for edit in edits {
            if apart.last().is_none_or(|last| last.range.end < edit.range.start) {
                apart.push(edit);
            }
        }
        let changes = ChangeSet::from_edits(text.len(), apart.clone()).unwrap();
        let after = changes.apply(&text).unwrap();
        let at_once = tree.interpolate(&changes, &text, &after);
        let (mut one_by_one, mut so_far) = (tree, text);
        let (mut added, mut removed) = (0, 0);
        for edit in apart {
            let from = edit.range.start + added - removed;
            let one = Edit::new(from..from + edit.range.len(), edit.text.as_str());
            (added, removed) = (added + edit.text.len(), removed + edit.range.len());
            let changes = ChangeSet::from_edits(so_far.len(), vec![one]).unwrap();
            let after = changes.apply(&so_far).unwrap();
            one_by_one = one_by_one.interpolate(&changes, &so_far, &after);
            so_far = after;
        }
        prop_assert_eq!(&so_far.to_string(), &after.to_string());
        if let (Some(many), Some(one)) = (at_once.by_depth(), one_by_one.by_depth()) {
            for (many, one) in many.injected.iter().zip(&one.injected) {
                let places = |layers: &[Layer]| {
                    let places = layers.iter().map(|layer| part(&layer.place));
                    places.collect::<Vec<_>>()
                };
                prop_assert_eq!(places(many), places(one));
            }
        }
        let all = 0..after.len();
        prop_assert_eq!(
            at_once.highlights(&after, all.clone()),
            one_by_one.highlights(&after, all.clone())
        );
        prop_assert_eq!(at_once.brackets(all.clone()), one_by_one.brackets(all));
        let parsed = SyntaxTree::parse(*language, &after, Some(&at_once), &never).unwrap();
        if parsed.by_depth().is_some() {
            compare(&parsed, &after);
        }
    }
}
