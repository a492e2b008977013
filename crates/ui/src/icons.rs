//! Icons: one set (Lucide, ISC), one weight, tinted by the theme.

use crate::tokens::icon_size;
use gpui_kit::assets::{AllAssets, IconName};
use gpui_kit::component::Icon;
use gpui_kit::{AssetSource, Hsla, Rems, Result, SharedString, Styled as _};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;
use syntax::SymbolKind;

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

/// The icon with this name in the Lucide set, of those that the languages have.
fn named(name: &str) -> Option<IconName> {
    static NAMED: LazyLock<HashMap<&'static str, IconName>> = LazyLock::new(|| {
        let wanted = syntax::languages()
            .iter()
            .filter_map(|language| language.icon);
        let found = wanted.filter_map(|name| {
            let path = format!("icons/{name}.svg");
            let icon = IconName::ALL
                .iter()
                .find(|icon| icon.path() == path.as_str());
            Some((name, *icon?))
        });
        found.collect()
    });
    NAMED.get(name).copied()
}

/// The icon that stands for a file, chosen by its name alone: by what special files are called, by
/// its language, or by what it holds that is no language.
pub fn file_icon(path: &Path) -> IconName {
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
    fn icons_are_part_of_the_program() {
        let icon = KilnAssets.load(&IconName::File.path()).unwrap();
        assert!(
            matches!(icon, Some(Cow::Borrowed(_))),
            "a program that is copied elsewhere shows them, too"
        );
    }
}
