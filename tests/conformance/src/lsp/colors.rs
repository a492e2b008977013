//! Whether a server's colours are picked: it says where one is written, and how another would be.

use anyhow::{Context as _, Result, ensure};
use editor_core::Edit;

use super::case::Case;
use super::session::{Session, installed};

/// Has a server write other colours in the place of one; `None` where it is not installed. Gives the
/// ways to write half transparent green.
///
/// # Errors
/// The case itself, and a server that does not know the colour, or would write another in its place.
pub fn colors(case: &'static Case, line: &str, color: &str) -> Result<Option<Vec<String>>> {
    let project = tempfile::tempdir()?;
    let root = project.path().canonicalize()?;
    let Some((entry, program)) = installed(case, &root)? else {
        return Ok(None);
    };
    let mut session = Session::open(case, entry, program, &root)?;
    session.until_it_runs()?;
    let at = session.mark("complete")?;
    session.edit(vec![Edit::new(at..at, line.to_owned())])?;
    let (_, found) = session
        .server
        .document_colors(session.file())
        .wait_blocking()?;
    let known = found.first().context("it knows of no colour")?;
    let written = session.text.slice(known.range.clone());
    ensure!(written == color, "it takes {written:?} for the colour");

    // Each way is the same colour again, where it stands alone.
    let green = [0., 128. / 255., 0., 0.5];
    let asked = (session.file(), known.range.clone());
    let (_, ways) = session
        .server
        .color_presentations(asked.0, asked.1, green)
        .wait_blocking()?;
    let range = known.range.clone();
    let mut labels = Vec::new();
    let mut start = range;
    for way in ways {
        let edit = Edit::new(start.clone(), way.label.to_string());
        session.edit(vec![edit])?;
        start = start.start..start.start + way.label.len();
        let (_, found) = session
            .server
            .document_colors(session.file())
            .wait_blocking()?;
        let again = found.first().context("it does not know its own way")?;
        ensure!(again.range == start, "{} is {:?}", way.label, again.range);
        let apart = again.rgba.iter().zip(green);
        let apart = apart.map(|(one, other)| (one - other).abs());
        ensure!(
            apart.fold(0., f32::max) < 0.02,
            "{} is {:?}",
            way.label,
            again.rgba
        );
        labels.push(way.label.to_string());
    }
    session.server.stop();
    Ok(Some(labels))
}
