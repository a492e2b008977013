//! Cuts cases that fail to the shortest that still do.

use crate::{Case, Outcome, neovim, ours};

/// Each round drops one piece or line of every case.
const ROUNDS: usize = 24;

/// The shortest forms found, without doubles, each with what Neovim makes of it.
pub fn shortest(cases: Vec<Case>) -> Vec<(Case, Outcome)> {
    let mut open: Vec<(Case, bool)> = cases.into_iter().map(|case| (case, true)).collect();
    for _ in 0..ROUNDS {
        let mut tried: Vec<(usize, Case)> = Vec::new();
        for (index, (case, going)) in open.iter().enumerate() {
            if *going {
                tried.extend(shorter(case).into_iter().map(|case| (index, case)));
            }
        }
        if tried.is_empty() {
            break;
        }
        let candidates: Vec<Case> = tried.iter().map(|(_, case)| case.clone()).collect();
        let Some(expected) = neovim::outcomes(&candidates) else {
            break;
        };
        for (_, going) in &mut open {
            *going = false;
        }
        for ((index, case), expected) in tried.into_iter().zip(expected) {
            let (current, going) = &mut open[index];
            if !*going && ours(&case).as_ref() != Some(&expected) {
                *current = case;
                *going = true;
            }
        }
    }
    let mut found: Vec<Case> = Vec::new();
    for (case, _) in open {
        if !found.contains(&case) {
            found.push(case);
        }
    }
    found.sort_by_key(|case| case.pieces.concat().len());
    let outcomes = neovim::outcomes(&found).unwrap_or_default();
    found.into_iter().zip(outcomes).collect()
}

/// The case without one of its pieces, without the register or count of one, or without one of its
/// lines. Single keys are not dropped: what is left would be another command with failures of its own.
fn shorter(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    if case.pieces.len() > 1 {
        for index in 0..case.pieces.len() {
            let mut shorter = case.clone();
            shorter.pieces.remove(index);
            all.push(shorter);
        }
    }
    for (index, piece) in case.pieces.iter().enumerate() {
        let register = piece.strip_prefix('"').and_then(|rest| rest.get(1..));
        let rest = register.unwrap_or(piece);
        let rest = match rest.trim_start_matches(|c: char| c.is_ascii_digit()) {
            "" | "|" | "G" => rest,
            counted => counted,
        };
        if rest.len() < piece.len() {
            let mut shorter = case.clone();
            shorter.pieces[index] = rest.to_owned();
            all.push(shorter);
        }
    }
    if case.text.len() > 1 {
        for index in 0..case.text.len() {
            let mut shorter = case.clone();
            shorter.text.remove(index);
            all.push(shorter);
        }
    }
    all
}
