//! The table that the docs show.

use super::case::{Answer, Case, Report};

/// The rows of what was tried, and those of formatters that are not installed.
pub fn table(reports: &[Report], missing: &[&'static Case]) -> String {
    let mut lines = vec![
        "| language | formatter | as by hand | the project's settings | says what it cannot read | takes |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    for report in reports {
        let cell = |answer: &Answer| match answer {
            Answer::Yes => "yes",
            Answer::NotAsked => "–",
            Answer::No(_) => "**no**",
        };
        lines.push(format!(
            "| {} | {} | {} | {} | {} | {:.2} s |",
            report.case.language,
            report.case.formatter,
            cell(&report.as_by_hand),
            cell(&report.follows_settings),
            cell(&report.refuses),
            report.took.as_secs_f64()
        ));
    }
    for case in missing {
        let cells = ["not installed"; 3].join(" | ");
        lines.push(format!(
            "| {} | {} | {cells} | |",
            case.language, case.formatter
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}
