//! Settings that the window follows at once and that are written into the person's file behind
//! that. A write outlives the workbench that asked for it: another folder may take its place.

use crate::settings_files::SettingsFiles;
use gpui_kit::{App, AsyncApp, Global, Task, Window};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use ui::{LanguageSetting, SettingPlace, SettingsStore};

/// The writes that are to come or under way; each closes its channel when it is over.
#[derive(Default)]
struct Writes(RefCell<Vec<async_channel::Receiver<()>>>);

impl Global for Writes {}

/// Lets writes be waited for. Call once, before the first.
pub(crate) fn init(cx: &mut App) {
    cx.set_global(Writes::default());
}

/// Held as long as something is being written.
pub(crate) struct Write {
    _over: async_channel::Sender<()>,
}

impl Write {
    /// Has [`all_written`] wait until this is dropped.
    pub(crate) fn begin(cx: &App) -> Self {
        let (sender, over) = async_channel::bounded(1);
        let mut writes = cx.global::<Writes>().0.borrow_mut();
        writes.retain(|write| !write.is_closed());
        writes.push(over);
        Self { _over: sender }
    }
}

/// Whether nothing is being written into the person's settings.
pub(crate) fn is_all_written(cx: &App) -> bool {
    let writes = cx.global::<Writes>().0.borrow();
    writes.iter().all(async_channel::Receiver::is_closed)
}

/// Waits for what is being written into the person's settings, and was to be when this was asked.
pub(crate) fn all_written(cx: &App) -> impl Future<Output = ()> + use<> {
    let writes = cx.global::<Writes>().0.borrow().clone();
    async move {
        for write in writes {
            // Nothing is ever sent: it ends when the write does.
            write.recv().await.ok();
        }
    }
}

/// The settings that are being written, and their values; none where they are taken out.
#[derive(Default)]
struct BeingWritten(HashMap<SettingPlace, Option<Value>>);

impl Global for BeingWritten {}

/// Changes a setting of the person's, or takes it out: at once for the window, and in their file as
/// soon as what is being written there of it allows. What cannot be written is told, and goes back
/// to what the file says.
pub(crate) fn keep_setting(
    files: &SettingsFiles,
    place: SettingPlace,
    value: Option<Value>,
    window: &Window,
    cx: &mut App,
) {
    SettingsStore::set_ahead(place.clone(), value.clone(), cx);
    let being_written = &mut cx.default_global::<BeingWritten>().0;
    if being_written.insert(place.clone(), value).is_some() {
        return;
    }
    let (files, window) = (files.clone(), window.window_handle());
    let open = Write::begin(cx);
    cx.spawn(async move |cx: &mut AsyncApp| {
        let _write = open;
        loop {
            let next = cx.update(|cx| {
                let value = cx.global::<BeingWritten>().0.get(&place).cloned()?;
                Some((write(&files, &place, value.clone(), cx), value))
            });
            let Some((written, value)) = next else {
                return;
            };
            let written = written.await;
            cx.update(|cx| {
                let being_written = &mut cx.global_mut::<BeingWritten>().0;
                if written.is_err() || being_written.get(&place) == Some(&value) {
                    being_written.remove(&place);
                    SettingsStore::settle(&place, cx);
                }
                if let Err(error) = written {
                    // A closed window shows nothing.
                    window
                        .update(cx, |_, window, cx| ui::notify_error(&error, window, cx))
                        .ok();
                }
            });
        }
    })
    .detach();
}

/// Writes a value into the person's file. Nothing is taken out of the block of a language.
fn write(
    files: &SettingsFiles,
    place: &SettingPlace,
    value: Option<Value>,
    cx: &App,
) -> Task<anyhow::Result<()>> {
    match (place.language.clone(), value) {
        (Some(language), Some(value)) => {
            let key = place.key;
            let setting = LanguageSetting {
                language,
                key,
                value,
            };
            files.change_for_language(setting.into(), cx)
        }
        (_, value) => files.change(vec![(place.key, value)], cx),
    }
}
