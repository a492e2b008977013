//! Offers to install a language server, or a newer version of one that Kiln installed.

use gpui_kit::{Context, InteractiveElement, Window, actions};
use ui::widgets::{Banner, Button};
use ui::{ActiveSettings as _, CommandSpec, IconName, ServerOffer, ServerUpdate, Severity};

use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    InstallLanguageServer "editor.installLanguageServer" "Install Language Server" => |v, window, cx| v.install_server(window, cx);
}

fn progress(name: &str, version: &str, manager: &str, said: &str) -> String {
    match said.is_empty() {
        true => format!("Installing {name} {version} with {manager}…"),
        false => format!("Installing {name} {version}… {manager}: {said}"),
    }
}

impl EditorView {
    /// The question whether a server is to be installed for the file, where it has none, and how far that
    /// is; in one of the views in front, where several would ask.
    pub(crate) fn render_server_offer(&self, cx: &mut Context<Self>) -> Option<Banner> {
        let model = self.model.read(cx);
        let Some(offer) = model.server_offer(self.buffer) else {
            return self.render_server_update(cx);
        };
        let is_offered = |buffer| {
            let offered = model.server_offer(buffer);
            offered.is_some_and(|other| other.name == offer.name)
        };
        if !model.asks_first(cx.entity_id(), is_offered) {
            return None;
        }
        let ServerOffer {
            name,
            version,
            manager,
            megabytes,
            needs,
            installing,
        } = offer;
        let language = self.language(cx).name();
        if let Some(said) = installing {
            let message = progress(&name, &version, manager, &said);
            return Some(Self::installing(&name, message, cx));
        }
        if model.is_offer_declined(self.buffer) || !cx.kiln_settings().servers.offers {
            return None;
        }
        let needs = needs.map_or_else(String::new, |needs| format!("; it needs {needs}"));
        let why = match self.has_server(cx) {
            true => format!("Your settings want {name} for {language}, which is not installed."),
            false => format!("{language} has no language server here."),
        };
        let message = format!(
            "{why} Install {name} {version} with {manager} (about {megabytes} MB{needs}) and start it in this folder? It reads the project, and may run code of it."
        );
        let yes = Button::new("install-yes", "Install")
            .tooltip("Install it into Kiln's own folder, and start it for all files of this folder")
            .on_click(cx.listener(|view, _, window, cx| view.install_server(window, cx)));
        let no = Button::new("install-no", "Not here")
            .quiet()
            .tooltip(
                "Ask no more in this folder; \"Install Language Server\" in the palette does it",
            )
            .on_click(cx.listener(|view, _, window, cx| {
                let buffer = view.buffer;
                view.model
                    .update(cx, |model, cx| model.decline_server_offer(buffer, cx));
                window.focus(&view.focus, cx);
            }));
        let banner = Banner::new("install-banner", IconName::Info, message).quiet();
        Some(banner.action(yes).action(no))
    }

    /// Installs the server that is offered for the file.
    pub(crate) fn install_server(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        if self.model.read(cx).server_offer(buffer).is_none() {
            if self.has_server(cx) {
                let message = "The file has a language server already.";
                return ui::notify(Severity::Info, message, window, cx);
            }
            return self.no_server(window, cx);
        }
        self.model
            .update(cx, |model, cx| model.install_server(buffer, cx));
        window.focus(&self.focus, cx);
    }

    /// The question whether a server that Kiln installed is to be replaced by a newer version, and how
    /// far that is.
    fn render_server_update(&self, cx: &mut Context<Self>) -> Option<Banner> {
        let model = self.model.read(cx);
        let update = model.server_update(self.buffer)?;
        let is_offered = |buffer| {
            let offered = model.server_update(buffer);
            offered.is_some_and(|other| other.name == update.name)
        };
        if !model.asks_first(cx.entity_id(), is_offered) {
            return None;
        }
        let ServerUpdate {
            name,
            installed,
            version,
            manager,
            installing,
        } = &update;
        if let Some(said) = installing {
            let message = progress(name, version, manager, said);
            return Some(Self::installing(name, message, cx));
        }
        if !cx.kiln_settings().servers.offers {
            return None;
        }
        let message = format!(
            "{name} {installed} is installed; Kiln knows {version}. Install that with {manager} in its place, for all folders?"
        );
        let updated = name.clone();
        let yes = Button::new("update-yes", "Update")
            .tooltip("Install it into Kiln's own folder; where it may run, the new one does")
            .on_click(cx.listener(move |view, _, window, cx| {
                view.model
                    .update(cx, |model, cx| model.reinstall_server(&updated, cx));
                window.focus(&view.focus, cx);
            }));
        let no = Button::new("update-no", "Not now")
            .quiet()
            .tooltip("Ask no more until the window is closed; \"Language Server…\" in the palette does it")
            .on_click(cx.listener(move |view, _, window, cx| {
                view.model
                    .update(cx, |model, cx| model.keep_server_version(&update, cx));
                window.focus(&view.focus, cx);
            }));
        let banner = Banner::new("update-banner", IconName::Info, message).quiet();
        Some(banner.action(yes).action(no))
    }

    /// How far an installation is, with a way to end it.
    fn installing(name: &str, message: String, cx: &mut Context<Self>) -> Banner {
        let name = name.to_owned();
        let cancel = Button::new("install-cancel", "Cancel")
            .quiet()
            .on_click(cx.listener(move |view, _, window, cx| {
                view.model
                    .update(cx, |model, cx| model.cancel_server_install(&name, cx));
                window.focus(&view.focus, cx);
            }));
        Banner::new("install-banner", IconName::Info, message)
            .quiet()
            .action(cancel)
    }
}
