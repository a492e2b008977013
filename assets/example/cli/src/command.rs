//! What the command can do.

use crate::client::Client;
use crate::date::Date;
use crate::json::{Value, quoted};

const USAGE: &str = "usage: todo list [overdue|today|soon|later]
       todo add TITLE... [--due WHEN]
       todo due ID WHEN|none
       todo done ID
       todo remove ID
WHEN is today, tomorrow, a weekday, or a date like 2026-03-14";

/// Why a command did not do what it was asked to.
#[derive(Debug, PartialEq)]
pub enum Failure {
    /// It was asked in a way that it does not understand. Nothing was sent that changes a task.
    Usage(String),
    /// The service refused, or cannot be reached.
    Service(String),
}

#[derive(Debug, PartialEq)]
pub enum Command {
    List { state: Option<String> },
    Add { title: String, due: Option<String> },
    Due { id: u64, when: Option<String> },
    Done { id: u64 },
    Remove { id: u64 },
}

impl Command {
    pub fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let usage = || Failure::Usage(USAGE.to_owned());
        let (name, rest) = match arguments.split_first() {
            Some((name, rest)) => (name.as_str(), rest),
            None => ("list", arguments),
        };
        match (name, rest) {
            ("list", []) => Ok(Self::List { state: None }),
            ("list", [state])
                if ["overdue", "today", "soon", "later"].contains(&state.as_str()) =>
            {
                Ok(Self::List {
                    state: Some(state.clone()),
                })
            }
            ("add", words) => {
                let (words, due) = match words {
                    [words @ .., flag, when] if flag == "--due" => (words, Some(when.clone())),
                    words => (words, None),
                };
                if words.is_empty() || words.iter().any(|word| word == "--due") {
                    return Err(usage());
                }
                Ok(Self::Add {
                    title: words.join(" "),
                    due,
                })
            }
            ("due", [id, when]) => {
                let when = (when != "none").then(|| when.clone());
                Ok(Self::Due {
                    id: task_id(id)?,
                    when,
                })
            }
            ("done", [id]) => Ok(Self::Done { id: task_id(id)? }),
            ("remove", [id]) => Ok(Self::Remove { id: task_id(id)? }),
            _ => Err(usage()),
        }
    }

    /// Does it, and returns the lines to print.
    pub fn run(&self, client: &Client) -> Result<Vec<String>, Failure> {
        match self {
            Self::List { state } => {
                let path = match state {
                    Some(state) => format!("/tasks?due={state}"),
                    None => "/tasks".to_owned(),
                };
                Ok(shown_list(&client.call("GET", &path, "")?))
            }
            Self::Add { title, due } => {
                let today = today(client)?;
                let due = resolve(due.as_deref(), today)?;
                let body = format!(
                    "{{\"title\": {}, \"due\": {}}}",
                    quoted(title),
                    json_date(due)
                );
                Ok(vec![shown_task(
                    &client.call("POST", "/tasks", &body)?,
                    today,
                )])
            }
            Self::Due { id, when } => {
                let today = today(client)?;
                let due = resolve(when.as_deref(), today)?;
                let body = format!("{{\"due\": {}}}", json_date(due));
                let task = client.call("PATCH", &format!("/tasks/{id}"), &body)?;
                Ok(vec![shown_task(&task, today)])
            }
            Self::Done { id } => {
                let task = client.call("PATCH", &format!("/tasks/{id}"), "{\"done\": true}")?;
                Ok(vec![format!("done: {}", field(&task, "title"))])
            }
            Self::Remove { id } => {
                client.call("DELETE", &format!("/tasks/{id}"), "")?;
                Ok(vec![format!("removed #{id}")])
            }
        }
    }
}

fn task_id(text: &str) -> Result<u64, Failure> {
    let number = text.strip_prefix('#').unwrap_or(text);
    number
        .parse()
        .map_err(|_| Failure::Usage(format!("`{text}` is not the number of a task")))
}

/// The service's date: all clients go by it.
fn today(client: &Client) -> Result<Date, Failure> {
    let answer = client.call("GET", "/tasks?due=today", "")?;
    date_field(&answer, "today")
        .ok_or_else(|| Failure::Service("the service did not say which day it is".to_owned()))
}

fn resolve(when: Option<&str>, today: Date) -> Result<Option<Date>, Failure> {
    let Some(when) = when else {
        return Ok(None);
    };
    match Date::from_words(when, today) {
        Some(date) => Ok(Some(date)),
        None => Err(Failure::Usage(format!(
            "`{when}` is not a day; say today, tomorrow, a weekday, or a date like 2026-03-14"
        ))),
    }
}

fn json_date(date: Option<Date>) -> String {
    date.map_or_else(|| "null".to_owned(), |date| format!("\"{date}\""))
}

/// One line a task: number, how urgent, title.
fn shown_list(answer: &Value) -> Vec<String> {
    let today = date_field(answer, "today");
    let tasks = answer.get("tasks").map_or(&[][..], Value::list);
    if tasks.is_empty() {
        return vec!["nothing to do".to_owned()];
    }
    let lines = tasks.iter().map(|task| {
        let due = match (date_field(task, "due"), today) {
            _ if task.get("done") == Some(&Value::Bool(true)) => "done".to_owned(),
            (Some(due), Some(today)) => due.relative_to(today),
            _ => String::new(),
        };
        let line = format!("{:>4}  {due:<12} {}", number(task), field(task, "title"));
        line.trim_end().to_owned()
    });
    lines.collect()
}

fn shown_task(task: &Value, today: Date) -> String {
    let due = date_field(task, "due");
    let due = due.map_or_else(String::new, |due| format!("  ({})", due.relative_to(today)));
    format!("{} {}{due}", number(task), field(task, "title"))
}

fn number(task: &Value) -> String {
    match task.get("id") {
        Some(Value::Number(id)) => format!("#{id}"),
        _ => "#?".to_owned(),
    }
}

/// A text of the service, without characters that would drive the terminal.
fn field(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::text).unwrap_or_default();
    text.chars()
        .filter(|character| !character.is_control())
        .collect()
}

fn date_field(value: &Value, name: &str) -> Option<Date> {
    value.get(name).and_then(Value::text).and_then(Date::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, Failure> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Command::parse(&arguments)
    }

    #[test]
    fn arguments_are_understood() {
        assert_eq!(parsed(""), Ok(Command::List { state: None }));
        assert_eq!(
            parsed("list overdue"),
            Ok(Command::List {
                state: Some("overdue".into())
            })
        );
        assert_eq!(
            parsed("add Send the invoice --due friday"),
            Ok(Command::Add {
                title: "Send the invoice".into(),
                due: Some("friday".into())
            })
        );
        assert_eq!(
            parsed("due #4 none"),
            Ok(Command::Due { id: 4, when: None })
        );
        assert_eq!(parsed("done 4"), Ok(Command::Done { id: 4 }));
    }

    #[test]
    fn what_is_not_understood_is_answered_with_the_usage() {
        for line in [
            "add",
            "add --due friday",
            "add x --due",
            "due 1",
            "list later still",
            "fly",
        ] {
            assert!(matches!(parsed(line), Err(Failure::Usage(_))), "{line}");
        }
        assert_eq!(
            parsed("done one"),
            Err(Failure::Usage("`one` is not the number of a task".into()))
        );
    }

    #[test]
    fn a_day_that_is_not_understood_is_a_mistake_of_the_user() {
        let today = Date::parse("2026-03-14").unwrap();
        assert!(matches!(
            resolve(Some("someday"), today),
            Err(Failure::Usage(_))
        ));
        assert_eq!(resolve(None, today), Ok(None));
    }

    #[test]
    fn the_list_shows_how_urgent_each_task_is() {
        let answer = Value::parse(
            r#"{"today": "2026-03-14", "tasks": [
                {"id": 2, "title": "Send the invoice", "done": false, "due": "2026-03-13"},
                {"id": 1, "title": "Water the plants", "done": false, "due": "2026-03-14"},
                {"id": 3, "title": "Read\u001b[2J", "done": false, "due": null},
                {"id": 4, "title": "Call Zoë", "done": true, "due": "2026-03-01"}]}"#,
        )
        .unwrap();
        assert_eq!(
            shown_list(&answer),
            [
                "  #2  late 1 day   Send the invoice",
                "  #1  today        Water the plants",
                "  #3               Read[2J",
                "  #4  done         Call Zoë",
            ]
        );
        let empty = Value::parse(r#"{"today": "2026-03-14", "tasks": []}"#).unwrap();
        assert_eq!(shown_list(&empty), ["nothing to do"]);
    }
}
