//! The names of the commands of the command line, and how few letters of each say it.

/// The commands that are known, with how few of their letters name them (`:help ex-cmd-index`).
const NAMES: &[(&str, usize)] = &[
    ("bNext", 2),
    ("bdelete", 2),
    ("bnext", 2),
    ("bprevious", 2),
    ("buffer", 1),
    ("buffers", 7),
    ("bwipeout", 2),
    ("changes", 7),
    ("close", 3),
    ("copy", 2),
    ("delete", 1),
    ("display", 2),
    ("earlier", 2),
    ("edit", 1),
    ("enew", 3),
    ("exit", 3),
    ("files", 5),
    ("global", 1),
    ("join", 1),
    ("jumps", 2),
    ("later", 3),
    ("ls", 2),
    ("marks", 5),
    ("move", 1),
    ("new", 3),
    ("nohlsearch", 3),
    ("normal", 4),
    ("only", 2),
    ("qall", 2),
    ("quit", 1),
    ("quitall", 5),
    ("read", 1),
    ("redo", 3),
    ("registers", 3),
    ("retab", 3),
    ("saveas", 3),
    ("set", 2),
    ("setlocal", 4),
    ("sort", 3),
    ("split", 2),
    ("substitute", 1),
    ("t", 1),
    ("tabNext", 4),
    ("tabclose", 4),
    ("tabedit", 4),
    ("tabnew", 6),
    ("tabnext", 4),
    ("tabprevious", 4),
    ("undo", 1),
    ("undolist", 5),
    ("update", 2),
    ("vglobal", 1),
    ("vsplit", 2),
    ("wall", 2),
    ("wq", 2),
    ("wqall", 3),
    ("write", 1),
    ("xall", 2),
    ("xit", 1),
    ("yank", 1),
];

/// The whole name of a command that is typed in short; what is none of them stays as it is.
pub(crate) fn full_name(typed: &str) -> &str {
    let is_meant =
        |(name, least): &&(&str, usize)| typed.len() >= *least && name.starts_with(typed);
    NAMES.iter().find(is_meant).map_or(typed, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_name_is_cut_where_it_still_says_the_command() {
        for (typed, name) in [
            ("w", "write"),
            ("wr", "write"),
            ("nohl", "nohlsearch"),
            ("sav", "saveas"),
            ("tabN", "tabNext"),
            ("sa", "sa"),
            ("writes", "writes"),
            ("", ""),
            ("s", "substitute"),
        ] {
            assert_eq!(full_name(typed), name);
        }
    }

    #[test]
    fn names_are_cut_as_neovim_cuts_them() {
        let cut = |name: &'static str| (1..=name.len()).map(move |end| &name[..end]);
        let typed: Vec<&str> = NAMES.iter().flat_map(|(name, _)| cut(name)).collect();
        let list = typed.join("','");
        let told = Command::new("nvim")
            .args(["--headless", "--clean", "-c"])
            .arg(format!("echo join(map(['{list}'], 'fullcommand(v:val)'))"))
            .arg("-c")
            .arg("qa!")
            .output();
        let Ok(told) = told else {
            test_support::left_out("names_are_cut_as_neovim_cuts_them", "nvim is not installed");
            return;
        };
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        let told: Vec<&str> = told.split_whitespace().collect();
        assert_eq!(told.len(), typed.len(), "{told:?}");
        let known = |name: &str| NAMES.iter().any(|(known, _)| *known == name);
        for (typed, neovim) in typed.into_iter().zip(told) {
            let ours = full_name(typed);
            // What stands for a command that Kiln lacks is none here.
            let expected = if known(neovim) { neovim } else { typed };
            assert_eq!(ours, expected, "{typed}");
        }
    }
}
