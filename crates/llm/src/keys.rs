//! Where keys are kept: the system's keyring, or a file only its owner can
//! read where there is no keyring.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use crate::{KeySource, ModelError, Secret};

/// The name under which the keyring lists Kiln's keys.
const SERVICE: &str = "kiln";
/// A keyring that does not answer (a locked one behind a dialog nobody sees)
/// counts as absent after this long.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(3);
/// Storing may ask the user for the keyring's password.
const STORE_TIMEOUT: Duration = Duration::from_secs(60);
/// A key file larger than this is not ours.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Where a key ended up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// In the system's keyring.
    Keyring,
    /// In a file readable by its owner alone.
    File(PathBuf),
}

impl KeyLocation {
    /// What the user must know about it.
    pub fn warning(&self) -> Option<String> {
        match self {
            Self::Keyring => None,
            Self::File(path) => Some(format!(
                "There is no system keyring, so the key was stored unencrypted in {}, readable by you alone",
                path.display()
            )),
        }
    }
}

/// Why a key could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// The key file cannot be read or written.
    #[error("The key file {path} cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The key file's content is no JSON object of strings.
    #[error("The key file {path} is damaged ({message}). Remove it and add the keys again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The cause, without any of the content.
        message: String,
    },
    /// There is neither a keyring nor a file to use.
    #[error(
        "There is no system keyring to store the key in. Set it as an environment variable instead"
    )]
    NoPlace,
}

type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Looks keys up and stores them.
pub struct KeyStore {
    use_keyring: bool,
    file: Option<PathBuf>,
    environment: Environment,
    cache: Mutex<HashMap<String, Option<Secret>>>,
}

impl KeyStore {
    /// The system's keyring, with `file` where there is none.
    pub fn system(file: PathBuf) -> Self {
        Self::create(true, Some(file))
    }

    /// The file alone (tests, and systems where the user wants it so).
    pub fn file_only(file: PathBuf) -> Self {
        Self::create(false, Some(file))
    }

    /// The environment's variables alone; nothing can be stored.
    pub fn nothing() -> Self {
        Self::create(false, None)
    }

    fn create(use_keyring: bool, file: Option<PathBuf>) -> Self {
        Self {
            use_keyring,
            file,
            environment: Arc::new(|name| std::env::var(name).ok()),
            cache: Mutex::new(HashMap::new()),
        }
    }

    /// Looks variables up in `environment` instead of the process's own.
    pub fn with_environment(
        mut self,
        environment: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.environment = Arc::new(environment);
        self
    }

    /// A variable of the environment.
    pub(crate) fn environment(&self, name: &str) -> Option<String> {
        (self.environment)(name)
    }

    /// Finds a provider's key; `None` where it needs none.
    ///
    /// # Errors
    /// [`ModelError::MissingKey`] where it needs one and there is none.
    pub fn resolve(
        &self,
        provider: &str,
        source: &KeySource,
    ) -> Result<Option<Secret>, ModelError> {
        let from_environment = |variable: &str| {
            self.environment(variable)
                .map(Secret::new)
                .filter(|key| !key.is_empty())
        };
        let stored = |account: &str| match self.get(account) {
            Ok(key) => key,
            Err(error) => {
                tracing::warn!(%error, "a stored key cannot be read");
                None
            }
        };
        let key = match source {
            KeySource::NotNeeded => return Ok(None),
            KeySource::Given(key) => Some(key.clone()).filter(|key| !key.is_empty()),
            KeySource::Environment { variable } => from_environment(variable),
            KeySource::Stored { account } => stored(account),
            KeySource::EnvironmentOrStored { variable, account } => {
                from_environment(variable).or_else(|| stored(account))
            }
        };
        match key {
            Some(key) => Ok(Some(key)),
            None => Err(ModelError::MissingKey {
                provider: provider.to_owned(),
                how_to_set: source.how_to_set(),
            }),
        }
    }

    /// The key stored under `account`. May wait for the keyring, 3 s at most.
    ///
    /// # Errors
    /// Where the key file is there but cannot be read.
    pub fn get(&self, account: &str) -> Result<Option<Secret>, KeyStoreError> {
        if let Some(known) = self.cache().get(account) {
            return Ok(known.clone());
        }
        let mut found = None;
        if self.use_keyring {
            let name = account.to_owned();
            found = with_timeout(LOOKUP_TIMEOUT, move || {
                keyring::Entry::new(SERVICE, &name)
                    .and_then(|entry| entry.get_password())
                    .ok()
            })
            .flatten()
            .map(Secret::new);
        }
        if found.is_none()
            && let Some(path) = &self.file
        {
            found = read_file(path)?.remove(account).map(Secret::new);
        }
        self.cache().insert(account.to_owned(), found.clone());
        Ok(found)
    }

    /// Stores a key under `account` (the provider's name) and says where it
    /// went; show the user [`KeyLocation::warning`].
    ///
    /// # Errors
    /// Where neither the keyring nor the file takes it.
    pub fn set(&self, account: &str, key: &Secret) -> Result<KeyLocation, KeyStoreError> {
        self.cache().remove(account);
        if self.use_keyring {
            let (name, password) = (account.to_owned(), key.clone());
            let stored = with_timeout(STORE_TIMEOUT, move || {
                keyring::Entry::new(SERVICE, &name)
                    .and_then(|entry| entry.set_password(password.expose()))
                    .is_ok()
            });
            if stored == Some(true) {
                self.cache().insert(account.to_owned(), Some(key.clone()));
                return Ok(KeyLocation::Keyring);
            }
        }
        let path = self.file.clone().ok_or(KeyStoreError::NoPlace)?;
        let mut keys = read_file(&path)?;
        keys.insert(account.to_owned(), key.expose().to_owned());
        write_file(&path, &keys)?;
        self.cache().insert(account.to_owned(), Some(key.clone()));
        Ok(KeyLocation::File(path))
    }

    /// Removes the key stored under `account`, wherever it is.
    ///
    /// # Errors
    /// Where the key file cannot be rewritten.
    pub fn remove(&self, account: &str) -> Result<(), KeyStoreError> {
        self.cache().remove(account);
        if self.use_keyring {
            let name = account.to_owned();
            let removed = with_timeout(STORE_TIMEOUT, move || {
                keyring::Entry::new(SERVICE, &name)
                    .and_then(|entry| entry.delete_credential())
                    .is_ok()
            });
            tracing::debug!(
                removed = removed == Some(true),
                "asked the keyring to forget a key"
            );
        }
        if let Some(path) = &self.file {
            let mut keys = read_file(path)?;
            if keys.remove(account).is_some() {
                write_file(path, &keys)?;
            }
        }
        Ok(())
    }

    fn cache(&self) -> MutexGuard<'_, HashMap<String, Option<Secret>>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a keyring call on a thread of its own: it may block on D-Bus, and its
/// executor must not run inside ours. `None` where it took too long.
fn with_timeout<T: Send + 'static>(
    timeout: Duration,
    call: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let spawned = std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            if sender.send(call()).is_err() {
                tracing::debug!("the keyring answered too late");
            }
        });
    match spawned {
        Ok(_) => receiver.recv_timeout(timeout).ok(),
        Err(_) => None,
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, KeyStoreError> {
    let file_error = |source| KeyStoreError::File {
        path: path.to_owned(),
        source,
    };
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(file_error(error)),
    };
    if metadata.len() > MAX_FILE_BYTES {
        return Err(KeyStoreError::Damaged {
            path: path.to_owned(),
            message: "it is too large".to_owned(),
        });
    }
    restrict(path, &metadata).map_err(file_error)?;
    let text = std::fs::read_to_string(path).map_err(file_error)?;
    serde_json::from_str(&text).map_err(|error| KeyStoreError::Damaged {
        path: path.to_owned(),
        // serde's own message could quote the content.
        message: format!("line {}, column {}", error.line(), error.column()),
    })
}

/// Takes away what others may do with the file.
#[cfg(unix)]
fn restrict(path: &Path, metadata: &std::fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "the key file was readable by others; it no longer is");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: &std::fs::Metadata) -> std::io::Result<()> {
    Ok(())
}

fn write_file(path: &Path, keys: &BTreeMap<String, String>) -> Result<(), KeyStoreError> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let temporary = path.with_extension(format!("tmp{}", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let result = options.open(&temporary).and_then(|mut file| {
            file.write_all(serde_json::to_string_pretty(keys)?.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&temporary, path)
        });
        if result.is_err() && std::fs::remove_file(&temporary).is_err() {
            tracing::debug!("no temporary key file is left to remove");
        }
        result
    };
    write().map_err(|source| KeyStoreError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_alone_and_the_user_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/keys.json");
        let store = KeyStore::file_only(path.clone());
        let location = store.set("openai", &Secret::new("sk-canary")).unwrap();
        assert_eq!(location, KeyLocation::File(path.clone()));
        assert!(location.warning().unwrap().contains("unencrypted"));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let again = KeyStore::file_only(path.clone());
        assert_eq!(again.get("openai").unwrap(), Some(Secret::new("sk-canary")));
        assert_eq!(mode(&path), 0o600, "tightened when read");

        again.remove("openai").unwrap();
        assert_eq!(again.get("openai").unwrap(), None);
    }

    #[test]
    fn a_damaged_file_is_reported_without_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        std::fs::write(&path, "{\"openai\": sk-canary}").unwrap();
        let store = KeyStore::file_only(path.clone());
        let error = store.get("openai").unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
        assert!(store.set("openai", &Secret::new("x")).is_err());
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "{\"openai\": sk-canary}",
            "a damaged file is not overwritten"
        );
    }

    #[test]
    fn the_environment_comes_before_what_is_stored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let store = KeyStore::file_only(path)
            .with_environment(|name| (name == "SET").then(|| " from-environment ".to_owned()));
        store.set("openai", &Secret::new("stored")).unwrap();
        let source = |variable: &str| KeySource::EnvironmentOrStored {
            variable: variable.into(),
            account: "openai".into(),
        };
        assert_eq!(
            store.resolve("openai", &source("SET")).unwrap(),
            Some(Secret::new("from-environment"))
        );
        assert_eq!(
            store.resolve("openai", &source("UNSET")).unwrap(),
            Some(Secret::new("stored"))
        );
        let error = store
            .resolve(
                "x",
                &KeySource::Environment {
                    variable: "UNSET".into(),
                },
            )
            .unwrap_err();
        assert!(error.to_string().contains("UNSET"), "{error}");
    }

    #[test]
    fn a_key_is_never_shown() {
        let secret = Secret::new("sk-canary");
        assert!(!format!("{secret:?}").contains("canary"));
        assert!(!format!("{:?}", KeySource::Given(secret.clone())).contains("canary"));
        assert_eq!(secret.redact("bad key sk-canary!"), "bad key [key]!");
    }
}
