//! Which folder is the project of a file.

use std::path::{Path, PathBuf};

/// What a project's own folder has in it.
const MARKS: [&str; 2] = [".kiro", ".git"];

/// The folder that is opened for a file: the nearest one above it that is a repository or has specs,
/// else the one that it is in. The home folder, which some people keep under git, and what lies
/// above it are no project of what is further down.
pub fn project_of(file: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let own = file.parent()?;
    let marked = own
        .ancestors()
        .take_while(|folder| !home.is_some_and(|home| home.starts_with(folder)))
        .find(|folder| MARKS.iter().any(|mark| folder.join(mark).exists()));
    Some(marked.unwrap_or(own).to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_of_a_file_is_its_repository_or_the_folder_with_specs() {
        let scratch = tempfile::tempdir().unwrap();
        let home = scratch.path();
        let folder = |path: &str| {
            let folder = home.join(path);
            std::fs::create_dir_all(&folder).unwrap();
            folder
        };
        let of = |path: &str| project_of(&home.join(path), Some(home)).unwrap();
        // The home folder is somebody's repository of settings.
        folder(".git");
        let (repository, _) = (folder("shop"), folder("shop/.git"));
        let specs = folder("shop/.kiro/specs/discounts");
        folder("shop/web/src");
        assert_eq!(of("shop/web/src/app.ts"), repository);
        assert_eq!(of("shop/.kiro/specs/discounts/requirements.md"), repository);
        assert!(specs.starts_with(&repository));

        assert_eq!(of("notes/todo.txt"), folder("notes"), "no repository");
        assert_eq!(of("todo.txt"), home, "a file of the home folder itself");
        let outside = project_of(Path::new("/proc/version"), Some(home)).unwrap();
        assert_eq!(outside, Path::new("/proc"));
    }
}
