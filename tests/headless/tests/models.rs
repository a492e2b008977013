//! Choosing a model, and finding servers on this machine.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;
use std::time::Duration;

use agent::{AgentConfig, AgentEvent, EndReason, LookReason, ModelCatalog, Operation};
use headless_tests::chat;
use llm::{
    Catalog, KeySource, KeyStore, ModelList, Protocol, ProviderConfig, discover_servers,
    list_models,
};
use test_support::{Gate, ModelServer, Reply, Step};

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
            list: ModelList::Named,
        };
        let models = runtime().block_on(list_models(&provider, None)).unwrap();
        assert_eq!(models[0].name, "test-model");
    }
}

/// The models of a machine whose environment names `address` as OpenAI's.
fn with_base_url(address: &str) -> ModelCatalog {
    let address = address.to_owned();
    let keys = KeyStore::nothing()
        .with_environment(move |name| (name == "OPENAI_BASE_URL").then(|| address.clone()));
    let catalog = Catalog::new(Vec::new(), keys).with_environment().unwrap();
    ModelCatalog::new(catalog, None)
}

fn listed(models: &ModelCatalog) -> (Vec<String>, ModelList) {
    let catalog = models.catalog();
    let openai = catalog.provider("openai").unwrap();
    let names = openai.models.iter().map(|model| model.name.clone());
    (names.collect(), openai.list.clone())
}

#[test]
fn a_server_that_the_environment_names_is_asked_for_its_models() {
    let server = ModelServer::start();
    server.set_models(&["house-large", "house-small"]);
    let models = with_base_url(&server.url());
    let mut changes = models.changes();
    assert_eq!(listed(&models).1, ModelList::Unasked);
    runtime().block_on(models.ask_servers());
    let names = ["house-large", "house-small"].map(str::to_owned).to_vec();
    assert_eq!(listed(&models), (names, ModelList::Listed));
    assert!(changes.has_changed().unwrap());
    changes.mark_unchanged();
    server.set_models(&["house-next"]);
    runtime().block_on(models.ask_servers());
    assert_eq!(listed(&models).0, ["house-next"]);
}

#[test]
fn without_a_choice_the_first_model_that_the_server_names_answers() {
    let server = ModelServer::start();
    server.set_models(&["house-large"]);
    let temporary = tempfile::tempdir().unwrap();
    let config = AgentConfig::new(
        temporary.path().to_owned(),
        temporary.path().join("sessions"),
        Arc::new(with_base_url(&server.url())),
    );
    let runtime = runtime();
    let (host, _requests) = async_channel::bounded(1);
    let agent = agent::start(config, host, runtime.handle());
    let chosen =
        std::iter::from_fn(|| agent.events.recv_blocking().ok()).find_map(|event| match event {
            AgentEvent::ModelChanged { id, .. } => Some(id.to_string()),
            _ => None,
        });
    assert_eq!(chosen.as_deref(), Some("openai/house-large"));
}

#[test]
fn a_server_without_a_list_keeps_the_usual_names_and_says_why() {
    let server = ModelServer::start();
    for (reply, reason) in [
        (
            Reply::error(404, "no such page"),
            "does not list its models (404)",
        ),
        (
            Reply::error(500, "on fire"),
            "did not list its models (500: on fire)",
        ),
        (Reply::error(401, "who are you"), "refused the API key"),
        (
            Reply::Response {
                status: 200,
                headers: Vec::new(),
                body: "<html>".into(),
            },
            "sent something else than a list of models",
        ),
        (
            Reply::Response {
                status: 200,
                headers: Vec::new(),
                body: r#"{"data":[]}"#.into(),
            },
            "lists no models",
        ),
    ] {
        server.answer_lists_with(reply);
        let models = with_base_url(&server.url());
        runtime().block_on(models.ask_servers());
        let (names, list) = listed(&models);
        assert_eq!(list, ModelList::Unlisted(reason.to_owned()));
        assert!(names.contains(&"gpt-5".to_owned()), "{names:?}");
    }
}

#[test]
fn a_server_that_does_not_answer_is_not_waited_for() {
    // It takes the connection and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let models = with_base_url(&format!("http://{}", silent.local_addr().unwrap()));
    runtime().block_on(models.ask_servers());
    let reason = "did not list its models within 5 s".to_owned();
    assert_eq!(listed(&models).1, ModelList::Unlisted(reason));
}

#[test]
fn what_a_server_says_too_late_is_not_taken_for_another_one() {
    let server = ModelServer::start();
    let models = with_base_url(&server.url());
    let asked = models.catalog().provider("openai").unwrap().clone();
    let answer = runtime().block_on(list_models(&asked, None)).unwrap();
    let mut now = with_base_url("http://127.0.0.1:1/v1").catalog();
    now.listed(&asked, Ok(answer.clone()));
    let openai = now.provider("openai").unwrap();
    assert_eq!(openai.list, ModelList::Unasked);
    assert!(!openai.models.contains(&answer[0]));
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
            let EndReason::NeedsKey(shown) = reason else {
                panic!("{reason:?}");
            };
            assert!(shown.contains("ANTHROPIC_API_KEY"), "{shown}");
            break;
        }
    }
    agent.operations.send_blocking(Operation::Cancel).unwrap();
}

#[test]
fn a_key_that_cannot_be_read_is_told_and_read_again() {
    let temporary = tempfile::tempdir().unwrap();
    let file = temporary.path().join("keys.json");
    std::fs::write(&file, "{").unwrap();
    let acme = ProviderConfig::of_user(
        "acme",
        Protocol::OpenAiChat,
        "https://models.invalid/v1".parse().unwrap(),
        &["one".to_owned()],
        None,
    );
    let catalog = Catalog::new(vec![acme], KeyStore::file_only(file.clone()));
    let config = AgentConfig::new(
        temporary.path().to_owned(),
        temporary.path().join("sessions"),
        Arc::new(ModelCatalog::new(catalog, None)),
    );
    let runtime = runtime();
    let (host, _requests) = async_channel::bounded(1);
    let agent = agent::start(config, host, runtime.handle());
    let says_why = |text: &str| {
        assert!(
            text.starts_with("The key of acme cannot be read. The key file "),
            "{text}"
        );
    };
    agent.operations.send_blocking(chat("hi")).unwrap();
    let mut told = 0;
    while let Ok(event) = agent.events.recv_blocking() {
        match event {
            AgentEvent::NoModel {
                message,
                unreadable_keys,
                ..
            } => {
                says_why(&message);
                says_why(&unreadable_keys.unwrap());
                told += 1;
            }
            AgentEvent::TurnEnded {
                reason: EndReason::Failed(message),
                ..
            } => {
                says_why(&message);
                break;
            }
            _ => {}
        }
    }
    assert_eq!(told, 2, "at the start and for the prompt");
    std::fs::write(&file, "{\"acme\": \"k\"}").unwrap();
    agent
        .operations
        .send_blocking(Operation::FindModel(LookReason::Asked))
        .unwrap();
    while let Ok(event) = agent.events.recv_blocking() {
        match event {
            AgentEvent::ModelChanged { id, .. } => {
                assert_eq!(id.as_str(), "acme/one");
                break;
            }
            AgentEvent::NoModel { message, .. } => panic!("{message}"),
            _ => {}
        }
    }
}

#[test]
fn a_prompt_is_seen_while_a_model_is_looked_for_and_can_be_stopped() {
    use std::io::Write as _;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    // It lists nothing when the program starts, and then does not answer at all.
    let server = std::thread::spawn(move || {
        let (mut first, _) = listener.accept().unwrap();
        let gone = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        first.write_all(gone.as_bytes()).unwrap();
        (listener.accept().unwrap(), first)
    });
    let own = ProviderConfig {
        name: "own".into(),
        protocol: Protocol::OpenAiChat,
        base_url: url.parse().unwrap(),
        key: KeySource::NotNeeded,
        models: Vec::new(),
        list: ModelList::Unasked,
    };
    let models = ModelCatalog::new(Catalog::new(vec![own], KeyStore::nothing()), None);
    let temporary = tempfile::tempdir().unwrap();
    let config = AgentConfig::new(
        temporary.path().to_owned(),
        temporary.path().join("sessions"),
        Arc::new(models),
    );
    let runtime = runtime();
    let (host, _requests) = async_channel::bounded(1);
    let agent = agent::start(config, host, runtime.handle());
    let next = || agent.events.recv_blocking().unwrap();
    while !matches!(next(), AgentEvent::NoModel { .. }) {}

    agent.operations.send_blocking(chat("hi")).unwrap();
    assert!(matches!(next(), AgentEvent::TurnStarted { prompt, .. } if prompt == "hi"));
    assert!(matches!(next(), AgentEvent::Loading { note } if note.contains("Looking")));
    let asked = server.join().unwrap();
    agent.operations.send_blocking(Operation::Cancel).unwrap();
    let ended = next();
    let AgentEvent::TurnEnded { reason, .. } = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(reason, EndReason::Cancelled);
    drop(asked);
}

#[test]
fn servers_are_asked_once_at_the_start() {
    use std::io::{BufRead as _, Write as _};
    use std::sync::atomic::{AtomicUsize, Ordering};
    for window_first in [true, false] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        std::thread::spawn({
            let asked = asked.clone();
            move || {
                for stream in listener.incoming() {
                    let mut stream = stream.unwrap();
                    let mut lines = std::io::BufReader::new(stream.try_clone().unwrap()).lines();
                    while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
                    asked.fetch_add(1, Ordering::SeqCst);
                    let body = "{\"data\":[{\"id\":\"house\"}]}";
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", body.len());
                    let answer = format!("{head}Connection: close\r\n\r\n{body}");
                    stream.write_all(answer.as_bytes()).unwrap();
                }
            }
        });
        let models = Arc::new(with_base_url(&url));
        let temporary = tempfile::tempdir().unwrap();
        let config = AgentConfig::new(
            temporary.path().to_owned(),
            temporary.path().join("sessions"),
            models.clone(),
        );
        let runtime = runtime();
        let (host, _requests) = async_channel::bounded(1);
        let window = || {
            let models = models.clone();
            runtime.spawn(async move { models.ask_servers_once().await })
        };
        let first = window_first.then(window);
        let agent = agent::start(config, host, runtime.handle());
        let second = (!window_first).then(window);
        let chosen = std::iter::from_fn(|| agent.events.recv_blocking().ok())
            .any(|event| matches!(event, AgentEvent::ModelChanged { .. }));
        assert!(chosen);
        for asking in first.into_iter().chain(second) {
            runtime.block_on(asking).unwrap();
        }
        assert_eq!(
            asked.load(Ordering::SeqCst),
            1,
            "window first: {window_first}"
        );
    }
}

/// What an agent that starts with these providers says of its model, and where it has none, what it
/// says once a person does something to get one.
fn said_of_models(state: &std::path::Path, providers: &[&ProviderConfig]) -> Vec<String> {
    let providers = providers.iter().map(|known| (*known).clone()).collect();
    let models =
        ModelCatalog::new(Catalog::new(providers, KeyStore::nothing()), None).remembering_in(state);
    let config = AgentConfig::new(state.to_owned(), state.join("sessions"), Arc::new(models));
    let runtime = runtime();
    let (host, _requests) = async_channel::bounded(1);
    let agent::AgentHandle { operations, events } = agent::start(config, host, runtime.handle());
    let mut operations = Some(operations);
    let mut said = Vec::new();
    // The events end with the agent, once nobody can ask it for anything.
    while let Ok(event) = events.recv_blocking() {
        match event {
            AgentEvent::ModelChanged { id, choice, .. } => {
                said.push(format!("{id} {choice:?}"));
                operations = None;
            }
            AgentEvent::NoModel { missing, .. } => {
                said.push(missing.unwrap());
                let operations = operations.as_ref().unwrap();
                operations
                    .send_blocking(Operation::FindModel(LookReason::Asked))
                    .unwrap();
            }
            AgentEvent::Notice { message, .. } => said.push(message),
            _ => {}
        }
    }
    said
}

#[test]
fn the_model_in_use_is_kept_and_what_is_away_is_told() {
    let state = tempfile::tempdir().unwrap();
    let here = |name: &str| ProviderConfig {
        name: name.into(),
        protocol: Protocol::OpenAiChat,
        base_url: "http://127.0.0.1:1/v1".parse().unwrap(),
        key: KeySource::NotNeeded,
        models: vec![llm::ModelInfo::named("m")],
        list: ModelList::Named,
    };
    let keyed = ProviderConfig {
        base_url: "https://models.invalid/v1".parse().unwrap(),
        key: KeySource::Given(llm::Secret::new("k")),
        ..here("keyed")
    };
    let (ollama, studio) = (here("ollama"), here("studio"));
    let said = |providers: &[&ProviderConfig]| said_of_models(state.path(), providers);
    assert_eq!(said(&[&ollama]), ["ollama/m First"]);
    assert_eq!(said(&[&keyed, &ollama]), ["ollama/m Last"]);
    let away = "The model ollama/m, which was in use last, is not there now: \
                no server called ollama is set up or answers.";
    assert_eq!(
        said(&[&keyed, &studio]),
        [
            "studio/m First".to_owned(),
            format!("{away} studio/m answers until you choose another.")
        ]
    );
    // What stood in gives way.
    assert_eq!(said(&[&keyed, &studio, &ollama]), ["ollama/m Last"]);
    // Without a stand-in none answers before a person asks for one.
    assert_eq!(
        said(&[&keyed]),
        [
            away.to_owned(),
            "keyed/m First".to_owned(),
            format!("{away} keyed/m answers until you choose another.")
        ]
    );
    assert_eq!(said(&[&keyed, &ollama]), ["keyed/m Last"]);
}

#[test]
fn what_stands_in_for_a_model_gives_way_once_that_is_back_and_never_within_a_turn() {
    let state = tempfile::tempdir().unwrap();
    std::fs::create_dir(state.path().join("model")).unwrap();
    std::fs::write(state.path().join("model/last"), "own/m\n").unwrap();
    let (own, near) = (ModelServer::start(), ModelServer::start());
    let provider = |name: &str, server: &ModelServer| ProviderConfig {
        name: name.into(),
        protocol: Protocol::OpenAiChat,
        base_url: server.url().parse().unwrap(),
        key: KeySource::NotNeeded,
        models: vec![llm::ModelInfo::named("m")],
        list: ModelList::Named,
    };
    let known = |providers| Catalog::new(providers, KeyStore::nothing());
    let models = ModelCatalog::new(known(vec![provider("near", &near)]), None);
    let models = Arc::new(models.remembering_in(state.path()));
    let sessions = state.path().join("sessions");
    let config = AgentConfig::new(state.path().to_owned(), sessions, Arc::clone(&models));
    let runtime = runtime();
    let (host, _requests) = async_channel::bounded(1);
    let agent = agent::start(config, host, runtime.handle());
    // What is told of models until an event.
    let told_until = |is_it: &dyn Fn(&AgentEvent) -> bool| {
        let mut told = Vec::new();
        loop {
            let next =
                async { tokio::time::timeout(Duration::from_secs(20), agent.events.recv()).await };
            let event = runtime.block_on(next).unwrap().unwrap();
            match &event {
                AgentEvent::ModelChanged { id, choice, .. } => {
                    told.push(format!("{id} {choice:?}"));
                }
                AgentEvent::Notice { message, .. } => told.push(message.clone()),
                _ => {}
            }
            if is_it(&event) {
                return told;
            }
        }
    };
    let is_notice = |event: &AgentEvent| matches!(event, AgentEvent::Notice { .. });
    let has_ended = |event: &AgentEvent| matches!(event, AgentEvent::TurnEnded { .. });
    let told = told_until(&is_notice);
    assert_eq!(told[0], "near/m First");
    assert!(told[1].starts_with("The model own/m, which was in use last, is not there now"));

    let gate = Gate::new();
    near.push(Reply::Stream(vec![
        Step::Text("Half".into()),
        Step::Hold(gate.clone()),
        Step::Text(" and half.".into()),
    ]));
    own.push(Reply::text("Here again."));
    agent.operations.send_blocking(chat("hi")).unwrap();
    assert!(near.wait_for_requests(1));
    // It is back while the other one answers.
    models.replace_providers(known(vec![provider("near", &near), provider("own", &own)]));
    gate.open();
    assert_eq!(told_until(&has_ended), [""; 0], "within the turn");
    let back = "The model own/m is back and answers again, in place of near/m.";
    assert_eq!(told_until(&is_notice), ["own/m Last", back]);
    agent.operations.send_blocking(chat("and now?")).unwrap();
    told_until(&has_ended);
    assert_eq!((near.requests().len(), own.requests().len()), (1, 1));
    // What was in use last is still that.
    let last = std::fs::read_to_string(state.path().join("model/last")).unwrap();
    assert_eq!(last, "own/m\n");
}
