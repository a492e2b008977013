//! Registers: what was deleted and yanked, and under which names it is kept (`:help registers`).

use std::collections::BTreeMap;

/// The form of the text in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Characters, put beside the cursor.
    #[default]
    Characters,
    /// Whole lines, each with its line feed, put above or below.
    Lines,
    /// A block, put as columns of this many cells.
    Block(usize),
}

/// The content of a register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    /// The text; lines end at a line feed.
    pub text: String,
    /// How it is put.
    pub shape: Shape,
}

/// All registers of a view.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registers {
    named: BTreeMap<char, Register>,
    /// The register that the unnamed one stands for.
    last: Option<char>,
}

impl Registers {
    pub fn get(&self, name: char) -> Option<&Register> {
        let name = match name {
            '"' => self.last.unwrap_or('0'),
            name => name.to_ascii_lowercase(),
        };
        self.named.get(&name)
    }

    /// Sets a register, or adds to it where the name is an upper case letter.
    pub fn set(&mut self, name: char, content: Register) {
        let lower = name.to_ascii_lowercase();
        self.last = Some(lower);
        if name.is_ascii_uppercase()
            && let Some(register) = self.named.get_mut(&lower)
        {
            let lines = Shape::Lines;
            if register.shape == lines && content.shape != lines {
                register.text.push_str(&content.text);
                register.text.push('\n');
            } else {
                if content.shape == lines && register.shape != lines {
                    register.text.push('\n');
                    register.shape = lines;
                }
                register.text.push_str(&content.text);
            }
            return;
        }
        self.named.insert(lower, content);
    }

    pub fn set_silently(&mut self, name: char, content: Register) {
        self.named.insert(name, content);
    }

    pub fn yanked(&mut self, name: Option<char>, content: Register) {
        match name {
            Some('_') => {}
            Some('"') | None => self.set('0', content),
            Some(name) => self.set(name, content),
        }
    }

    /// Keeps what was deleted: in the register named, in `1` with the older ones moved on where it
    /// spans lines, else in `-`.
    pub fn deleted(&mut self, name: Option<char>, content: Register, numbered: bool) {
        if name == Some('_') {
            return;
        }
        let named = name.filter(|name| *name != '"');
        if let Some(name) = named {
            self.set(name, content.clone());
        }
        if numbered || content.text.contains('\n') {
            for number in ('1'..'9').rev() {
                if let Some(older) = self.named.get(&number).cloned() {
                    let next = char::from_u32(u32::from(number) + 1).unwrap_or('9');
                    self.named.insert(next, older);
                }
            }
            self.named.insert('1', content.clone());
            if !name.is_some_and(|name| name.is_ascii_uppercase()) {
                self.last = Some('1');
            }
        }
        if named.is_none() && !content.text.contains('\n') {
            self.set('-', content);
        }
    }
}
