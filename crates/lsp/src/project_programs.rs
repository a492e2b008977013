//! Programs that a project brings along: what its package managers put into its folder. They are the
//! project's code, so that nobody runs one whom the user was not asked about, by its path.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::launch::is_executable;

/// Where package managers put programs, from the folder of a package: npm, Python's virtual
/// environments, Composer.
#[cfg(not(windows))]
const FOLDERS: [&str; 4] = ["node_modules/.bin", ".venv/bin", "venv/bin", "vendor/bin"];
#[cfg(windows)]
const FOLDERS: [&str; 4] = [
    "node_modules/.bin",
    ".venv/Scripts",
    "venv/Scripts",
    "vendor/bin",
];

/// What a program's file may be called beside its name.
#[cfg(not(windows))]
const ENDINGS: [&str; 1] = [""];
#[cfg(windows)]
const ENDINGS: [&str; 3] = [".exe", ".cmd", ".bat"];

/// Bundler's gems, a folder for each version of Ruby.
const GEMS: &str = "vendor/bundle/ruby";
/// More versions of Ruby are not looked at.
const MAX_RUBIES: usize = 8;

/// A program of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectProgram {
    /// Its file, absolute.
    pub program: PathBuf,
    /// What it has to be told to find the packages that it is part of.
    pub variables: Vec<(OsString, OsString)>,
}

/// The program of a name that the packages around a file bring along, from the file's folder up to
/// `project`, which is absolute. Blocks.
pub fn find_in_project(name: &str, file: &Path, project: &Path) -> Option<ProjectProgram> {
    if name.is_empty() || Path::new(name).components().count() != 1 {
        return None;
    }
    let above = file.ancestors().skip(1);
    above
        .take_while(|folder| folder.starts_with(project))
        .find_map(|folder| of_package(name, folder))
}

/// Where virtual environments lie, from the folder of a package: as `uv`, Poetry, PDM and `python -m
/// venv` make them.
const ENVIRONMENTS: [&str; 2] = [".venv", "venv"];
/// Says that a folder is one ([PEP 405](https://peps.python.org/pep-0405/)).
const ENVIRONMENT_MARK: &str = "pyvenv.cfg";
#[cfg(not(windows))]
const INTERPRETER: &str = "bin/python";
#[cfg(windows)]
const INTERPRETER: &str = "Scripts/python.exe";

/// A virtual environment of Python in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualEnvironment {
    /// Its folder, absolute.
    pub folder: PathBuf,
    /// Its Python, which knows the packages that are installed there. It is the project's code.
    pub interpreter: PathBuf,
}

/// The virtual environment that a file belongs to: the nearest from the file's folder up to `project`,
/// which is absolute. Nothing of it is run. Blocks.
pub fn find_virtual_environment(file: &Path, project: &Path) -> Option<VirtualEnvironment> {
    let above = file.ancestors().skip(1);
    above
        .take_while(|folder| folder.starts_with(project))
        .flat_map(|folder| ENVIRONMENTS.map(|name| folder.join(name)))
        .find_map(|folder| {
            let interpreter = folder.join(INTERPRETER);
            let is_one = folder.join(ENVIRONMENT_MARK).is_file() && is_executable(&interpreter);
            is_one.then_some(VirtualEnvironment {
                folder,
                interpreter,
            })
        })
}

fn of_package(name: &str, folder: &Path) -> Option<ProjectProgram> {
    let program_in = |folder: &Path| {
        let files = ENDINGS
            .iter()
            .map(|end| folder.join(format!("{name}{end}")));
        files.into_iter().find(|file| is_executable(file))
    };
    let plain = FOLDERS.iter().find_map(|bin| program_in(&folder.join(bin)));
    if let Some(program) = plain {
        return Some(ProjectProgram {
            program,
            variables: Vec::new(),
        });
    }
    // Most packages have none.
    let rubies = folder.join(GEMS).read_dir().ok()?;
    let mut rubies: Vec<_> = rubies
        .take(MAX_RUBIES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    rubies.sort();
    rubies.iter().rev().find_map(|gems| {
        let program = program_in(&gems.join("bin"))?;
        let variables = ["GEM_HOME", "GEM_PATH"]
            .map(|variable| (variable.into(), gems.clone().into_os_string()))
            .to_vec();
        Some(ProjectProgram { program, variables })
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_package_next_to_a_file_brings_its_program() {
        let scratch = tempfile::tempdir().unwrap();
        let project = scratch.path().join("project");
        let file = project.join("packages/one/src/a.ts");
        let program = |path: &str, mode: u32| {
            let file = project.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            file
        };
        let find = |name: &str| find_in_project(name, &file, &project).map(|found| found.program);
        assert_eq!(find("srv"), None);
        // Outside the folder that is open.
        program("../node_modules/.bin/srv", 0o755);
        assert_eq!(find("srv"), None);
        let root = program(".venv/bin/srv", 0o755);
        assert_eq!(find("srv"), Some(root));
        program("packages/one/node_modules/.bin/srv", 0o644);
        let near = program("packages/one/vendor/bin/srv", 0o755);
        assert_eq!(find("srv"), Some(near), "what can be run");
        for name in ["", "..", "bin/srv", "../srv"] {
            assert_eq!(find(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_file_belongs_to_the_nearest_virtual_environment_in_its_project() {
        let scratch = tempfile::tempdir().unwrap();
        let project = scratch.path().join("project");
        let file = project.join("service/app/main.py");
        let put = |path: &str, mode: u32| {
            let file = project.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let found = || find_virtual_environment(&file, &project).map(|found| found.interpreter);
        put("../.venv/pyvenv.cfg", 0o644);
        put("../.venv/bin/python", 0o755);
        assert_eq!(found(), None, "outside of the folder that is open");
        put("venv/bin/python", 0o755);
        assert_eq!(found(), None, "a folder that is only called so");
        put("venv/pyvenv.cfg", 0o644);
        assert_eq!(found(), Some(project.join("venv/bin/python")));
        put("service/.venv/pyvenv.cfg", 0o644);
        assert_eq!(found(), Some(project.join("venv/bin/python")), "half made");
        put("service/.venv/bin/python", 0o755);
        assert_eq!(found(), Some(project.join("service/.venv/bin/python")));
    }

    #[test]
    fn a_gem_of_the_project_knows_its_gems() {
        let scratch = tempfile::tempdir().unwrap();
        let gems = scratch.path().join("vendor/bundle/ruby/3.2.0");
        let program = gems.join("bin/ruby-lsp");
        std::fs::create_dir_all(gems.join("bin")).unwrap();
        std::fs::write(&program, "").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let found = find_in_project("ruby-lsp", &scratch.path().join("a.rb"), scratch.path());
        let found = found.unwrap();
        assert_eq!(found.program, program);
        assert_eq!(found.variables[0].0, "GEM_HOME");
        assert_eq!(Path::new(&found.variables[0].1), gems);
    }
}
