//! Choosing a model, and finding servers on this machine.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use agent::{AgentConfig, AgentEvent, ModelCatalog, Operation};
use headless_tests::chat;
use llm::{Catalog, KeySource, KeyStore, Protocol, ProviderConfig, discover_servers, list_models};
use test_support::{ModelServer, Reply};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

#[test]
fn a_server_on_loopback_is_found_with_its_models() {
    let server = ModelServer::start();
    server.set_models(&["qwen2.5-coder:1.5b", "nomic-embed-text", "llama3:70b"]);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}/v1", nobody.local_addr().unwrap());
    let found = runtime().block_on(discover_servers(&[
        (
            "ollama".into(),
            format!("{}/v1", server.url()).parse().unwrap(),
        ),
        ("silent".into(), silent.parse().unwrap()),
        ("refused".into(), "http://127.0.0.1:1/v1".parse().unwrap()),
    ]));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].name.as_str(), &found[0].key),
        ("ollama", &KeySource::NotNeeded)
    );
    let names: Vec<(&str, bool)> = found[0]
        .models
        .iter()
        .map(|model| (model.name.as_str(), model.profile.small))
        .collect();
    assert_eq!(names, [("qwen2.5-coder:1.5b", true), ("llama3:70b", false)]);
}

#[test]
fn a_provider_lists_its_models_in_both_protocols() {
    let server = ModelServer::start();
    for protocol in [Protocol::OpenAiChat, Protocol::AnthropicMessages] {
        let provider = ProviderConfig {
            name: "p".into(),
            protocol,
            base_url: server.url().parse().unwrap(),
            key: KeySource::NotNeeded,
            models: Vec::new(),
        };
        let models = runtime().block_on(list_models(&provider, None)).unwrap();
        assert_eq!(models[0].name, "test-model");
    }
}

#[test]
fn keys_and_addresses_come_from_the_environment() {
    let server = ModelServer::start();
    for (prefix, id) in [
        ("OPENAI", "openai/gpt-5"),
        ("ANTHROPIC", "anthropic/claude-sonnet-4-5"),
    ] {
        let url = server.url();
        let keys =
            KeyStore::nothing().with_environment(move |name| match name.strip_prefix(prefix)? {
                "_API_KEY" => Some("sk-from-environment".to_owned()),
                "_BASE_URL" => Some(url.clone()),
                _ => None,
            });
        let catalog = Catalog::new(Vec::new(), keys).with_environment().unwrap();
        let models = Arc::new(ModelCatalog::new(catalog, Some(id.parse().unwrap())));
        let temporary = tempfile::tempdir().unwrap();
        let config = AgentConfig::new(
            temporary.path().to_owned(),
            temporary.path().join("sessions"),
            models,
        );
        let runtime = runtime();
        let (host, _requests) = async_channel::bounded(1);
        let agent = agent::start(config, host, runtime.handle());
        server.push(Reply::text("Hello."));
        agent.operations.send_blocking(chat("hi")).unwrap();
        let mut text = String::new();
        while let Ok(event) = agent.events.recv_blocking() {
            match event {
                AgentEvent::Text { delta } => text.push_str(&delta),
                AgentEvent::TurnEnded { .. } => break,
                _ => {}
            }
        }
        assert_eq!(text, "Hello.");
        let request = server.requests().pop().unwrap();
        assert!(
            request
                .headers
                .iter()
                .any(|(_, value)| value.contains("sk-from-environment"))
        );
    }
}

#[test]
fn a_missing_key_says_how_to_set_it() {
    let keys = KeyStore::nothing().with_environment(|_| None);
    let catalog = Catalog::new(Vec::new(), keys).with_environment().unwrap();
    let models = Arc::new(ModelCatalog::new(
        catalog,
        Some("anthropic/claude-sonnet-4-5".parse().unwrap()),
    ));
    let temporary = tempfile::tempdir().unwrap();
    let config = AgentConfig::new(
        temporary.path().to_owned(),
        temporary.path().join("sessions"),
        models,
    );
    let runtime = runtime();
    let (host, _requests) = async_channel::bounded(1);
    let agent = agent::start(config, host, runtime.handle());
    agent.operations.send_blocking(chat("hi")).unwrap();
    while let Ok(event) = agent.events.recv_blocking() {
        if let AgentEvent::TurnEnded { reason, .. } = event {
            let shown = format!("{reason:?}");
            assert!(shown.contains("ANTHROPIC_API_KEY"), "{shown}");
            break;
        }
    }
    agent.operations.send_blocking(Operation::Cancel).unwrap();
}
