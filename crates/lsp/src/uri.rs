use std::path::{Path, PathBuf};

use url::Url;

/// The URI of a file; `None` where the path is not absolute.
pub(crate) fn of(path: &Path) -> Option<String> {
    Url::from_file_path(path).ok().map(String::from)
}

/// The file of a URI on this machine.
pub(crate) fn path(uri: &str) -> Option<PathBuf> {
    let url = Url::parse(uri).ok()?;
    let path = (url.scheme() == "file").then(|| url.to_file_path().ok())??;
    // No system has a file of such a name.
    (!path.as_os_str().as_encoded_bytes().contains(&0)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_whatever_is_in_it() {
        for name in ["/a/b.rs", "/a b/ä#?%41.rs", "/:/x"] {
            let uri = of(Path::new(name)).unwrap();
            assert_eq!(path(&uri).as_deref(), Some(Path::new(name)), "{uri}");
        }
        assert_eq!(of(Path::new("a.rs")), None);
        assert_eq!(path("untitled:1"), None);
        assert_eq!(path("file://other.host/x"), None);
        assert_eq!(path("file:///a%00b"), None);
        let escapes = path("file:///project/%2e%2e/etc/../passwd");
        assert_eq!(
            escapes.as_deref(),
            Some(Path::new("/passwd")),
            "no step up is left"
        );
    }
}
