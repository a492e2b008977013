use syntax::SymbolKind;

/// What a kind of the protocol (LSP 3.17, `SymbolKind`) is among those that Kiln draws.
pub fn symbol_kind(kind: lsp::SymbolKind) -> SymbolKind {
    match kind {
        lsp::SymbolKind::FILE
        | lsp::SymbolKind::MODULE
        | lsp::SymbolKind::NAMESPACE
        | lsp::SymbolKind::PACKAGE
        | lsp::SymbolKind::OBJECT => SymbolKind::Module,
        lsp::SymbolKind::CLASS => SymbolKind::Class,
        lsp::SymbolKind::STRUCT => SymbolKind::Struct,
        lsp::SymbolKind::ENUM => SymbolKind::Enum,
        lsp::SymbolKind::ENUM_MEMBER => SymbolKind::EnumMember,
        lsp::SymbolKind::INTERFACE => SymbolKind::Interface,
        lsp::SymbolKind::METHOD | lsp::SymbolKind::CONSTRUCTOR => SymbolKind::Method,
        lsp::SymbolKind::FUNCTION | lsp::SymbolKind::OPERATOR => SymbolKind::Function,
        lsp::SymbolKind::FIELD => SymbolKind::Field,
        lsp::SymbolKind::PROPERTY | lsp::SymbolKind::KEY | lsp::SymbolKind::EVENT => {
            SymbolKind::Property
        }
        lsp::SymbolKind::CONSTANT => SymbolKind::Constant,
        lsp::SymbolKind::TYPE_PARAMETER => SymbolKind::Type,
        // Values: a string, a number, a list.
        _ => SymbolKind::Variable,
    }
}
