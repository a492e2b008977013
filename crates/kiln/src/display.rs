//! Whether a window can open here, found out before gpui has to.

use std::any::Any;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
             desktop session, or under a display without a screen (on Debian: apt install xvfb, \
             then xvfb-run kiln), or use kiln-cli, which needs none."
                .to_owned(),
        ),
        (None, Some(display)) => x11_problem(&display),
        // A connection that was handed over needs no name.
        (Some(_), _) if set("WAYLAND_SOCKET").is_some() => None,
        (Some(name), x11) => {
            let folder = env::var_os("XDG_RUNTIME_DIR").unwrap_or_default();
            wayland_problem(&name, &folder, x11.is_some())
        }
    }
}

/// gpui ends with a panic where no compositor answers, also where there is an X server.
fn wayland_problem(name: &str, runtime_folder: &OsStr, has_x11: bool) -> Option<String> {
    // An absolute name is the socket itself (wl_display_connect of libwayland).
    let socket = Path::new(runtime_folder).join(name);
    let error = connect(&socket).err()?;
    let way_out = match has_x11 {
        true => "unset WAYLAND_DISPLAY to use the X server at DISPLAY",
        false => "correct WAYLAND_DISPLAY",
    };
    Some(format!(
        "The display at WAYLAND_DISPLAY={name} cannot be used: no compositor answers at {} \
         ({error}). Start it, or {way_out}.",
        socket.display()
    ))
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

/// Whether gpui has connected to the display. It panics where it cannot, which is told in the words
/// of [`refusal`] and not in those of a panic.
#[derive(Clone)]
pub struct Connecting(Arc<AtomicBool>);

impl Connecting {
    /// Keeps a panic of this thread to itself until the connection [is made](Self::is_made).
    pub fn watch() -> Self {
        let connecting = Self(Arc::default());
        let (watched, thread) = (connecting.clone(), std::thread::current().id());
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if watched.was_made() || std::thread::current().id() != thread {
                hook(panic);
            }
        }));
        connecting
    }

    /// The display has taken the connection.
    pub fn is_made(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has.
    pub fn was_made(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What to say where gpui could not connect to the display, from what it panicked with.
pub fn refusal(panic: &(dyn Any + Send)) -> String {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("the window system gave no reason")
        .trim_end_matches('.');
    let named: Vec<String> = ["WAYLAND_DISPLAY", "DISPLAY"]
        .into_iter()
        .filter_map(|name| Some((name, env::var(name).ok()?)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let named = match named.as_slice() {
        [] => String::new(),
        named => format!(" at {}", named.join(" and ")),
    };
    format!(
        "The display{named} cannot be used: {reason}. Correct it, or use kiln-cli, which needs none."
    )
}

/// Where the Vulkan loader looks for the descriptions of drivers.
const DRIVER_FOLDERS: &[&str] = &[
    "/etc/vulkan/icd.d",
    "/usr/share/vulkan/icd.d",
    "/usr/local/share/vulkan/icd.d",
    "/usr/local/etc/vulkan/icd.d",
];

/// Where Linux systems keep the Vulkan loader.
const LOADER_FOLDERS: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/lib",
];

/// What this machine has to draw with, as far as its files tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vulkan {
    /// The loader is not there.
    NoLoader,
    /// The loader is there, and no driver is.
    NoDriver,
    /// The environment names drivers, and none of them is there.
    WrongName,
    /// Both are there.
    Installed,
}

impl Vulkan {
    fn here() -> Self {
        let loader = LOADER_FOLDERS
            .iter()
            .any(|folder| Path::new(folder).join("libvulkan.so.1").exists());
        let named = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"]
            .iter()
            .find_map(|name| env::var_os(name).filter(|files| !files.is_empty()));
        let installed = || {
            DRIVER_FOLDERS.iter().any(|folder| {
                std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some())
            })
        };
        let named = named.map(|files| env::split_paths(&files).any(|file| file.exists()));
        Self::found(loader, named, installed)
    }

    /// What follows from whether the loader is there, whether a driver is among those that the
    /// environment names, if it names any, and else whether one is installed.
    fn found(loader: bool, named: Option<bool>, installed: impl FnOnce() -> bool) -> Self {
        match (loader, named) {
            (false, _) => Self::NoLoader,
            (true, Some(true)) => Self::Installed,
            (true, Some(false)) => Self::WrongName,
            (true, None) if installed() => Self::Installed,
            (true, None) => Self::NoDriver,
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::NoLoader => {
                "The Vulkan loader is not installed. On Debian and Ubuntu: apt install libvulkan1 \
                 mesa-vulkan-drivers (on Fedora: dnf install vulkan-loader mesa-vulkan-drivers)."
            }
            Self::NoDriver => {
                "No Vulkan driver is installed. On Debian and Ubuntu: apt install \
                 mesa-vulkan-drivers, which serves AMD and Intel and draws in software where there \
                 is no GPU; for NVIDIA: nvidia-driver, from non-free."
            }
            Self::WrongName => {
                "The Vulkan driver that VK_DRIVER_FILES or VK_ICD_FILENAMES names is not there. \
                 Unset the variable, or name a file in /usr/share/vulkan/icd.d."
            }
            Self::Installed => {
                "A Vulkan driver is installed but cannot draw on this display. Update it, or draw \
                 in software: apt install mesa-vulkan-drivers, then start Kiln with \
                 VK_DRIVER_FILES naming the lvp_icd file in /usr/share/vulkan/icd.d. \
                 `vulkaninfo --summary` (from vulkan-tools) lists what there is."
            }
        }
    }
}

/// What to say when the window could not be made although there is a display.
pub fn gpu_message(error: &str) -> String {
    let error = error.trim_end_matches('.');
    if !cfg!(target_os = "linux") {
        return format!("The window cannot be drawn: {error}. Update the GPU\u{2019}s driver.");
    }
    let advice = Vulkan::here().advice();
    format!("The window cannot be drawn: {error}. {advice} kiln-cli needs neither GPU nor display.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_without_a_server_is_named() {
        let problem = x11_problem(":9871").unwrap();
        assert!(problem.contains("DISPLAY=:9871"), "{problem}");
    }

    #[cfg(unix)]
    #[test]
    fn a_compositor_that_does_not_answer_is_named_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let problem = |x11| wayland_problem("wayland-7", folder.path().as_os_str(), x11);
        let said = problem(true).unwrap();
        assert!(said.contains("WAYLAND_DISPLAY=wayland-7"), "{said}");
        assert!(said.contains("unset WAYLAND_DISPLAY"), "{said}");
        assert!(!problem(false).unwrap().contains("unset"));
        let socket = folder.path().join("wayland-7");
        let _server = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(problem(false), None);
        let absolute = socket.to_str().unwrap();
        assert_eq!(
            wayland_problem(absolute, OsStr::new("/nowhere"), false),
            None
        );
    }

    #[test]
    fn what_gpui_panics_with_becomes_a_sentence() {
        let panic: Box<dyn Any + Send> = Box::new("failed to connect.".to_owned());
        let said = refusal(panic.as_ref());
        assert!(
            said.contains("cannot be used: failed to connect. Correct"),
            "{said}"
        );
        let panic: Box<dyn Any + Send> = Box::new(7);
        assert!(refusal(panic.as_ref()).contains("gave no reason"));
    }

    #[test]
    fn a_remote_display_is_left_to_gpui() {
        assert_eq!(x11_problem("host:0"), None);
    }

    #[test]
    fn what_is_missing_to_draw_is_named_with_its_package() {
        let advice = |loader, named, there| Vulkan::found(loader, named, || there).advice();
        assert!(advice(false, None, false).contains("apt install libvulkan1"));
        assert!(advice(true, None, false).contains("No Vulkan driver"));
        assert!(advice(true, None, false).contains("mesa-vulkan-drivers"));
        assert!(advice(true, None, true).contains("draw in software"));
        assert!(advice(true, Some(true), false).contains("draw in software"));
        assert!(advice(true, Some(false), true).contains("Unset the variable"));
    }
}
