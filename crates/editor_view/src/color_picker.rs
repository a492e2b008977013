//! Picking another colour in the place of one that is written out: what is picked, by the pointer and
//! by keys, and what the language server says of it meanwhile.

use editor_core::{Bias, ChangeSet};
use gpui_kit::{
    AsyncApp, Context, Entity, FocusHandle, KeyBinding, Point, Subscription, Task, WeakEntity,
    Window, actions,
};
use lsp::{ColorPresentations, DocumentColor, RequestError};
use ui::WorkspaceModel;
use ui::widgets::{CoveredArea, cover_window, uncover_window};
use workspace::{Buffer, BufferId, WorkspaceEvent};

use crate::color_presentations::Presentations;
use crate::hsva::{Hsva, MAX_HUE};
use crate::popover::Placed;
use crate::view::EditorView;
use crate::written_color::WrittenColor;

actions!(
    color_picker,
    [
        /// A little to the left.
        StepLeft,
        /// A little to the right.
        StepRight,
        /// A little up.
        StepUp,
        /// A little down.
        StepDown,
        /// Far to the left.
        LeapLeft,
        /// Far to the right.
        LeapRight,
        /// Far up.
        LeapUp,
        /// Far down.
        LeapDown,
        /// To the least.
        ToLeast,
        /// To the most.
        ToMost,
        /// The next part of the picker.
        NextPart,
        /// The part of the picker before.
        PreviousPart,
        /// Writes the picked colour.
        Accept,
        /// Leaves the text as it is.
        Dismiss,
    ]
);

/// The name by which keys find the picker.
pub(crate) const CONTEXT: &str = "ColorPicker";

/// What a step changes: hundredths, and degrees of the hue.
const STEP: f32 = 1.;
/// The same of a leap.
const LEAP: f32 = 10.;

/// Binds the keys of the picker.
pub(crate) fn register(cx: &mut gpui_kit::App) {
    let here = Some(CONTEXT);
    ui::keys::bind_fixed(
        [
            KeyBinding::new("left", StepLeft, here),
            KeyBinding::new("right", StepRight, here),
            KeyBinding::new("up", StepUp, here),
            KeyBinding::new("down", StepDown, here),
            KeyBinding::new("shift-left", LeapLeft, here),
            KeyBinding::new("shift-right", LeapRight, here),
            KeyBinding::new("shift-up", LeapUp, here),
            KeyBinding::new("shift-down", LeapDown, here),
            KeyBinding::new("pageup", LeapUp, here),
            KeyBinding::new("pagedown", LeapDown, here),
            KeyBinding::new("home", ToLeast, here),
            KeyBinding::new("end", ToMost, here),
            KeyBinding::new("tab", NextPart, here),
            KeyBinding::new("shift-tab", PreviousPart, here),
            KeyBinding::new("enter", Accept, here),
            KeyBinding::new("escape", Dismiss, here),
        ],
        cx,
    );
}

/// A part of the picker that has the keyboard, in the order in which Tab goes through them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    /// The colour in the text, which is gone back to.
    Original,
    /// How the colour is written.
    Presentation,
    /// Saturation from left to right, value from the bottom up.
    Field,
    /// How opaque it is, from the bottom up.
    Alpha,
    /// The hue, from the bottom up.
    Hue,
}

impl Part {
    const ALL: [Self; 5] = [
        Self::Original,
        Self::Presentation,
        Self::Field,
        Self::Alpha,
        Self::Hue,
    ];
}

/// What becomes of the text when the picker is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Closing {
    /// The picked colour is written, by a key that says so.
    Confirm,
    /// It is written where it is another than the one in the text.
    Accept,
    /// The text stays as it is.
    Dismiss,
}

/// Picks a colour, beside the one in the text.
pub(crate) struct ColorPicker {
    view: WeakEntity<EditorView>,
    model: Entity<WorkspaceModel>,
    buffer: BufferId,
    written: WrittenColor,
    color: Hsva,
    /// Whether another way to write the colour was asked for.
    rewritten: bool,
    presentations: Option<Presentations>,
    asking: Option<Task<()>>,
    /// What the pointer drags in.
    dragged: Option<Part>,
    /// Of the whole picker.
    pub(crate) focus: FocusHandle,
    parts: [FocusHandle; Part::ALL.len()],
    pub(crate) placed: Placed,
    /// Where it is drawn: what it stands over has no tooltips meanwhile.
    pub(crate) area: CoveredArea,
    _subscriptions: Vec<Subscription>,
}

impl ColorPicker {
    /// A picker of another colour for one in the text of a view, with the keyboard in its field.
    pub(crate) fn new(
        view: WeakEntity<EditorView>,
        (model, buffer): (Entity<WorkspaceModel>, BufferId),
        written: WrittenColor,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let focus = cx.focus_handle();
        let area = CoveredArea::default();
        cover_window(Some(area.clone()), window, cx);
        let subscriptions = vec![
            cx.on_release_in(window, |picker, window, cx| {
                uncover_window(&picker.area, window, cx);
            }),
            cx.subscribe_in(&model, window, Self::on_workspace_event),
            cx.on_focus_out(&focus, window, |picker, _, window, cx| {
                // Another window has the keyboard: the picker waits for it to come back.
                if window.is_window_active() {
                    picker.close(Closing::Accept, window, cx);
                }
            }),
        ];
        let mut picker = Self {
            view,
            model,
            buffer,
            color: Hsva::from_rgba(written.color.rgba),
            written,
            rewritten: false,
            presentations: None,
            asking: None,
            dragged: None,
            focus,
            parts: std::array::from_fn(|_| cx.focus_handle()),
            placed: Placed::default(),
            area,
            _subscriptions: subscriptions,
        };
        window.focus(picker.focus_of(Part::Field), cx);
        picker.ask(cx);
        picker
    }

    /// The colour in the text.
    pub(crate) fn written(&self) -> &WrittenColor {
        &self.written
    }

    /// The colour that is picked.
    pub(crate) fn color(&self) -> Hsva {
        self.color
    }

    /// The colour in the text, as it is picked.
    pub(crate) fn original(&self) -> Hsva {
        Hsva::from_rgba(self.written.color.rgba)
    }

    /// How the server would write the newest colour that it was asked about.
    pub(crate) fn presentations(&self) -> Option<&Presentations> {
        self.presentations.as_ref()
    }

    /// How the server would write the picked colour, once it has said that.
    pub(crate) fn answer(&self) -> Option<&Presentations> {
        let rgba = self.picked();
        self.presentations.as_ref().filter(|one| one.are_of(rgba))
    }

    /// Whether the colour is to be written where there is none.
    pub(crate) fn is_new(&self) -> bool {
        self.written.color.range.is_empty()
    }

    /// The picked colour, with where it stands once it is written by a change of the text.
    pub(crate) fn picked_color(&self, changes: &ChangeSet) -> DocumentColor {
        let color = &self.written.color;
        let start = changes.map_offset(color.range.start, Bias::Left);
        let end = changes.map_offset(color.range.end, Bias::Right);
        DocumentColor {
            range: start..end,
            rgba: self.picked(),
            server: color.server.clone(),
        }
    }

    /// Whether something else than the text is to be written.
    pub(crate) fn is_changed(&self) -> bool {
        self.rewritten || !self.is_original()
    }

    fn is_original(&self) -> bool {
        self.color.rounded() == self.original().rounded()
    }

    /// The picked colour as the server is asked about it.
    fn picked(&self) -> [f32; 4] {
        match self.is_original() {
            true => self.written.color.rgba,
            false => self.color.rounded(),
        }
    }

    /// The focus of a part.
    pub(crate) fn focus_of(&self, part: Part) -> &FocusHandle {
        &self.parts[part as usize]
    }

    fn focused(&self, window: &Window) -> Option<Part> {
        let mut parts = Part::ALL.into_iter();
        parts.find(|part| self.focus_of(*part).is_focused(window))
    }

    /// Gives the keyboard to the part that many further on, or to the field.
    pub(crate) fn focus_part(
        &mut self,
        further: isize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let count = Part::ALL.len();
        let next = self.focused(window).map(|part| {
            let next = (part as usize + count).saturating_add_signed(further) % count;
            Part::ALL[next]
        });
        window.focus(self.focus_of(next.unwrap_or(Part::Field)), cx);
        cx.notify();
    }

    /// Picks a colour.
    fn pick(&mut self, color: Hsva, cx: &mut Context<Self>) {
        self.color = color.clamped();
        self.ask(cx);
        cx.notify();
    }

    /// Goes back to the colour in the text.
    pub(crate) fn pick_original(&mut self, cx: &mut Context<Self>) {
        self.rewritten = false;
        self.presentations = None;
        self.pick(self.original(), cx);
    }

    /// Chooses the next way to write the colour.
    pub(crate) fn choose_next(&mut self, cx: &mut Context<Self>) {
        if let Some(presentations) = &mut self.presentations {
            self.rewritten |= presentations.choose_next();
            cx.notify();
        }
    }

    /// Steps in the part that has the keyboard: so many to the right and up.
    pub(crate) fn step(&mut self, right: f32, up: f32, window: &Window, cx: &mut Context<Self>) {
        if let Some(part) = self.focused(window) {
            self.step_in(part, right * STEP, up * STEP, cx);
        }
    }

    /// The same, ten times as far.
    pub(crate) fn leap(&mut self, right: f32, up: f32, window: &Window, cx: &mut Context<Self>) {
        if let Some(part) = self.focused(window) {
            self.step_in(part, right * LEAP, up * LEAP, cx);
        }
    }

    /// Steps in a part: hundredths of it, or degrees of the hue.
    pub(crate) fn step_in(&mut self, part: Part, right: f32, up: f32, cx: &mut Context<Self>) {
        let mut color = self.color;
        match part {
            Part::Field => {
                color.saturation += right / 100.;
                color.value += up / 100.;
            }
            Part::Alpha => color.alpha += (right + up) / 100.,
            Part::Hue => color.hue += right + up,
            Part::Original | Part::Presentation => return,
        }
        self.pick(color, cx);
    }

    /// Goes to the least or the most of the part that has the keyboard: 0 or 1.
    pub(crate) fn go_to(&mut self, end: f32, window: &Window, cx: &mut Context<Self>) {
        let mut color = self.color;
        match self.focused(window) {
            Some(Part::Field) => color.saturation = end,
            Some(Part::Alpha) => color.alpha = end,
            Some(Part::Hue) => color.hue = end * MAX_HUE,
            Some(Part::Original | Part::Presentation) | None => return,
        }
        self.pick(color, cx);
    }

    /// The pointer is pressed in a part, at a place of it from 0 to 1 each way.
    pub(crate) fn press(
        &mut self,
        part: Part,
        at: Point<f32>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.dragged = Some(part);
        window.focus(self.focus_of(part), cx);
        self.drag(part, at, cx);
    }

    /// The pointer is dragged to a place of a part, if it was pressed in it.
    pub(crate) fn drag(&mut self, part: Part, at: Point<f32>, cx: &mut Context<Self>) {
        if self.dragged != Some(part) {
            return;
        }
        let mut color = self.color;
        match part {
            Part::Field => (color.saturation, color.value) = (at.x, 1. - at.y),
            Part::Alpha => color.alpha = 1. - at.y,
            Part::Hue => color.hue = (1. - at.y) * MAX_HUE,
            Part::Original | Part::Presentation => return,
        }
        self.pick(color, cx);
    }

    /// The pointer is let go.
    pub(crate) fn release(&mut self) {
        self.dragged = None;
    }

    /// Asks how the server would write the picked colour, once it has answered about the one before.
    fn ask(&mut self, cx: &mut Context<Self>) {
        if self.asking.is_some() || self.answer().is_some() {
            return;
        }
        let rgba = self.picked();
        let asked = self.ask_about(rgba, cx);
        self.asking = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                let answer = asked.await;
                // A picker that is gone shows nothing.
                this.update(cx, |picker, cx| {
                    picker.asking = None;
                    picker.take(rgba, answer);
                    picker.ask(cx);
                    cx.notify();
                })
                .ok();
            }),
        );
    }

    fn ask_about(
        &self,
        rgba: [f32; 4],
        cx: &mut Context<Self>,
    ) -> Task<Result<ColorPresentations, RequestError>> {
        let (buffer, color) = (self.buffer, self.written.color.clone());
        self.model.update(cx, |model, cx| {
            model.server_color_presentations(buffer, &color, rgba, cx)
        })
    }

    fn take(&mut self, rgba: [f32; 4], answer: Result<ColorPresentations, RequestError>) {
        let before = self.presentations.as_ref();
        let found = Presentations::answered(rgba, answer, before, &self.written.written);
        self.presentations = Some(found);
    }

    /// Asks how the server would write the picked colour in the text as it is now.
    pub(crate) fn ask_anew(&mut self, cx: &mut Context<Self>) -> Task<()> {
        self.asking = None;
        let rgba = self.picked();
        let asked = self.ask_about(rgba, cx);
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let answer = asked.await;
            // Who waits for it keeps it.
            this.update(cx, |picker, _| picker.take(rgba, answer)).ok();
        })
    }

    /// Closes the picker, which belongs to the view.
    pub(crate) fn close(&mut self, closing: Closing, window: &mut Window, cx: &mut Context<Self>) {
        let (this, view) = (cx.entity(), self.view.clone());
        window.defer(cx, move |window, cx| {
            // A view that is gone has closed it.
            view.update(cx, |view, cx| {
                view.close_color_picker(&this, closing, window, cx);
            })
            .ok();
        });
    }

    fn on_workspace_event(
        &mut self,
        _: &Entity<WorkspaceModel>,
        event: &WorkspaceEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let WorkspaceEvent::BufferEdited {
            buffer,
            version,
            changes,
        } = event
        else {
            return;
        };
        if *buffer != self.buffer {
            return;
        }
        self.written.follow(changes);
        let workspace = self.model.read(cx).workspace();
        let text = workspace.buffer(self.buffer).map(Buffer::text);
        // Of several edits the last one says where it stands.
        let newest = workspace.buffer(self.buffer).map(Buffer::version);
        let stands = text.is_some_and(|text| self.written.stands_in(text));
        if !stands && newest == Some(*version) {
            self.close(Closing::Dismiss, window, cx);
        }
        cx.notify();
    }
}
