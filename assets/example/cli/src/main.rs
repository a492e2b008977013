//! The `todo` command.

mod client;
mod command;
mod date;
mod json;

use std::process::ExitCode;

use client::Client;
use command::{Command, Failure};

const DEFAULT_SERVER: &str = "127.0.0.1:8765";

fn main() -> ExitCode {
    let server = std::env::var("TODO_SERVER").unwrap_or_else(|_| DEFAULT_SERVER.to_owned());
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = Command::parse(&arguments).and_then(|command| command.run(&Client::new(server)));
    match outcome {
        Ok(lines) => {
            for line in lines {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(Failure::Usage(message)) => {
            eprintln!("todo: {message}");
            ExitCode::from(2)
        }
        Err(Failure::Service(message)) => {
            eprintln!("todo: {message}");
            ExitCode::FAILURE
        }
    }
}
