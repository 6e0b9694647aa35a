//! The dependency tree is what `deny.toml` says it may be: where it comes from, under which licences,
//! nothing twice, and which of it runs code while the program is built.
//!
//! cargo-deny reads the same file and knows more: vulnerabilities and yanked versions. It is not what
//! runs here for two reasons. Those two need a database on GitHub and a fresh index, and a check that
//! needs the network fails for reasons that are none of the change's. What is left needs nothing but
//! `Cargo.lock` and `cargo metadata`, while cargo-deny would bring two hundred crates of its own to be
//! compiled first, more than this program has.
//!
//! `cargo metadata` is asked for this machine's platform alone: only what was built is surely on the disk.
//! What only other platforms use is named below; its licences are looked at when its name is added.

use super::material::root;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::{env, fs};

/// Packages that are built on some platforms only, all of them free to be used under MIT or Apache-2.0.
const ON_SOME_PLATFORMS: [&str; 14] = [
    "anstyle-wincon",
    "cpufeatures",
    "encode_unicode",
    "errno",
    "jiff-static",
    "linux-raw-sys",
    "once_cell_polyfill",
    "portable-atomic",
    "portable-atomic-util",
    "r-efi",
    "rustix",
    "winapi-util",
    "windows-link",
    "windows-sys",
];

#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    skip: Vec<Listed>,
    build: Building,
}

#[derive(Deserialize)]
struct Building {
    #[serde(rename = "allow-build-scripts")]
    scripts: Vec<Listed>,
}

#[derive(Deserialize)]
struct Sources {
    #[serde(rename = "allow-registry")]
    registries: Vec<String>,
}

/// A package that is let through.
#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

/// A package of any platform, as `Cargo.lock` has it.
#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A package of this platform, as its own manifest describes it.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    links: Option<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

impl Package {
    fn runs_while_building(&self) -> bool {
        let mut kinds = self.targets.iter().flat_map(|target| &target.kind);
        self.links.is_some() || kinds.any(|kind| kind == "custom-build")
    }
}

fn policy() -> Policy {
    toml::from_str(&fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap()
}

fn locked() -> Vec<Locked> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    toml::from_str::<Lock>(&lock).unwrap().package
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The packages of this platform.
fn packages() -> Vec<Package> {
    let version = cargo(&["--version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = cargo(&[
        "metadata",
        "--locked",
        "--offline",
        "--format-version=1",
        "--filter-platform",
        host.unwrap(),
    ]);
    serde_json::from_str::<Metadata>(&metadata)
        .unwrap()
        .packages
}

/// Holds what was found to a list: everything stands on it with a reason, and nothing else does.
fn assert_listed(what: &str, found: &BTreeSet<String>, listed: &[Listed]) {
    for one in listed {
        assert!(
            !one.reason.is_empty(),
            "{} is listed without reason",
            one.name
        );
    }
    let names: BTreeSet<String> = listed.iter().map(|one| one.name.clone()).collect();
    let unlisted: Vec<&String> = found.difference(&names).collect();
    assert!(
        unlisted.is_empty(),
        "{what}, not in deny.toml: {unlisted:?}"
    );
    let stale: Vec<&String> = names.difference(found).collect();
    assert!(
        stale.is_empty(),
        "{what}, in deny.toml but no more: {stale:?}"
    );
}

#[test]
fn every_package_comes_from_a_known_registry() {
    let known: Vec<String> = policy()
        .sources
        .registries
        .iter()
        .map(|address| format!("registry+{address}"))
        .collect();
    for package in locked()
        .iter()
        .filter(|one| one.name != env!("CARGO_PKG_NAME"))
    {
        let Locked { name, version, .. } = package;
        let source = package.source.as_ref();
        assert!(
            source.is_some_and(|source| known.contains(source)),
            "{name} {version} comes from {source:?}"
        );
        assert!(
            package.checksum.is_some(),
            "{name} {version} has no checksum"
        );
    }
}

#[test]
fn every_licence_is_allowed() {
    let allowed = policy().licenses.allow;
    let mut used = BTreeSet::new();
    for package in packages() {
        let Package {
            name,
            version,
            license,
            ..
        } = package;
        let text = license.unwrap_or_else(|| panic!("{name} {version} states no licence"));
        let licence = spdx::Expression::parse_mode(&text, spdx::ParseMode::LAX)
            .unwrap_or_else(|error| panic!("{name} {version}: {error}"));
        assert!(
            licence.evaluate(|needed| allowed.contains(&needed.to_string())),
            "{name} {version} is under {text}"
        );
        used.extend(licence.requirements().map(|one| one.req.to_string()));
    }
    let stale: Vec<&String> = allowed.difference(&used).collect();
    assert!(stale.is_empty(), "nothing is under {stale:?} any more");
}

#[test]
fn nothing_is_built_twice_without_a_reason() {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for package in locked() {
        *versions.entry(package.name).or_default() += 1;
    }
    let twice = versions.into_iter().filter(|(_, count)| *count > 1);
    let twice: BTreeSet<String> = twice.map(|(name, _)| name).collect();
    assert_listed("several versions", &twice, &policy().bans.skip);
}

#[test]
fn what_runs_while_building_is_known() {
    let listed = policy().bans.build.scripts;
    let (running, still): (Vec<Package>, Vec<Package>) = packages()
        .into_iter()
        .partition(Package::runs_while_building);
    let mut running: BTreeSet<String> = running.into_iter().map(|package| package.name).collect();
    // Whether the others have build scripts cannot be seen here.
    let elsewhere = ON_SOME_PLATFORMS
        .iter()
        .filter(|name| listed.iter().any(|one| one.name == **name))
        .filter(|name| !still.iter().any(|package| package.name == **name));
    running.extend(elsewhere.map(|name| (*name).to_owned()));
    assert_listed("build scripts", &running, &listed);
}

#[test]
fn every_package_is_of_this_platform_or_named() {
    let here: BTreeSet<(String, String)> = packages()
        .into_iter()
        .map(|package| (package.name, package.version))
        .collect();
    let locked = locked();
    for Locked { name, version, .. } in &locked {
        let named = ON_SOME_PLATFORMS.contains(&name.as_str());
        let built = here.contains(&(name.clone(), version.clone()));
        assert!(
            named || built,
            "{name} {version} is not of this platform: look at its licence and name it"
        );
    }
    for name in ON_SOME_PLATFORMS {
        let used = locked.iter().any(|package| package.name == name);
        assert!(used, "{name} is used on no platform any more");
    }
}
