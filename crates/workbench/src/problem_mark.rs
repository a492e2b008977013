//! What shows in lists of files and on tabs that something is wrong in a file.

use gpui_kit::Hsla;
use ui::Colors;
use workspace::ProblemCounts;

/// The colour of the gravest; `None` where nothing is wrong.
pub(crate) fn color(problems: ProblemCounts, colors: &Colors) -> Option<Hsla> {
    match problems {
        ProblemCounts { errors: 1.., .. } => Some(colors.error),
        ProblemCounts { warnings: 1.., .. } => Some(colors.warning),
        _ => None,
    }
}

/// What is wrong, in words: "1 error, 2 warnings".
pub(crate) fn said(problems: ProblemCounts) -> Option<String> {
    let counted = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    let parts = [
        counted(problems.errors, "error"),
        counted(problems.warnings, "warning"),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// How many there are, to stand beside a name: more than nine are not counted.
pub(crate) fn count(problems: ProblemCounts) -> String {
    match problems.errors + problems.warnings {
        count @ ..10 => count.to_string(),
        _ => "9+".to_owned(),
    }
}
