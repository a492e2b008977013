//! Icons in labels, as VS Code writes them: `$(play) Run`. Kiln has other icons, and shows the words.

/// A label without its icons; one that is nothing else is the names of them.
pub(crate) fn words(label: &str) -> String {
    let (mut words, mut names) = (String::with_capacity(label.len()), Vec::new());
    let mut rest = label;
    while let Some((before, after)) = rest.split_once("$(") {
        words.push_str(before);
        let name = after.split_once(')').filter(|(name, _)| is_name(name));
        match name {
            Some((name, after)) => {
                // What turns it is behind a tilde.
                names.push(name.split('~').next().unwrap_or(name));
                rest = after;
            }
            None => {
                words.push_str("$(");
                rest = after;
            }
        }
    }
    words.push_str(rest);
    if names.is_empty() {
        return words;
    }
    let kept: Vec<_> = words.split_whitespace().collect();
    match kept.is_empty() {
        true => names.join(" "),
        false => kept.join(" "),
    }
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '~');
    !name.is_empty() && name.len() <= 60 && name.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_go_and_the_words_stay() {
        assert_eq!(words("Run $(play) it"), "Run it");
        assert_eq!(words("$(debug-alt) Debug"), "Debug");
        assert_eq!(words("$(sync~spin)"), "sync");
        assert_eq!(words("costs $(5 or so"), "costs $(5 or so");
        assert_eq!(words("$(a b)  two $()"), "$(a b)  two $()");
        assert_eq!(words("plain  text"), "plain  text");
    }
}
