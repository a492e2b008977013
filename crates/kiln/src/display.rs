//! Whether a window can open here, found out before gpui has to.

use std::env;
use std::path::PathBuf;

/// Says why no window can open, and what to do. `None` where one can, as far as can be
/// told.
pub fn problem() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match (set("WAYLAND_DISPLAY"), set("DISPLAY")) {
        (None, None) => Some(
            "There is no display: neither WAYLAND_DISPLAY nor DISPLAY is set. Start Kiln from a \
             desktop session, or use kiln-cli, which needs none."
                .to_owned(),
        ),
        (None, Some(display)) => x11_problem(&display),
        // A broken Wayland name falls back to X11 by itself.
        (Some(_), _) => None,
    }
}

fn x11_problem(display: &str) -> Option<String> {
    let number = display.strip_prefix(':')?.split('.').next()?;
    let socket = PathBuf::from(format!("/tmp/.X11-unix/X{number}"));
    // Without a socket file the server may still listen on an abstract one; with one that
    // refuses, nobody is there.
    if !socket.exists() {
        return abstract_socket_missing(number).then(|| {
            format!(
                "There is no display at DISPLAY={display}: no X server answers there. Start one, \
                 or correct DISPLAY."
            )
        });
    }
    match connect(&socket) {
        Ok(()) => None,
        Err(error) => Some(format!(
            "The display at DISPLAY={display} cannot be used: {error}. Start its X server, or \
             correct DISPLAY."
        )),
    }
}

#[cfg(unix)]
fn connect(socket: &std::path::Path) -> std::io::Result<()> {
    std::os::unix::net::UnixStream::connect(socket).map(drop)
}

#[cfg(not(unix))]
fn connect(_: &std::path::Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn abstract_socket_missing(number: &str) -> bool {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixStream};
    SocketAddr::from_abstract_name(format!("/tmp/.X11-unix/X{number}"))
        .and_then(|address| UnixStream::connect_addr(&address))
        .is_err()
}

#[cfg(not(target_os = "linux"))]
fn abstract_socket_missing(_: &str) -> bool {
    false
}

/// What to say when the window could not be made although there is a display.
pub fn gpu_message(error: &str) -> String {
    format!(
        "The window cannot be drawn: {error}. Kiln needs Vulkan: install your GPU's driver, or the \
         software one (on Debian: apt install mesa-vulkan-drivers libvulkan1)."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_without_a_server_is_named() {
        let problem = x11_problem(":9871").unwrap();
        assert!(problem.contains("DISPLAY=:9871"), "{problem}");
    }

    #[test]
    fn a_remote_display_is_left_to_gpui() {
        assert_eq!(x11_problem("host:0"), None);
    }
}
