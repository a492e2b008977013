//! Icons: one set (Lucide, ISC) and Kiln's own drawings for files, of one weight, tinted by the
//! theme.

use crate::tokens::icon_size;
use gpui_kit::assets::{AllAssets, IconName};
use gpui_kit::component::Icon;
use gpui_kit::{AssetSource, Hsla, Rems, Result, SharedString, Styled as _};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::LazyLock;
use syntax::{Associations, Language, LanguageId, SymbolKind};

/// The icons of so many paths are kept.
const MAX_CHOSEN: usize = 8_192;

/// A drawing of `assets/icons/languages` with its name.
macro_rules! drawing {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("../../../assets/icons/languages/", $name, ".svg")),
        )
    };
}

/// Where Kiln's own drawings are among its assets.
const DRAWN: &str = "icons/languages/";

/// Kiln's own drawings: those of languages by what `icon` calls them in `assets/languages`.
const DRAWINGS: &[(&str, &[u8])] = &[
    drawing!("c"),
    drawing!("cpp"),
    drawing!("csharp"),
    drawing!("css"),
    drawing!("go"),
    drawing!("h"),
    drawing!("hcl"),
    drawing!("hpp"),
    drawing!("javascript"),
    drawing!("kotlin"),
    drawing!("markdown"),
    drawing!("php"),
    drawing!("proto"),
    drawing!("python"),
    drawing!("rust"),
    drawing!("scala"),
    drawing!("terraform"),
    drawing!("toml"),
    drawing!("typescript"),
    drawing!("vue"),
    drawing!("xml"),
    drawing!("yaml"),
];

/// Kiln's assets: the complete Lucide catalogue, and its own drawings.
pub struct KilnAssets;

impl AssetSource for KilnAssets {
    fn load(&self, path: &str) -> Result<Option<Cow<'static, [u8]>>> {
        let name = path.strip_prefix(DRAWN);
        match name.and_then(|name| drawn(name.strip_suffix(".svg")?)) {
            Some((_, drawing)) => Ok(Some(Cow::Borrowed(drawing))),
            None => AllAssets.load(path),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<SharedString>> {
        AllAssets.list(path)
    }
}

/// Kiln's own drawing of a name.
fn drawn(name: &str) -> Option<&'static (&'static str, &'static [u8])> {
    DRAWINGS.iter().find(|(known, _)| *known == name)
}

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// An icon of the Lucide set.
    Lucide(IconName),
    /// Kiln's own drawing of a language or of files, by its name.
    Drawn(&'static str),
}

impl From<IconName> for Glyph {
    fn from(name: IconName) -> Self {
        Self::Lucide(name)
    }
}

impl Glyph {
    /// Where it is among Kiln's assets.
    pub fn path(self) -> SharedString {
        match self {
            Self::Lucide(name) => name.path(),
            Self::Drawn(name) => format!("{DRAWN}{name}.svg").into(),
        }
    }
}

/// An icon of `size` in `color`.
pub fn sized_icon(glyph: impl Into<Glyph>, size: Rems, color: Hsla) -> Icon {
    Icon::default()
        .path(glyph.into().path())
        .size(size)
        .text_color(color)
}

/// An icon of the usual 14 px in `color`.
pub fn icon(glyph: impl Into<Glyph>, color: Hsla) -> Icon {
    sized_icon(glyph, icon_size::MEDIUM, color)
}

/// The icon that stands for a symbol.
pub fn symbol_icon(kind: SymbolKind) -> IconName {
    match kind {
        SymbolKind::Module => IconName::Package,
        SymbolKind::Class | SymbolKind::Struct => IconName::Boxes,
        SymbolKind::Enum => IconName::List,
        SymbolKind::EnumMember => IconName::Tag,
        SymbolKind::Interface => IconName::Component,
        SymbolKind::Implementation => IconName::Puzzle,
        SymbolKind::Function => IconName::SquareFunction,
        SymbolKind::Method => IconName::Box,
        SymbolKind::Field | SymbolKind::Property => IconName::Braces,
        SymbolKind::Constant => IconName::Pi,
        SymbolKind::Variable => IconName::Variable,
        SymbolKind::Type => IconName::Type,
        SymbolKind::Macro => IconName::Asterisk,
        SymbolKind::Section => IconName::Hash,
    }
}

/// Kiln's own drawing of this name, else the icon with it in the Lucide set.
fn named(name: &str) -> Option<Glyph> {
    if let Some((name, _)) = drawn(name) {
        return Some(Glyph::Drawn(name));
    }
    static BY_PATH: LazyLock<HashMap<SharedString, IconName>> = LazyLock::new(|| {
        let all = IconName::ALL.iter();
        all.map(|icon| (icon.path(), *icon)).collect()
    });
    let icon = BY_PATH.get(format!("icons/{name}.svg").as_str());
    icon.copied().map(Glyph::Lucide)
}

/// The icons that were chosen for paths, by the languages that there were then.
#[derive(Default)]
struct Chosen {
    languages: &'static [Language],
    /// The languages that files are in by the settings.
    associations: Associations,
    /// By whole paths: languages that are imported may be told by folders.
    icons: HashMap<OsString, (Glyph, LanguageId)>,
}

/// The icon that stands for a file, chosen by its path alone: by what special files are called, by
/// its language, or by what it holds that is no language. Cheap when it is asked again.
pub fn file_icon(path: &Path) -> Glyph {
    chosen(path).0
}

/// The icon that stands for a file that is in a language: that of the language, where the path says
/// another one. As cheap as [`file_icon`].
pub fn file_icon_in(path: &Path, language: LanguageId) -> Glyph {
    match chosen(path) {
        (icon, usual) if usual == language || is_header_in(icon, language) => icon,
        _ => language_icon(language),
    }
}

/// Whether an icon is that of headers that languages share, and a language is one of them: what a
/// header holds says in which of them it is.
fn is_header_in(icon: Glyph, language: LanguageId) -> bool {
    icon == HEADER && C_FAMILY.contains(&language.id_str())
}

thread_local! {
    static CHOSEN: RefCell<Chosen> = RefCell::default();
}

/// Says which languages files are in by the settings: their icons go by it from now on, on this
/// thread, which is the one that draws. A program has one window and one store of settings: all that it
/// draws goes by the same.
pub fn set_associations(associations: &Associations) {
    CHOSEN.with_borrow_mut(|chosen| {
        chosen.associations = associations.clone();
        chosen.icons.clear();
    });
}

/// The icon of a file, and the language that its path says.
fn chosen(path: &Path) -> (Glyph, LanguageId) {
    CHOSEN.with_borrow_mut(|chosen| {
        // Those that are imported come with a new list.
        let languages = syntax::languages();
        if !std::ptr::eq(chosen.languages, languages) || chosen.icons.len() >= MAX_CHOSEN {
            chosen.languages = languages;
            chosen.icons.clear();
        }
        if let Some(icon) = chosen.icons.get(path.as_os_str()) {
            return *icon;
        }
        let associated = chosen.associations.language(path);
        let language = associated.unwrap_or_else(|| syntax::detect(path, ""));
        let icon = match associated {
            // Whoever says so means it more than what special files are called.
            Some(language) => language_icon(language),
            None => choose(path, language),
        };
        chosen.icons.insert(path.into(), (icon, language));
        (icon, language)
    })
}

/// The icon that stands for a language.
pub fn language_icon(language: LanguageId) -> Glyph {
    let icon = language.icon().and_then(named);
    icon.unwrap_or(IconName::FileText.into())
}

fn choose(path: &Path, language: LanguageId) -> Glyph {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    if let Some(icon) = special(&name) {
        return icon.into();
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if C_FAMILY.contains(&language.id_str()) {
        match extension {
            "h" => return HEADER,
            "hpp" | "hh" | "hxx" | "h++" => return Glyph::Drawn("hpp"),
            _ => {}
        }
    }
    if let Some(icon) = language.icon().and_then(named) {
        return icon;
    }
    let icon = match extension {
        "proto" => return Glyph::Drawn("proto"),
        "vue" => return Glyph::Drawn("vue"),
        "xml" | "xsd" | "xsl" | "xslt" => return Glyph::Drawn("xml"),
        "lua" => IconName::Moon,
        "swift" => IconName::Bird,
        "rst" | "txt" | "text" | "pdf" => IconName::FileText,
        "ini" | "conf" | "cfg" | "env" | "editorconfig" => IconName::SlidersHorizontal,
        "ps1" | "bat" => IconName::Terminal,
        "scss" | "less" => IconName::Palette,
        "db" | "sqlite" => IconName::Database,
        "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "ico" | "bmp" => IconName::Image,
        "ttf" | "otf" | "woff" | "woff2" => IconName::Type,
        "zip" | "gz" | "tar" | "xz" | "zst" | "7z" => IconName::Archive,
        "csv" | "tsv" | "xlsx" => IconName::Table,
        "pem" | "key" | "crt" => IconName::KeyRound,
        _ => IconName::File,
    };
    icon.into()
}

/// The icon of headers of C, which may be of C++.
const HEADER: Glyph = Glyph::Drawn("h");

/// The languages that have headers.
const C_FAMILY: [&str; 2] = ["c", "cpp"];

/// The icon of files that are told by what they are called rather than by their language.
fn special(name: &str) -> Option<IconName> {
    match name {
        "makefile" | "justfile" => Some(IconName::Hammer),
        "license" | "license.txt" | "license.md" | "copying" => Some(IconName::Scale),
        "readme.md" | "readme" => Some(IconName::BookOpen),
        "go.mod" | "go.work" => Some(IconName::Package),
        "cargo.lock"
        | "package-lock.json"
        | "pnpm-lock.yaml"
        | "yarn.lock"
        | "bun.lock"
        | "uv.lock"
        | "poetry.lock"
        | "gemfile.lock"
        | "composer.lock"
        | "go.sum"
        | "go.work.sum"
        | ".terraform.lock.hcl" => Some(IconName::Lock),
        ".gitignore" | ".gitattributes" | ".gitmodules" => Some(IconName::GitBranch),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_an_icon_of_the_set() {
        for language in syntax::languages() {
            let icon = language
                .icon
                .unwrap_or_else(|| panic!("{} has none", language.name));
            assert!(named(icon).is_some(), "{}: {icon}", language.name);
        }
    }

    #[test]
    fn a_file_has_the_icon_of_its_language_unless_its_name_says_more() {
        let of = |path: &str| file_icon(Path::new(path));
        for (path, icon) in [
            ("a/store.rb", IconName::Gem),
            ("Gemfile", IconName::Gem),
            ("Dockerfile.dev", IconName::Container),
            ("README.md", IconName::BookOpen),
            ("photo.png", IconName::Image),
            ("data.bin", IconName::File),
        ] {
            assert_eq!(of(path), icon.into(), "{path}");
        }
        assert_eq!(of("notes.md"), Glyph::Drawn("markdown"));
        // Somebody said that it is in another language.
        let rust = syntax::by_name("rust").unwrap();
        let [notes, code] = ["notes.txt", "a.rs"].map(Path::new);
        assert_eq!(file_icon_in(notes, rust), Glyph::Drawn("rust"));
        assert_eq!(file_icon_in(code, rust), file_icon(code));
        // A header is one in the language that its text is in, and in no other.
        let [cpp, python] = ["cpp", "python"].map(|it| syntax::by_name(it).unwrap());
        let header = Path::new("a.h");
        assert_eq!(file_icon_in(header, cpp), file_icon(header));
        assert_eq!(file_icon_in(header, python), language_icon(python));
        let plain = file_icon_in(code, LanguageId::PLAIN);
        assert_eq!(plain, IconName::FileText.into());
    }

    #[test]
    fn each_language_is_told_by_an_icon_of_its_own() {
        let files = [
            "a.py",
            "a.java",
            "a.js",
            "a.ts",
            "a.tsx",
            "a.cs",
            "a.go",
            "a.rs",
            "a.php",
            "a.rb",
            "a.kt",
            "a.c",
            "a.h",
            "a.cpp",
            "a.hpp",
            "a.sh",
            "a.sql",
            "a.scala",
            "a.json",
            "a.yaml",
            "a.tf",
            "a.hcl",
            "a.md",
            "a.vue",
            "a.swift",
            "a.lua",
            "a.proto",
            "a.xml",
            "a.log",
            "go.mod",
            "go.sum",
            "a.toml",
            "a.html",
            "a.css",
            "Dockerfile",
            "a.diff",
            ".gitignore",
            "a.txt",
            "a.bin",
        ];
        for (place, file) in files.iter().enumerate() {
            let icon = file_icon(Path::new(file));
            let same = files[..place].iter();
            let same = same.filter(|other| file_icon(Path::new(other)) == icon);
            assert_eq!(same.collect::<Vec<_>>(), Vec::<&&str>::new(), "{file}");
        }
    }

    #[test]
    fn every_drawing_is_an_icon_that_the_theme_tints() {
        for (name, _) in DRAWINGS {
            let path = Glyph::Drawn(name).path();
            let drawing = KilnAssets.load(&path).unwrap().unwrap();
            let drawing = std::str::from_utf8(&drawing).unwrap();
            assert!(drawing.contains(r#"viewBox="0 0 24 24""#), "{name}");
            assert!(drawing.contains(r#"stroke="currentColor""#), "{name}");
            let used = syntax::languages().iter().any(|it| it.icon == Some(*name));
            let files = ["a.h", "a.hpp", "a.proto", "a.vue", "a.xml"];
            let shown = files.map(|file| file_icon(Path::new(file)));
            assert!(used || shown.contains(&Glyph::Drawn(name)), "{name}");
        }
    }

    #[test]
    fn a_file_has_another_icon_once_its_language_is_imported() {
        let [file, below] = ["a.zilch", "p/.zilch/a"].map(Path::new);
        let both = |icon: IconName| [Glyph::from(icon); 2];
        assert_eq!([file_icon(file), file_icon(below)], both(IconName::File));
        let language = syntax::ImportedLanguage {
            id: "zilch".into(),
            extensions: vec![".zilch".into()],
            file_patterns: vec!["**/.zilch/*".into()],
            ..Default::default()
        };
        syntax::register_imported(vec![language], Vec::new());
        assert_eq!(
            [file_icon(file), file_icon(below)],
            both(IconName::FileCode)
        );
        assert_eq!(file_icon(Path::new("p/a")), IconName::File.into());
    }

    #[test]
    fn a_file_has_another_icon_once_the_settings_say_its_language() {
        let [file, other] = ["a/b.inc", "a/b.rs"].map(Path::new);
        let before = [file, other].map(file_icon);
        let (associations, problems) = Associations::new([("*.inc", "python")]);
        assert_eq!(problems, Vec::<String>::new());
        set_associations(&associations);
        let python = file_icon(Path::new("a.py"));
        assert_ne!(before[0], python);
        assert_eq!([file, other].map(file_icon), [python, before[1]]);
        set_associations(&Associations::default());
        assert_eq!([file, other].map(file_icon), before);
    }

    #[test]
    fn icons_are_part_of_the_program() {
        let icon = KilnAssets.load(&IconName::File.path()).unwrap();
        assert!(
            matches!(icon, Some(Cow::Borrowed(_))),
            "a program that is copied elsewhere shows them, too"
        );
    }
}
