//! Panels: views that live in a dock.

use gpui_kit::assets::IconName;
use gpui_kit::{
    AnyElement, AnyView, App, Context, Entity, FocusHandle, Focusable, Render, SharedString,
    Subscription, Window,
};
use std::rc::Rc;

/// The side of the window that a panel docks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DockSide {
    /// Left of the editors.
    Left,
    /// Right of the editors.
    Right,
    /// Below the editors.
    Bottom,
}

/// What is called whenever a panel shows something else.
pub type OnChange = Rc<dyn Fn(&mut Window, &mut App)>;

/// A view that lives in a dock.
pub trait Panel: Render + Focusable + 'static {
    /// A stable name, used in the stored layout and as element id ("files").
    const ID: &'static str;

    /// The command that shows and hides the panel, so that its key can be shown.
    const TOGGLE_COMMAND: Option<&'static str> = None;

    /// Whether the panel hands parts of its own on from the frame before, with
    /// [`as_drawn`](crate::as_drawn). Then the panel itself is drawn with every frame. Any other is
    /// drawn again only where it was notified: whatever it reads to draw itself or its
    /// [header](Self::header_actions) notifies it.
    const KEEPS_PARTS: bool = false;

    /// The side the panel docks to.
    fn side() -> DockSide;

    /// What the tab says.
    fn title(&self, cx: &App) -> SharedString;

    /// What the tab shows.
    fn icon(&self) -> IconName;

    /// Whether the keyboard is in it.
    fn has_focus(&self, window: &Window, cx: &App) -> bool {
        self.focus_handle(cx).contains_focused(window, cx)
    }

    /// A short count or mark beside the title.
    fn badge(&self, _cx: &App) -> Option<SharedString> {
        None
    }

    /// What a person is waited for, in a sentence, where the panel cannot go on without one: it is
    /// told also where the panel is out of sight, and below the editors no notice lies over it.
    fn waits_for(&self, _cx: &App) -> Option<SharedString> {
        None
    }

    /// Controls for the right end of the panel's header.
    fn header_actions(
        &mut self,
        _window: &mut Window,
        _cx: &mut Context<Self>,
    ) -> Option<AnyElement>
    where
        Self: Sized,
    {
        None
    }

    /// Views that the panel contributes to the right of the status bar.
    fn status_items(&self, _cx: &App) -> Vec<AnyView> {
        Vec::new()
    }

    /// The names of the rows that are unfolded, in order. They are kept with the window's layout.
    fn unfolded(&self, _cx: &App) -> Vec<String> {
        Vec::new()
    }

    /// Unfolds the rows that were when the window was left. The rows of some names may be gone.
    fn unfold(&mut self, _names: Vec<String>, _cx: &mut Context<Self>)
    where
        Self: Sized,
    {
    }

    /// The name of what is shown, such as a conversation, where there are several; `None` while
    /// that is not known. It is kept with the window's layout, for whoever makes the panel anew.
    fn shown(&self, _cx: &App) -> Option<String> {
        None
    }

    /// What was written and not sent. It is kept with the window's layout.
    fn draft(&self, _cx: &App) -> Option<Draft> {
        None
    }

    /// Brings back what was written and not sent when the window was left.
    fn restore_draft(&mut self, _draft: Draft, _window: &mut Window, _cx: &mut Context<Self>)
    where
        Self: Sized,
    {
    }

    /// Calls `changed` whenever the draft changes, where that changes nothing else of the panel.
    fn observe_draft(
        &self,
        _changed: OnChange,
        _window: &mut Window,
        _cx: &mut App,
    ) -> Option<Subscription> {
        None
    }
}

/// What was written in a panel and not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The words.
    pub text: String,
    /// What they are for, in the panel's own words; `None` for what it is usually for.
    pub mode: Option<String>,
    /// Messages that were to be sent later.
    pub waiting: Vec<WaitingMessage>,
}

/// A message that was to be sent later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingMessage {
    /// Where it belongs, such as its conversation, in the panel's own words.
    pub place: String,
    /// The words.
    pub text: String,
    /// As [`Draft::mode`].
    pub mode: Option<String>,
}

/// A [`Panel`] whose type is forgotten.
pub trait PanelHandle: 'static {
    /// [`Panel::ID`].
    fn id(&self) -> &'static str;
    /// [`Panel::TOGGLE_COMMAND`].
    fn toggle_command(&self) -> Option<&'static str>;
    /// [`Panel::KEEPS_PARTS`].
    fn keeps_parts(&self) -> bool;
    /// [`Panel::side`].
    fn side(&self) -> DockSide;
    /// [`Panel::title`].
    fn title(&self, cx: &App) -> SharedString;
    /// [`Panel::icon`].
    fn icon(&self, cx: &App) -> IconName;
    /// [`Panel::has_focus`].
    fn has_focus(&self, window: &Window, cx: &App) -> bool;
    /// [`Panel::badge`].
    fn badge(&self, cx: &App) -> Option<SharedString>;
    /// [`Panel::waits_for`].
    fn waits_for(&self, cx: &App) -> Option<SharedString>;
    /// [`Panel::header_actions`].
    fn header_actions(&self, window: &mut Window, cx: &mut App) -> Option<AnyElement>;
    /// [`Panel::status_items`].
    fn status_items(&self, cx: &App) -> Vec<AnyView>;
    /// [`Panel::unfolded`].
    fn unfolded(&self, cx: &App) -> Vec<String>;
    /// [`Panel::unfold`].
    fn unfold(&self, names: Vec<String>, cx: &mut App);
    /// [`Panel::shown`].
    fn shown(&self, cx: &App) -> Option<String>;
    /// [`Panel::draft`].
    fn draft(&self, cx: &App) -> Option<Draft>;
    /// [`Panel::restore_draft`].
    fn restore_draft(&self, draft: Draft, window: &mut Window, cx: &mut App);
    /// Calls `changed` whenever the panel shows something else.
    fn observe(&self, window: &mut Window, cx: &mut App, changed: OnChange) -> Subscription;
    /// The view itself.
    fn view(&self) -> AnyView;
    /// The panel's focus handle.
    fn focus_handle(&self, cx: &App) -> FocusHandle;
    /// Another handle to the same panel.
    fn boxed_clone(&self) -> Box<dyn PanelHandle>;
}

impl<P: Panel> PanelHandle for Entity<P> {
    fn id(&self) -> &'static str {
        P::ID
    }
    fn toggle_command(&self) -> Option<&'static str> {
        P::TOGGLE_COMMAND
    }
    fn keeps_parts(&self) -> bool {
        P::KEEPS_PARTS
    }
    fn side(&self) -> DockSide {
        P::side()
    }
    fn title(&self, cx: &App) -> SharedString {
        self.read(cx).title(cx)
    }
    fn icon(&self, cx: &App) -> IconName {
        self.read(cx).icon()
    }
    fn has_focus(&self, window: &Window, cx: &App) -> bool {
        self.read(cx).has_focus(window, cx)
    }
    fn badge(&self, cx: &App) -> Option<SharedString> {
        self.read(cx).badge(cx)
    }
    fn waits_for(&self, cx: &App) -> Option<SharedString> {
        self.read(cx).waits_for(cx)
    }
    fn header_actions(&self, window: &mut Window, cx: &mut App) -> Option<AnyElement> {
        self.update(cx, |panel, cx| panel.header_actions(window, cx))
    }
    fn status_items(&self, cx: &App) -> Vec<AnyView> {
        self.read(cx).status_items(cx)
    }
    fn unfolded(&self, cx: &App) -> Vec<String> {
        self.read(cx).unfolded(cx)
    }
    fn unfold(&self, names: Vec<String>, cx: &mut App) {
        self.update(cx, |panel, cx| panel.unfold(names, cx));
    }
    fn shown(&self, cx: &App) -> Option<String> {
        self.read(cx).shown(cx)
    }
    fn draft(&self, cx: &App) -> Option<Draft> {
        self.read(cx).draft(cx)
    }
    fn restore_draft(&self, draft: Draft, window: &mut Window, cx: &mut App) {
        self.update(cx, |panel, cx| panel.restore_draft(draft, window, cx));
    }
    fn observe(&self, window: &mut Window, cx: &mut App, changed: OnChange) -> Subscription {
        let drafted = changed.clone();
        let panel = window.observe(self, cx, move |_, window, cx| changed(window, cx));
        let panel_now = self.clone();
        let draft = panel_now.update(cx, |panel, cx| panel.observe_draft(drafted, window, cx));
        match draft {
            Some(draft) => Subscription::join(panel, draft),
            None => panel,
        }
    }
    fn view(&self) -> AnyView {
        self.clone().into()
    }
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        Focusable::focus_handle(self, cx)
    }
    fn boxed_clone(&self) -> Box<dyn PanelHandle> {
        Box::new(self.clone())
    }
}
