//! What belongs to each heading of Markdown, by its level. The grammar begins a section at headings
//! that are marked with `#` alone, so that it puts an underlined one (CommonMark, section 4.3) into
//! the section before it.

use std::collections::HashMap;

use tree_sitter::Node;

/// The headings of a text.
#[derive(Default)]
pub(crate) struct Headings(Vec<Heading>);

struct Heading {
    start: usize,
    level: usize,
    /// What it stands in apart from sections: the text, a quote or an item of a list.
    container: usize,
    container_end: usize,
}

impl Headings {
    /// Takes in a heading: a section that begins with one, or an underlined one.
    pub(crate) fn push(&mut self, node: &Node<'_>) {
        let heading = match node.kind() {
            "section" => node.named_child(0),
            _ => Some(*node),
        };
        let mut container = *node;
        while let Some(parent) = container.parent() {
            container = parent;
            if container.kind() != "section" {
                break;
            }
        }
        self.0.push(Heading {
            start: node.start_byte(),
            level: heading.as_ref().map_or(1, level),
            container: container.id(),
            container_end: container.end_byte(),
        });
    }

    /// Where what belongs to each ends, in the order in which they were taken in: at the next
    /// heading of its level or of one above that, or with what it stands in.
    pub(crate) fn ends(self) -> Vec<usize> {
        let mut ends: Vec<usize> = self.0.iter().map(|one| one.container_end).collect();
        let mut places: Vec<usize> = (0..self.0.len()).collect();
        places.sort_by_key(|place| self.0[*place].start);
        let mut open: HashMap<usize, Vec<usize>> = HashMap::new();
        for place in places {
            let heading = &self.0[place];
            let open = open.entry(heading.container).or_default();
            while let Some(above) = open.pop_if(|above| self.0[*above].level >= heading.level) {
                ends[above] = heading.start;
            }
            open.push(place);
        }
        ends
    }
}

/// How deep a heading is, from 1: by its marks (`##`) or what underlines it (`---`).
fn level(heading: &Node<'_>) -> usize {
    let marks = (0..heading.child_count()).filter_map(|place| heading.child(place as u32));
    let mut levels = marks.filter_map(|mark| {
        let kind = mark.kind();
        let (_, rest) = kind.split_once("_h")?;
        rest.chars().next()?.to_digit(10)
    });
    levels.next().map_or(1, |level| level as usize)
}
