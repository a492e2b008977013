//! Where VS Code and its relatives keep what belongs to the user.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::ImportError;

/// Which system's places are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum System {
    /// Linux and other Unix systems.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

/// The places that depend on the user and the system.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Environment {
    /// The system.
    pub system: System,
    /// The home folder.
    pub home: PathBuf,
    /// `XDG_CONFIG_HOME`, where it is set (Linux).
    pub config_home: Option<PathBuf>,
    /// `APPDATA` (Windows).
    pub app_data: Option<PathBuf>,
}

impl Environment {
    /// The places of the running process; `None` where it has no home folder.
    pub fn from_process() -> Option<Self> {
        let system = if cfg!(target_os = "macos") {
            System::MacOs
        } else if cfg!(windows) {
            System::Windows
        } else {
            System::Linux
        };
        let absolute = |name: &str| {
            env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let home = if system == System::Windows {
            absolute("USERPROFILE")
        } else {
            absolute("HOME")
        }?;
        Some(Self {
            system,
            home,
            config_home: absolute("XDG_CONFIG_HOME"),
            app_data: absolute("APPDATA"),
        })
    }

    /// The folders that hold one folder for each program.
    fn config_folders(&self, product: &Product) -> Vec<PathBuf> {
        match self.system {
            System::Linux => {
                let config = self
                    .config_home
                    .clone()
                    .unwrap_or_else(|| self.home.join(".config"));
                let mut folders = vec![config];
                if let Some(flatpak) = product.flatpak {
                    folders.push(self.home.join(".var/app").join(flatpak).join("config"));
                }
                folders
            }
            System::MacOs => vec![self.home.join("Library/Application Support")],
            System::Windows => vec![
                self.app_data
                    .clone()
                    .unwrap_or_else(|| self.home.join("AppData").join("Roaming")),
            ],
        }
    }
}

struct Product {
    title: &'static str,
    folder: &'static str,
    extensions: &'static str,
    flatpak: Option<&'static str>,
    /// The names of the folder that it is installed in, by system: Linux, macOS and Windows.
    programs: [&'static [&'static str]; 3],
}

/// The folders that programs are installed in on Linux.
const PROGRAM_FOLDERS: [&str; 4] = ["/usr/share", "/opt", "/usr/lib", "/usr/local/share"];

impl Product {
    /// The folders that may hold the extensions that come with it.
    fn built_in_folders(&self, environment: &Environment) -> Vec<PathBuf> {
        let home = &environment.home;
        let [linux, mac, windows] = self.programs;
        let mut folders = Vec::new();
        match environment.system {
            System::Linux => {
                for name in linux {
                    for parent in PROGRAM_FOLDERS {
                        let program = Path::new(parent).join(name);
                        folders.push(program.join("resources/app/extensions"));
                        // As Arch Linux has it.
                        folders.push(program.join("extensions"));
                    }
                    let snap = Path::new("/snap").join(name).join("current/usr/share");
                    folders.push(snap.join(name).join("resources/app/extensions"));
                }
                let shares = [PathBuf::from("/var/lib"), home.join(".local/share")];
                for (share, flatpak) in shares.iter().zip([self.flatpak; 2]) {
                    let Some(flatpak) = flatpak else { continue };
                    let files = share.join("flatpak/app").join(flatpak);
                    let files = files.join("current/active/files");
                    folders.push(files.join("extra/vscode/resources/app/extensions"));
                    for name in linux {
                        let program = files.join("share").join(name);
                        folders.push(program.join("resources/app/extensions"));
                    }
                }
            }
            System::MacOs => {
                for name in mac {
                    for parent in [PathBuf::from("/"), home.clone()] {
                        let program = parent.join("Applications").join(format!("{name}.app"));
                        folders.push(program.join("Contents/Resources/app/extensions"));
                    }
                }
            }
            System::Windows => {
                for name in windows {
                    for parent in [
                        home.join("AppData/Local/Programs"),
                        r"C:\Program Files".into(),
                    ] {
                        folders.push(parent.join(name).join("resources/app/extensions"));
                    }
                }
            }
        }
        folders.retain(|folder| folder.is_dir());
        folders
    }
}

const PRODUCTS: &[Product] = &[
    Product {
        title: "Visual Studio Code",
        folder: "Code",
        extensions: ".vscode",
        flatpak: Some("com.visualstudio.code"),
        programs: [
            &["code", "visual-studio-code"],
            &["Visual Studio Code"],
            &["Microsoft VS Code"],
        ],
    },
    Product {
        title: "Visual Studio Code Insiders",
        folder: "Code - Insiders",
        extensions: ".vscode-insiders",
        flatpak: None,
        programs: [
            &["code-insiders", "visual-studio-code-insiders"],
            &["Visual Studio Code - Insiders"],
            &["Microsoft VS Code Insiders"],
        ],
    },
    Product {
        title: "Code - OSS",
        folder: "Code - OSS",
        extensions: ".vscode-oss",
        flatpak: Some("com.visualstudio.code-oss"),
        programs: [&["code-oss", "code"], &["Code - OSS"], &["Code - OSS"]],
    },
    Product {
        title: "VSCodium",
        folder: "VSCodium",
        extensions: ".vscode-oss",
        flatpak: Some("com.vscodium.codium"),
        programs: [
            &["codium", "vscodium", "vscodium-bin"],
            &["VSCodium"],
            &["VSCodium"],
        ],
    },
    Product {
        title: "Cursor",
        folder: "Cursor",
        extensions: ".cursor",
        flatpak: None,
        programs: [&["cursor", "Cursor"], &["Cursor"], &["cursor"]],
    },
    Product {
        title: "Kiro",
        folder: "Kiro",
        extensions: ".kiro",
        flatpak: None,
        programs: [&["kiro", "Kiro"], &["Kiro"], &["Kiro"]],
    },
];

/// One program that a person set up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Installation {
    /// Its name for people.
    pub title: String,
    /// The folder with settings.json, which may be missing.
    pub user_folder: PathBuf,
    /// Folders that hold one folder for each extension.
    pub extension_folders: Vec<PathBuf>,
    /// The same of those that come with the program, whose grammars others may include.
    pub built_in_folders: Vec<PathBuf>,
}

impl Installation {
    /// Its settings file.
    pub fn settings_file(&self) -> PathBuf {
        self.user_folder.join("settings.json")
    }

    /// The file of its key bindings, which need not exist.
    pub fn key_bindings_file(&self) -> PathBuf {
        self.user_folder.join("keybindings.json")
    }
}

/// The programs whose user folders exist, in a fixed order.
pub fn find_installations(environment: &Environment) -> Vec<Installation> {
    let mut found: Vec<Installation> = Vec::new();
    for product in PRODUCTS {
        for config in environment.config_folders(product) {
            let user_folder = config.join(product.folder).join("User");
            let known = found
                .iter()
                .any(|installation| installation.user_folder == user_folder);
            if user_folder.is_dir() && !known {
                found.push(Installation {
                    title: product.title.to_string(),
                    user_folder,
                    extension_folders: vec![
                        environment.home.join(product.extensions).join("extensions"),
                    ],
                    built_in_folders: product.built_in_folders(environment),
                });
            }
        }
    }
    found
}

/// How many folders a home folder stands above the user folder of a program in it at most, with that:
/// `AppData/Roaming/Code/User`.
const HOME_ABOVE: usize = 5;

/// The installation at a path: a settings.json, the folder that holds it, or the
/// folder above (`Code`, or a portable installation's `data`). The extensions are
/// those of the program that the path belongs to, in the home folder that the path is in and in that of
/// the environment, and any beside it.
pub fn installation_at(
    path: &Path,
    environment: Option<&Environment>,
) -> Result<Installation, ImportError> {
    if !path.exists() {
        return Err(ImportError::NotFound(path.to_path_buf()));
    }
    if !path.is_dir() && path.file_name().is_none_or(|name| name != "settings.json") {
        return Err(ImportError::NotSettings(path.to_path_buf()));
    }
    let user_folder = if path.is_file() {
        path.parent().unwrap_or(Path::new(".")).to_path_buf()
    } else {
        [".", "User", "user-data/User", "data/user-data/User"]
            .iter()
            .map(|inside| {
                if *inside == "." {
                    path.to_path_buf()
                } else {
                    path.join(inside)
                }
            })
            .find(|folder| folder.join("settings.json").is_file())
            .ok_or_else(|| ImportError::NoSettings(path.to_path_buf()))?
    };
    if !user_folder.join("settings.json").is_file() {
        return Err(ImportError::NoSettings(path.to_path_buf()));
    }
    let product = PRODUCTS.iter().find(|product| {
        user_folder.file_name().is_some_and(|name| name == "User")
            && user_folder
                .parent()
                .and_then(Path::file_name)
                .is_some_and(|name| name == product.folder)
    });
    let above = || user_folder.ancestors();
    let beside = above().take(4).map(|folder| folder.join("extensions"));
    // The home folder of a machine that was copied or is mounted.
    let homes = above().take(HOME_ABOVE);
    let of_homes = product.into_iter().flat_map(|product| {
        let homes = homes.clone();
        homes.map(move |home| home.join(product.extensions).join("extensions"))
    });
    let folders = beside.chain(of_homes);
    let mut extension_folders: Vec<PathBuf> = folders.filter(|folder| folder.is_dir()).collect();
    if let (Some(product), Some(environment)) = (product, environment) {
        let folder = environment.home.join(product.extensions).join("extensions");
        if !extension_folders.contains(&folder) {
            extension_folders.push(folder);
        }
    }
    let mut built_in_folders: Vec<PathBuf> = user_folder
        .ancestors()
        .take(5)
        .map(|folder| folder.join("resources/app/extensions"))
        .filter(|folder| folder.is_dir())
        .collect();
    if let (Some(product), Some(environment)) = (product, environment) {
        built_in_folders.extend(product.built_in_folders(environment));
    }
    Ok(Installation {
        built_in_folders,
        title: product.map_or_else(
            || user_folder.display().to_string(),
            |product| product.title.to_string(),
        ),
        user_folder,
        extension_folders,
    })
}
