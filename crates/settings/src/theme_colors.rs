//! The colours of Kiln's chrome and of its editor.

use crate::color::Rgba;

macro_rules! theme_colors {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Every colour that Kiln draws its chrome and its editor with, in whatever form a
        /// drawing library takes a colour. Backgrounds and texts are opaque; colours that
        /// are painted over others (`hover`, `active`, `selection`, matches, diff lines)
        /// may be translucent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct ThemeColors<C = Rgba> {
            $($(#[$doc])+ pub $name: C,)+
        }

        impl<C: Copy> ThemeColors<C> {
            /// Every colour with its name, for galleries and tests.
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, C)> {
                [$((stringify!($name), self.$name),)+].into_iter()
            }

            /// The same colours in another form.
            pub fn map<D>(&self, form: impl Fn(C) -> D) -> ThemeColors<D> {
                ThemeColors { $($name: form(self.$name),)+ }
            }
        }
    };
}

theme_colors! {
    /// The window behind everything.
    background,
    /// Side bars and docks.
    surface,
    /// Popovers, menus and dialogs.
    elevated,
    /// The title bar.
    title_bar,
    /// The status bar.
    status_bar,
    /// Lines between areas.
    border,
    /// The edge of what has the focus.
    border_focused,
    /// Text.
    text,
    /// Text of less weight: labels, paths, times.
    text_muted,
    /// Text of least weight: placeholders, what is switched off.
    text_faint,
    /// The words of a control that is switched off: quiet, and readable on every surface and on a
    /// secondary button.
    disabled_text,
    /// The one colour that calls attention.
    accent,
    /// Text on the accent.
    accent_text,
    /// Painted over a row under the pointer.
    hover,
    /// Painted over the chosen row.
    active,
    /// The editor's background.
    editor_background,
    /// Code without a colour of its own.
    editor_text,
    /// Line numbers.
    line_number,
    /// The number of the caret's line.
    line_number_active,
    /// Painted over the caret's line.
    current_line,
    /// Painted over selected text.
    selection,
    /// The caret.
    caret,
    /// Painted over what a search found.
    find_match,
    /// Painted over the match that the search stands at.
    find_match_active,
    /// Painted over a bracket and its partner.
    bracket_match,
    /// Around them.
    bracket_match_border,
    /// Painted over the places of the word at the caret.
    word_highlight,
    /// Around them.
    word_highlight_border,
    /// Painted over the places where what is at the caret is written to.
    word_highlight_strong,
    /// Around them.
    word_highlight_strong_border,
    /// Painted over the places that are edited as one.
    linked_editing,
    /// Painted over the other places of what is selected.
    selection_highlight,
    /// Around them.
    selection_highlight_border,
    /// Commands above lines.
    code_lens,
    /// Text of hints between the text, such as of language servers.
    inlay_hint,
    /// Behind it.
    inlay_hint_background,
    /// Text of hints that say a type.
    inlay_hint_type,
    /// Behind it.
    inlay_hint_type_background,
    /// Text of hints that name a parameter.
    inlay_hint_parameter,
    /// Behind it.
    inlay_hint_parameter_background,
    /// Text that is offered at the caret and is not in the file.
    ghost_text,
    /// The outermost brackets. Of the six colours that nested brackets go through, those that are
    /// transparent are left out.
    bracket_1,
    /// Brackets in others.
    bracket_2,
    /// Brackets one deeper.
    bracket_3,
    /// Brackets one deeper.
    bracket_4,
    /// Brackets one deeper.
    bracket_5,
    /// Brackets one deeper.
    bracket_6,
    /// A bracket without a partner.
    bracket_unexpected,
    /// The lines beside pairs of brackets, by how deep they are nested.
    bracket_guide_1,
    /// The same, deeper.
    bracket_guide_2,
    /// The same, deeper.
    bracket_guide_3,
    /// The same, deeper.
    bracket_guide_4,
    /// The same, deeper.
    bracket_guide_5,
    /// The same, deeper.
    bracket_guide_6,
    /// The line beside the pair of brackets that the caret is in.
    bracket_guide_active_1,
    /// The same, deeper.
    bracket_guide_active_2,
    /// The same, deeper.
    bracket_guide_active_3,
    /// The same, deeper.
    bracket_guide_active_4,
    /// The same, deeper.
    bracket_guide_active_5,
    /// The same, deeper.
    bracket_guide_active_6,
    /// Painted over a character that is not what it looks like.
    unicode_highlight_background,
    /// Around it.
    unicode_highlight_border,
    /// The lines that show indentation.
    indent_guide,
    /// That of the block that the caret is in.
    indent_guide_active,
    /// The lines after columns.
    ruler,
    /// Added lines and files.
    added,
    /// Changed lines and files.
    modified,
    /// Removed lines and files.
    removed,
    /// Errors.
    error,
    /// Warnings.
    warning,
    /// Notes.
    info,
    /// The line under what is wrong in a text.
    editor_error,
    /// The line under what is likely wrong.
    editor_warning,
    /// The line under what is good to know.
    editor_info,
    /// The line under what could be better.
    editor_hint,
    /// What went well.
    success,
    /// A scrollbar's thumb.
    scrollbar_thumb,
    /// A scrollbar's thumb under the pointer.
    scrollbar_thumb_hover,
    /// The minimap's background.
    minimap_background,
    /// Painted over the part of the minimap that is in view.
    minimap_slider,
    /// The same under the pointer.
    minimap_slider_hover,
    /// The same while it is dragged.
    minimap_slider_active,
    /// Selected text in the minimap.
    minimap_selection,
    /// The places of the word at the caret and of what is selected, in the minimap.
    minimap_occurrence,
    /// What a search found, in the minimap.
    minimap_find_match,
    /// Added lines, at the edge of the minimap.
    minimap_added,
    /// Changed lines there.
    minimap_modified,
    /// Removed lines there.
    minimap_removed,
    /// The lines that are pinned at the top of a text.
    sticky_scroll_background,
    /// Painted over one of them under the pointer.
    sticky_scroll_hover,
    /// The line below them.
    sticky_scroll_border,
    /// The shadow below that.
    sticky_scroll_shadow,
    /// The shown tab.
    tab_active,
    /// The other tabs.
    tab_inactive,
    /// Text fields.
    input_background,
    /// The edge of text fields.
    input_border,
    /// The main button.
    button_background,
    /// The main button under the pointer.
    button_hover,
    /// Text on the main button.
    button_text,
    /// Other buttons.
    secondary_button_background,
    /// Text on other buttons.
    secondary_button_text,
    /// Painted over added lines of a diff.
    diff_added_background,
    /// Painted over removed lines of a diff.
    diff_removed_background,
    /// Painted over the words of added lines that differ, above the background of the lines.
    diff_added_word,
    /// Painted over the words of removed lines that differ, above the background of the lines.
    diff_removed_word,
    /// Code inside rendered text.
    code_background,
    /// Links.
    link,
    /// Painted over the window behind a dialog.
    scrim,
}
