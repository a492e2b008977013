//! Snippets as text again: parsing what is printed gives the same snippet.

use std::fmt;

use super::transform::{FormatPart, GroupFormat, Transform};
use super::{Part, Snippet};

impl fmt::Display for Snippet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(&self.parts, formatter)
    }
}

fn print(parts: &[Part], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    for part in parts {
        match part {
            Part::Text(text) => escape(text, &['\\', '$', '}'], formatter)?,
            Part::TabStop {
                number,
                transform: None,
            } => write!(formatter, "${{{number}}}")?,
            Part::TabStop {
                number,
                transform: Some(transform),
            } => write!(formatter, "${{{number}{transform}}}")?,
            Part::Placeholder { number, content } => {
                write!(formatter, "${{{number}:")?;
                print(content, formatter)?;
                formatter.write_str("}")?;
            }
            Part::Choice { number, choices } => {
                write!(formatter, "${{{number}|")?;
                for (index, choice) in choices.iter().enumerate() {
                    if index > 0 {
                        formatter.write_str(",")?;
                    }
                    escape(choice, &['\\', ',', '|'], formatter)?;
                }
                formatter.write_str("|}")?;
            }
            Part::Variable {
                name,
                default,
                transform,
            } => {
                write!(formatter, "${{{name}")?;
                if let Some(default) = default {
                    formatter.write_str(":")?;
                    print(default, formatter)?;
                }
                if let Some(transform) = transform {
                    write!(formatter, "{transform}")?;
                }
                formatter.write_str("}")?;
            }
        }
    }
    Ok(())
}

impl fmt::Display for Transform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("/")?;
        let mut characters = self.regex().chars();
        while let Some(character) = characters.next() {
            match character {
                '/' => formatter.write_str("\\/")?,
                // What follows a backslash belongs to it.
                '\\' => {
                    write!(formatter, "\\")?;
                    match characters.next() {
                        Some(escaped) => write!(formatter, "{escaped}")?,
                        None => write!(formatter, "\\")?,
                    }
                }
                other => write!(formatter, "{other}")?,
            }
        }
        formatter.write_str("/")?;
        for part in self.format() {
            match part {
                FormatPart::Text(text) => escape(text, &['\\', '/', '$', '}'], formatter)?,
                FormatPart::Group(number, format) => {
                    write!(formatter, "${{{number}")?;
                    match format {
                        GroupFormat::AsItIs => {}
                        GroupFormat::If(then) => {
                            formatter.write_str(":+")?;
                            escape(then, &['\\', '}'], formatter)?;
                        }
                        GroupFormat::IfElse(then, other) => {
                            formatter.write_str(":?")?;
                            escape(then, &['\\', ':'], formatter)?;
                            formatter.write_str(":")?;
                            escape(other, &['\\', '}'], formatter)?;
                        }
                        GroupFormat::Else(other) => {
                            formatter.write_str(":-")?;
                            escape(other, &['\\', '}'], formatter)?;
                        }
                        named => write!(formatter, ":/{}", named.name().unwrap_or_default())?,
                    }
                    formatter.write_str("}")?;
                }
            }
        }
        write!(formatter, "/{}", self.options())
    }
}

fn escape(text: &str, special: &[char], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    for character in text.chars() {
        if special.contains(&character) {
            formatter.write_str("\\")?;
        }
        write!(formatter, "{character}")?;
    }
    Ok(())
}
