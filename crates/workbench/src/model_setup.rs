//! How the window lets a person choose a model, without knowing any provider: the program
//! implements [`ModelSetup`] over its model crates.

use gpui_kit::{App, SharedString, Task};

/// A provider that works with a key of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyProvider {
    /// What [`ModelSetup::save_key`] takes.
    pub id: SharedString,
    /// What people call it.
    pub name: SharedString,
    /// What its keys look like: "sk-…".
    pub hint: SharedString,
    /// Whether a key is saved.
    pub saved: bool,
    /// The variable of the environment that its key comes from, before any that is saved.
    pub variable: Option<SharedString>,
}

/// A model server that answered, or whose models the settings name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundServer {
    /// Whether it is on this machine.
    pub local: bool,
    /// "Ollama".
    pub name: SharedString,
    /// Its address.
    pub url: SharedString,
    /// The ids of its models, as [`ModelSetup::choose`] takes them.
    pub models: Vec<SharedString>,
}

/// A model that Kiln runs itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedModel {
    /// What [`ModelSetup::download`] and [`ModelSetup::choose`] take.
    pub id: SharedString,
    /// What people call it.
    pub name: SharedString,
    /// The size of its file, in bytes.
    pub bytes: u64,
    /// The memory that it needs, in bytes.
    pub memory_bytes: u64,
    /// Its licence, as an SPDX expression.
    pub licence: SharedString,
    /// Where it comes from.
    pub source: SharedString,
    /// Whether its file is here.
    pub installed: bool,
    /// What is wrong with its file, where one is here that is not the published one: the end of a
    /// sentence that begins with it.
    pub damaged: Option<SharedString>,
    /// Whether it is the one that fits this machine best.
    pub recommended: bool,
}

/// What a download tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownloadEvent {
    /// So much is here, of so much, in bytes.
    Progress {
        /// What is here.
        done: u64,
        /// What there is.
        total: u64,
        /// From where, or what is being done: "checking".
        note: SharedString,
    },
    /// It is here, and its hash is right.
    Finished,
    /// A person stopped it; what is here stays for the next time.
    Stopped,
    /// It is not; the text says why and what to do.
    Failed(SharedString),
}

/// A download on its way. Dropping it leaves it running; what is here is kept either way,
/// and a later download goes on from there.
pub struct Download {
    /// What it tells; ends after anything but [`DownloadEvent::Progress`].
    pub events: async_channel::Receiver<DownloadEvent>,
    /// Stops it.
    pub cancel: Box<dyn Fn()>,
}

/// The program's side of choosing a model.
pub trait ModelSetup {
    /// The providers that work with a key, and what is known of each key.
    fn providers(&self, cx: &App) -> Vec<KeyProvider>;

    /// Looks the keys up; [`providers`](Self::providers) tells what was found. A keyring that gave
    /// nothing away is asked again. Nothing that may cost money takes the place of a model that was
    /// in use for that: who looks again has chosen none.
    fn look_keys_up(&self, cx: &mut App) -> Task<()>;

    /// What the provider of a model is called, where its key is missing as of the last look;
    /// `None` where it has one or needs none, and where that is not known.
    fn lacks_key(&self, model: &str, cx: &App) -> Option<SharedString>;

    /// Why keys were not found out about at the last look, and what to do: whole sentences.
    fn unreadable_keys(&self, cx: &App) -> Option<SharedString>;

    /// Keeps a key. The answer says where it was put, and warns where that is not the
    /// system's keyring.
    fn save_key(
        &self,
        provider: &str,
        key: String,
        cx: &mut App,
    ) -> Task<anyhow::Result<SharedString>>;

    /// Removes the key that is saved for a provider. The answer says what is so now.
    fn remove_key(&self, provider: &str, cx: &mut App) -> Task<anyhow::Result<SharedString>>;

    /// Looks for model servers on this machine, and asks those that are set up.
    fn find_servers(&self, cx: &mut App) -> Task<Vec<FoundServer>>;

    /// Looks at the files of the models that Kiln can run itself; [`embedded`](Self::embedded)
    /// tells what was found.
    fn look_at_files(&self, cx: &mut App) -> Task<()>;

    /// The models that Kiln can run itself, as of the last look; empty before the first one, and
    /// where Kiln was built without.
    fn embedded(&self, cx: &App) -> Vec<EmbeddedModel>;

    /// Fetches one of them. Only called after a person said yes.
    fn download(&self, id: &str, cx: &mut App) -> Download;

    /// Uses a model from now on.
    ///
    /// # Errors
    /// Where it cannot be used; the text says why.
    fn choose(&self, id: &str, cx: &mut App) -> anyhow::Result<()>;

    /// The model in use, if any.
    fn current(&self, cx: &App) -> Option<SharedString>;

    /// Why the model that was in use last is not there, as of the last look at keys or servers: a
    /// sentence. `None` where it is, and where a person chose another one.
    fn missing(&self, cx: &App) -> Option<SharedString>;
}
