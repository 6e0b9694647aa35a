//! libFuzzer's way to the property `documents`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: wswhy_fuzz::prepare(), |bytes: &[u8]| {
    wswhy_fuzz::run("documents", bytes);
});
