//! Icons: one set (Lucide, ISC), one weight, tinted by the theme.

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
use syntax::{Language, SymbolKind};

/// The icons of so many paths are kept.
const MAX_CHOSEN: usize = 8_192;

/// Kiln's assets: the complete Lucide catalogue.
pub struct KilnAssets;

impl AssetSource for KilnAssets {
    fn load(&self, path: &str) -> Result<Option<Cow<'static, [u8]>>> {
        AllAssets.load(path)
    }

    fn list(&self, path: &str) -> Result<Vec<SharedString>> {
        AllAssets.list(path)
    }
}

/// An icon of `size` in `color`.
pub fn sized_icon(name: IconName, size: Rems, color: Hsla) -> Icon {
    Icon::default()
        .path(name.path())
        .size(size)
        .text_color(color)
}

/// An icon of the usual 14 px in `color`.
pub fn icon(name: IconName, color: Hsla) -> Icon {
    sized_icon(name, icon_size::MEDIUM, color)
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

/// The icon with this name in the Lucide set.
fn named(name: &str) -> Option<IconName> {
    static BY_PATH: LazyLock<HashMap<SharedString, IconName>> = LazyLock::new(|| {
        let all = IconName::ALL.iter();
        all.map(|icon| (icon.path(), *icon)).collect()
    });
    BY_PATH.get(format!("icons/{name}.svg").as_str()).copied()
}

/// The icons that were chosen for paths, by the languages that there were then.
#[derive(Default)]
struct Chosen {
    languages: &'static [Language],
    /// By whole paths: languages that are imported may be told by folders.
    icons: HashMap<OsString, IconName>,
}

/// The icon that stands for a file, chosen by its path alone: by what special files are called, by
/// its language, or by what it holds that is no language. Cheap when it is asked again.
pub fn file_icon(path: &Path) -> IconName {
    thread_local! {
        static CHOSEN: RefCell<Chosen> = RefCell::default();
    }
    CHOSEN.with_borrow_mut(|chosen| {
        // Those that are imported come with a new list.
        let languages = syntax::languages();
        if !std::ptr::eq(chosen.languages, languages) || chosen.icons.len() >= MAX_CHOSEN {
            *chosen = Chosen {
                languages,
                ..Chosen::default()
            };
        }
        if let Some(icon) = chosen.icons.get(path.as_os_str()) {
            return *icon;
        }
        let icon = choose(path);
        chosen.icons.insert(path.into(), icon);
        icon
    })
}

fn choose(path: &Path) -> IconName {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match name.as_str() {
        "makefile" | "justfile" => return IconName::Hammer,
        "license" | "license.txt" | "license.md" | "copying" => return IconName::Scale,
        "readme.md" | "readme" => return IconName::BookOpen,
        "cargo.lock" | "package-lock.json" | "yarn.lock" | "uv.lock" => return IconName::Lock,
        ".gitignore" | ".gitattributes" | ".gitmodules" => return IconName::GitBranch,
        _ => {}
    }
    if let Some(icon) = syntax::detect(path, "").icon().and_then(named) {
        return icon;
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "swift" | "xml" | "vue" => IconName::CodeXml,
        "rst" | "txt" | "text" | "log" | "pdf" => IconName::FileText,
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
        assert_eq!(of("a/store.rb"), IconName::Gem);
        assert_eq!(of("Gemfile"), IconName::Gem);
        assert_eq!(of("Dockerfile.dev"), IconName::Container);
        assert_eq!(of("README.md"), IconName::BookOpen);
        assert_eq!(of("notes.md"), IconName::FileText);
        assert_eq!(of("photo.png"), IconName::Image);
        assert_eq!(of("data.bin"), IconName::File);
    }

    #[test]
    fn a_file_has_another_icon_once_its_language_is_imported() {
        let [file, below] = ["a.zilch", "p/.zilch/a"].map(Path::new);
        assert_eq!([file_icon(file), file_icon(below)], [IconName::File; 2]);
        let language = syntax::ImportedLanguage {
            id: "zilch".into(),
            extensions: vec![".zilch".into()],
            file_patterns: vec!["**/.zilch/*".into()],
            ..Default::default()
        };
        syntax::register_imported(vec![language], Vec::new());
        assert_eq!([file_icon(file), file_icon(below)], [IconName::FileCode; 2]);
        assert_eq!(file_icon(Path::new("p/a")), IconName::File);
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
