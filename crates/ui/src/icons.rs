//! Icons: one set (Lucide, ISC), one weight, tinted by the theme.

use crate::tokens::icon_size;
use gpui_kit::assets::{AllAssets, IconName};
use gpui_kit::component::Icon;
use gpui_kit::{AssetSource, Hsla, Rems, Result, SharedString, Styled as _};
use std::borrow::Cow;
use std::path::Path;
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

/// The icon that stands for a file, chosen by its name alone.
pub fn file_icon(path: &Path) -> IconName {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match name.as_str() {
        "dockerfile" | "containerfile" => return IconName::Container,
        "makefile" | "justfile" => return IconName::Hammer,
        "license" | "license.txt" | "license.md" | "copying" => return IconName::Scale,
        "readme.md" | "readme" => return IconName::BookOpen,
        "cargo.lock" | "package-lock.json" | "yarn.lock" | "uv.lock" => return IconName::Lock,
        ".gitignore" | ".gitattributes" | ".gitmodules" => return IconName::GitBranch,
        _ => {}
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "rs" | "py" | "ts" | "tsx" | "js" | "jsx" | "mjs" | "cjs" | "go" | "java" | "kt" | "c"
        | "h" | "cpp" | "hpp" | "cs" | "rb" | "php" | "swift" | "scala" | "html" | "xml"
        | "vue" => IconName::CodeXml,
        "json" | "jsonc" | "json5" => IconName::Braces,
        "md" | "markdown" | "rst" | "txt" | "log" | "pdf" => IconName::FileText,
        "toml" | "yaml" | "yml" | "ini" | "conf" | "cfg" | "env" | "editorconfig" => {
            IconName::SlidersHorizontal
        }
        "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" => IconName::Terminal,
        "css" | "scss" | "less" => IconName::Palette,
        "sql" | "db" | "sqlite" => IconName::Database,
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
    fn icons_are_part_of_the_program() {
        let icon = KilnAssets.load(&IconName::File.path()).unwrap();
        assert!(
            matches!(icon, Some(Cow::Borrowed(_))),
            "a program that is copied elsewhere shows them, too"
        );
    }
}
