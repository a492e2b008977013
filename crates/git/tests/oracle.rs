//! Branch and statuses as the `git` program gives them, and nothing run while reading them.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use git::{FileStatus, Head, snapshot};

/// A repository made with the real program.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.folder.path(), arguments)
    }

    fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self
    }

    fn snapshot(&self) -> git::Snapshot {
        snapshot(self.folder.path())
            .unwrap()
            .expect("it is a repository")
    }

    fn status(&self, path: &str) -> Option<FileStatus> {
        self.snapshot().statuses.get(&self.path(path))
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .expect("git is installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What `git status` says, in our words.
fn oracle(folder: &Path) -> BTreeMap<PathBuf, FileStatus> {
    let arguments = [
        "status",
        "--porcelain=v1",
        "-z",
        "--ignored",
        "--no-renames",
    ];
    let output = git(folder, &arguments);
    let entries = output.split('\0').filter(|entry| !entry.is_empty());
    let mut statuses = BTreeMap::new();
    for entry in entries {
        let (code, path) = (&entry[..2], entry[3..].trim_end_matches('/'));
        let status = match code {
            "!!" => FileStatus::Ignored,
            "??" => FileStatus::Untracked,
            "UU" | "AA" | "DD" | "AU" | "UA" | "DU" | "UD" => FileStatus::Conflicted,
            _ if code.ends_with('D') => FileStatus::Deleted,
            _ if code.starts_with('A') => FileStatus::Added,
            _ if code.starts_with('D') => FileStatus::Deleted,
            _ => FileStatus::Modified,
        };
        // A file taken out of the index that still lies there has two lines.
        statuses
            .entry(PathBuf::from(path))
            .and_modify(|known| *known = FileStatus::Untracked)
            .or_insert(status);
    }
    statuses
}

#[track_caller]
fn assert_as_git(project: &Project) {
    let ours: BTreeMap<PathBuf, FileStatus> = project
        .snapshot()
        .statuses
        .iter()
        .map(|(path, status)| (path.to_path_buf(), status))
        .collect();
    assert_eq!(ours, oracle(project.folder.path()));
}

#[test]
fn a_folder_without_git_is_no_repository() {
    let folder = tempfile::tempdir().unwrap();
    assert!(snapshot(folder.path()).unwrap().is_none());
    assert!(git::head(folder.path()).unwrap().is_none());
    assert!(snapshot(Path::new("/no/such/folder")).unwrap().is_none());
}

#[test]
fn branches_unborn_born_and_left() {
    let project = Project::new();
    let main = |is_unborn| Head::Branch {
        name: "main".into(),
        is_unborn,
    };
    assert_eq!(project.snapshot().head, main(true));
    project.write("a.txt", "a").commit("First");
    assert_eq!(project.snapshot().head, main(false));
    project.git(&["switch", "--quiet", "--create", "feature/due-dates"]);
    assert_eq!(project.snapshot().head.to_string(), "feature/due-dates");
    project.git(&["switch", "--quiet", "--detach"]);
    let commit = project
        .git(&["rev-parse", "--short=7", "HEAD"])
        .trim()
        .to_owned();
    assert_eq!(project.snapshot().head, Head::Detached { commit });
}

#[test]
fn a_worktree_has_its_own_branch_and_statuses() {
    let project = Project::new();
    project.write("a.txt", "a").commit("First");
    let other = tempfile::tempdir().unwrap();
    let tree = other.path().join("tree");
    project.git(&[
        "worktree",
        "add",
        "--quiet",
        "-b",
        "side",
        tree.to_str().unwrap(),
    ]);
    fs::write(tree.join("a.txt"), "changed").unwrap();
    let inside = snapshot(&tree)
        .unwrap()
        .expect("a worktree is a repository");
    assert_eq!(inside.head.to_string(), "side");
    assert_eq!(
        inside.statuses.get(&tree.join("a.txt")),
        Some(FileStatus::Modified)
    );
    assert!(
        inside.watch.iter().all(|path| path.exists()),
        "{:?}",
        inside.watch
    );
    assert_eq!(project.status("a.txt"), None);
}

#[test]
fn every_sort_of_difference_is_as_git_says() {
    let project = Project::new();
    for name in [
        "kept",
        "edited",
        "staged",
        "deleted",
        "staged then edited",
        "removed",
        "untracked now",
    ] {
        project.write(&format!("src/{name}.txt"), name);
    }
    project
        .write(".gitignore", "target/\n*.log\n!keep.log\n")
        .write("was-file", "x")
        .commit("First");
    project
        .write("src/edited.txt", "other")
        .write("src/staged.txt", "other")
        .write("src/staged then edited.txt", "other");
    project.git(&["add", "src/staged.txt", "src/staged then edited.txt"]);
    project
        .write("src/staged then edited.txt", "yet another")
        .write("new/deep/file.txt", "new")
        .write("src/new.txt", "new")
        .write("src/added é.txt", "added")
        .write("target/debug/out", "x")
        .write("src/run.log", "x")
        .write("src/keep.log", "x");
    project.git(&["add", "src/added é.txt"]);
    fs::remove_file(project.path("src/deleted.txt")).unwrap();
    project.git(&["rm", "--quiet", "src/removed.txt"]);
    project.git(&["rm", "--quiet", "--cached", "src/untracked now.txt"]);
    #[cfg(unix)]
    {
        fs::remove_file(project.path("was-file")).unwrap();
        std::os::unix::fs::symlink("src", project.path("was-file")).unwrap();
    }
    assert_as_git(&project);

    assert_eq!(project.status("src/kept.txt"), None);
    assert_eq!(
        project.status("new/deep/file.txt"),
        Some(FileStatus::Untracked)
    );
    assert_eq!(
        project.status("target/debug/out"),
        Some(FileStatus::Ignored)
    );
    let statuses = project.snapshot().statuses;
    assert!(statuses.is_complete());
    assert_eq!(
        statuses.of_folder(&project.path("src")),
        Some(FileStatus::Modified)
    );
    assert_eq!(
        statuses.of_folder(&project.path("new")),
        Some(FileStatus::Untracked)
    );
    assert_eq!(
        statuses.of_folder(&project.path("new/deep")),
        Some(FileStatus::Untracked)
    );
    assert_eq!(
        statuses.of_folder(&project.path("target")),
        Some(FileStatus::Ignored)
    );
}

#[test]
fn conflicts_and_line_ending_rules_are_as_git_says() {
    let project = Project::new();
    project
        .write(".gitattributes", "*.txt text eol=crlf\n")
        .write("a.txt", "base\r\n")
        .write("unchanged.txt", "x\r\ny\r\n")
        .commit("Base");
    project.git(&["switch", "--quiet", "--create", "side"]);
    project.write("a.txt", "side\n").commit("Side");
    project.git(&["switch", "--quiet", "main"]);
    project
        .write("a.txt", "main\n")
        .write("crlf.txt", "x\r\ny\r\n")
        .commit("Main");
    let merge = Command::new("git")
        .current_dir(project.folder.path())
        .args([
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.org",
            "merge",
            "side",
        ])
        .output()
        .unwrap();
    assert!(!merge.status.success(), "the branches conflict");
    // Other bytes, but the same once the line endings are what the repository keeps.
    project.write("unchanged.txt", "x\ny\n");
    assert_as_git(&project);
    assert_eq!(project.status("a.txt"), Some(FileStatus::Conflicted));
}

#[test]
fn a_folder_inside_a_repository_sees_its_own_part() {
    let project = Project::new();
    project
        .write("web/a.ts", "a")
        .write("server/b.py", "b")
        .commit("First");
    project
        .write("web/a.ts", "changed")
        .write("server/b.py", "changed");
    let web = project.path("web");
    let found = snapshot(&web).unwrap().expect("it is in a repository");
    assert_eq!(found.workdir, project.folder.path());
    assert_eq!(
        found.statuses.get(&web.join("a.ts")),
        Some(FileStatus::Modified)
    );
    assert_eq!(found.statuses.get(&project.path("server/b.py")), None);
}

#[cfg(unix)]
#[test]
fn a_folder_reached_through_a_link_keeps_the_name_it_was_reached_by() {
    let project = Project::new();
    project.write("a.txt", "a").commit("First");
    project.write("a.txt", "changed");
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("project");
    std::os::unix::fs::symlink(project.folder.path(), &link).unwrap();
    let found = snapshot(&link).unwrap().unwrap();
    assert_eq!(
        found.statuses.get(&link.join("a.txt")),
        Some(FileStatus::Modified)
    );
}

/// Everything in a repository's settings that would start a program, each pointing at a script
/// that leaves a mark.
#[cfg(unix)]
#[test]
fn reading_a_hostile_repository_runs_nothing_and_writes_nothing() {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::new();
    project
        .write("a.txt", "a\n")
        .write("b.bin", "b\n")
        .commit("First");
    let marks = tempfile::tempdir().unwrap();
    let mark = marks.path().join("ran");
    let script = marks.path().join("script");
    fs::write(
        &script,
        format!("#!/bin/sh\necho \"$0 $*\" >> {}\ncat\n", mark.display()),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let run = script.to_str().unwrap();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "credential.helper",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "gpg.program",
        "merge.evil.driver",
        "uploadpack.packObjectsHook",
        "alias.status",
        "interactive.diffFilter",
        "sequence.editor",
        "trailer.x.command",
    ] {
        project.git(&["config", key, run]);
    }
    project.git(&["config", "filter.evil.required", "true"]);
    fs::write(
        project.path(".git/info/attributes"),
        "* filter=evil diff=evil merge=evil\n",
    )
    .unwrap();
    for hook in [
        "post-index-change",
        "fsmonitor-watchman",
        "pre-commit",
        "post-checkout",
        "reference-transaction",
    ] {
        let path = project.path(".git/hooks").join(hook);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(&script, &path).unwrap();
    }
    project.write("a.txt", "changed\n").write("c.txt", "new\n");
    fs::remove_file(&mark).ok();
    let index = fs::read(project.path(".git/index")).unwrap();

    let found = project.snapshot();
    assert_eq!(
        found.statuses.get(&project.path("a.txt")),
        Some(FileStatus::Modified)
    );
    assert_eq!(
        found.statuses.get(&project.path("c.txt")),
        Some(FileStatus::Untracked)
    );
    assert!(
        !mark.exists(),
        "something was run: {}",
        fs::read_to_string(&mark).unwrap()
    );
    assert_eq!(fs::read(project.path(".git/index")).unwrap(), index);
    assert!(!project.path(".git/index.lock").exists());

    // The same settings do run programs when git itself reads the status.
    Command::new("git")
        .current_dir(project.folder.path())
        .arg("status")
        .output()
        .unwrap();
    assert!(mark.exists(), "the trap works");
}

#[test]
fn a_work_tree_that_lies_elsewhere_is_not_looked_at() {
    let project = Project::new();
    project.write("a.txt", "a").commit("First");
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("secret.txt"), "s").unwrap();
    project.git(&[
        "config",
        "core.worktree",
        elsewhere.path().to_str().unwrap(),
    ]);
    assert!(snapshot(project.folder.path()).unwrap().is_none());
}

#[test]
fn a_damaged_repository_is_an_error_that_names_the_folder() {
    let project = Project::new();
    project.write("a.txt", "a").commit("First");
    fs::write(project.path(".git/index"), b"DIRC not an index").unwrap();
    let error = snapshot(project.folder.path()).expect_err("the index is damaged");
    let message = error.to_string();
    assert!(
        message.contains(project.folder.path().to_str().unwrap()),
        "{message}"
    );
}

/// The version of a file in the index.
fn index_file(path: &Path) -> Option<git::IndexFile> {
    git::indexed(path).unwrap().and_then(|found| found.file)
}

#[test]
fn a_file_in_the_index_is_read_and_written_as_git_does() {
    let project = Project::new();
    project.write("src/a.txt", "one\ntwo\n").commit("first");
    let path = project.path("src/a.txt");
    let old = index_file(&path).unwrap();
    assert_eq!(old.bytes, b"one\ntwo\n");
    assert_eq!(index_file(&project.path("src/b.txt")), None);

    project.write("src/a.txt", "ONE\ntwo\nthree\n");
    git::stage(&path, old.id, b"ONE\ntwo\n").unwrap();
    assert_eq!(project.git(&["show", ":src/a.txt"]), "ONE\ntwo\n");
    let left = project.git(&["diff", "--unified=0", "--", "src/a.txt"]);
    assert!(
        left.ends_with("+three\n") && !left.contains("ONE"),
        "{left}"
    );
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "ONE\ntwo\nthree\n",
        "the file itself stays"
    );
    assert_eq!(index_file(&path).unwrap().bytes, b"ONE\ntwo\n");

    // Whoever looked at the version before must look again.
    let error = git::stage(&path, old.id, b"other\n").unwrap_err();
    assert!(matches!(error, git::StageError::Moved { .. }), "{error}");
    assert_eq!(project.git(&["show", ":src/a.txt"]), "ONE\ntwo\n");
}

#[test]
fn what_was_committed_is_told_where_something_else_is_staged() {
    let project = Project::new();
    let path = project.path("src/a.txt");
    project.write("src/a.txt", "one\ntwo\n");
    project.git(&["add", "."]);
    let committed = |path: &Path| index_file(path).unwrap().committed;
    assert_eq!(committed(&path), None, "nothing is committed yet");
    project.commit("first");
    assert_eq!(committed(&path), None, "it is what the index has");
    project.write("src/a.txt", "ONE\ntwo\n");
    assert_eq!(committed(&path), None, "it is not staged");
    project.write("new.txt", "new\n");
    project.git(&["add", "."]);
    assert_eq!(committed(&path).unwrap(), b"one\ntwo\n");
    assert_eq!(committed(&project.path("new.txt")), None);

    // Back in the index, to the byte.
    let id = index_file(&path).unwrap().id;
    git::stage(&path, id, b"one\ntwo\n").unwrap();
    assert_eq!(committed(&path), None);
    assert_eq!(
        project.git(&["diff", "--cached", "--name-only"]),
        "new.txt\n"
    );
    // What is checked out may be no branch.
    project.git(&["checkout", "--quiet", "--detach"]);
    project.git(&["add", "src/a.txt"]);
    assert_eq!(committed(&path).unwrap(), b"one\ntwo\n");
}

#[test]
fn a_staged_file_keeps_its_mode() {
    let project = Project::new();
    project.write("run", "#!/bin/sh\n").commit("first");
    project.git(&["update-index", "--chmod=+x", "run"]);
    let path = project.path("run");
    let old = index_file(&path).unwrap();
    git::stage(&path, old.id, b"#!/bin/sh\ntrue\n").unwrap();
    let entry = project.git(&["ls-files", "--stage", "run"]);
    assert!(entry.starts_with("100755 "), "{entry}");
}

#[test]
fn a_link_and_what_lies_outside_have_no_version_to_compare_with() {
    let project = Project::new();
    std::os::unix::fs::symlink("a.txt", project.path("link")).unwrap();
    project.write("a.txt", "one\n").commit("first");
    assert_eq!(index_file(&project.path("link")), None);
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(index_file(&elsewhere.path().join("a")), None);
}

#[test]
fn what_is_staged_of_an_announced_file_is_committed() {
    let project = Project::new();
    project.write("a.txt", "one\n").commit("first");
    project.write("new.txt", "two\n");
    project.git(&["add", "--intent-to-add", "new.txt"]);
    let path = project.path("new.txt");
    let old = index_file(&path).unwrap();
    git::stage(&path, old.id, b"two\n").unwrap();
    project.git(&["commit", "--quiet", "--message", "second"]);
    assert_eq!(project.git(&["show", "HEAD:new.txt"]), "two\n");
}

#[test]
fn what_a_save_has_beside_its_file_changes_nothing() {
    let project = Project::new();
    project.write("src/a.rs", "one\n").commit("first");
    project.write("src/.a.rs.Ab3dE9.kiln-tmp", "two\n");
    assert_eq!(project.status("src/.a.rs.Ab3dE9.kiln-tmp"), None);
    let statuses = project.snapshot().statuses;
    assert_eq!(statuses.of_folder(&project.path("src")), None);
}
