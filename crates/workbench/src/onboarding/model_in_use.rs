//! The line above the models that says which one answers now, and why it is not another.

use super::Onboarding;
use super::model_page::{labelled, model_name};
use crate::model_setup::EmbeddedModel;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context, SharedString};
use ui::tokens::space;
use ui::widgets::row;
use ui::{ActiveKilnTheme as _, IconName, Typography as _, icons};

impl Onboarding {
    /// The line; nothing where no model was in use yet.
    pub(super) fn render_in_use(
        &self,
        current: Option<&SharedString>,
        embedded: &[EmbeddedModel],
        cx: &Context<Self>,
    ) -> Option<AnyElement> {
        let models = self.models.as_ref()?;
        let name = current.map(|id| model_name(id, embedded));
        let lacks_key = current.and_then(|id| models.lacks_key(id, cx));
        // What was chosen here stands in for nothing.
        let missing = models.missing(cx).filter(|_| self.model.chosen.is_none());
        let (is_well, told) = match (name, lacks_key, missing) {
            (Some(name), Some(provider), _) => (
                false,
                format!(
                    "Chosen: {name}. Its key is missing: add one for {provider} below, or use \
                     another model."
                ),
            ),
            (Some(name), None, Some(missing)) => (
                false,
                format!(
                    "In use: {name}. {missing} {name} answers until that one is back, or until you \
                     choose another below."
                ),
            ),
            (Some(name), None, None) => (true, format!("In use: {name}")),
            (None, _, Some(missing)) => (
                false,
                format!("No model is in use. {missing} Bring it back, or use another one below."),
            ),
            (None, _, None) => return None,
        };
        let theme = cx.kiln_theme();
        let (icon, color) = match is_well {
            true => (IconName::CircleCheck, theme.success),
            false => (IconName::TriangleAlert, theme.warning),
        };
        let line = row()
            .gap(space::S)
            .text_small()
            .text_color(theme.text_muted)
            .child(icons::icon(icon, color))
            .child(
                labelled(("model-in-use", 0), told.into())
                    .flex_1()
                    .min_w_0(),
            );
        Some(line.into_any_element())
    }
}
