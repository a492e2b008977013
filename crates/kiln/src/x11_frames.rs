//! Asks the X server to want a window drawn, over a connection of its own.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use gpui_kit::Window;
use raw_window_handle::{HasWindowHandle, RawWindowHandle};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, EXPOSE_EVENT, EventMask, ExposeEvent};

/// Sends windows Expose events, which gpui answers with a frame between two lots of events. A
/// thread does, so that nobody waits for the X server.
pub struct X11Frames(SyncSender<u32>);

impl X11Frames {
    /// Connects when the first frame is asked for.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start() -> std::io::Result<Self> {
        let (windows, asked) = sync_channel(1);
        thread::Builder::new()
            .name("x11 frames".to_owned())
            .spawn(move || {
                if let Err(error) = send(&asked) {
                    tracing::warn!("frames cannot be asked for while keys come fast: {error:#}");
                }
            })?;
        Ok(Self(windows))
    }

    /// Asks for a frame of a window. Does nothing for one of Wayland, whose compositor asks for
    /// frames in the same queue as it sends keys, while the frame before is still asked for, and
    /// where the X server cannot be reached a second time.
    pub fn ask(&self, window: &Window) {
        let Ok(handle) = HasWindowHandle::window_handle(window) else {
            return;
        };
        let id = match handle.as_raw() {
            RawWindowHandle::Xcb(handle) => handle.window.get(),
            _ => return,
        };
        if let Err(TrySendError::Disconnected(_)) = self.0.try_send(id) {
            tracing::debug!("frames cannot be asked for");
        }
    }
}

fn send(asked: &Receiver<u32>) -> anyhow::Result<()> {
    let mut connection = None;
    while let Ok(window) = asked.recv() {
        let connection = match &connection {
            Some(connection) => connection,
            None => connection.insert(x11rb::connect(None)?.0),
        };
        let event = ExposeEvent {
            response_type: EXPOSE_EVENT,
            sequence: 0,
            window,
            x: 0,
            y: 0,
            width: 1,
            height: 1,
            count: 0,
        };
        connection.send_event(false, window, EventMask::EXPOSURE, event)?;
        connection.flush()?;
        // Errors, such as of a window that was closed meanwhile, would gather.
        while connection.poll_for_event()?.is_some() {}
    }
    Ok(())
}
