//! Upper and lower case of replacements.

/// `replacement` in the case of what it takes the place of, as VS Code's "Preserve Case" does it:
/// all upper, all lower, or with the first character as in `matched`. Where both have the same
/// number of parts between hyphens (or underscores, where neither has a hyphen), each part follows
/// its own.
pub(super) fn preserve(matched: &str, replacement: &str) -> String {
    for separator in ['-', '_'] {
        let parts = matched.split(separator).count();
        if parts > 1 && parts == replacement.split(separator).count() {
            let parts: Vec<String> = matched
                .split(separator)
                .zip(replacement.split(separator))
                .map(|(matched, replacement)| preserve_part(matched, replacement))
                .collect();
            return parts.join(separator.encode_utf8(&mut [0; 4]));
        }
    }
    preserve_part(matched, replacement)
}

fn preserve_part(matched: &str, replacement: &str) -> String {
    let Some(first) = matched.chars().next() else {
        return replacement.to_owned();
    };
    if matched.to_uppercase() == matched {
        // A digit or a mark alone has no case to go by.
        if matched.to_lowercase() == matched {
            return replacement.to_owned();
        }
        return replacement.to_uppercase();
    }
    if matched.to_lowercase() == matched {
        return replacement.to_lowercase();
    }
    if first.is_uppercase() {
        map_first(replacement, |first| first.to_uppercase().collect())
    } else if first.is_lowercase() {
        map_first(replacement, |first| first.to_lowercase().collect())
    } else {
        replacement.to_owned()
    }
}

/// A text with its first character changed.
pub(crate) fn map_first(text: &str, change: impl FnOnce(char) -> String) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => change(first) + characters.as_str(),
        None => String::new(),
    }
}

/// A change of case of a group in a replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaseChange {
    /// `\u`: the next character in upper case.
    UpperOne,
    /// `\l`: the next character in lower case.
    LowerOne,
    /// `\U`: the rest in upper case.
    UpperRest,
    /// `\L`: the rest in lower case.
    LowerRest,
}

impl CaseChange {
    pub fn named(letter: char) -> Option<Self> {
        match letter {
            'u' => Some(Self::UpperOne),
            'l' => Some(Self::LowerOne),
            'U' => Some(Self::UpperRest),
            'L' => Some(Self::LowerRest),
            _ => None,
        }
    }
}

/// A text with one change after the other, each beginning where the last one ended.
pub(super) fn change(text: &str, changes: &[CaseChange]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text.chars();
    for change in changes {
        match change {
            CaseChange::UpperOne => {
                result.extend(rest.next().into_iter().flat_map(char::to_uppercase))
            }
            CaseChange::LowerOne => {
                result.extend(rest.next().into_iter().flat_map(char::to_lowercase))
            }
            CaseChange::UpperRest => return result + &rest.as_str().to_uppercase(),
            CaseChange::LowerRest => return result + &rest.as_str().to_lowercase(),
        }
    }
    result + rest.as_str()
}
