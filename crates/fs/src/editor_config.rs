//! `.editorconfig` files: what a project says of how its files are written
//! (<https://spec.editorconfig.org/>).

use std::path::{Path, PathBuf};

use ec4rs::property::{
    Charset, EndOfLine, FinalNewline, IndentSize, IndentStyle, MaxLineLen, TabWidth, TrimTrailingWs,
};
use ec4rs::{ConfigParser, Properties, PropertiesSource};

use crate::encoding::TextEncoding;
use crate::file_system::Fs;
use crate::line_ending::LineEnding;

/// The name of these files.
pub const EDITOR_CONFIG: &str = ".editorconfig";

/// The longest such file that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// How many folders up they are looked for.
const MAX_FOLDERS: usize = 64;

/// The longest pattern that is followed, in bytes, and how many wild cards and choices it may have:
/// the time to match one grows with the power of their number.
const MAX_PATTERN: usize = 1024;
const MAX_WILD: usize = 12;

/// What `.editorconfig` files say of one file. A part that they do not name is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditorConfig {
    /// Whether a level of indentation is spaces (`indent_style`).
    pub insert_spaces: Option<bool>,
    /// Columns of a level, 1 to 64 (`indent_size`, or `tab_width` where that is `tab`).
    pub indent_size: Option<u32>,
    /// Columns of a tab, 1 to 64 (`tab_width`).
    pub tab_width: Option<u32>,
    /// How lines end (`end_of_line`).
    pub line_ending: Option<LineEnding>,
    /// The encoding of the file, and whether it begins with a byte order mark (`charset`).
    pub charset: Option<(TextEncoding, bool)>,
    /// Whether white space at the ends of lines is taken away when the file is saved.
    pub trim_trailing_whitespace: Option<bool>,
    /// Whether the file is to end with a line feed when it is saved.
    pub insert_final_newline: Option<bool>,
    /// The column that lines should not go past, from 1 (`max_line_length`).
    pub max_line_length: Option<u32>,
}

impl EditorConfig {
    /// Reads what is said of a file, in its folder and those above up to one that says
    /// `root = true`. Nearer folders win, and in a file later sections. What cannot be read or
    /// parsed says nothing. Blocks; call it off the UI thread.
    pub fn of(fs: &dyn Fs, file: &Path) -> Self {
        let mut found: Vec<(PathBuf, String)> = Vec::new();
        for folder in folders_above(file) {
            let Ok(bytes) = fs.read(&folder.join(EDITOR_CONFIG), MAX_BYTES) else {
                continue;
            };
            let text = tamed(&String::from_utf8_lossy(&bytes));
            let is_root = ConfigParser::new(text.as_bytes()).is_ok_and(|parser| parser.is_root);
            found.push((folder.to_path_buf(), text));
            if is_root {
                break;
            }
        }
        let mut properties = Properties::new();
        for (folder, text) in found.iter().rev() {
            let inside = file.strip_prefix(folder).unwrap_or(file);
            let Ok(parser) = ConfigParser::new(text.as_bytes()) else {
                continue;
            };
            // The sections before a broken line count.
            for section in parser.map_while(Result::ok) {
                if (&section).apply_to(&mut properties, inside).is_err() {
                    break;
                }
            }
        }
        Self::from_properties(&properties)
    }

    /// Where files that say something of a file may be, nearest first.
    pub fn places(file: &Path) -> impl Iterator<Item = PathBuf> {
        folders_above(file).map(|folder| folder.join(EDITOR_CONFIG))
    }

    fn from_properties(properties: &Properties) -> Self {
        let columns = |columns: usize| {
            let columns = u32::try_from(columns).ok()?;
            (1..=64).contains(&columns).then_some(columns)
        };
        let tab_width = match properties.get::<TabWidth>() {
            Ok(TabWidth::Value(width)) => columns(width),
            Err(_) => None,
        };
        let indent_size = match properties.get::<IndentSize>() {
            Ok(IndentSize::Value(size)) => columns(size),
            Ok(IndentSize::UseTabWidth) | Err(_) => tab_width,
        };
        Self {
            insert_spaces: match properties.get::<IndentStyle>() {
                Ok(IndentStyle::Spaces) => Some(true),
                Ok(IndentStyle::Tabs) => Some(false),
                Err(_) => None,
            },
            indent_size,
            // As the specification says, a tab is as wide as a level where nothing else is said.
            tab_width: tab_width.or(indent_size),
            line_ending: match properties.get::<EndOfLine>() {
                Ok(EndOfLine::Lf) => Some(LineEnding::Lf),
                Ok(EndOfLine::CrLf) => Some(LineEnding::CrLf),
                Ok(EndOfLine::Cr) => Some(LineEnding::Cr),
                Err(_) => None,
            },
            charset: match properties.get::<Charset>() {
                Ok(Charset::Utf8) => Some((TextEncoding::UTF_8, false)),
                Ok(Charset::Utf8Bom) => Some((TextEncoding::UTF_8, true)),
                // Every byte of Latin-1 means the same in its superset.
                Ok(Charset::Latin1) => Some((TextEncoding::WINDOWS_1252, false)),
                Ok(Charset::Utf16Le) => Some((TextEncoding::UTF_16LE, true)),
                Ok(Charset::Utf16Be) => Some((TextEncoding::UTF_16BE, true)),
                Err(_) => None,
            },
            trim_trailing_whitespace: match properties.get::<TrimTrailingWs>() {
                Ok(TrimTrailingWs::Value(trim)) => Some(trim),
                Err(_) => None,
            },
            insert_final_newline: match properties.get::<FinalNewline>() {
                Ok(FinalNewline::Value(insert)) => Some(insert),
                Err(_) => None,
            },
            max_line_length: match properties.get::<MaxLineLen>() {
                Ok(MaxLineLen::Value(length)) => {
                    u32::try_from(length).ok().filter(|length| *length > 0)
                }
                Ok(MaxLineLen::Off) | Err(_) => None,
            },
        }
    }
}

fn folders_above(file: &Path) -> impl Iterator<Item = &Path> {
    file.ancestors()
        .skip(1)
        .filter(|folder| !folder.as_os_str().is_empty())
        .take(MAX_FOLDERS)
}

/// The text of a file with the patterns taken out that would take long to match: their sections
/// apply to nothing.
fn tamed(text: &str) -> String {
    const NOTHING: &str = "[/]";
    let mut tamed = String::with_capacity(text.len());
    for line in text.trim_start_matches('\u{feff}').lines() {
        let wild = line.matches(['*', '{', ',']).count();
        let is_section = line.trim_start().starts_with('[');
        if is_section && (line.len() > MAX_PATTERN || wild > MAX_WILD) {
            tamed.push_str(NOTHING);
        } else {
            tamed.push_str(line);
        }
        tamed.push('\n');
    }
    tamed
}

#[cfg(all(test, feature = "test-support"))]
mod tests {
    use super::*;
    use crate::FakeFs;

    fn of(files: &[(&str, &str)], file: &str) -> EditorConfig {
        let fs = FakeFs::new();
        for (path, text) in files {
            fs.insert(Path::new(path), text.as_bytes());
        }
        EditorConfig::of(&fs, Path::new(file))
    }

    #[test]
    fn every_property_is_read() {
        let config = of(
            &[(
                "/p/.editorconfig",
                "[*.rs]\nindent_style = space\nindent_size = 2\ntab_width=8\nend_of_line = crlf\n\
                 charset = utf-8-bom\ntrim_trailing_whitespace = true\n\
                 insert_final_newline = false\nmax_line_length = 100\n[*.py]\nindent_size = 4\n",
            )],
            "/p/src/a.rs",
        );
        assert_eq!(
            config,
            EditorConfig {
                insert_spaces: Some(true),
                indent_size: Some(2),
                tab_width: Some(8),
                line_ending: Some(LineEnding::CrLf),
                charset: Some((TextEncoding::UTF_8, true)),
                trim_trailing_whitespace: Some(true),
                insert_final_newline: Some(false),
                max_line_length: Some(100),
            }
        );
    }

    #[test]
    fn nearer_folders_win_up_to_the_root() {
        let files = [
            ("/.editorconfig", "[*]\nindent_size = 9\ntab_width = 3\n"),
            (
                "/p/.editorconfig",
                "root = true\n[*]\nindent_size = 8\nend_of_line = lf\n",
            ),
            (
                "/p/src/.editorconfig",
                "[*]\nindent_size = 2\n[a.*]\nend_of_line = unset\n",
            ),
        ];
        let config = of(&files, "/p/src/deep/b.rs");
        assert_eq!(config.indent_size, Some(2));
        assert_eq!(config.tab_width, Some(2), "not from above the root");
        assert_eq!(config.line_ending, Some(LineEnding::Lf));
        assert_eq!(of(&files, "/p/src/a.rs").line_ending, None, "unset");
    }

    #[test]
    fn tabs_and_odd_values() {
        let text = "[*]\nindent_style = tab\nindent_size = tab\ntab_width = 3\nmax_line_length = off\n\
                    charset = klingon\nend_of_line = ?\n";
        let config = of(&[("/p/.editorconfig", text)], "/p/a");
        assert_eq!(config.insert_spaces, Some(false));
        assert_eq!((config.indent_size, config.tab_width), (Some(3), Some(3)));
        assert_eq!(config.max_line_length, None);
        assert_eq!((config.charset, config.line_ending), (None, None));
        let zero = of(&[("/p/.editorconfig", "[*]\nindent_size = 0\n")], "/p/a");
        assert_eq!(zero, EditorConfig::default());
    }

    #[test]
    fn what_is_broken_or_hostile_says_nothing() {
        let hostile = format!("[{}]\nindent_size = 2\n", "*a".repeat(400));
        let broken = "[*]\nindent_size = 2\nwhat is this\nindent_size = 4\n";
        let huge = format!("[*]\nindent_size = 2\n{}", "#".repeat(300 * 1024));
        for text in [&*hostile, &huge, "[", "\u{0}\u{1}"] {
            let config = of(
                &[("/p/.editorconfig", text)],
                &format!("/p/{}", "a".repeat(200)),
            );
            assert_eq!(
                config,
                EditorConfig::default(),
                "{}",
                &text[..text.len().min(20)]
            );
        }
        let config = of(&[("/p/.editorconfig", broken)], "/p/a");
        assert!(matches!(config.indent_size, None | Some(2)));
    }
}
