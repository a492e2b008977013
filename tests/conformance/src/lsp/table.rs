//! The table that the guide shows.

use super::case::{Case, Outcome, Report, Step};

/// The rows of what was tried, and those of servers that are not installed.
pub fn table(reports: &[Report], missing: &[&'static Case]) -> String {
    let titles: Vec<_> = Step::ALL.iter().map(|step| step.title()).collect();
    let mut lines = vec![
        format!("| language | server | {} | starts in |", titles.join(" | ")),
        format!("|---|---|{}", "---|".repeat(titles.len() + 1)),
    ];
    for report in reports {
        let cells = report.outcomes.iter().map(|outcome| match outcome {
            Outcome::Works => "yes",
            Outcome::Lacks => "–",
            Outcome::Failed(_) => "**no**",
        });
        let cells: Vec<_> = cells.collect();
        let seconds = report.start.as_secs_f64();
        let (language, server) = (report.case.language, report.case.server);
        lines.push(format!(
            "| {language} | {server} | {} | {seconds:.1} s |",
            cells.join(" | ")
        ));
    }
    for case in missing {
        let cells = vec!["not installed"; titles.len()].join(" | ");
        lines.push(format!(
            "| {} | {} | {cells} | |",
            case.language, case.server
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}
