//! The system packages that building, testing and running need.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// Debian's names. What each is for: compilers and build systems for the C parts (the inference
/// engine, grammars, libgit2); headers of the window system and fonts; a Vulkan driver that
/// needs no GPU; a display server that needs no display, with the tools to type into it and to
/// photograph it; fonts to draw with; the programs that tests take as oracles and that benchmarks
/// measure beside.
const PACKAGES: &[&str] = &[
    "g++",
    "make",
    "pkg-config",
    "cmake",
    "clang",
    "libxkbcommon-dev",
    "libxkbcommon-x11-dev",
    "libwayland-dev",
    "libx11-xcb-dev",
    "libxcb1-dev",
    "libfontconfig-dev",
    "libfreetype-dev",
    "libasound2-dev",
    "libdbus-1-dev",
    "libvulkan1",
    "mesa-vulkan-drivers",
    "xvfb",
    "xdotool",
    "x11-utils",
    "imagemagick",
    "fonts-dejavu",
    "fonts-jetbrains-mono",
    "neovim",
    "ripgrep",
];

/// Language servers that Debian has, with the compilers that they ask, for `cargo xtask conformance`.
const SERVERS: &[&str] = &[
    "gopls",
    "golang-go",
    "python3-venv",
    "ruby",
    "rust-web-analyzer",
];

/// Formatters that Debian has.
const FORMATTERS: &[&str] = &[
    "golang-go",
    "golang-golang-x-tools",
    "php-codesniffer",
    "python3-venv",
    "rubocop",
];

/// For servers and formatters from npm, where that is not there already: Node's own packages exclude Debian's.
const NODE: &[&str] = &["nodejs", "npm"];

/// Installs what is missing on Debian and its kin, as root or through sudo; elsewhere says what
/// is needed and goes on.
pub fn ensure() -> Result<()> {
    install(PACKAGES, "Building Kiln")
}

/// Installs the language servers that the system has.
pub fn ensure_servers() -> Result<()> {
    if !process::works("npm", &["--version"]) {
        install(NODE, "Trying all language servers")?;
    }
    install(SERVERS, "Trying all language servers")
}

/// Installs the formatters that the system has.
pub fn ensure_formatters() -> Result<()> {
    if !process::works("npm", &["--version"]) {
        install(NODE, "Trying all formatters")?;
    }
    install(FORMATTERS, "Trying all formatters")
}

fn install(packages: &'static [&'static str], purpose: &str) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !process::works("dpkg-query", &["--version"]) {
        eprintln!(
            "This is no Debian. {purpose} needs the counterparts of: {}",
            packages.join(" ")
        );
        return Ok(());
    }
    let missing = missing(packages, &installed(packages));
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!(
        "Installing {} system packages: {}",
        missing.len(),
        missing.join(" ")
    );
    let sudo = if is_root() {
        false
    } else if process::works("sudo", &["-n", "true"])
        || (std::io::stdin().is_terminal() && process::works("sudo", &["--version"]))
    {
        true
    } else {
        bail!(
            "these packages are missing; install them as root: apt-get install {}",
            missing.join(" ")
        );
    };
    process::run(apt_get(sudo).args(["-q", "update"]))?;
    process::run(
        apt_get(sudo)
            .args(["-q", "install", "-y", "--no-install-recommends"])
            .args(&missing),
    )
}

fn apt_get(sudo: bool) -> Command {
    if sudo {
        let mut command = Command::new("sudo");
        command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    } else {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// What dpkg says about the packages. It fails when one is unknown, and still lists the others.
fn installed(packages: &[&str]) -> String {
    Command::new("dpkg-query")
        .args(["-W", "-f=${db:Status-Abbrev} ${Package}\\n"])
        .args(packages)
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

/// The packages that `dpkg-query` does not list as installed (`ii`).
fn missing(packages: &[&'static str], listing: &str) -> Vec<&'static str> {
    let there: HashSet<&str> = listing
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(status, _)| *status == "ii")
        .map(|(_, name)| name.trim())
        .collect();
    packages
        .iter()
        .copied()
        .filter(|name| !there.contains(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_fully_installed_counts_as_there() {
        let all: String = PACKAGES
            .iter()
            .map(|name| format!("ii  {name}\n"))
            .collect();
        assert_eq!(missing(PACKAGES, &all), Vec::<&str>::new());
        assert_eq!(
            missing(PACKAGES, &all.replace("ii  xvfb", "rc  xvfb")),
            ["xvfb"]
        );
        assert_eq!(
            missing(PACKAGES, &all.replace("ii  cmake\n", "")),
            ["cmake"]
        );
        assert_eq!(missing(PACKAGES, "").len(), PACKAGES.len());
    }
}
