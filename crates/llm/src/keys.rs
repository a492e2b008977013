//! Where keys are kept: the system's keyring, or a file only its owner can
//! read where there is no keyring.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::key_changes::{KeyChanges, KeyState};
use crate::{KeySource, ModelError, Secret, key_file};

/// The name under which the keyring lists Kiln's keys.
const SERVICE: &str = "kiln";
/// How long a keyring may take.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For a look-up: a keyring may wait behind a dialog that nobody sees.
    lookup: Duration,
    /// For storing and removing, which may ask the user for the keyring's password.
    store: Duration,
    /// How long one that gave nothing away is not asked for a key again.
    pause: Duration,
}

const PATIENCE: Patience = Patience {
    lookup: Duration::from_secs(3),
    store: Duration::from_secs(60),
    pause: Duration::from_secs(10),
};

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
    /// The keyring is there and gives nothing away. What was asked of it may be tried again.
    #[error("The system's keyring {0}. Unlock it and try again")]
    Keyring(KeyringFault),
    /// A key was to be removed and may still be in the keyring.
    #[error(
        "The key may still be in the system's keyring, which {0}. Unlock it and try again, or remove the entry `kiln` there"
    )]
    NotRemoved(KeyringFault),
    /// There is neither a keyring nor a file to use.
    #[error(
        "There is no system keyring to store the key in. Set it as an environment variable instead"
    )]
    NoPlace,
}

/// Why a keyring gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringFault {
    /// There is none on this system.
    #[error("is missing")]
    Missing,
    /// It is locked, or refuses.
    #[error("is locked")]
    Locked,
    /// It did not answer in time.
    #[error("does not answer")]
    Silent,
}

/// A keyring. Its calls may wait for a person.
trait Keyring: Send + Sync {
    /// The key under `account`, if there is one.
    fn get(&self, account: &str) -> Result<Option<Secret>, KeyringFault>;
    fn set(&self, account: &str, key: &Secret) -> Result<(), KeyringFault>;
    /// Afterwards there is no key under `account`; says whether there was one.
    fn delete(&self, account: &str) -> Result<bool, KeyringFault>;
}

/// The system's own.
struct SystemKeyring;

impl SystemKeyring {
    fn entry(account: &str) -> Result<keyring::Entry, KeyringFault> {
        keyring::Entry::new(SERVICE, account).map_err(|error| fault(&error))
    }
}

fn fault(error: &keyring::Error) -> KeyringFault {
    tracing::debug!(%error, "the keyring refused");
    match error {
        keyring::Error::NoStorageAccess(_) => KeyringFault::Locked,
        _ => KeyringFault::Missing,
    }
}

impl Keyring for SystemKeyring {
    fn get(&self, account: &str) -> Result<Option<Secret>, KeyringFault> {
        match Self::entry(account)?.get_password() {
            Ok(key) => Ok(Some(Secret::new(key))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(fault(&error)),
        }
    }

    fn set(&self, account: &str, key: &Secret) -> Result<(), KeyringFault> {
        Self::entry(account)?
            .set_password(key.expose())
            .map_err(|error| fault(&error))
    }

    fn delete(&self, account: &str) -> Result<bool, KeyringFault> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(keyring::Error::NoEntry) => Ok(false),
            Err(error) => Err(fault(&error)),
        }
    }
}

type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Looks keys up and stores them.
pub struct KeyStore {
    keyring: Option<Arc<dyn Keyring>>,
    patience: Patience,
    /// When the keyring last gave nothing away, and why.
    refused: Mutex<Option<(Instant, KeyringFault)>>,
    file: Option<PathBuf>,
    environment: Environment,
    /// Of the keys of all programs that share this store; `None` where nothing can be stored.
    changes: Option<KeyChanges>,
    cache: Mutex<KnownKeys>,
}

/// What is known for certain, as long as no program has changed a key since.
#[derive(Default)]
struct KnownKeys {
    of: KeyState,
    keys: HashMap<String, Option<Secret>>,
}

impl KeyStore {
    /// The system's keyring, with `file` where there is none.
    pub fn system(file: PathBuf) -> Self {
        Self::create(Some(Arc::new(SystemKeyring)), Some(file))
    }

    /// The file alone (tests, and systems where the user wants it so).
    pub fn file_only(file: PathBuf) -> Self {
        Self::create(None, Some(file))
    }

    /// The environment's variables alone; nothing can be stored.
    pub fn nothing() -> Self {
        Self::create(None, None)
    }

    fn create(keyring: Option<Arc<dyn Keyring>>, file: Option<PathBuf>) -> Self {
        Self {
            keyring,
            patience: PATIENCE,
            refused: Mutex::new(None),
            changes: file.as_deref().map(KeyChanges::beside),
            file,
            environment: Arc::new(|name| std::env::var(name).ok()),
            cache: Mutex::default(),
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

    /// The variable of the environment that a key comes from now, before any that is stored.
    pub fn variable<'a>(&self, source: &'a KeySource) -> Option<&'a str> {
        let (KeySource::Environment { variable } | KeySource::EnvironmentOrStored { variable, .. }) =
            source
        else {
            return None;
        };
        let key = self.environment(variable).map(Secret::new);
        key.is_some_and(|key| !key.is_empty()).then_some(variable)
    }

    /// A variable of the environment.
    pub(crate) fn environment(&self, name: &str) -> Option<String> {
        (self.environment)(name)
    }

    /// Finds a provider's key; `None` where it needs none.
    ///
    /// # Errors
    /// [`ModelError::MissingKey`] where it needs one and there is none;
    /// [`ModelError::UnreadableKey`] where the place that may have it cannot be read.
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
        let stored = |account: &str| {
            self.get(account)
                .map_err(|error| ModelError::UnreadableKey {
                    provider: provider.to_owned(),
                    reason: error.to_string(),
                })
        };
        let key = match source {
            KeySource::NotNeeded => return Ok(None),
            KeySource::Given(key) => Some(key.clone()).filter(|key| !key.is_empty()),
            KeySource::Environment { variable } => from_environment(variable),
            KeySource::Stored { account } => stored(account)?,
            KeySource::EnvironmentOrStored { variable, account } => {
                match from_environment(variable) {
                    Some(key) => Some(key),
                    None => stored(account)?,
                }
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
    /// Where the key file is there but cannot be read, and where the key may be in a keyring that
    /// gives nothing away; that holds for 10 s, or until it is to be [asked
    /// again](Self::ask_again).
    pub fn get(&self, account: &str) -> Result<Option<Secret>, KeyStoreError> {
        let state = self.state();
        if let Some(known) = self.known(&state, account) {
            return Ok(known);
        }
        // A key in the file is the later one: it goes there where the keyring does not take it.
        let mut found = None;
        if let Some(path) = &self.file {
            found = key_file::read(path)?.remove(account).map(Secret::new);
        }
        if found.is_none()
            && let Some(keyring) = &self.keyring
        {
            match self.look_up(keyring, account) {
                Ok(key) => found = key,
                // It may be there another time.
                Err(KeyringFault::Missing) => return Ok(None),
                Err(fault) => return Err(KeyStoreError::Keyring(fault)),
            }
        }
        // What changed meanwhile is looked up again the next time.
        self.keep(state, account, found.clone());
        Ok(found)
    }

    fn look_up(
        &self,
        keyring: &Arc<dyn Keyring>,
        account: &str,
    ) -> Result<Option<Secret>, KeyringFault> {
        // Every provider of a list may be asked about: it is waited for once, and one dialog asks
        // for its password.
        let pause = self.patience.pause;
        if let Some((since, fault)) = *lock(&self.refused)
            && since.elapsed() < pause
        {
            return Err(fault);
        }
        let (keyring, name) = (Arc::clone(keyring), account.to_owned());
        let found = with_timeout(self.patience.lookup, move || keyring.get(&name), |_| {})
            .unwrap_or(Err(KeyringFault::Silent));
        *lock(&self.refused) = match found {
            Err(fault @ (KeyringFault::Locked | KeyringFault::Silent)) => {
                Some((Instant::now(), fault))
            }
            Ok(_) | Err(KeyringFault::Missing) => None,
        };
        found
    }

    /// Asks a keyring that gave nothing away again from now on: a person wants to try.
    pub fn ask_again(&self) {
        *lock(&self.refused) = None;
    }

    /// Stores a key under `account` (the provider's name) and says where it
    /// went; show the user [`KeyLocation::warning`].
    ///
    /// # Errors
    /// Where neither the keyring nor the file takes it.
    pub fn set(&self, account: &str, key: &Secret) -> Result<KeyLocation, KeyStoreError> {
        if let Some(keyring) = &self.keyring {
            let (store, undo) = (Arc::clone(keyring), Arc::clone(keyring));
            let (name, late_name, password) = (account.to_owned(), account.to_owned(), key.clone());
            let stored = with_timeout(
                self.patience.store,
                move || store.set(&name, &password),
                // It is in the file by now.
                move |stored| {
                    if stored.is_ok() && undo.delete(&late_name).is_err() {
                        tracing::warn!("a key is left in the keyring");
                    }
                },
            );
            if stored == Some(Ok(())) {
                // An older one in the file would come before it.
                self.remove_from_file(account)?;
                self.ask_again();
                self.remember(account, key);
                return Ok(KeyLocation::Keyring);
            }
        }
        let path = self.file.clone().ok_or(KeyStoreError::NoPlace)?;
        key_file::change(&path, |keys| {
            keys.insert(account.to_owned(), key.expose().to_owned());
            true
        })?;
        self.remember(account, key);
        Ok(KeyLocation::File(path))
    }

    /// Removes the key stored under `account`, wherever it is, and says whether there was one. May
    /// wait for the keyring, 60 s at most.
    ///
    /// # Errors
    /// Where the key file cannot be rewritten; [`KeyStoreError::NotRemoved`] where the keyring does
    /// not confirm that it has no such key any more.
    pub fn remove(&self, account: &str) -> Result<bool, KeyStoreError> {
        let removed = self.remove_everywhere(account);
        // Also of what was looked up meanwhile, here and elsewhere.
        self.announce();
        removed
    }

    fn remove_everywhere(&self, account: &str) -> Result<bool, KeyStoreError> {
        let in_file = self.remove_from_file(account)?;
        let Some(keyring) = &self.keyring else {
            return Ok(in_file);
        };
        let (keyring, name) = (Arc::clone(keyring), account.to_owned());
        let removed = with_timeout(self.patience.store, move || keyring.delete(&name), |_| {});
        match removed.unwrap_or(Err(KeyringFault::Silent)) {
            Ok(in_keyring) => Ok(in_file || in_keyring),
            Err(KeyringFault::Missing) => Ok(in_file),
            Err(fault) => Err(KeyStoreError::NotRemoved(fault)),
        }
    }

    /// Says whether there was one.
    fn remove_from_file(&self, account: &str) -> Result<bool, KeyStoreError> {
        let Some(path) = &self.file else {
            return Ok(false);
        };
        // No lock, and no file, where there is nothing to remove.
        if !key_file::read(path)?.contains_key(account) {
            return Ok(false);
        }
        key_file::change(path, |keys| keys.remove(account).is_some())
    }

    /// The state of the keys that all programs share.
    fn state(&self) -> KeyState {
        let changes = self.changes.as_ref();
        changes.map(KeyChanges::state).unwrap_or_default()
    }

    /// Tells all programs, this one too, that a key has changed.
    fn announce(&self) {
        if let Some(changes) = &self.changes {
            changes.announce();
        }
        lock(&self.cache).keys.clear();
    }

    /// Keeps what was just stored.
    fn remember(&self, account: &str, key: &Secret) {
        self.announce();
        self.keep(self.state(), account, Some(key.clone()));
    }

    /// What is known in this state of the keys.
    fn known(&self, state: &KeyState, account: &str) -> Option<Option<Secret>> {
        let known = lock(&self.cache);
        let key = || known.keys.get(account).cloned();
        (known.of == *state).then(key).flatten()
    }

    /// Keeps what was found in this state, and nothing of another one.
    fn keep(&self, state: KeyState, account: &str, key: Option<Secret>) {
        let mut known = lock(&self.cache);
        if known.of != state {
            known.keys.clear();
            known.of = state;
        }
        known.keys.insert(account.to_owned(), key);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a keyring call on a thread of its own: it may block on D-Bus, and its
/// executor must not run inside ours. `None` where it took too long; `late` gets what comes then.
fn with_timeout<T: Send + 'static>(
    timeout: Duration,
    call: impl FnOnce() -> T + Send + 'static,
    late: impl FnOnce(T) + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let spawned = std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            if let Err(mpsc::SendError(answer)) = sender.send(call()) {
                tracing::debug!("the keyring answered too late");
                late(answer);
            }
        });
    match spawned {
        Ok(_) => receiver.recv_timeout(timeout).ok(),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::Path;

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

        assert!(again.remove("openai").unwrap());
        assert_eq!(again.get("openai").unwrap(), None);
        assert!(!again.remove("openai").unwrap(), "there was none");
    }

    /// A keyring that does what a test says.
    #[derive(Default)]
    struct FakeKeyring {
        keys: Mutex<BTreeMap<String, Secret>>,
        fault: Mutex<Option<KeyringFault>>,
        asked: std::sync::atomic::AtomicUsize,
    }

    impl FakeKeyring {
        fn fail(&self, fault: Option<KeyringFault>) {
            *lock(&self.fault) = fault;
        }

        fn check(&self) -> Result<(), KeyringFault> {
            self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let fault = *lock(&self.fault);
            if fault == Some(KeyringFault::Silent) {
                // The dialog that nobody answers.
                while *lock(&self.fault) == fault {
                    std::thread::yield_now();
                }
            }
            fault.map_or(Ok(()), Err)
        }
    }

    impl Keyring for FakeKeyring {
        fn get(&self, account: &str) -> Result<Option<Secret>, KeyringFault> {
            self.check()?;
            Ok(lock(&self.keys).get(account).cloned())
        }

        fn set(&self, account: &str, key: &Secret) -> Result<(), KeyringFault> {
            self.check()?;
            lock(&self.keys).insert(account.to_owned(), key.clone());
            Ok(())
        }

        fn delete(&self, account: &str) -> Result<bool, KeyringFault> {
            self.check()?;
            Ok(lock(&self.keys).remove(account).is_some())
        }
    }

    /// A store over a keyring, with a file beside it.
    fn store_over(keyring: &Arc<FakeKeyring>, folder: &Path, pause: Duration) -> KeyStore {
        let shared: Arc<dyn Keyring> = keyring.clone();
        let mut store = KeyStore::create(Some(shared), Some(folder.join("keys.json")));
        store.patience = Patience {
            lookup: Duration::from_millis(20),
            store: Duration::from_millis(20),
            pause,
        };
        // Waits for nothing but a keyring that is told to be silent.
        if pause.is_zero() {
            store.patience.store = Duration::from_secs(20);
        }
        store
    }

    #[test]
    fn a_keyring_that_did_not_answer_is_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Arc::new(FakeKeyring::default());
        lock(&keyring.keys).insert("openai".into(), Secret::new("sk-canary"));
        let store = store_over(&keyring, folder.path(), Duration::from_secs(3600));
        let source = KeySource::Stored {
            account: "openai".into(),
        };
        for (fault, said) in [
            (KeyringFault::Locked, "is locked"),
            (KeyringFault::Silent, "does not answer"),
        ] {
            keyring.fail(Some(fault));
            store.ask_again();
            let error = store.resolve("openai", &source).unwrap_err().to_string();
            assert!(
                error.contains(said) && error.contains("try again"),
                "{error}"
            );
            // The list of models asks for every provider: it does not wait for each, and no dialog
            // comes up for each.
            let asked = keyring.asked.load(std::sync::atomic::Ordering::SeqCst);
            let again = store.resolve("openai", &source).unwrap_err().to_string();
            assert_eq!(again, error);
            assert_eq!(
                keyring.asked.load(std::sync::atomic::Ordering::SeqCst),
                asked
            );
        }
        keyring.fail(None);
        store.ask_again();
        assert_eq!(
            store.resolve("openai", &source).unwrap(),
            Some(Secret::new("sk-canary"))
        );
        // A system without a keyring has no key, now; that is not remembered either.
        keyring.fail(Some(KeyringFault::Missing));
        assert_eq!(store.get("other").unwrap(), None);
        keyring.fail(None);
        lock(&keyring.keys).insert("other".into(), Secret::new("k"));
        assert_eq!(store.get("other").unwrap(), Some(Secret::new("k")));
    }

    #[test]
    fn a_key_does_not_outlive_its_removal_unsaid() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Arc::new(FakeKeyring::default());
        let store = store_over(&keyring, folder.path(), Duration::ZERO);
        let key = Secret::new("sk-canary");
        assert_eq!(store.set("openai", &key).unwrap(), KeyLocation::Keyring);
        keyring.fail(Some(KeyringFault::Locked));
        let error = store.remove("openai").unwrap_err();
        assert!(error.to_string().contains("may still be in"), "{error}");
        keyring.fail(None);
        assert_eq!(store.get("openai").unwrap(), Some(key.clone()), "it is");
        assert!(store.remove("openai").unwrap());
        assert_eq!(store.get("openai").unwrap(), None);
        assert!(!store.remove("openai").unwrap(), "there was none");

        // A newer key that only the file took comes before the keyring's.
        store.set("openai", &key).unwrap();
        keyring.fail(Some(KeyringFault::Locked));
        let newer = Secret::new("sk-newer");
        let location = store.set("openai", &newer).unwrap();
        assert!(matches!(location, KeyLocation::File(_)));
        keyring.fail(None);
        let again = store_over(&keyring, folder.path(), Duration::ZERO);
        assert_eq!(again.get("openai").unwrap(), Some(newer));
        // And one that the keyring took, before the file's.
        again.set("openai", &key).unwrap();
        let again = store_over(&keyring, folder.path(), Duration::ZERO);
        assert_eq!(again.get("openai").unwrap(), Some(key));
        again.remove("openai").unwrap();
        assert!(lock(&keyring.keys).is_empty());
    }

    #[test]
    fn what_another_program_does_to_a_key_counts_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Arc::new(FakeKeyring::default());
        let one = store_over(&keyring, folder.path(), Duration::ZERO);
        let other = store_over(&keyring, folder.path(), Duration::ZERO);
        let asked = || keyring.asked.load(std::sync::atomic::Ordering::SeqCst);
        let key = Secret::new("sk-canary");
        one.set("openai", &key).unwrap();
        assert_eq!(other.get("openai").unwrap(), Some(key.clone()));
        let before = asked();
        assert_eq!(other.get("openai").unwrap(), Some(key.clone()));
        assert_eq!(one.get("openai").unwrap(), Some(key));
        assert_eq!(
            asked(),
            before,
            "what nobody changed is not asked for again"
        );

        let newer = Secret::new("sk-newer");
        one.set("openai", &newer).unwrap();
        assert_eq!(other.get("openai").unwrap(), Some(newer));
        other.remove("openai").unwrap();
        assert_eq!(one.get("openai").unwrap(), None);

        // Where there is no keyring, the file is the keys, whoever writes to it.
        let file = folder.path().join("keys.json");
        let alone = KeyStore::file_only(file.clone());
        assert_eq!(alone.get("own").unwrap(), None);
        std::fs::write(&file, "{\"own\": \"sk-own\"}").unwrap();
        assert_eq!(alone.get("own").unwrap(), Some(Secret::new("sk-own")));
    }

    #[test]
    fn what_a_keyring_answers_too_late_is_handed_on() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Arc::new(FakeKeyring::default());
        let store = store_over(&keyring, folder.path(), Duration::from_secs(3600));
        let (sender, receiver) = mpsc::channel();
        let slow = with_timeout(Duration::from_millis(5), move || receiver.recv().is_ok(), {
            let keyring = Arc::clone(&keyring);
            move |answered: bool| {
                assert!(answered);
                lock(&keyring.keys).insert("late".into(), Secret::new("k"));
            }
        });
        assert_eq!(slow, None);
        sender.send(()).unwrap();
        while lock(&keyring.keys).is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(store.get("late").unwrap(), Some(Secret::new("k")));
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
        assert_eq!(store.variable(&source("SET")), Some("SET"));
        assert_eq!(store.variable(&source("UNSET")), None);
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
