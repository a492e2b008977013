//! The code in comments that document JavaScript and TypeScript: what stands behind `@example`, and
//! in fences.

use std::ops::Range;

/// What a fence is in whose lines are code in these languages.
const LANGUAGES: [&str; 8] = [
    "js",
    "javascript",
    "jsx",
    "mjs",
    "ts",
    "typescript",
    "tsx",
    "mts",
];

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Prose,
    /// An example, with whether there was a fence in it.
    Example {
        fenced: bool,
    },
    /// A fence, with whether it is code and whether an example is around it.
    Fence {
        is_code: bool,
        in_example: bool,
    },
}

/// The lines of code in a comment, without what begins each of them, in order. In an example with
/// fences they alone are code.
pub(crate) fn code(comment: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut place = Place::Prose;
    // Where the lines of the example that is being read begin in what was found.
    let mut example = 0;
    let mut at = 0;
    for line in comment.split_inclusive('\n') {
        let start = at + beginning(line);
        at += line.len();
        // A comment may end in the line.
        let end = comment[start..at].find("*/").map_or(at, |end| start + end);
        let text = comment[start..end].trim();
        if let Some(language) = text.strip_prefix("```") {
            let language = language.trim();
            place = match place {
                Place::Fence {
                    in_example: true, ..
                } => Place::Example { fenced: true },
                Place::Fence { .. } => Place::Prose,
                Place::Prose | Place::Example { .. } => {
                    // What stood before it was prose.
                    if place == (Place::Example { fenced: false }) {
                        found.truncate(example);
                    }
                    let in_example = place != Place::Prose;
                    let is_unnamed = in_example && language.is_empty();
                    Place::Fence {
                        is_code: is_unnamed || LANGUAGES.contains(&language),
                        in_example,
                    }
                }
            };
            continue;
        }
        let name = text.strip_prefix('@').unwrap_or_default();
        let is_tag = name.starts_with(|sign: char| sign.is_ascii_alphabetic());
        match place {
            Place::Fence { is_code: true, .. } => push(start..end, &mut found),
            Place::Fence { .. } => {}
            _ if is_tag => {
                place = Place::Prose;
                let is_of_name = |sign: char| sign.is_ascii_alphanumeric();
                let behind = name.strip_prefix("example");
                if let Some(behind) = behind.filter(|behind| !behind.starts_with(is_of_name)) {
                    place = Place::Example { fenced: false };
                    example = found.len();
                    let code = without_caption(behind);
                    let blank = comment[start..end].len() - comment[start..end].trim_end().len();
                    if !code.is_empty() {
                        push(end - blank - code.len()..end, &mut found);
                    }
                }
            }
            Place::Example { fenced: false } => push(start..end, &mut found),
            Place::Example { .. } | Place::Prose => {}
        }
    }
    found
}

fn push(part: Range<usize>, found: &mut Vec<Range<usize>>) {
    if !part.is_empty() {
        found.push(part);
    }
}

/// How long the indentation, the star and the blank are that a line of a comment begins with.
fn beginning(line: &str) -> usize {
    let blank = |sign: char| sign == ' ' || sign == '\t';
    let rest = line.trim_start_matches(blank);
    let rest = match rest.strip_prefix("/**") {
        Some(rest) => rest,
        None if rest.starts_with("*/") => return line.len() - rest.len(),
        None => rest.strip_prefix('*').unwrap_or(rest),
    };
    line.len() - rest.strip_prefix(blank).unwrap_or(rest).len()
}

/// What stands behind the title of an example: `<caption>Two numbers</caption>`.
fn without_caption(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix("<caption>") {
        Some(rest) => rest
            .split_once("</caption>")
            .map_or("", |(_, rest)| rest.trim()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(comment: &str) -> Vec<&str> {
        code(comment)
            .into_iter()
            .map(|part| &comment[part])
            .collect()
    }

    #[test]
    fn an_example_goes_on_to_the_next_tag() {
        let comment = "/**\n * Adds.\n * @example\n * add(1, 2);\n *   // 3\n * @param a one\n */";
        assert_eq!(found(comment), ["add(1, 2);\n", "  // 3\n"]);
        assert_eq!(found("/** @example add(1) */"), ["add(1) "]);
        let comment = "/**\n * @example <caption>Two</caption>\n * add();\n */";
        assert_eq!(found(comment), ["add();\n"]);
        assert!(found("/**\n * @examples\n * add();\n */").is_empty());
        assert!(found("/** Adds. */").is_empty());
    }

    #[test]
    fn of_an_example_with_fences_they_alone_are_code() {
        let comment = "/**\n * @example\n * Adds:\n * ```ts\n * add();\n * @a b;\n * ```\n * and\n * ```sh\n * ls\n * ```\n */";
        assert_eq!(found(comment), ["add();\n", "@a b;\n"]);
        let comment = "/**\n * Adds:\n * ```js\n * add();\n * ```\n * ```\n * no\n * ```\n */";
        assert_eq!(found(comment), ["add();\n"]);
    }
}
