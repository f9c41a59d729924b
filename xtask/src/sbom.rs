//! `cargo xtask sbom`: what a release is made of, as CycloneDX 1.5, from the two locks alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::{exec, place};

/// What people get.
const SHIPPED: [&str; 2] = ["satchel", "satchelctl"];

/// The crate that brings C code along; the end of its version says which.
const BUNDLER: &str = "sqlcipher-src";

/// That C code and its licences.
const BUNDLED: [(&str, &str); 3] =
    [("libtomcrypt", "WTFPL"), ("sqlcipher", "BSD-3-Clause"), ("sqlite", "blessing")];

/// Writes `sbom/satchel.cdx.json` in cargo's output folder.
///
/// # Errors
/// When an argument is given, or a lock cannot be read.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    if let Some(word) = arguments.first() {
        bail!("sbom takes no arguments, not {word:?}");
    }
    let inventory = inventory()?;
    let folder = place::target().join("sbom");
    std::fs::create_dir_all(&folder).context("cannot make the folder")?;
    let path = folder.join("satchel.cdx.json");
    let text = serde_json::to_string_pretty(&inventory.document())?;
    std::fs::write(&path, text + "\n").context("cannot write the inventory")?;
    let counted = |kind: &str| inventory.parts.keys().filter(|key| key.starts_with(kind)).count();
    println!(
        "{}: {} crates, {} npm packages, {} bundled libraries",
        path.display(),
        counted("pkg:cargo/"),
        counted("pkg:npm/"),
        counted("pkg:generic/"),
    );
    Ok(ExitCode::SUCCESS)
}

/// Parts and what each needs, by their package addresses.
pub struct Inventory {
    version: String,
    parts: BTreeMap<String, Value>,
    needs: BTreeMap<String, BTreeSet<String>>,
}

fn inventory() -> Result<Inventory> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let metadata =
        exec::output(exec::cargo().args(["metadata", "--format-version=1", "--locked"]))?;
    let metadata = serde_json::from_str(&metadata).context("cargo metadata")?;
    let sums = checksums(&read(&place::root().join("Cargo.lock"))?);
    let mut inventory = crates(&metadata, &sums)?;
    let lock = read(&place::ui().join("package-lock.json"))?;
    npm(&mut inventory, &serde_json::from_str(&lock).context("ui/package-lock.json")?)?;
    Ok(inventory)
}

/// The crates that a shipped program is built from, on any system.
fn crates(metadata: &Value, sums: &BTreeMap<(String, String), String>) -> Result<Inventory> {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let packages: BTreeMap<_, _> = packages.iter().map(|p| (text(p, "id"), p)).collect();
    let nodes = metadata.pointer("/resolve/nodes").and_then(Value::as_array);
    let nodes = nodes.context("cargo metadata has no graph")?;
    let nodes: BTreeMap<_, _> = nodes.iter().map(|n| (text(n, "id"), n)).collect();
    let is_shipped = |id: &&String| {
        packages.get(*id).is_some_and(|p| SHIPPED.contains(&text(p, "name").as_str()))
    };
    let mut waiting: Vec<String> = packages.keys().filter(is_shipped).cloned().collect();
    if waiting.len() != SHIPPED.len() {
        bail!("cargo metadata does not name {}", SHIPPED.join(" and "));
    }
    let address = |id: &str| packages.get(id).map(|p| cargo_address(p));
    let mut inventory =
        Inventory { version: String::new(), parts: BTreeMap::new(), needs: BTreeMap::new() };
    while let Some(id) = waiting.pop() {
        let package = packages.get(&id).context("the graph names an unknown package")?;
        let own = cargo_address(package);
        if inventory.parts.contains_key(&own) {
            continue;
        }
        let sum = sums.get(&(text(package, "name"), text(package, "version")));
        inventory.parts.insert(own.clone(), cargo_part(package, sum));
        if text(package, "name") == "satchel" {
            inventory.version = text(package, "version");
        }
        let needed = nodes.get(&id).map(|node| needed(node)).unwrap_or_default();
        let mut needs: BTreeSet<_> = needed.iter().filter_map(|id| address(id)).collect();
        if text(package, "name") == BUNDLER {
            for part in bundled(&text(package, "version"))? {
                needs.insert(text(&part, "purl"));
                inventory.parts.insert(text(&part, "purl"), part);
            }
        }
        inventory.needs.insert(own, needs);
        waiting.extend(needed);
    }
    Ok(inventory)
}

/// What a node needs to be built or run; not what only its tests need.
fn needed(node: &Value) -> Vec<String> {
    let deps = node["deps"].as_array().into_iter().flatten();
    deps.filter(|dep| {
        let kinds = dep["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"] != "dev"))
    })
    .filter_map(|dep| dep["pkg"].as_str().map(str::to_owned))
    .collect()
}

fn cargo_address(package: &Value) -> String {
    let part = |key: &str| package[key].as_str().unwrap_or_default();
    format!("pkg:cargo/{}@{}", part("name"), part("version").replace('+', "%2B"))
}

fn cargo_part(package: &Value, sum: Option<&String>) -> Value {
    // Older manifests put a slash where an expression has OR.
    let licence = package["license"].as_str().map(|text| text.replace('/', " OR "));
    let address = cargo_address(package);
    let (name, version) = (&package["name"], &package["version"]);
    let sum = sum.map(|sum| ("SHA-256", sum.clone()));
    part(&address, [name, version], licence.as_deref(), sum, "required")
}

fn part(
    address: &str,
    [name, version]: [&Value; 2],
    licence: Option<&str>,
    sum: Option<(&str, String)>,
    scope: &str,
) -> Value {
    let mut part = Map::from_iter([
        ("type".to_owned(), json!("library")),
        ("bom-ref".to_owned(), json!(address)),
        ("purl".to_owned(), json!(address)),
        ("scope".to_owned(), json!(scope)),
        ("name".to_owned(), json!(name)),
        ("version".to_owned(), json!(version)),
    ]);
    if let Some(licence) = licence {
        part.insert("licenses".to_owned(), json!([{ "expression": licence }]));
    }
    if let Some((algorithm, content)) = sum {
        part.insert("hashes".to_owned(), json!([{ "alg": algorithm, "content": content }]));
    }
    Value::Object(part)
}

/// The C code that a version such as `1.0.0+sqlcipher-4.19.0-sqlite-3.53.4` names.
fn bundled(version: &str) -> Result<Vec<Value>> {
    let (_, named) = version.split_once('+').context("the bundler's version names no C code")?;
    let words: Vec<_> = named.split('-').collect();
    let part_of = |(name, licence): &(&str, &str)| {
        let place = words.iter().position(|word| word == name);
        let version = place.and_then(|place| words.get(place + 1));
        let version = version.with_context(|| format!("{named} does not name {name}"))?;
        let address = format!("pkg:generic/{name}@{version}");
        Ok(part(&address, [&json!(name), &json!(version)], Some(licence), None, "required"))
    };
    BUNDLED.iter().map(part_of).collect()
}

/// The checksums in Cargo.lock, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let field = |block: &str, key: &str| {
        block.lines().find_map(|line| {
            line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"').map(str::to_owned)
        })
    };
    lock.split("[[package]]")
        .filter_map(|block| {
            let named = (field(block, "name")?, field(block, "version")?);
            Some((named, field(block, "checksum")?))
        })
        .collect()
}

/// The packages that the window's files are made from; tools alone are marked as excluded.
fn npm(inventory: &mut Inventory, lock: &Value) -> Result<()> {
    let packages = lock["packages"].as_object().context("the npm lock names no packages")?;
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        let Some((_, name)) = path.rsplit_once("node_modules/") else { continue };
        let version = package["version"].as_str().unwrap_or_default();
        let address = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
        let sum = package["integrity"].as_str().and_then(|text| text.strip_prefix("sha512-"));
        let sum = sum.and_then(hexadecimal).map(|sum| ("SHA-512", sum));
        let scope = if package["dev"] == true { "excluded" } else { "required" };
        let named = [&json!(name), &package["version"]];
        let part = part(&address, named, package["license"].as_str(), sum, scope);
        inventory.parts.insert(address, part);
    }
    Ok(())
}

/// Base64 to hexadecimal digits.
fn hexadecimal(base64: &str) -> Option<String> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut text) = (0_u32, 0_u32, String::new());
    for digit in base64.trim_end_matches('=').chars() {
        bits = bits << 6 | u32::try_from(DIGITS.find(digit)?).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            text += &format!("{:02x}", (bits >> count) & 0xff);
        }
    }
    Some(text)
}

impl Inventory {
    /// The document. The same sources give the same bytes.
    fn document(&self) -> Value {
        let needs =
            self.needs.iter().map(|(part, needs)| json!({ "ref": part, "dependsOn": needs }));
        json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": {
                "component": {
                    "type": "application", "bom-ref": "satchel", "name": "Satchel",
                    "version": self.version,
                },
            },
            "components": self.parts.values().collect::<Vec<_>>(),
            "dependencies": needs.collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
#[path = "sbom_tests.rs"]
mod tests;
