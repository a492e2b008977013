//! What `CTRL-R =` reckons: numbers with `+ - * / %` and parentheses, by the rules of Vim's expressions
//! (`:help expr5`): whole numbers are divided without a rest, and stay whole.

use std::iter::Peekable;
use std::str::Chars;

/// Parentheses and signs within one another at most.
const MAX_DEPTH: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Whole(i64),
    Float(f64),
}

/// The value of an expression, as Vim writes it.
///
/// # Errors
/// What is wrong with it, for the user.
pub(crate) fn evaluate(text: &str) -> Result<String, String> {
    let mut reader = Reader {
        rest: text.chars().peekable(),
        depth: 0,
    };
    let value = reader.sum()?;
    match (reader.next_sign(), value) {
        (Some(_), _) => Err(invalid()),
        (None, Number::Whole(value)) => Ok(value.to_string()),
        (None, Number::Float(value)) if value.is_finite() => Ok(written(value)),
        (None, Number::Float(_)) => Err(too_large()),
    }
}

fn invalid() -> String {
    "E15: Invalid expression: numbers, + - * / % and parentheses are known here".to_owned()
}

fn too_large() -> String {
    "The result is too large".to_owned()
}

/// Six digits behind the point at most, and one at least.
fn written(value: f64) -> String {
    let digits = format!("{value:.6}");
    let short = digits.trim_end_matches('0');
    match short.ends_with('.') {
        true => format!("{short}0"),
        false => short.to_owned(),
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    depth: usize,
}

impl Reader<'_> {
    fn next_sign(&mut self) -> Option<char> {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
        self.rest.peek().copied()
    }

    fn sum(&mut self) -> Result<Number, String> {
        let mut value = self.product()?;
        while let Some(sign @ ('+' | '-')) = self.next_sign() {
            self.rest.next();
            let other = self.product()?;
            value = match sign {
                '+' => combined(value, other, i64::checked_add, |a, b| a + b)?,
                _ => combined(value, other, i64::checked_sub, |a, b| a - b)?,
            };
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<Number, String> {
        let mut value = self.single()?;
        while let Some(sign @ ('*' | '/' | '%')) = self.next_sign() {
            self.rest.next();
            let other = self.single()?;
            if sign != '*' && other == Number::Whole(0) {
                return Err("E15: Division by zero".to_owned());
            }
            value = match sign {
                '*' => combined(value, other, i64::checked_mul, |a, b| a * b)?,
                '/' => combined(value, other, i64::checked_div, |a, b| a / b)?,
                _ => combined(value, other, i64::checked_rem, |a, b| a % b)?,
            };
        }
        Ok(value)
    }

    fn single(&mut self) -> Result<Number, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(invalid());
        }
        let value = match self.next_sign() {
            Some('(') => {
                self.rest.next();
                let value = self.sum()?;
                if self.next_sign() != Some(')') {
                    return Err(invalid());
                }
                self.rest.next();
                value
            }
            Some('-') => {
                self.rest.next();
                combined(
                    Number::Whole(0),
                    self.single()?,
                    i64::checked_sub,
                    |a, b| a - b,
                )?
            }
            Some('+') => {
                self.rest.next();
                self.single()?
            }
            _ => self.number()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn number(&mut self) -> Result<Number, String> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        if digits.is_empty() {
            return Err(invalid());
        }
        if self.rest.next_if_eq(&'.').is_none() {
            let whole = digits.parse().map_err(|_| too_large())?;
            return Ok(Number::Whole(whole));
        }
        digits.push('.');
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        match digits.ends_with('.') {
            true => Err(invalid()),
            false => digits.parse().map(Number::Float).map_err(|_| invalid()),
        }
    }
}

fn combined(
    one: Number,
    other: Number,
    whole: fn(i64, i64) -> Option<i64>,
    float: fn(f64, f64) -> f64,
) -> Result<Number, String> {
    let value = |number: Number| match number {
        Number::Whole(value) => value as f64,
        Number::Float(value) => value,
    };
    match (one, other) {
        (Number::Whole(one), Number::Whole(other)) => {
            whole(one, other).map(Number::Whole).ok_or_else(too_large)
        }
        _ => Ok(Number::Float(float(value(one), value(other)))),
    }
}
