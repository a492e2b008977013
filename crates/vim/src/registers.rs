//! Registers: what was deleted and yanked, and under which names it is kept (`:help registers`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
    named: BTreeMap<char, Arc<Register>>,
    /// What each of several carets put into a register, in their order.
    pieces: BTreeMap<char, Vec<Arc<Register>>>,
    /// Of the registers of one of several carets: what all of them hold together.
    whole: BTreeMap<char, Arc<Register>>,
    /// The register that the unnamed one stands for.
    last: Option<char>,
}

impl Registers {
    pub fn get(&self, name: char) -> Option<&Register> {
        let name = match name {
            '"' => self.last.unwrap_or('0'),
            name => name.to_ascii_lowercase(),
        };
        self.named.get(&name).map(|content| &**content)
    }

    /// The content of a register that stands for a clipboard, where that still holds `text`, which
    /// this put there.
    pub fn of_clipboard(&self, name: char, text: &str) -> Option<&Register> {
        let content = self.get(name)?;
        let whole = self.whole.get(&name).map_or(content, |whole| whole);
        (whole.text == text).then_some(content)
    }

    /// Sets a register, or adds to it where the name is an upper case letter.
    pub fn set(&mut self, name: char, content: Register) {
        let lower = name.to_ascii_lowercase();
        self.last = Some(lower);
        if name.is_ascii_uppercase()
            && let Some(register) = self.named.get_mut(&lower)
        {
            let lines = Shape::Lines;
            let register = Arc::make_mut(register);
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
            self.pieces.remove(&lower);
            return;
        }
        self.put(lower, Arc::new(content));
    }

    pub fn set_silently(&mut self, name: char, content: Register) {
        self.put(name, Arc::new(content));
    }

    fn put(&mut self, name: char, content: Arc<Register>) {
        self.pieces.remove(&name);
        self.whole.remove(&name);
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
                    self.put(next, older);
                }
            }
            self.put('1', Arc::new(content.clone()));
            if !name.is_some_and(|name| name.is_ascii_uppercase()) {
                self.last = Some('1');
            }
        }
        if named.is_none() && !content.text.contains('\n') {
            self.set('-', content);
        }
    }

    /// The registers of one of `count` carets: its own part of what so many of them have kept.
    pub fn of_caret(&self, index: usize, count: usize) -> Self {
        let mut own = Self {
            named: self.named.clone(),
            last: self.last,
            ..Self::default()
        };
        for (name, pieces) in &self.pieces {
            if pieces.len() == count
                && let Some(whole) = own.named.insert(*name, pieces[index].clone())
            {
                own.whole.insert(*name, whole);
            }
        }
        own
    }

    /// These registers with what each of `count` carets, by its index, made of those that it was
    /// given. One that they filled holds all of their texts for a single caret.
    pub fn with_results(mut self, results: &[(usize, Self)], count: usize) -> Self {
        let given: Vec<Self> = results
            .iter()
            .map(|(index, _)| self.of_caret(*index, count))
            .collect();
        let names: BTreeSet<char> = results
            .iter()
            .flat_map(|(_, own)| own.named.keys().copied())
            .collect();
        for name in names {
            let own = results.iter().map(|(_, own)| own.named.get(&name));
            let is_same = |(own, given): (Option<&Arc<Register>>, &Self)| {
                own.map(Arc::as_ptr) == given.named.get(&name).map(Arc::as_ptr)
            };
            if own.clone().zip(&given).all(is_same) {
                continue;
            }
            // A caret that had nothing to keep has nothing to put.
            let pieces: Vec<Arc<Register>> =
                own.map(|own| own.cloned().unwrap_or_default()).collect();
            let first = &pieces[0];
            if pieces.iter().all(|piece| Arc::ptr_eq(piece, first)) {
                self.put(name, first.clone());
                continue;
            }
            self.put(name, Arc::new(together(&pieces)));
            self.pieces.insert(name, pieces);
        }
        let named = results.iter().map(|(_, own)| own.last);
        self.last = named
            .into_iter()
            .find(|last| *last != self.last)
            .unwrap_or(self.last);
        self
    }
}

/// The texts of several carets as one: one below the other.
fn together(pieces: &[Arc<Register>]) -> Register {
    let mut filled = pieces.iter().filter(|piece| !piece.text.is_empty());
    let texts: Vec<&str> = filled.clone().map(|piece| piece.text.as_str()).collect();
    let lines = filled.all(|piece| piece.shape == Shape::Lines);
    match lines {
        true => Register {
            text: texts.concat(),
            shape: Shape::Lines,
        },
        false => Register {
            text: texts.join("\n"),
            shape: Shape::Characters,
        },
    }
}
