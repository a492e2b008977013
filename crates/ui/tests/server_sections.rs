//! What counts in settings as a language server's own, beside the catalogue of servers.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use lsp::Catalogue;
use serde_json::json;
use settings::{Layer, SERVER_SECTIONS, Settings};

/// Servers that have no settings.
const WITHOUT: &[&str] = &["sqruff", "typeprof"];

#[test]
fn every_section_is_a_servers_and_every_server_has_one() {
    let catalogue = Catalogue::bundled().unwrap();
    let known: BTreeSet<&str> = SERVER_SECTIONS.iter().copied().collect();
    assert_eq!(known.len(), SERVER_SECTIONS.len(), "one stands there twice");
    let mut whose: BTreeMap<&str, &str> = BTreeMap::new();
    for server in &catalogue.servers {
        assert_eq!(
            server.sections.is_empty(),
            WITHOUT.contains(&server.name.as_str()),
            "{}",
            server.name
        );
        for section in &server.sections {
            assert!(
                known.contains(section.as_str()),
                "`{section}` of {} is told as no setting",
                server.name
            );
            whose.entry(section).or_insert(&server.name);
        }
    }
    for section in known {
        assert!(whose.contains_key(section), "`{section}` is no server's");
    }
}

#[test]
fn what_is_written_in_a_section_comes_to_its_servers() {
    let catalogue = Catalogue::bundled().unwrap();
    for section in SERVER_SECTIONS {
        let text = json!({ format!("{section}.some.thing"): 1 }).to_string();
        let (settings, problems) = Settings::from_layers(&[Layer::user("settings.json", text)]);
        assert_eq!(problems, []);
        for server in &catalogue.servers {
            let told = server.settings_with(&settings.server_values, None).settings;
            let own = match server.root_section.as_deref() == Some(*section) {
                true => Some(&told),
                false => told.get(*section),
            };
            assert_eq!(
                own.is_some_and(|own| own["some"]["thing"] == 1),
                server.sections.iter().any(|one| one == section),
                "{section} and {}",
                server.name
            );
        }
    }
}
