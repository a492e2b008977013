//! The framing of a language server's output: any bytes end in messages or an error, and a message
//! that was read is read again from what is written of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lsp::{read_frame, write_frame};

fuzz_target!(|bytes: &[u8]| {
    let mut input = bytes;
    while let Ok(Some(body)) = read_frame(&mut input) {
        let mut written = Vec::new();
        write_frame(&mut written, &body).expect("a vector takes all");
        let again = read_frame(&mut &written[..]).expect("what is written is a message");
        assert_eq!(again, Some(body));
    }
});
