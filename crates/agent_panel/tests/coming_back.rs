//! What the agent reads of a file whose unsaved text is not back yet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use agent::{AgentHandle, HostRequest, ModelCatalog};
use agent_panel::{AgentSession, AgentSessionConfig};
use editor_core::{Selections, editing};
use fs::{FakeFs, FsError};
use gpui_kit::{AppContext as _, Empty, TestAppContext, WindowOptions};
use llm::{Catalog, KeyStore};
use std::path::Path;
use std::sync::Arc;
use ui::WorkspaceModel;
use workspace::{Recovery, Workspace};

const ROOT: &str = "/project";
const HUGE: &str = "/project/huge.log";

struct Blank;

impl gpui_kit::Render for Blank {
    fn render(
        &mut self,
        _: &mut gpui_kit::Window,
        _: &mut gpui_kit::Context<Self>,
    ) -> impl gpui_kit::IntoElement {
        Empty
    }
}

/// Leaves unsaved text of a huge file, as a program that is killed does.
fn leave_unsaved(state: &Path, fs: &Arc<FakeFs>) -> Result<(), FsError> {
    let (mut recovery, ..) = Recovery::open(state, Path::new(ROOT))?;
    let mut workspace = Workspace::new(ROOT.into(), fs.clone());
    let id = workspace.open_blocking(Path::new(HUGE)).unwrap();
    let text = workspace.buffer(id).unwrap().text().clone();
    let edit = editing::insert_text(&text, &Selections::caret(0), "unsaved ");
    workspace.edit(id, edit).unwrap();
    let job = recovery.job(&workspace).unwrap();
    recovery.finished(job.run())
}

#[gpui_kit::test]
fn the_agent_reads_and_changes_the_unsaved_text_of_a_file_and_nothing_beneath_it(
    cx: &mut TestAppContext,
) {
    cx.executor().allow_parking();
    cx.update(ui::init);
    let huge = "0123456789abcde\n".repeat(5 << 16);
    let fs = Arc::new(FakeFs::with_files([(HUGE, huge.as_str())]));
    let state = tempfile::tempdir().unwrap();
    leave_unsaved(state.path(), &fs).unwrap();

    let (requests, host) = async_channel::unbounded();
    let (operations, _operations) = async_channel::unbounded();
    let (_events, events) = async_channel::unbounded();
    let workspace = Workspace::new(ROOT.into(), fs.clone());
    let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
    let (folder, shared) = (state.path().to_path_buf(), model.clone());
    let _window = cx
        .update(|cx| {
            gpui_kit::open_window(WindowOptions::default(), cx, move |window, cx| {
                ui::recovery::start(&shared, folder, window, cx).detach();
                cx.new(|_| Blank)
            })
        })
        .unwrap();
    let _session = cx.update(|cx| {
        cx.new(|cx| {
            let config = AgentSessionConfig {
                handle: AgentHandle { operations, events },
                host,
                workspace: model.clone(),
                models: Arc::new(ModelCatalog::new(
                    Catalog::new(Vec::new(), KeyStore::nothing()),
                    None,
                )),
                sessions_dir: "/nowhere/sessions".into(),
            };
            AgentSession::new(config, cx)
        })
    });
    cx.run_until_parked();
    let is_coming =
        |cx: &mut TestAppContext| model.read_with(cx, |model, _| model.coming_texts().count() > 0);
    assert!(is_coming(cx));

    let (reply, answer) = tokio::sync::oneshot::channel();
    let path = HUGE.into();
    let request = HostRequest::ReadText { path, reply };
    requests.try_send(request).ok().unwrap();
    let answer = cx.foreground_executor().block_test(answer).unwrap();
    let read = answer.unwrap().unwrap();
    assert!(read.text == *format!("unsaved {huge}").as_str());
    assert!(!is_coming(cx));
}
