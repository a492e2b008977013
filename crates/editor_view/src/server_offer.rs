//! Offers to install a language server, or a newer version of one that Kiln installed.

use gpui_kit::{App, Context, InteractiveElement, Window, actions};
use ui::widgets::{Banner, Button};
use ui::{ActiveSettings as _, CommandSpec, IconName, ServerOffer, ServerUpdate, Severity};
use workspace::WhyOffered;

use crate::choice_picker::{Choice, Choices};
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
    /// The question whether a server is to be installed for the file that it lacks, and how far that is; in one of the views in front, where several would ask.
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
            why,
            declined,
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
        if declined || !cx.kiln_settings().servers.offers {
            return None;
        }
        let needs = needs.map_or_else(String::new, |needs| format!("; it needs {needs}"));
        let why = match why {
            WhyOffered::Named => {
                format!("Your settings want {name} for {language}, which is not installed.")
            }
            WhyOffered::Configured => {
                format!("This project has a configuration of {name}, which is not installed.")
            }
            WhyOffered::Missing if self.has_server(cx) => {
                format!("{language} has only what runs beside a language server here.")
            }
            WhyOffered::Missing => format!("{language} has no language server here."),
        };
        let message = format!(
            "{why} Install {name} {version} with {manager} (about {megabytes} MB{needs}) and start it in this folder? It reads the project, and may run code of it."
        );
        let yes = Button::new("install-yes", "Install")
            .tooltip("Install it into Kiln's own folder, and start it for all files of this folder")
            .on_click(cx.listener({
                let name = name.clone();
                move |view, _, window, cx| view.install_offered(&name, window, cx)
            }));
        let no = Button::new("install-no", "Not here")
            .quiet()
            .tooltip(
                "Ask no more in this folder; \"Install Language Server\" in the palette does it",
            )
            .on_click(cx.listener(move |view, _, window, cx| {
                view.model
                    .update(cx, |model, cx| model.decline_server_offer(&name, cx));
                window.focus(&view.focus, cx);
            }));
        let banner = Banner::new("install-banner", IconName::Info, message).quiet();
        Some(banner.action(yes).action(no))
    }

    /// Installs the server that is offered for the file; of several, the one that is chosen.
    fn install_server(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let offers = self.model.read(cx).server_offers(self.buffer);
        match offers.as_slice() {
            [] if self.has_server(cx) => {
                let message = "The file has its language servers already.";
                ui::notify(Severity::Info, message, window, cx);
            }
            [] => self.no_server(window, cx),
            [only] => self.install_offered(&only.name, window, cx),
            _ => {
                let choices = Choices {
                    id: "install-server-picker",
                    question: "Install language server".into(),
                    none: "",
                    rows: self.install_rows(cx),
                    selected: 0,
                };
                self.open_choices(choices, window, cx);
            }
        }
    }

    /// A row for each server that can be installed for the file.
    pub(crate) fn install_rows(&self, cx: &App) -> Vec<Choice> {
        let offers = self.model.read(cx).server_offers(self.buffer).into_iter();
        let offers = offers.filter(|offer| offer.installing.is_none());
        let rows = offers.map(|offer| {
            let does = format!("Install {} {}", offer.name, offer.version);
            let how = format!("with {}", offer.manager);
            Choice::new(does, how, move |view, window, cx| {
                view.install_offered(&offer.name, window, cx);
            })
        });
        rows.collect()
    }

    fn install_offered(&mut self, name: &str, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        self.model
            .update(cx, |model, cx| model.install_server(buffer, name, cx));
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
