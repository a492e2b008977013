//! The reference pages that are generated into `docs/`.

use crate::keymap::Keymap;
use crate::schema::{Scope, schema};
use crate::server_values::SERVER_SECTIONS;

/// The page `docs/settings.md`, written from [`schema`].
pub fn reference_markdown() -> String {
    let mut page = String::from(
        "# Settings\n\n\
         <!-- Generated from crates/settings/src/schema.rs by `cargo xtask docs`. -->\n\n\
         Settings are JSON files with comments and trailing commas. Yours is `settings.json` in \
         Kiln's configuration folder; a project's is `.kiln/settings.json`, and wins over yours \
         where a setting allows it. A value that does not fit is reported with its place, and \
         the one below it holds.\n\n\
         A block sets some of them for one language, or for several: \
         `\"[python]\": {\"editor.tabSize\": 2}`, `\"[javascript][typescript]\": { \u{2026} }`. What \
         such a block says wins over what holds for all, and one of a single language over one of \
         several. The languages are in `languages.md`.\n\n",
    );
    let sections = SERVER_SECTIONS.iter().map(|section| format!("`{section}`"));
    page.push_str(&format!(
        "Settings of language servers have the names that VS Code's extensions give them, such as \
         `gopls.hints` or `python.analysis.typeCheckingMode`. Your file alone may set them, and the \
         server gets them as they are. They begin with {}. The import from VS Code takes over all of them, and the blocks of languages with \
         what can be set in one.\n",
        sections.collect::<Vec<_>>().join(", ")
    ));
    for setting in schema() {
        page.push_str(&format!(
            "\n## `{}`\n\n{}\n\n- Takes: {}\n- Default: `{}`\n- Set by: {}\n",
            setting.key,
            setting.description,
            setting.value_type.describe(),
            setting.default,
            match setting.scope {
                Scope::User => "your settings only",
                Scope::Folder => "your settings, or a project's",
            },
        ));
        if setting.is_per_language() {
            page.push_str("- For one language: yes\n");
        }
        if let Some(key) = setting.vscode_key {
            page.push_str(&format!("- Imported from VS Code's: `{key}`\n"));
        }
    }
    page
}

/// The page `docs/keymap.md`, written from the default keymap.
pub fn keymap_markdown() -> String {
    let mut page = String::from(
        "# Keys\n\n\
         <!-- Generated from assets/keymaps/default.json by `cargo xtask docs`. -->\n\n\
         Your own bindings go into `keymap.json` in Kiln's configuration folder, in the same form \
         as Kiln's: a list of `{\"keys\", \"command\", \"when\"}`. A command with a `-` before it \
         takes a binding away.\n\n\
         | Keys | Command | Where |\n|---|---|---|\n",
    );
    let mut bindings = Keymap::builtin().bindings;
    bindings.sort_by(|a, b| a.command.cmp(&b.command).then(a.keys.cmp(&b.keys)));
    for binding in bindings {
        let place = binding
            .when
            .as_deref()
            .map_or_else(|| "everywhere".to_string(), |when| format!("`{when}`"));
        page.push_str(&format!(
            "| `{}` | `{}` | {} |\n",
            binding.keys.replace('|', "\\|"),
            binding.command,
            place.replace('|', "\\|"),
        ));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_and_binding_is_on_its_page() {
        let settings = reference_markdown();
        for setting in schema() {
            assert!(settings.contains(&format!("## `{}`", setting.key)));
        }
        let part = |key: &str| {
            let mut parts = settings.split("\n## ");
            parts
                .find(|part| part.starts_with(&format!("`{key}`")))
                .unwrap()
        };
        assert!(part("editor.tabSize").contains("For one language: yes"));
        assert!(!part("editor.mouseWheelZoom").contains("For one language"));
        let keys = keymap_markdown();
        assert!(keys.contains("| `ctrl-s` | `workspace.save` | everywhere |"));
    }
}
