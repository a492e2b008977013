//! Hands Kiln's grammars to gpui-component, for code blocks in Markdown and diffs.

use gpui_kit::component::highlighter::{GrammarConfig, LanguageRegistry};

/// Registers every language that has a grammar, under each of its usual names.
pub fn register() {
    let registry = LanguageRegistry::singleton();
    for language in syntax::languages() {
        let Some((grammar, highlights, injections)) = syntax::grammar(language.id) else {
            continue;
        };
        let config = GrammarConfig::new(
            language.id.id_str(),
            grammar,
            Vec::new(),
            &highlights,
            &injections,
            "",
        );
        for name in language.aliases.iter().chain([&language.id_str]) {
            registry.register(name, &config);
        }
    }
}
