//! What is written into a log, and what is read of one that is not whole.

use std::time::SystemTime;

use super::list::{session_file, unreadable};
use super::record::MAX_DIFF_BYTES;
use super::*;
use crate::{Mode, Speed, ToolCallView, ToolOutcome, TurnId};
use llm::{Content, Usage};

fn prompt(text: &str) -> Record {
    Record::TurnStarted {
        turn: TurnId(1),
        prompt: text.into(),
        mode: Mode::Chat,
        message: text.into(),
        origin: Origin::Chat,
        replaces: None,
        goes_on: false,
    }
}

fn written(temp: &Path, records: &[Record]) -> (PathBuf, SessionId) {
    let folder = folder_for(temp, temp);
    let mut log = SessionLog::create(&folder, temp);
    for record in records {
        log.append(record, true).unwrap();
    }
    (folder, log.id())
}

#[test]
fn what_was_written_is_read_again_and_appended_to() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let (mut log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!(loaded.skipped, 0);
    assert_eq!(loaded.records[1], prompt("one"));
    log.append(&prompt("two"), true).unwrap();
    drop(log);
    let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!(loaded.records[2], prompt("two"));
}

#[test]
fn a_log_of_which_nothing_can_be_read_is_listed() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let length = std::fs::metadata(log_path(&folder, id)).unwrap().len();
    std::fs::write(log_path(&folder, id), vec![0; length as usize]).unwrap();
    let (_, empty) = written(temp.path(), &[]);
    let listed = list_sessions(temp.path(), temp.path()).unwrap();
    assert_eq!(listed.len(), 1, "{empty} has no turn: {listed:?}");
    assert_eq!((listed[0].id, &listed[0].title), (id, &unreadable(id)));
    assert!(!listed[0].readable);
}

#[test]
fn one_log_that_cannot_be_looked_at_hides_no_other() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    // Newer than the log, and no log.
    let in_the_way = SessionId::generate();
    std::fs::create_dir(log_path(&folder, in_the_way)).unwrap();
    let listed = list_sessions(temp.path(), temp.path()).unwrap();
    let [whole, damaged] = &listed[..] else {
        panic!("{listed:?}");
    };
    assert_eq!((whole.id, &whole.trouble), (id, &None));
    assert_eq!(
        (damaged.id, &damaged.title),
        (in_the_way, &unreadable(in_the_way))
    );
    let why = damaged.trouble.as_deref().unwrap();
    assert!(why.contains("is a folder in the place of a file"), "{why}");
    assert_eq!(newest_session(&folder).unwrap(), Some(id));
    let opened = SessionLog::open(&folder, temp.path(), in_the_way).unwrap_err();
    assert!(
        opened.to_string().contains("is a folder in the place"),
        "{opened}"
    );

    // What the system does not say anything of is listed last, with the reason.
    let file = session_file(id, Err(io::Error::from(io::ErrorKind::PermissionDenied)));
    assert_eq!(file.modified, SystemTime::UNIX_EPOCH);
    assert!(file.trouble.is_some());
}

#[cfg(unix)]
#[test]
fn a_log_that_is_a_link_is_listed_and_told_of_where_it_leads_nowhere() {
    use std::os::unix::fs::symlink;
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let elsewhere = temp.path().join("moved.jsonl");
    std::fs::rename(log_path(&folder, id), &elsewhere).unwrap();
    symlink(&elsewhere, log_path(&folder, id)).unwrap();
    let dangling = SessionId::generate();
    symlink("gone", log_path(&folder, dangling)).unwrap();
    let listed = list_sessions(temp.path(), temp.path()).unwrap();
    let [whole, damaged] = &listed[..] else {
        panic!("{listed:?}");
    };
    assert_eq!(
        (whole.id, whole.readable, &whole.trouble),
        (id, true, &None)
    );
    assert_eq!((damaged.id, damaged.readable), (dangling, false));
    let why = damaged.trouble.as_deref().unwrap();
    assert!(why.contains("is a link that leads nowhere"), "{why}");
    assert_eq!(newest_session(&folder).unwrap(), Some(id));
    let opened = SessionLog::open(&folder, temp.path(), dangling).unwrap_err();
    let opened = opened.to_string();
    assert!(opened.contains("is a link that leads nowhere"), "{opened}");
}

#[test]
fn what_a_log_lost_without_a_trace_is_known_and_the_session_listed() {
    let temp = tempfile::tempdir().unwrap();
    let says = Record::Assistant {
        content: vec![Content::text("Hello.")],
        usage: Usage::default(),
    };
    let (folder, id) = written(temp.path(), &[prompt("one"), says]);
    let path = log_path(&folder, id);
    let whole = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let loss = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let listed = list_sessions(temp.path(), temp.path()).unwrap();
        assert_eq!(listed.len(), 1, "{text}");
        let (log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        drop(log);
        (listed[0].readable, loaded.loss())
    };
    assert_eq!(loss(&whole), (true, None));
    assert_eq!(loss(""), (false, Some(Loss::Everything)));
    assert_eq!(loss(lines[0]), (false, Some(Loss::Everything)));
    assert_eq!(loss(lines[2]), (false, Some(Loss::Beginning)));
    assert_eq!(loss(&lines[1..].concat()), (true, Some(Loss::Beginning)));
    // A line that is there and cannot be read is counted.
    assert_eq!(loss(&whole[..20]), (false, None));
}

#[test]
fn a_record_that_was_not_written_does_not_spoil_the_next() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let path = log_path(&folder, id);
    let (mut log, _) = SessionLog::open(&folder, temp.path(), id).unwrap();
    // The disk is full at the next record, and there is room again after it.
    let writable = log.file.replace(File::open(&path).unwrap());
    assert!(log.append(&prompt("lost"), true).is_err());
    assert!(log.torn, "nor could half a line be taken back");
    log.file = writable;
    std::fs::write(
        &path,
        [&std::fs::read(&path).unwrap()[..], b"{\"type\":\"tur"].concat(),
    )
    .unwrap();
    log.append(&prompt("two"), true).unwrap();
    drop(log);
    let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!(loaded.records[1..], [prompt("one"), prompt("two")]);
    assert_eq!(loaded.skipped, 1);
}

#[test]
fn an_earlier_log_is_read_and_speed_is_kept() {
    let usage = r#"{"input_tokens":1,"output_tokens":2,"cached_tokens":0}"#;
    let line = format!(
        r#"{{"type":"turn_ended","turn":1,"reason":"completed","usage":{usage},"elapsed_ms":5}}"#
    );
    let mut record: Record = serde_json::from_str(&line).unwrap();
    assert_eq!(serde_json::to_string(&record).unwrap(), line);
    let Record::TurnEnded { speed, .. } = &mut record else {
        panic!("{record:?}");
    };
    assert_eq!(*speed, None);
    *speed = Some(Speed {
        tokens_per_second: 14.2,
        memory_bytes: 620_000_000,
    });
    let line = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&line).unwrap(), record);
}

#[cfg(unix)]
#[test]
fn a_folder_whose_name_is_no_text_can_have_sessions() {
    use std::os::unix::ffi::OsStrExt;
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    let mut log = SessionLog::create(&folder_for(temp.path(), temp.path()), &root);
    log.append(&prompt("one"), true).unwrap();
    log.append(&prompt("two"), true).unwrap();
}

#[test]
fn a_torn_last_line_is_kept_and_does_not_spoil_the_next() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let path = log_path(&folder, id);
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"type\":\"turn_sta").unwrap();
    drop(file);
    let (mut log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!((loaded.records.len(), loaded.skipped), (2, 1));
    log.append(&prompt("two"), true).unwrap();
    drop(log);
    let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!((loaded.records.len(), loaded.skipped), (3, 1));
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("turn_sta\n")
    );
}

#[test]
fn garbage_lines_are_skipped_and_kept() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let path = log_path(&folder, id);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(b"not json\n\xff\xfe\x00\n\n[]\n{\"type\":\"unknown\"}\n");
    serde_json::to_writer(&mut bytes, &prompt("two")).unwrap();
    std::fs::write(&path, &bytes).unwrap();
    let (log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!((loaded.records.len(), loaded.skipped), (3, 4));
    drop(log);
    assert!(std::fs::read(&path).unwrap().starts_with(&bytes));
}

#[cfg(unix)]
#[test]
fn a_log_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&log_path(&folder, id)), 0o600);
    assert_eq!(mode(&folder), 0o700);
}

#[test]
fn a_session_is_open_once() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let open = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert!(matches!(
        SessionLog::open(&folder, temp.path(), id),
        Err(LogError::InUse)
    ));
    drop(open);
    assert!(SessionLog::open(&folder, temp.path(), id).is_ok());
}

#[test]
fn a_session_that_was_left_can_be_opened_while_its_last_writer_and_a_starting_program_end() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, id) = written(temp.path(), &[prompt("one")]);
    let (log, _) = SessionLog::open(&folder, temp.path(), id).unwrap();
    // What a program shares with this one between fork(2) and execve(2): the open file.
    let starting = log.file.as_ref().unwrap().try_clone().unwrap();
    let log = std::sync::Arc::new(std::sync::Mutex::new(log));
    let part = std::sync::Arc::clone(&log);
    log.lock().unwrap().close();
    let (mut again, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!(loaded.records[1..], [prompt("one")]);
    // What comes too late is not mixed into what is written from now on.
    let late = part.lock().unwrap().append(&prompt("late"), true);
    assert!(matches!(late, Err(LogError::Closed(_))), "{late:?}");
    again.append(&prompt("two"), true).unwrap();
    drop((starting, again));
    let starting = {
        let (log, _) = SessionLog::open(&folder, temp.path(), id).unwrap();
        log.file.as_ref().unwrap().try_clone().unwrap()
    };
    let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
    assert_eq!(loaded.records[1..], [prompt("one"), prompt("two")]);
    drop(starting);
}

#[test]
fn sessions_are_listed_newest_first_with_their_first_prompt() {
    let temp = tempfile::tempdir().unwrap();
    written(temp.path(), &[prompt("older\u{1b}[2J")]);
    let (folder, newest) = written(temp.path(), &[prompt("newer"), prompt("again")]);
    std::fs::write(folder.join("notes.txt"), "x").unwrap();
    std::fs::write(
        folder.join(format!("{}.jsonl", SessionId::generate())),
        "junk",
    )
    .unwrap();
    let listed = list_sessions(temp.path(), temp.path()).unwrap();
    let titles: Vec<&str> = listed
        .iter()
        .map(|session| session.title.as_str())
        .collect();
    assert_eq!(titles, [&*unreadable(listed[0].id), "newer", "older␛[2J"]);
    assert_eq!((listed[1].id, listed[1].turns), (newest, 2));
    assert_eq!(list_sessions(temp.path(), Path::new("/other")).unwrap(), []);
}

#[test]
fn a_session_that_begins_with_a_long_prompt_is_listed() {
    let temp = tempfile::tempdir().unwrap();
    let pasted = format!("Explain this log: {}", "x".repeat(400_000));
    let (_, id) = written(temp.path(), &[prompt(&pasted), prompt("again")]);
    let listed = list_sessions(temp.path(), temp.path()).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id, listed[0].turns), (id, 1));
    assert!(listed[0].title.starts_with("Explain this log: x"));
}

#[test]
fn of_a_very_large_log_the_last_turns_are_read() {
    let temp = tempfile::tempdir().unwrap();
    let long = "x".repeat(10_000);
    let says = |text: &str| Record::Assistant {
        content: vec![Content::text(text)],
        usage: Usage::default(),
    };
    let records = [prompt(&long), says(&long), prompt("last"), says("the end")];
    let (folder, id) = written(temp.path(), &records);
    let path = log_path(&folder, id);
    let before = std::fs::read(&path).unwrap();
    let open = |limit| SessionLog::open_end(&folder, temp.path(), id, limit);
    let (mut log, loaded) = open(6_000).unwrap();
    assert_eq!(loaded.records, records[2..]);
    assert_eq!(
        (loaded.left_out, loaded.skipped),
        (before.len() as u64 - 6_000, 0)
    );
    log.append(&prompt("more"), true).unwrap();
    drop(log);
    assert!(std::fs::read(&path).unwrap().starts_with(&before));
    // Not even the last turn fits.
    let error = open(20).unwrap_err();
    assert!(error.to_string().contains("kept as it is"), "{error}");
}

#[test]
fn an_empty_session_leaves_no_file() {
    let temp = tempfile::tempdir().unwrap();
    let folder = folder_for(temp.path(), temp.path());
    drop(SessionLog::create(&folder, temp.path()));
    assert_eq!(newest_session(&folder).unwrap(), None);
}

#[test]
fn a_file_in_place_of_their_folder_is_told_and_what_to_do() {
    let temp = tempfile::tempdir().unwrap();
    let kept = temp.path().join("sessions");
    // None yet is no trouble.
    assert_eq!(list_sessions(&kept, temp.path()).unwrap(), []);
    let folder = folder_for(&kept, temp.path());
    for in_the_way in [&folder, &kept] {
        std::fs::create_dir_all(in_the_way.parent().unwrap()).unwrap();
        std::fs::remove_dir_all(in_the_way).ok();
        std::fs::write(in_the_way, "a file").unwrap();
        let wanted = format!("{} is a file", in_the_way.display());
        let listed = list_sessions(&kept, temp.path()).unwrap_err().to_string();
        assert!(listed.contains(&wanted), "{listed}");
        assert!(newest_session(&folder).is_err());
        assert!(is_kept(&folder, SessionId::generate()));
        let mut log = SessionLog::create(&folder, temp.path());
        let written = log.append(&prompt("one"), true).unwrap_err().to_string();
        assert!(written.contains(&wanted), "{written}");
        let opened = SessionLog::open(&folder, temp.path(), log.id()).unwrap_err();
        assert!(opened.to_string().contains(&wanted), "{opened}");
    }
}

#[test]
fn a_huge_difference_is_left_out_of_the_log() {
    let temp = tempfile::tempdir().unwrap();
    let record = Record::ToolResult {
        call: ToolCallView {
            call_id: "c".into(),
            name: "fs_write".into(),
            title: "a".into(),
            arguments: serde_json::json!({"text": "x".repeat(MAX_DIFF_BYTES + 1)}),
        },
        output: "ok".into(),
        outcome: ToolOutcome {
            ok: true,
            summary: "written".into(),
            output: "ok".into(),
            diff: Some(crate::FileDiff {
                path: "a".into(),
                before: None,
                after: "x".repeat(MAX_DIFF_BYTES + 1),
            }),
            diff_left_out: false,
        },
    };
    let (folder, id) = written(temp.path(), &[record]);
    let size = std::fs::metadata(log_path(&folder, id)).unwrap().len();
    assert!(size < 2_000, "{size}");
    let log = std::fs::read_to_string(log_path(&folder, id)).unwrap();
    assert!(log.contains(r#""diff_left_out":true"#), "{log}");
}
