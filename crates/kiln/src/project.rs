//! Which folder is the project of a file.

use std::path::{Path, PathBuf};

/// What a project's own folder has in it.
const MARKS: [&str; 2] = [".kiro", ".git"];

/// Whose something is, and on which file system it lies.
type Place = (u32, u64);

/// The folder that is opened for a file: the nearest one above it that is a repository or has specs,
/// else the one that it is in. The home folder, which some people keep under git, and what lies
/// above it are no project of what is further down; nor is what belongs to somebody else, as git has
/// it since `safe.directory`, or lies on another file system.
pub fn project_of(file: &Path, home: Option<&Path>) -> Option<PathBuf> {
    project_by(file, home, place_of)
}

fn project_by(
    file: &Path,
    home: Option<&Path>,
    place_of: impl Fn(&Path) -> Option<Place>,
) -> Option<PathBuf> {
    let own = file.parent()?;
    let place = place_of(own);
    let same = |path: &Path| place.is_some() && place_of(path) == place;
    let marked = own
        .ancestors()
        .take_while(|folder| !home.is_some_and(|home| home.starts_with(folder)))
        .take_while(|folder| same(folder))
        .find(|folder| MARKS.iter().any(|mark| same(&folder.join(mark))));
    Some(marked.unwrap_or(own).to_path_buf())
}

/// Of a link the one of itself; `None` where there is nothing.
#[cfg(unix)]
fn place_of(path: &Path) -> Option<Place> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = path.symlink_metadata().ok()?;
    Some((metadata.uid(), metadata.dev()))
}

#[cfg(not(unix))]
fn place_of(path: &Path) -> Option<Place> {
    path.exists().then_some((0, 0))
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
    #[test]
    fn what_belongs_to_somebody_else_is_no_project() {
        let (me, other) = ((1000, 1), (1001, 1));
        let of = |file: &str, places: &[(&str, Place)]| {
            let place = |path: &Path| {
                let mut known = places.iter();
                let found = known.find(|(known, _)| Path::new(known) == path);
                found.map(|(_, place)| *place)
            };
            project_by(Path::new(file), None, place).unwrap()
        };
        let mine = [("/tmp", me), ("/tmp/.git", me), ("/tmp/a", me)];
        assert_eq!(of("/tmp/a/notes.txt", &mine), Path::new("/tmp"));
        let root = (0, 1);
        for [folder, mark] in [[root, other], [other, me], [me, other], [(1000, 2), me]] {
            let places = [("/tmp", folder), ("/tmp/.git", mark), ("/tmp/a", me)];
            assert_eq!(of("/tmp/a/notes.txt", &places), Path::new("/tmp/a"));
        }
    }
}
