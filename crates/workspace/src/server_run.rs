use crate::ServerKey;

/// A run of a language server. What is said in it comes to be known late where a file has to be read
/// for it first, or an answer waited for; by then the server may have been ended and started again,
/// and the next run, which has the same key, says everything anew.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServerRun {
    pub(crate) key: ServerKey,
    /// How many runs of the key were over before it.
    pub(crate) before: u64,
}
