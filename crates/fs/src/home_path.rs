use std::path::{Path, PathBuf};

/// A path as a person writes it: `~` alone, and before slashes, is the home folder, where there is one.
/// `~name` is a path like any other.
pub fn from_home(written: &str) -> PathBuf {
    let behind = match written {
        "~" => Some(""),
        _ => written.strip_prefix("~/"),
    };
    match (behind, std::env::home_dir()) {
        // What begins with a slash would not be joined, but take the place of the folder.
        (Some(rest), Some(home)) => match rest.trim_start_matches('/') {
            "" => home,
            rest => home.join(rest),
        },
        _ => Path::new(written).to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_home_folder_where_a_shell_takes_it_for_that() {
        let home = std::env::home_dir().unwrap();
        for (written, path) in [
            ("~", home.clone()),
            ("~/", home.clone()),
            ("~//", home.clone()),
            ("~/a/b", home.join("a/b")),
            ("~//etc/a", home.join("etc/a")),
            ("~a", "~a".into()),
            ("a/~/b", "a/~/b".into()),
            ("/a", "/a".into()),
        ] {
            assert_eq!(from_home(written), path, "{written}");
        }
    }
}
