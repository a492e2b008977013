//! Compiles the bounds around the scanners of grammars that need them.

fn main() {
    println!("cargo::rerun-if-changed=src/bounded_scanners.c");
    cc::Build::new()
        .file("src/bounded_scanners.c")
        .compile("bounded_scanners");
}
