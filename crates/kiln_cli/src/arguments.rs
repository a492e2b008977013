//! What `kiln-cli` understands on its command line. Uses nothing but clap, so that
//! the reference page can be made without building the program.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

/// The tools that the agent has.
pub const TOOLS: [&str; 7] = [
    "read_file",
    "list_directory",
    "file_search",
    "grep_search",
    "fs_write",
    "str_replace",
    "execute_bash",
];

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    it failed; the reason is on standard error, after `kiln-cli:`; with --json, what the
       agent says of it is in its lines. chat: also where the model answered nothing
  2    the command line is wrong
  3    there is no model to answer, or your settings do not say which one, since they are malformed
  4    chat: it answered, and a tool call was denied: not all may be done
  130  stopped with Ctrl-C

KILN_HOME puts all of Kiln's own files into one folder. KILN_LOG sets what is
logged to standard error, such as `info` or `agent=debug`.";

/// Kiln without its window: chat with the agent, specs, models, import.
#[derive(Debug, Parser)]
#[command(name = "kiln-cli", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Talk to the agent about a folder.
    Chat(ChatArguments),
    /// Work with the specs of a folder.
    Spec(SpecArguments),
    /// The embedded models on this machine.
    Model(ModelArguments),
    /// The language servers that Kiln installs on this machine.
    Server(ServerArguments),
    /// Take over settings, snippets, themes and languages from another editor.
    Import(ImportArguments),
    /// Look at Kiln's settings and change them.
    Settings(SettingsArguments),
    /// Print this reference as Markdown.
    #[command(hide = true)]
    HelpMarkdown,
}

/// The folder that a command works in.
#[derive(Args, Debug)]
pub struct FolderArgument {
    /// The project folder.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
}

/// How the agent answers and what it may do.
#[derive(Args, Debug)]
pub struct AgentArguments {
    /// The folder.
    #[command(flatten)]
    pub folder: FolderArgument,
    /// The model to use, as `provider/model`; by default the one of the settings.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Tools that run without asking, comma-separated. Reading never asks; writing
    /// (`fs_write`, `str_replace`) and commands (`execute_bash`) do. Files that
    /// configure or start programs are asked about whatever is trusted here.
    #[arg(long, value_name = "TOOLS", value_delimiter = ',', value_parser = TOOLS)]
    pub trust_tools: Vec<String>,
    /// Ask nothing: what would need an answer is denied. Always so where standard
    /// input is no terminal.
    #[arg(long)]
    pub no_interactive: bool,
    /// Write one JSON object a line for everything that happens.
    #[arg(long)]
    pub json: bool,
}

/// `kiln-cli chat`.
#[derive(Args, Debug)]
pub struct ChatArguments {
    /// What to ask. Without it, a conversation on the terminal, or the prompt from
    /// standard input.
    pub prompt: Option<String>,
    /// How the agent answers.
    #[command(flatten)]
    pub agent: AgentArguments,
    /// Go on with a session of this folder: the one with this id, or the last one. With a
    /// prompt: `--resume last PROMPT`.
    #[arg(long, value_name = "SESSION", num_args = 0..=1, default_missing_value = "last")]
    pub resume: Option<String>,
}

/// `kiln-cli server`.
#[derive(Args, Debug)]
pub struct ServerArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: ServerCommand,
}

/// The commands of `kiln-cli server`.
#[derive(Debug, Subcommand)]
pub enum ServerCommand {
    /// List the servers that Kiln knows, and which it has installed.
    List {
        /// Write a JSON list.
        #[arg(long)]
        json: bool,
    },
    /// Install a server into Kiln's own folder, or bring it to the version that Kiln knows.
    Install {
        /// The server's name from `server list`.
        server: String,
        /// Do not ask before installing.
        #[arg(long, short)]
        yes: bool,
    },
    /// Delete a server that Kiln installed.
    Remove {
        /// The server's name from `server list`.
        server: String,
        /// Do not ask before deleting.
        #[arg(long, short)]
        yes: bool,
    },
}

/// `kiln-cli spec`.
#[derive(Args, Debug)]
pub struct SpecArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: SpecCommand,
}

/// A spec and how the agent works on it.
#[derive(Args, Debug)]
pub struct NamedSpec {
    /// The spec's name: its folder in `.kiro/specs`.
    pub name: String,
    /// How the agent answers.
    #[command(flatten)]
    pub agent: AgentArguments,
}

/// The commands about specs.
#[derive(Debug, Subcommand)]
pub enum SpecCommand {
    /// Begin a spec: the agent writes its requirements.
    New {
        /// What is to be built.
        prompt: String,
        /// How the agent answers.
        #[command(flatten)]
        agent: AgentArguments,
    },
    /// List the specs of a folder with their phase and progress.
    List {
        /// The folder.
        #[command(flatten)]
        folder: FolderArgument,
        /// Write a JSON list.
        #[arg(long)]
        json: bool,
    },
    /// Show where a spec stands, or one of its documents.
    Show {
        /// The spec's name.
        name: String,
        /// The document to print.
        document: Option<DocumentName>,
        /// The folder.
        #[command(flatten)]
        folder: FolderArgument,
        /// Write one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Approve the document that waits; the agent writes the next one.
    Approve {
        /// The spec and how the agent answers.
        #[command(flatten)]
        named: NamedSpec,
        /// The SHA-256 of the text that you read, as `spec show` tells it: nothing is
        /// approved where the document has another text. Without it, the text that
        /// the document has now is approved.
        #[arg(long, value_name = "HASH")]
        sha256: Option<String>,
    },
    /// Have the document that waits changed.
    RequestChanges {
        /// The spec's name.
        name: String,
        /// What is to change.
        feedback: String,
        /// How the agent answers.
        #[command(flatten)]
        agent: AgentArguments,
    },
    /// Have the missing document written, after an attempt that failed.
    Next(NamedSpec),
    /// Carry out a task of an approved spec.
    Run {
        /// The spec's name.
        name: String,
        /// The task's number, such as `1.2`; by default the next one that is open.
        task: Option<String>,
        /// All open tasks, one after another, until one fails.
        #[arg(long, conflicts_with = "task")]
        all: bool,
        /// How the agent answers.
        #[command(flatten)]
        agent: AgentArguments,
    },
}

/// A document of a spec.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DocumentName {
    /// requirements.md
    Requirements,
    /// bugfix.md
    Bugfix,
    /// design.md
    Design,
    /// tasks.md
    Tasks,
}

/// `kiln-cli model`.
#[derive(Args, Debug)]
pub struct ModelArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: ModelCommand,
}

/// The commands about models.
#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// List the embedded models, and those of servers and providers.
    List {
        /// Write a JSON list.
        #[arg(long)]
        json: bool,
    },
    /// Download an embedded model, or go on with a download; its hash is checked.
    Pull {
        /// The model's name from `model list`; by default the one that fits this
        /// machine's memory.
        model: Option<String>,
        /// Do not ask before downloading.
        #[arg(long, short)]
        yes: bool,
    },
    /// Delete an embedded model from this machine.
    Remove {
        /// The model's name from `model list`.
        model: String,
        /// Do not ask before deleting.
        #[arg(long, short)]
        yes: bool,
    },
    /// Remove the saved key of a provider from the system's keyring, or from the file that
    /// stands in for it.
    RemoveKey {
        /// The provider's name: what is before the slash of its models.
        provider: String,
        /// Do not ask before removing.
        #[arg(long, short)]
        yes: bool,
    },
}

/// `kiln-cli import`.
#[derive(Args, Debug)]
pub struct ImportArguments {
    /// From what.
    #[command(subcommand)]
    pub source: ImportSource,
}

/// Editors that can be imported from.
#[derive(Debug, Subcommand)]
pub enum ImportSource {
    /// VS Code and its relatives: Code, Code - OSS, VSCodium, Cursor, Kiro.
    Vscode {
        /// The user folder, its settings.json, or the folder above. By default every
        /// one that is found; of several, the first is taken.
        path: Option<PathBuf>,
        /// Say what would be taken over and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// `kiln-cli settings`.
#[derive(Args, Debug)]
pub struct SettingsArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: SettingsCommand,
}

/// The commands about settings.
#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Say where the files are, what is set in them, and what is wrong with them.
    Check {
        /// The folder whose settings count too.
        #[command(flatten)]
        folder: FolderArgument,
    },
    /// Set a value in your settings; comments and the rest stay as they are.
    Set {
        /// The setting, such as `editor.fontSize`.
        key: String,
        /// The value as JSON; a text may go without quotes.
        #[arg(allow_negative_numbers = true)]
        value: String,
    },
    /// Take a value out of your settings, so that the default holds again.
    Reset {
        /// The setting.
        key: String,
    },
}

/// The page `docs/cli.md`: the help of every command.
pub fn reference_markdown() -> String {
    let mut page = String::from(
        "# kiln-cli\n\n\
         <!-- Generated from crates/kiln_cli/src/arguments.rs by `cargo xtask docs`. -->\n",
    );
    let mut command = Arguments::command().term_width(100);
    command.build();
    describe(&mut page, &mut command, "kiln-cli");
    page
}

fn describe(page: &mut String, command: &mut clap::Command, name: &str) {
    let help = command
        .clone()
        .bin_name(name)
        .render_long_help()
        .to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    page.push_str(&format!(
        "\n## `{name}`\n\n```text\n{}\n```\n",
        help.join("\n").trim_end()
    ));
    let names: Vec<String> = command
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
        .map(|sub| sub.get_name().to_string())
        .collect();
    for sub in names {
        if let Some(child) = command.find_subcommand_mut(&sub) {
            describe(page, child, &format!("{name} {sub}"));
        }
    }
}
