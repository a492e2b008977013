//! Text with named places: `size⟦use⟧(1)`.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

/// A text without its marks, and the byte where each of them stood.
pub struct Marked {
    pub text: String,
    marks: HashMap<String, usize>,
}

impl Marked {
    /// Reads the marks out of a text.
    ///
    /// # Errors
    /// A mark that does not end, or stands twice.
    pub fn parse(source: &str) -> Result<Self> {
        let mut text = String::new();
        let mut marks = HashMap::new();
        let mut rest = source;
        while let Some((before, after)) = rest.split_once('⟦') {
            text.push_str(before);
            let (name, after) = after.split_once('⟧').context("a mark that does not end")?;
            if marks.insert(name.to_owned(), text.len()).is_some() {
                bail!("the mark {name} twice");
            }
            rest = after;
        }
        text.push_str(rest);
        Ok(Self { text, marks })
    }

    /// The byte of a mark, where it has one.
    pub fn mark(&self, name: &str) -> Option<usize> {
        self.marks.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_places_in_the_text_without_them() {
        let marked = Marked::parse("a⟦b⟧ö⟦c⟧").unwrap();
        assert_eq!(marked.text, "aö");
        assert_eq!(marked.mark("b"), Some(1));
        assert_eq!(marked.mark("c"), Some(3));
        assert_eq!(marked.mark("d"), None);
        assert!(Marked::parse("a⟦b").is_err());
        assert!(Marked::parse("⟦b⟧⟦b⟧").is_err());
    }
}
