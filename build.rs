//! Lists the folder `rules/` and compiles its files in, so that a new rule is a new file and no
//! list anywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let rules = root.join("rules");
    let mut code = String::new();
    for (name, folder) in [("LEXICON", "lexicon"), ("CAUSES", "causes")] {
        write_list(&mut code, name, folder, &rules.join(folder))?;
    }
    for (name, file) in [("CHECKLIST", "checklist.toml"), ("FITTING", "fitting.toml")] {
        let path = rules.join(file).display().to_string();
        println!("cargo::rerun-if-changed={path}");
        let _ = writeln!(code, "const {name}: &str = include_str!({path:?});");
    }
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    fs::write(out.join("built_in_rules.rs"), code)
}

/// Writes one constant: the name and the text of every TOML file of a folder, by name.
fn write_list(code: &mut String, name: &str, folder: &str, path: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", path.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            println!("cargo::rerun-if-changed={}", file.display());
            files.push(file);
        }
    }
    files.sort();
    let _ = writeln!(code, "const {name}: &[(&str, &str)] = &[");
    for file in files {
        let stem = file.file_name().unwrap_or_default().to_string_lossy();
        let shown = format!("{folder}/{stem}");
        let _ = writeln!(
            code,
            "    ({shown:?}, include_str!({:?})),",
            file.display().to_string()
        );
    }
    code.push_str("];\n");
    Ok(())
}
