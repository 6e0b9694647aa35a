//! libFuzzer's way to the property `sieve`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: wswhy_fuzz::prepare(), |bytes: &[u8]| {
    wswhy_fuzz::run("sieve", bytes);
});
