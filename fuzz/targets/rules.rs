//! libFuzzer's way to the property `rules`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: wswhy_fuzz::prepare(), |bytes: &[u8]| {
    wswhy_fuzz::run("rules", bytes);
});
