//! The root of a window: it holds the workbench of the folder that is open, and puts
//! another in its place when another folder is opened.

use crate::LaunchOptions;
use crate::another_window;
use crate::earlier::Earlier;
use crate::model_setup::{Models, find_models};
use crate::models;
use crate::open_windows::Handed;
use agent::{
    AgentConfig, AgentEvent, LookReason, ModelCatalog, Operation, PermissionPolicy, SessionChoice,
};
use agent_panel::{AgentPanel, AgentSession, AgentSessionConfig, SessionUpdate};
use async_channel::Sender;
use editor_view::EditorView;
use fs::{Fs, RealFs};
use gpui_kit::prelude::*;
use gpui_kit::{App, Context, Entity, Focusable as _, Subscription, Task, WeakEntity, Window, div};
use problems_panel::{HierarchyPanel, ProblemsPanel, ReferencesPanel};
use spec_sidebar::SpecSidebar;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use tokio::runtime::Handle;
use ui::settings_store::ActiveSettings as _;
use ui::{
    ItemHandle, OpenTarget, Panel as _, PanelHandle, SettingsStore, Severity, WorkspaceModel,
    notify,
};
use workbench::{Remembered, SettingsFiles, Workbench, WorkbenchConfig, WorkbenchHost};
use workspace::{BufferId, LanguageServers, ServerConsent, Workspace};

/// The root of a window.
pub struct Shell {
    options: LaunchOptions,
    workbench: Entity<Workbench>,
    session: Option<Entity<AgentSession>>,
    _events: Vec<Subscription>,
    _settings: Subscription,
    opening: Task<()>,
    listening: Option<Listening>,
}

/// What takes in what other starts of the program hand this one, until it is dropped.
struct Listening {
    serving: tokio::task::AbortHandle,
    _opening: Task<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shell {
    /// Opens what the options say.
    pub fn new(
        options: LaunchOptions,
        earlier: Earlier,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let built = build(
            &options,
            options.folder.clone(),
            options.open.clone(),
            earlier,
            window,
            cx,
        );
        let onboarding = options.onboarding;
        let mut shell = Self {
            options,
            workbench: built.workbench,
            session: built.session,
            _events: built.events,
            _settings: built.settings,
            opening: Task::ready(()),
            listening: None,
        };
        shell.listen(window, cx);
        if onboarding {
            shell
                .workbench
                .update(cx, |workbench, cx| workbench.show_first_steps(window, cx));
        }
        shell
    }

    /// The workbench of the folder that is open.
    pub fn workbench(&self) -> &Entity<Workbench> {
        &self.workbench
    }

    /// The agent's session, where a folder is open.
    pub fn session(&self) -> Option<&Entity<AgentSession>> {
        self.session.as_ref()
    }

    fn open_folder(&mut self, folder: PathBuf, window: &mut Window, cx: &mut Context<Self>) {
        let paths = self.options.paths.clone();
        let look = cx.background_spawn(async move {
            let real = folder
                .canonicalize()
                .map_err(|error| format!("{} cannot be opened: {error}.", folder.display()))?;
            let earlier = Earlier::read(&paths, Some(&real));
            Ok::<_, String>((real, earlier))
        });
        // Who asks for another folder meanwhile gets that one.
        self.opening = cx.spawn_in(window, async move |this, cx| {
            let found = look.await;
            // The window may be closed meanwhile.
            this.update_in(cx, |this, window, cx| match found {
                Ok((folder, earlier)) => this.show_folder(folder, earlier, window, cx),
                Err(message) => notify(Severity::Error, message, window, cx),
            })
            .ok();
        });
    }

    /// Has another window come to the front that has a folder open; false where there is none.
    fn raise_window(&self, folder: PathBuf, cx: &App) -> Task<bool> {
        let Some(windows) = self.options.open_windows.clone() else {
            return Task::ready(false);
        };
        let (runtime, here) = (self.options.runtime.clone(), self.options.folder.clone());
        cx.background_spawn(async move {
            // What cannot be opened is told when that is tried.
            let Ok(folder) = folder.canonicalize() else {
                return false;
            };
            if here.as_ref() == Some(&folder) {
                return false;
            }
            let raised = runtime.spawn(async move { windows.hand_over(&folder, None).await });
            raised.await.unwrap_or(false)
        })
    }

    /// Has other starts of the program find the window that has this folder.
    fn listen(&mut self, window: &Window, cx: &mut Context<Self>) {
        self.listening = None;
        let options = &self.options;
        let (Some(windows), Some(folder)) = (options.open_windows.clone(), options.folder.clone())
        else {
            return;
        };
        let (sender, handed) = async_channel::bounded::<Handed>(1);
        let serving = options.runtime.spawn(async move {
            if let Err(problem) = windows.serve(folder, sender).await {
                tracing::warn!("another start of Kiln will not find this window: {problem}");
            }
        });
        let opening = cx.spawn_in(window, async move |this, cx| {
            while let Ok(handed) = handed.recv().await {
                let opened = this.update_in(cx, |this, window, cx| {
                    window.activate_window();
                    if let Some(target) = handed.accept() {
                        this.workbench.update(cx, |workbench, cx| {
                            workbench.open_target(target, window, cx);
                        });
                    }
                });
                // The window is closed.
                if opened.is_err() {
                    return;
                }
            }
        });
        self.listening = Some(Listening {
            serving: serving.abort_handle(),
            _opening: opening,
        });
    }

    fn open_another_window(
        &mut self,
        folder: Option<PathBuf>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(program) = self.options.program.clone() else {
            let message = "Kiln does not find its own program. Start `kiln --new-window` instead.";
            return notify(Severity::Error, message, window, cx);
        };
        let opened = self
            .options
            .runtime
            .spawn(another_window::open(program, folder));
        cx.spawn_in(window, async move |_, cx| {
            let told = match opened.await {
                Ok(Ok(())) => return,
                Ok(Err(message)) => message,
                Err(error) => format!("The new window did not open: {error}."),
            };
            // This window may be closed meanwhile.
            cx.update(|window, cx| notify(Severity::Error, told, window, cx))
                .ok();
        })
        .detach();
    }

    fn show_folder(
        &mut self,
        folder: PathBuf,
        earlier: Earlier,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.workbench
            .update(cx, |workbench, cx| workbench.leave(window, cx));
        let built = build(
            &self.options,
            Some(folder.clone()),
            Vec::new(),
            earlier,
            window,
            cx,
        );
        self.options.folder = Some(folder);
        self.listen(window, cx);
        self.workbench = built.workbench;
        self.session = built.session;
        self._events = built.events;
        self._settings = built.settings;
        self.workbench.focus_handle(cx).focus(window, cx);
        cx.notify();
    }
}

impl Render for Shell {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div()
            .size_full()
            .child(self.workbench.clone())
            .child(ui::latency::end_of_scene())
    }
}

struct Host {
    shell: WeakEntity<Shell>,
}

impl WorkbenchHost for Host {
    fn raise_window(&self, folder: PathBuf, _: &mut Window, cx: &mut App) -> Task<bool> {
        let raised = self
            .shell
            .update(cx, |shell, cx| shell.raise_window(folder, cx));
        // The window may be closing.
        raised.unwrap_or_else(|_| Task::ready(false))
    }

    fn open_folder(&self, folder: PathBuf, window: &mut Window, cx: &mut App) {
        let shell = self.shell.clone();
        // The workbench that asks is replaced; that cannot happen while it is borrowed.
        window.defer(cx, move |window, cx| {
            // The window may be closing.
            shell
                .update(cx, |shell, cx| shell.open_folder(folder, window, cx))
                .ok();
        });
    }

    fn open_window(&self, folder: Option<PathBuf>, window: &mut Window, cx: &mut App) {
        // The window may be closing.
        self.shell
            .update(cx, |shell, cx| {
                shell.open_another_window(folder, window, cx)
            })
            .ok();
    }

    fn show_buffer(
        &self,
        buffer: BufferId,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<Box<dyn ItemHandle>> {
        Some(Box::new(
            cx.new(|cx| EditorView::new(buffer, model, window, cx)),
        ))
    }

    fn new_file(
        &self,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<Box<dyn ItemHandle>> {
        let buffer = model.update(cx, |model, cx| {
            let format = WorkspaceModel::new_file_format(cx);
            model.update(cx, |workspace| workspace.new_untitled_in(format))
        });
        Some(Box::new(
            cx.new(|cx| EditorView::new(buffer, model, window, cx)),
        ))
    }
}

struct Built {
    workbench: Entity<Workbench>,
    session: Option<Entity<AgentSession>>,
    events: Vec<Subscription>,
    settings: Subscription,
}

fn build(
    options: &LaunchOptions,
    folder: Option<PathBuf>,
    open: Vec<OpenTarget>,
    earlier: Earlier,
    window: &mut Window,
    cx: &mut Context<Shell>,
) -> Built {
    let fs: Arc<dyn Fs> = Arc::new(RealFs::new());
    let has_folder = folder.is_some();
    let root = folder
        .clone()
        .or_else(std::env::home_dir)
        .unwrap_or_else(|| PathBuf::from("/"));
    let mut problems = Vec::new();
    let model = cx.new(|cx| {
        let mut workspace = Workspace::new(root.clone(), fs.clone());
        workspace.keep_undo_in(options.paths.state.join("undo"));
        let mut model = WorkspaceModel::new(workspace, cx);
        if has_folder {
            let (paths, folder) = (options.paths.clone(), root.clone());
            model.serve_languages(
                paths.state.join("language_servers").join("logs"),
                move || servers(&paths, &folder),
                cx,
            );
        }
        if let Err(error) = model.start_watching(cx) {
            problems.push(format!("{error}"));
        }
        model
    });
    let settings_files = SettingsFiles::new(&options.paths, folder, fs.clone());
    // The catalogue needs the settings; the workbench tells what is wrong with them.
    let settings_read = earlier.settings.begun();
    let settings_notices = earlier.settings.apply(cx);
    let (catalog, found) = models::catalog(cx.kiln_settings(), &options.paths);
    problems.extend(found);

    let mut panels: Vec<Box<dyn PanelHandle>> = Vec::new();
    let (mut session, mut events, mut operations) = (None, Vec::new(), None);
    if has_folder {
        panels.push(Box::new(cx.new(|cx| {
            let mut panel = ProblemsPanel::new(model.clone(), window, cx);
            if let Some(shown) = earlier.remembered.shown(ProblemsPanel::ID) {
                panel.bring_back(shown, window, cx);
            }
            panel
        })));
        panels.push(Box::new(
            cx.new(|cx| ReferencesPanel::new(model.clone(), cx)),
        ));
        panels.push(Box::new(
            cx.new(|cx| HierarchyPanel::new(model.clone(), cx)),
        ));
        let (host, requests) = async_channel::unbounded();
        let sessions = options.paths.state.join("sessions");
        let agent_settings = cx.kiln_settings().agent.clone();
        let mut config = AgentConfig::new(root, sessions.clone(), catalog.clone());
        config.session = shown_session(&earlier.remembered);
        config.permissions = PermissionPolicy::trusting(agent_settings.trusted_tools);
        config.limits.steps = agent_settings.step_limit;
        config.supervisor = options.supervisor.clone();
        let handle = agent::start(config, host, &options.runtime);
        spec_sidebar::register(handle.operations.clone(), cx);
        operations = Some(handle.operations.clone());
        let entity = cx.new(|cx| {
            AgentSession::new(
                AgentSessionConfig {
                    handle,
                    host: requests,
                    workspace: model.clone(),
                    models: catalog.clone(),
                    sessions_dir: sessions,
                },
                cx,
            )
        });
        events.push(cx.subscribe(&entity, |_, _, event: &AgentEvent, cx| {
            spec_sidebar::agent_event(event, cx);
        }));
        events.push(keep_model_choices(&entity, settings_files, window, cx));
        let sidebar = cx.new(|cx| SpecSidebar::new(model.clone(), window, cx));
        let panel = cx.new(|cx| AgentPanel::new(entity.clone(), window, cx));
        panels.push(Box::new(sidebar));
        panels.push(Box::new(panel));
        session = Some(entity);
        // Servers on this machine can be chosen without being set up.
        let (asked, runtime) = (catalog.clone(), &options.runtime);
        runtime.spawn(async move { asked.ask_servers_once().await });
    }
    let finder = (operations.clone(), options.runtime.clone());
    let settings = follow_models(finder, catalog.clone(), window, cx);
    let setup = Models::new(
        catalog,
        operations,
        options.runtime.clone(),
        options.paths.clone(),
    );
    // What a crash or the last exit left unsaved comes back; from now on it is kept.
    let unsaved = ui::recovery::start(&model, options.paths.state.clone(), window, cx);
    let config = WorkbenchConfig {
        model: model.clone(),
        has_folder,
        panels,
        paths: options.paths.clone(),
        host: Rc::new(Host {
            shell: cx.weak_entity(),
        }),
        models: Some(Rc::new(setup)),
        open,
        remembered: earlier.remembered,
        settings_notices,
        settings_read,
        unsaved,
    };
    let workbench = cx.new(|cx| Workbench::new(config, window, cx));
    for problem in problems {
        notify(Severity::Warning, problem, window, cx);
    }
    Built {
        workbench,
        session,
        events,
        settings,
    }
}

/// The session that the window of a folder begins with: the one that it showed, whatever was said
/// in another one since.
fn shown_session(remembered: &Remembered) -> SessionChoice {
    match remembered.shown(AgentPanel::ID).map(str::parse) {
        Some(Ok(id)) => SessionChoice::Reopen(id),
        Some(Err(_)) | None => SessionChoice::ResumeLast,
    }
}

/// The language servers of a folder; none where the catalogue cannot be read.
fn servers(paths: &fs::KilnPaths, folder: &Path) -> Option<LanguageServers> {
    let catalogue = lsp::Catalogue::bundled()
        .inspect_err(|error| tracing::error!("{error}"))
        .ok()?;
    let consent = ServerConsent::read(&paths.state, folder);
    let installed = lsp::InstalledServers::in_data_folder(&paths.data);
    let search_path = std::env::var_os("PATH").unwrap_or_default();
    let servers = LanguageServers::new(catalogue, consent, search_path).with_installed(installed);
    let formatters = lsp::Formatters::bundled()
        .inspect_err(|error| tracing::error!("{error}"))
        .unwrap_or_default();
    Some(servers.with_formatters(formatters))
}

/// Writes the model that the person chose to their settings, for the next start.
fn keep_model_choices(
    session: &Entity<AgentSession>,
    settings: SettingsFiles,
    window: &Window,
    cx: &mut Context<Shell>,
) -> Subscription {
    cx.subscribe_in(session, window, move |_, _, update, window, cx| {
        let SessionUpdate::ModelChosen(id) = update else {
            return;
        };
        let written = settings.set(vec![("kiln.agent.model", id.to_string().into())], cx);
        cx.spawn_in(window, async move |this, cx| {
            let Err(error) = written.await else {
                return Ok(());
            };
            this.update_in(cx, |_, window, cx| {
                let message = format!("The choice of the model is not kept: {error:#}");
                notify(Severity::Warning, message, window, cx);
            })
        })
        .detach();
    })
}

/// Keeps the models that can be chosen in step with the settings. Where none is in use, the one that
/// counts now is used, as it is after a start.
fn follow_models(
    (operations, runtime): (Option<Sender<Operation>>, Handle),
    catalog: Arc<ModelCatalog>,
    window: &Window,
    cx: &mut Context<Shell>,
) -> Subscription {
    let mut known = cx.kiln_settings().models.clone();
    let mut named = cx.kiln_settings().agent.model.clone();
    cx.observe_global_in::<SettingsStore>(window, move |_, window, cx| {
        let settings = cx.kiln_settings();
        if settings.models == known && settings.agent.model == named {
            return;
        }
        let mut problems = Vec::new();
        if settings.agent.model != named {
            named.clone_from(&settings.agent.model);
            match models::configured(settings) {
                Ok(configured) => catalog.set_configured(configured),
                Err(problem) => problems.push(problem),
            }
        }
        let replaced = settings.models != known;
        if replaced {
            known.clone_from(&settings.models);
            let (providers, found) = models::providers(&known, catalog.catalog().keys());
            catalog.replace_providers(providers);
            problems.extend(found);
        }
        // A model that is chosen in the window is written to the settings, and in use already.
        if replaced || catalog.current().is_none() {
            let reason = LookReason::Changed;
            find_models(catalog.clone(), operations.as_ref(), reason, &runtime);
        }
        for problem in problems {
            notify(Severity::Warning, problem, window, cx);
        }
    })
}
