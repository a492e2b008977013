//! The third step: a model. One that Kiln runs, a server on this machine, or a key.

use super::{Onboarding, after, below_title, card, card_title};
use crate::byte_size::byte_size;
use crate::dialog::{Question, ask};
use crate::key_removal::ask_to_remove;
use crate::model_setup::{DownloadEvent, EmbeddedModel, FoundServer, KeyProvider};
use gpui_kit::base::{ObservedElement, TestSupportExt as _};
use gpui_kit::component::input::{Escape, Input, InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, Context, Entity, SharedString, Stateful, Subscription,
    Task, Window, div,
};
use std::collections::HashMap;
use ui::tokens::space;
use ui::widgets::{
    Button, ButtonStyle, IconButton, Pill, PillTone, ProgressBar, StaticText as _, column, row,
};
use ui::{ActiveKilnTheme as _, IconName, Severity, Typography as _, icons, notify};

/// How many models of a server are listed.
const SERVER_MODELS: usize = 8;

/// What the page knows.
#[derive(Default)]
pub(super) struct ModelState {
    inputs: HashMap<SharedString, Entity<InputState>>,
    /// Enter in one of them keeps its key.
    entered: Vec<Subscription>,
    servers: Option<Vec<FoundServer>>,
    download: Option<Running>,
    search: Option<Task<()>>,
    keys: Option<Task<()>>,
    files: Option<Task<()>>,
    /// What was chosen on this page. The agent takes it up a moment later.
    pub(super) chosen: Option<SharedString>,
}

struct Running {
    model: SharedString,
    done: u64,
    total: u64,
    note: SharedString,
    cancel: Box<dyn Fn()>,
    _task: Task<()>,
}

impl Onboarding {
    pub(super) fn start_model_page(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        for provider in models.providers(cx) {
            let input = cx.new(|cx| {
                InputState::new(window, cx)
                    .placeholder(provider.hint.clone())
                    .masked(true)
            });
            let id = provider.id.clone();
            let entered = cx.subscribe_in(
                &input,
                window,
                move |this, _, event: &InputEvent, window, cx| {
                    if let InputEvent::PressEnter { .. } = event {
                        this.save_key(&id, window, cx);
                    }
                },
            );
            self.model.entered.push(entered);
            self.model.inputs.insert(provider.id, input);
        }
        self.find_servers(cx);
    }

    /// Looks at what other windows and programs change, too: the keys, and the files of models.
    pub(super) fn look_at_models(&mut self, cx: &mut Context<Self>) {
        self.look_keys_up(cx);
        self.look_at_files(cx);
    }

    fn look_at_files(&mut self, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let looked = models.look_at_files(cx);
        self.model.files = Some(cx.spawn(async move |this, cx| {
            looked.await;
            // The steps may be over.
            this.update(cx, |_, cx| cx.notify()).ok();
        }));
    }

    fn look_keys_up(&mut self, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let looked_up = models.look_keys_up(cx);
        self.model.keys = Some(cx.spawn(async move |this, cx| {
            looked_up.await;
            // The steps may be over.
            this.update(cx, |_, cx| cx.notify()).ok();
        }));
    }

    /// Reads the keys again, and lists what can be used with them.
    fn look_again(&mut self, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let looked_up = models.look_keys_up(cx);
        self.model.keys = Some(cx.spawn(async move |this, cx| {
            looked_up.await;
            // The steps may be over.
            this.update(cx, |this, cx| this.find_servers(cx)).ok();
        }));
    }

    /// Whether a model is being downloaded.
    pub(super) fn is_downloading(&self) -> bool {
        self.model.download.is_some()
    }

    /// Stops the download of a model.
    pub(super) fn cancel_download(&mut self, cx: &mut Context<Self>) {
        if let Some(running) = &self.model.download {
            (running.cancel)();
        }
        cx.notify();
    }

    pub(super) fn find_servers(&mut self, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        self.model.servers = None;
        let found = models.find_servers(cx);
        self.model.search = Some(cx.spawn(async move |this, cx| {
            let servers = found.await;
            // The steps may be over.
            this.update(cx, |this, cx| {
                this.model.servers = Some(servers);
                cx.notify();
            })
            .ok();
        }));
        cx.notify();
    }

    fn choose_model(&mut self, id: &str, window: &mut Window, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let written = match models.choose(id, cx) {
            Ok(()) => {
                let chosen = vec![("kiln.agent.model", id.to_owned().into())];
                self.settings.set(chosen, cx)
            }
            Err(error) => Task::ready(Err(error)),
        };
        let id: SharedString = id.to_owned().into();
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let written = written.await;
            this.update_in(cx, |this, window, cx| {
                match written {
                    Ok(()) => {
                        let name = model_name(&id, &models.embedded(cx));
                        this.model.chosen = Some(id);
                        let message = format!("The agent uses {name} now.");
                        notify(Severity::Success, message, window, cx);
                    }
                    Err(error) => ui::notify_error(&error, window, cx),
                }
                cx.notify();
            })
        })
        .detach();
    }

    fn save_key(&mut self, provider: &str, window: &mut Window, cx: &mut Context<Self>) {
        let (Some(models), Some(input)) = (
            self.models.clone(),
            self.model.inputs.get(provider).cloned(),
        ) else {
            return;
        };
        let key = input.read(cx).unmask_value().trim().to_owned();
        if key.is_empty() {
            notify(Severity::Warning, "Paste a key first.", window, cx);
            return;
        }
        let saved = models.save_key(provider, key, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let saved = saved.await;
            this.update_in(cx, |_, window, cx| {
                match saved {
                    Ok(place) => {
                        input.update(cx, |input, cx| input.set_value("", window, cx));
                        notify(Severity::Success, place, window, cx);
                    }
                    Err(error) => ui::notify_error(&error, window, cx),
                }
                cx.notify();
            })
        })
        .detach();
    }

    /// Keeps every key that was typed.
    pub(super) fn save_keys(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let mut typed = models.providers(cx);
        typed.retain(|provider| {
            let input = self.model.inputs.get(&provider.id);
            input.is_some_and(|input| !input.read(cx).unmask_value().trim().is_empty())
        });
        if typed.is_empty() {
            notify(Severity::Warning, "Paste a key first.", window, cx);
        }
        for provider in typed {
            self.save_key(&provider.id, window, cx);
        }
    }

    /// Uses the model after the one in use, in the order of the page; after the last one the
    /// first.
    pub(super) fn use_next_model(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let embedded = models.embedded(cx).into_iter();
        let embedded = embedded
            .filter(|model| model.installed)
            .map(|model| model.id);
        let of_servers = [true, false].into_iter();
        let of_servers = of_servers.flat_map(|local| self.server_models(local));
        let of_servers = of_servers.map(|(_, id)| id.clone());
        let listed: Vec<SharedString> = embedded.chain(of_servers).collect();
        match after(&listed, self.current_model(cx).as_ref()) {
            Some(id) => self.choose_model(id, window, cx),
            None => {
                let message = "No model is here yet. Download one, or start a model server.";
                notify(Severity::Info, message, window, cx);
            }
        }
    }

    /// Offers the model to download that is recommended, else the first that is not here.
    pub(super) fn offer_a_download(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let mut missing = models.embedded(cx);
        missing.retain(|model| !model.installed);
        // The others keep their order.
        missing.sort_by_key(|model| !model.recommended);
        let message = match missing.into_iter().next() {
            _ if self.model.download.is_some() => "A model is being downloaded already.",
            Some(model) => return self.offer_download(model, window, cx),
            None => "There is no model to download.",
        };
        notify(Severity::Info, message, window, cx);
    }

    /// Asks, and only then fetches.
    fn offer_download(
        &mut self,
        model: EmbeddedModel,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let question = Question::new(
            format!("Download {}?", model.name),
            format!(
                "{} from {}, or from a mirror where that cannot be reached. Licence: {}. The file is \
                 checked against its published hash. Nothing you write leaves this machine.",
                byte_size(model.bytes),
                model.source,
                model.licence
            ),
        )
        .answer("Not Now", ButtonStyle::Secondary)
        .answer("Download", ButtonStyle::Primary);
        let answer = ask(&self.modals, question, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            if answer.await == Ok(1) {
                this.update_in(cx, |this, window, cx| this.download(&model, window, cx))?;
            }
            anyhow::Ok(())
        })
        .detach();
    }

    fn download(&mut self, model: &EmbeddedModel, window: &mut Window, cx: &mut Context<Self>) {
        let Some(models) = self.models.clone() else {
            return;
        };
        let download = models.download(&model.id, cx);
        let events = download.events;
        let id = model.id.clone();
        let task = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            while let Ok(event) = events.recv().await {
                let id = id.clone();
                let known = this.update_in(cx, |this, window, cx| {
                    this.download_event(&id, event, window, cx);
                });
                if known.is_err() {
                    return;
                }
            }
        });
        self.model.download = Some(Running {
            model: model.id.clone(),
            done: 0,
            total: model.bytes,
            note: "Connecting\u{2026}".into(),
            cancel: download.cancel,
            _task: task,
        });
        cx.notify();
    }

    fn download_event(
        &mut self,
        id: &str,
        event: DownloadEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            DownloadEvent::Progress { done, total, note } => {
                if let Some(running) = &mut self.model.download {
                    running.done = done;
                    running.total = total;
                    running.note = note;
                }
            }
            DownloadEvent::Finished => {
                self.end_download(cx);
                self.choose_model(id, window, cx);
            }
            DownloadEvent::Stopped => {
                self.end_download(cx);
                let message = "The download is stopped. It goes on from here the next time.";
                notify(Severity::Info, message, window, cx);
            }
            DownloadEvent::Failed(why) => {
                self.end_download(cx);
                notify(Severity::Error, why, window, cx);
            }
        }
        cx.notify();
    }

    /// Forgets the download. Its task goes on to its end by itself, since it may be the
    /// one that called.
    fn end_download(&mut self, cx: &mut Context<Self>) {
        if let Some(running) = self.model.download.take() {
            running._task.detach();
        }
        self.look_at_files(cx);
    }

    /// The model that the agent uses, as far as one is chosen.
    pub(super) fn current_model(&self, cx: &App) -> Option<SharedString> {
        let chosen = self.model.chosen.clone();
        chosen.or_else(|| self.models.as_ref()?.current(cx))
    }

    pub(super) fn render_models(&mut self, _: &mut Window, cx: &mut Context<Self>) -> AnyElement {
        let Some(models) = self.models.clone() else {
            return card(cx)
                .child(card_title(
                    IconName::FolderOpen,
                    "Open a folder first",
                    "A model is chosen for the agent, and the agent works in a folder.",
                    cx,
                ))
                .into_any_element();
        };
        let embedded = models.embedded(cx);
        let providers = models.providers(cx);
        let current = self.current_model(cx);
        let in_use = self.render_in_use(current.as_ref(), &embedded, cx);
        column()
            .gap(space::L)
            .children(in_use)
            .when(!embedded.is_empty(), |this| {
                this.child(self.render_embedded(embedded, current.as_ref(), cx))
            })
            .child(self.render_servers(current.as_ref(), cx))
            .children(self.render_servers_elsewhere(current.as_ref(), cx))
            .child(self.render_providers(providers, cx))
            .into_any_element()
    }

    fn render_embedded(
        &self,
        models: Vec<EmbeddedModel>,
        current: Option<&SharedString>,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let rows: Vec<_> = models
            .into_iter()
            .enumerate()
            .map(|(index, model)| {
                let in_use = current == Some(&model.id);
                self.render_embedded_row(index, model, in_use, cx)
            })
            .collect();
        card(cx)
            .child(card_title(
                IconName::Cpu,
                "On this machine",
                "Free and private: no key, no network once the file is here. Small, so best at short questions.",
                cx,
            ))
            .child(below_title().children(rows))
            .into_any_element()
    }

    fn render_embedded_row(
        &self,
        index: usize,
        model: EmbeddedModel,
        in_use: bool,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let theme = cx.kiln_theme();
        let running = self
            .model
            .download
            .as_ref()
            .filter(|running| running.model == model.id);
        let busy = self.model.download.is_some();
        let action: AnyElement = match (running, model.installed) {
            (Some(_), _) => Button::new(("cancel-download", index), "Cancel")
                .tooltip("Stop the download")
                .command("onboarding.cancelDownload")
                .on_click(cx.listener(|this, _, _, cx| this.cancel_download(cx)))
                .into_any_element(),
            (None, true) if in_use => in_use_mark(),
            (None, true) => {
                let id = model.id.clone();
                Button::new(("use-embedded", index), "Use")
                    .tooltip(format!("Use {} for the agent", model.name))
                    .command("onboarding.useModel")
                    .on_click(
                        cx.listener(move |this, _, window, cx| this.choose_model(&id, window, cx)),
                    )
                    .into_any_element()
            }
            (None, false) => {
                let offered = model.clone();
                Button::new(("download", index), "Download\u{2026}")
                    .tooltip(format!(
                        "Look at what {} needs, and download it",
                        model.name
                    ))
                    .icon(IconName::Download)
                    .disabled(busy)
                    .command("onboarding.downloadModel")
                    .on_click(cx.listener(move |this, _, window, cx| {
                        this.offer_download(offered.clone(), window, cx);
                    }))
                    .into_any_element()
            }
        };
        let detail = match running {
            Some(running) => format!(
                "{} of {} \u{00b7} {}",
                byte_size(running.done),
                byte_size(running.total),
                running.note
            ),
            None if let Some(why) = &model.damaged => {
                format!("Its file {why}. Download it again.")
            }
            None => format!(
                "{} \u{00b7} needs {} of memory \u{00b7} {}",
                byte_size(model.bytes),
                byte_size(model.memory_bytes),
                model.licence
            ),
        };
        let fraction = running.map(|running| {
            if running.total == 0 {
                0.
            } else {
                running.done as f32 / running.total as f32
            }
        });
        column()
            .gap(space::S)
            .child(
                row()
                    .gap(space::M)
                    .child(
                        column()
                            .flex_1()
                            .min_w_0()
                            .child(
                                row()
                                    .gap(space::M)
                                    .text_body()
                                    .child(div().min_w_0().truncate().child(model.name.clone()))
                                    .when(model.recommended, |this| {
                                        this.child(Pill::new("Recommended"))
                                    })
                                    .when(model.installed && !in_use, |this| {
                                        this.child(Pill::new("Downloaded"))
                                    })
                                    .when(model.damaged.is_some(), |this| {
                                        this.child(Pill::new("Damaged").tone(PillTone::Warning))
                                    }),
                            )
                            .child(
                                labelled(("embedded-detail", index), detail.into())
                                    .text_small()
                                    .text_color(theme.text_muted),
                            ),
                    )
                    .child(action),
            )
            .children(
                fraction.map(|fraction| {
                    ProgressBar::new(format!("Downloading {}", model.name), fraction)
                }),
            )
            .into_any_element()
    }

    fn render_servers(&self, current: Option<&SharedString>, cx: &mut Context<Self>) -> AnyElement {
        let muted = cx.kiln_theme().text_muted;
        let found = self.model.servers.as_deref();
        let rows = match found.map(|servers| servers.iter().any(|server| server.local)) {
            None => vec![
                div()
                    .text_small()
                    .text_color(muted)
                    .child("Looking for servers\u{2026}")
                    .into_any_element(),
            ],
            Some(false) => vec![
                row()
                    .gap(space::M)
                    .child(div().flex_1().min_w_0().text_small().text_color(muted).child(
                        "None found. Start Ollama, LM Studio, llama.cpp or vLLM, then look again.",
                    ))
                    .child(
                        Button::new("find-servers", "Look again")
                            .tooltip("Look for model servers on this machine again")
                            .command("onboarding.findServers")
                            .on_click(cx.listener(|this, _, _, cx| this.find_servers(cx))),
                    )
                    .into_any_element(),
            ],
            Some(true) => self.server_rows(true, current, cx),
        };
        card(cx)
            .child(card_title(
                IconName::Server,
                "A server on this machine",
                "Kiln looks for model servers on their usual ports of this machine alone.",
                cx,
            ))
            .child(below_title().children(rows))
            .into_any_element()
    }

    /// The servers elsewhere that have answered; nothing where there is none.
    fn render_servers_elsewhere(
        &self,
        current: Option<&SharedString>,
        cx: &mut Context<Self>,
    ) -> Option<AnyElement> {
        let rows = self.server_rows(false, current, cx);
        if rows.is_empty() {
            return None;
        }
        let card = card(cx)
            .child(card_title(
                IconName::Globe,
                "A server elsewhere",
                "Named by your settings or the environment. What you ask is sent there, and may be billed.",
                cx,
            ))
            .child(below_title().children(rows));
        Some(card.into_any_element())
    }

    /// The models that are listed of servers on this machine, or elsewhere.
    fn server_models(&self, local: bool) -> impl Iterator<Item = (&FoundServer, &SharedString)> {
        let servers = self.model.servers.iter().flatten();
        servers
            .filter(move |server| server.local == local)
            .flat_map(|server| {
                let listed = server.models.iter().take(SERVER_MODELS);
                listed.map(move |id| (server, id))
            })
    }

    /// The models of the servers that are, or are not, on this machine.
    fn server_rows(
        &self,
        local: bool,
        current: Option<&SharedString>,
        cx: &mut Context<Self>,
    ) -> Vec<AnyElement> {
        let muted = cx.kiln_theme().text_muted;
        self.server_models(local)
            .enumerate()
            .map(|(index, (server, id))| {
                let id = id.clone();
                let (button, name) = match local {
                    true => ("use-server-model", "server-model"),
                    false => ("use-model-elsewhere", "model-elsewhere"),
                };
                let action = if current == Some(&id) {
                    in_use_mark()
                } else {
                    let chosen = id.clone();
                    Button::new((button, index), "Use")
                        .tooltip(format!("Use {id} for the agent"))
                        .command("onboarding.useModel")
                        .on_click(cx.listener(move |this, _, window, cx| {
                            this.choose_model(&chosen, window, cx);
                        }))
                        .into_any_element()
                };
                row()
                    .gap(space::M)
                    .child(
                        column()
                            .flex_1()
                            .min_w_0()
                            .child(labelled((name, index), id).truncate().text_body())
                            .child(
                                div()
                                    .truncate()
                                    .text_small()
                                    .text_color(muted)
                                    .child(format!("{} at {}", server.name, server.url)),
                            ),
                    )
                    .child(action)
                    .into_any_element()
            })
            .collect()
    }

    fn render_providers(&self, providers: Vec<KeyProvider>, cx: &mut Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme();
        let success = theme.success;
        let rows: Vec<_> = providers
            .into_iter()
            .enumerate()
            .map(|(index, provider)| {
                let input = self.model.inputs.get(&provider.id).cloned();
                let known = match &provider.variable {
                    Some(variable) => Some(format!("From {variable}")),
                    None => provider.saved.then(|| "Key saved".to_owned()),
                };
                let saved = provider.saved.then(|| provider.clone());
                let name = provider.name.clone();
                let heading = row()
                    .gap(space::M)
                    .child(
                        labelled(("key-provider", index), name.clone())
                            .min_w_0()
                            .truncate()
                            .text_body(),
                    )
                    .children(known.map(|known| {
                        div()
                            .flex_none()
                            .text_caption()
                            .text_color(success)
                            .child(known)
                    }))
                    .children(saved.map(|provider| {
                        IconButton::new(
                            ("remove-key", index),
                            IconName::Trash,
                            format!("Remove the saved key of {name}"),
                        )
                        .on_click(cx.listener(
                            move |this, _, window, cx| {
                                if let Some(models) = this.models.clone() {
                                    ask_to_remove(&provider, models, &this.modals, window, cx);
                                }
                            },
                        ))
                    }));
                let field = row()
                    .gap(space::M)
                    // Escape leaves the field first, so that what was typed in it is not gone.
                    .on_action(cx.listener(|this, _: &Escape, window, cx| {
                        this.focus.focus(window, cx);
                    }))
                    .children(input.map(|input| {
                        div().flex_1().min_w_0().child(
                            Input::new(&input)
                                .id(("api-key", index))
                                .aria_label(format!("{name} API key"))
                                .h(ui::tokens::height::CONTROL),
                        )
                    }))
                    .child(
                        Button::new(("save-key", index), "Save key")
                            .tooltip(format!(
                                "Keep the key for {name}, and list its models (Enter)"
                            ))
                            .command("onboarding.saveKey")
                            .on_click(cx.listener(move |this, _, window, cx| {
                                this.save_key(&provider.id, window, cx)
                            })),
                    );
                // A server's whole address stands in its name.
                column().gap(space::XS).child(heading).child(field)
            })
            .collect();
        let unreadable = self
            .models
            .as_ref()
            .and_then(|models| models.unreadable_keys(cx));
        let warning = theme.warning;
        let unreadable = unreadable.map(|told| {
            row()
                .gap(space::M)
                .child(icons::icon(IconName::TriangleAlert, warning))
                .child(div().flex_1().min_w_0().text_small().child(told))
                .child(
                    Button::new("look-keys-up", "Try again")
                        .tooltip("Read the keys again")
                        .on_click(cx.listener(|this, _, _, cx| this.look_again(cx))),
                )
        });
        card(cx)
            .child(card_title(
                IconName::KeyRound,
                "A provider, with your key",
                "Keys are kept in the system\u{2019}s keyring where there is one, and are never written to settings.",
                cx,
            ))
            .child(below_title().children(unreadable).children(rows))
            .text_color(cx.kiln_theme().text)
            .into_any_element()
    }
}

/// Words that assistive technology finds, too.
pub(super) fn labelled(
    id: (&'static str, usize),
    words: SharedString,
) -> ObservedElement<Stateful<gpui_kit::Div>> {
    div()
        .id(id)
        .test_support()
        .static_text(words.clone())
        .child(words)
}

/// Stands where the model that is in use would offer to be used.
fn in_use_mark() -> AnyElement {
    Pill::new("In use")
        .tone(PillTone::Success)
        .into_any_element()
}

/// What people call a model: an embedded one by its name, others by their id.
pub(super) fn model_name(id: &str, embedded: &[EmbeddedModel]) -> SharedString {
    embedded
        .iter()
        .find(|model| model.id == id)
        .map_or_else(|| id.to_owned().into(), |model| model.name.clone())
}
