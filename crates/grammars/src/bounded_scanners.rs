//! Grammars with scanners that cannot hold every state in the buffer for it, with bounds around them.
//!
//! A text that nests some 250 levels deep (YAML), ends a string with a word of 256 letters (Ruby) or
//! has 512 strings in one another (Kotlin) would otherwise end the program. See
//! `bounded_scanners.c`.
#![allow(
    unsafe_code,
    reason = "a grammar is a C function, and Rust has no safe way to one"
)]

use std::sync::Once;

use crate::LanguageFn;

unsafe extern "C" {
    fn kiln_bound_scanners(kotlin: *const (), ruby: *const (), yaml: *const ());
    fn kiln_bounded_kotlin() -> *const ();
    fn kiln_bounded_yaml() -> *const ();
    fn kiln_bounded_ruby() -> *const ();
}

// SAFETY: each gives the table of a generated grammar, for as long as the program runs.
pub(crate) const KOTLIN: LanguageFn = unsafe { LanguageFn::from_raw(kotlin) };
pub(crate) const YAML: LanguageFn = unsafe { LanguageFn::from_raw(yaml) };
pub(crate) const RUBY: LanguageFn = unsafe { LanguageFn::from_raw(ruby) };

unsafe extern "C" fn kotlin() -> *const () {
    bound();
    // SAFETY: the table was filled before.
    unsafe { kiln_bounded_kotlin() }
}

unsafe extern "C" fn yaml() -> *const () {
    bound();
    // SAFETY: the table was filled before.
    unsafe { kiln_bounded_yaml() }
}

unsafe extern "C" fn ruby() -> *const () {
    bound();
    // SAFETY: the table was filled before.
    unsafe { kiln_bounded_ruby() }
}

/// Fills the tables, once whichever thread asks first.
fn bound() {
    static BOUND: Once = Once::new();
    // SAFETY: the crates' functions give tables in the form that the C code expects: those of
    // tree-sitter's versions 14 and 15, which every grammar here is of (`tests`). Nothing else
    // writes to what it fills.
    BOUND.call_once(|| unsafe {
        kiln_bound_scanners(
            tree_sitter_kotlin_sg::LANGUAGE.into_raw()(),
            tree_sitter_ruby::LANGUAGE.into_raw()(),
            tree_sitter_yaml::LANGUAGE.into_raw()(),
        );
    });
}
