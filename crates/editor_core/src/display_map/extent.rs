//! How far text reaches, and the coordinates of the layers.

use serde::{Deserialize, Serialize};

use crate::Point;

/// The rows and columns from one place of a text to a later one: the line feeds between them, and
/// the bytes after the last of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Extent {
    pub rows: u32,
    pub columns: u32,
}

impl Extent {
    pub(crate) const ZERO: Self = Self {
        rows: 0,
        columns: 0,
    };

    pub(crate) const fn new(rows: u32, columns: u32) -> Self {
        Self { rows, columns }
    }

    /// The extent of a piece of text.
    pub(crate) fn of(text: &str) -> Self {
        match text.rfind('\n') {
            None => Self::new(0, to_u32(text.len())),
            Some(last) => Self::new(
                to_u32(text.bytes().filter(|byte| *byte == b'\n').count()),
                to_u32(text.len() - last - 1),
            ),
        }
    }

    /// From one place to another that is not before it.
    pub(crate) fn between(from: Point, to: Point) -> Self {
        if from.row == to.row {
            Self::new(0, to.column.saturating_sub(from.column))
        } else {
            Self::new(to.row.saturating_sub(from.row), to.column)
        }
    }

    /// The extent of this text followed by another.
    pub(crate) fn then(self, next: Self) -> Self {
        if next.rows == 0 {
            Self::new(self.rows, self.columns.saturating_add(next.columns))
        } else {
            Self::new(self.rows.saturating_add(next.rows), next.columns)
        }
    }

    /// The place that is reached from the start of the text.
    pub(crate) const fn end(self) -> Point {
        Point::new(self.rows, self.columns)
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.rows == 0 && self.columns == 0
    }
}

/// The place that is reached from another.
pub(crate) fn after(from: Point, extent: Extent) -> Point {
    Extent::new(from.row, from.column).then(extent).end()
}

pub(crate) fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A coordinate of one layer, so that places of two layers cannot be mixed up.
pub(crate) trait Coordinate: Copy + Ord {
    const ZERO: Self;
    fn point(self) -> Point;
    fn at(point: Point) -> Self;
}

macro_rules! coordinates {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub Point);

        impl $name {
            /// The place at a row and a column, both from zero; the column in bytes of the layer's
            /// text.
            pub const fn new(row: u32, column: u32) -> Self {
                Self(Point::new(row, column))
            }

            /// Row, from zero.
            pub const fn row(self) -> u32 {
                self.0.row
            }

            /// Bytes from the start of the row.
            pub const fn column(self) -> u32 {
                self.0.column
            }
        }

        impl Coordinate for $name {
            const ZERO: Self = Self::new(0, 0);

            fn point(self) -> Point {
                self.0
            }

            fn at(point: Point) -> Self {
                Self(point)
            }
        }
    )*};
}

coordinates! {
    /// A place in the text with inlays in it.
    InlayPoint;
    /// A place in the text with inlays, where folds show their placeholders.
    FoldPoint;
    /// A place after tabs became spaces up to the next tab stop.
    TabPoint;
    /// A place after long lines were cut into several rows; continuation rows begin with their
    /// indentation.
    WrapPoint;
    /// A place on the screen: rows as they are drawn, block rows among them.
    DisplayPoint;
}
