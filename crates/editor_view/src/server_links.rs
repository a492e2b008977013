//! Places that lead elsewhere, as the language server knows them: imports, included files,
//! references within a document.

use std::ops::Range;

use editor_core::{ChangeSet, Growth, RangeSet};
use gpui_kit::{Context, Window};
use lsp::{DocumentLink, LinkTarget};
use ui::{ActiveSettings as _, OpenTarget, Severity};

use crate::server_views::Asking;
use crate::view::EditorView;

/// The links of a server in a view.
#[derive(Default)]
pub(crate) struct ServerLinks {
    pub(crate) asking: Asking,
    places: RangeSet<DocumentLink>,
}

impl ServerLinks {
    /// Takes the links along with a change; without one they are forgotten.
    pub(crate) fn follow(&mut self, changes: Option<&ChangeSet>) {
        match changes {
            Some(changes) => self.places.apply(changes),
            None => self.places = RangeSet::new(),
        }
    }

    /// The links that overlap some stretches of the text, in order.
    pub(crate) fn within(&self, shown: &[Range<usize>]) -> Vec<Range<usize>> {
        let found = shown.iter().flat_map(|bytes| {
            let found = self.places.touching(bytes.clone());
            found
                .map(|(_, range, _)| range)
                .filter(|range| !range.is_empty())
        });
        found.collect()
    }

    fn at(&self, offset: usize) -> Option<&DocumentLink> {
        let mut found = self.places.touching(offset..offset);
        found
            .find(|(_, range, _)| range.contains(&offset))
            .map(|(_, _, link)| link)
    }
}

impl EditorView {
    /// Asks for the links where those of the text as it is are not known.
    pub(crate) fn links_follow_text(&mut self, cx: &mut Context<Self>) {
        if cx.kiln_settings().pointing.links {
            self.ask_about_text(
                |view| &mut view.served.links.asking,
                |model, buffer, cx| model.server_document_links(buffer, cx),
                |view, found, cx| {
                    let mut places = RangeSet::new();
                    for link in found.unwrap_or_default() {
                        places.insert(link.range.clone(), Growth::Inside, link);
                    }
                    view.served.links.places = places;
                    cx.notify();
                },
                cx,
            );
        }
    }

    /// The places that the server says lead elsewhere, in order.
    pub fn server_links(&self) -> Vec<Range<usize>> {
        let links = self.served.links.places.iter();
        links.map(|(_, range, _)| range).collect()
    }

    /// Goes where the server says that a byte leads; false where it says nothing.
    pub(crate) fn follow_server_link(
        &mut self,
        offset: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        let Some(link) = self.served.links.at(offset).cloned() else {
            return false;
        };
        let buffer = self.buffer;
        let asked = self
            .model
            .update(cx, |model, cx| model.server_resolve_link(buffer, &link, cx));
        self.when_server_answers(
            ("where this leads", asked),
            window,
            cx,
            move |_, target, window, cx| {
                let message = match target {
                    Ok(Some(LinkTarget::Web(address))) => return cx.open_url(&address),
                    Ok(Some(LinkTarget::File(path, line))) => {
                        let mut target = OpenTarget::new(path);
                        target.line = line;
                        return ui::open_path(target, window, cx);
                    }
                    Ok(Some(LinkTarget::Refused)) => {
                        "Only links to files and to the web are followed.".to_owned()
                    }
                    Ok(None) => "The language server does not say where this leads.".to_owned(),
                    Err(error) => format!("It is not known where this leads: {error}."),
                };
                ui::notify(Severity::Info, message, window, cx);
            },
        );
        true
    }
}
