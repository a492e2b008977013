//! Tasks, kept by their identifier.
#![warn(missing_docs)]

use std::collections::{BTreeMap, HashMap as Map};
use std::fmt::{self, Display};

mod rules {
    pub(crate) const LIMIT: usize = 1_000;
    pub static NAMES: [&str; 2] = ["open", "done"];
}

/// A task with a `title`.
///
/// ```
/// let task = Task::new(1, "write");
/// assert!(!task.done);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Task<'a, T = u32> {
    /// Unique.
    pub id: T,
    title: &'a str,
    done: bool,
}

pub struct Wrapper(pub u8, f64);

/// How it went.
#[repr(u8)]
pub enum Outcome<E> {
    Fine = 1,
    Failed(E),
    Later { after: u64 },
}

pub union Bits {
    whole: u32,
    half: [u16; 2],
}

type Found<T> = Result<Option<T>, Box<dyn std::error::Error + Send>>;

pub trait Store: Send {
    const NAME: &'static str;
    type Key: Ord;
    fn find(&self, key: &Self::Key) -> Found<Task<'_>>;
    fn len(&self) -> usize { 0 }
}

impl<'a, T> Task<'a, T>
where
    T: Copy + Into<u64>,
{
    pub const fn new(id: T, title: &'a str) -> Self {
        Self { id, title, done: false }
    }

    async fn wait(&mut self, mut times: i32) -> Result<(), fmt::Error> {
        'outer: loop {
            while times > 0 && !self.done {
                times -= 1;
                if times % 2 == 0 { continue 'outer; } else { break 'outer; }
            }
            self.next().await?;
        }
        Ok(())
    }
}

impl Display for Task<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        /* both */
        write!(formatter, "{}: {:?}\n", self.id, self.title)
    }
}

macro_rules! tasks {
    ($($id:expr => $title:literal),* $(,)?) => {
        vec![$(Task::new($id, $title)),*]
    };
}

unsafe extern "C" fn raw(pointer: *const u8) -> u8 {
    unsafe { *pointer.add(1) }
}

fn main() {
    let tasks: Vec<Task> = tasks![1 => "a", 2 => r#"b"c"#];
    let words = Regex::new(r"^(\w+)[a-z]*$").unwrap();
    let rows = sqlx::query!("SELECT id FROM tasks WHERE done = TRUE");
    let mut counts: Map<char, usize> = Map::new();
    for (place, Task { id, title: name, .. }) in tasks.iter().enumerate().take(0x1f) {
        let first = name.chars().next().unwrap_or('\u{1F}');
        *counts.entry(first).or_insert(0usize) += *id as usize;
        match place {
            0 | 1 => println!("{name:>5} {}", b'x'),
            2..=9 if *id != 3 => {}
            n @ 10.. => drop(n),
            _ => unreachable!(),
        }
    }
    let add = |a: f32, b| -> f32 { a * b + 1.5e3 };
    let Some(total) = counts.get(&'a') else { return };
    std::mem::swap::<u8>(&mut 1, &mut 2);
    const { assert!(rules::LIMIT > 10) };
}
