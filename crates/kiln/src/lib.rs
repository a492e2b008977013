//! The desktop program: wiring.
