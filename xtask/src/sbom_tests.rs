#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::*;

fn metadata() -> Value {
    let package = |name: &str, licence: &str| {
        let version = "1.0.0";
        json!({ "id": name, "name": name, "version": version, "license": licence })
    };
    let dep = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
    json!({
        "packages": [
            package("satchel", "MIT OR Apache-2.0"), package("satchelctl", "MIT"),
            package("used", "MIT/Apache-2.0"), package("built", "ISC"),
            package("tested", "ISC"), package("stray", "ISC"),
        ],
        "resolve": { "nodes": [
            { "id": "satchel", "deps": [
                dep("used", Value::Null), dep("built", json!("build")), dep("tested", json!("dev")),
            ] },
            { "id": "satchelctl", "deps": [dep("used", Value::Null)] },
            { "id": "used", "deps": [] }, { "id": "built", "deps": [] },
        ] },
    })
}

#[test]
fn an_inventory_holds_what_a_program_is_built_from_and_nothing_else() {
    let sums = checksums(
        "[[package]]\nname = \"used\"\nversion = \"1.0.0\"\nchecksum = \"ab12\"\n\n\
         [[package]]\nname = \"satchel\"\nversion = \"1.0.0\"\n",
    );
    let inventory = crates(&metadata(), &sums).unwrap();
    let names: Vec<_> = inventory.parts.keys().map(String::as_str).collect();
    let cargo = ["built", "satchel", "satchelctl", "used"];
    assert_eq!(names, cargo.map(|name| format!("pkg:cargo/{name}@1.0.0")));
    let used = &inventory.parts["pkg:cargo/used@1.0.0"];
    assert_eq!(used["licenses"][0]["expression"], "MIT OR Apache-2.0");
    assert_eq!(used["hashes"][0]["content"], "ab12");
    let document = inventory.document();
    assert_eq!(document["bomFormat"], "CycloneDX");
    assert_eq!(document["metadata"]["component"]["version"], "1.0.0");
    let own = document["dependencies"].as_array().unwrap();
    let own = own.iter().find(|d| d["ref"] == "pkg:cargo/satchel@1.0.0").unwrap();
    assert_eq!(own["dependsOn"], json!(["pkg:cargo/built@1.0.0", "pkg:cargo/used@1.0.0"]));
}

#[test]
fn a_graph_without_our_programs_is_an_error_and_no_inventory() {
    let mut metadata = metadata();
    metadata["packages"].as_array_mut().unwrap().remove(1);
    assert!(crates(&metadata, &BTreeMap::new()).is_err());
}

#[test]
fn packages_of_the_window_have_addresses_sums_and_scopes() {
    let mut inventory =
        Inventory { version: String::new(), parts: BTreeMap::new(), needs: BTreeMap::new() };
    let lock = json!({ "packages": {
        "": { "name": "satchel-ui" },
        "node_modules/@scope/a": { "version": "1.2.3", "license": "MIT",
                                   "integrity": "sha512-AQID" },
        "node_modules/b/node_modules/c": { "version": "4.0.0", "dev": true, "license": "ISC" },
    } });
    npm(&mut inventory, &lock).unwrap();
    let a = &inventory.parts["pkg:npm/%40scope/a@1.2.3"];
    assert_eq!((&a["name"], &a["scope"]), (&json!("@scope/a"), &json!("required")));
    assert_eq!(a["hashes"][0], json!({ "alg": "SHA-512", "content": "010203" }));
    assert_eq!(inventory.parts["pkg:npm/c@4.0.0"]["scope"], "excluded");
    assert!(npm(&mut inventory, &json!({})).is_err());
}

#[test]
fn c_code_that_a_crate_brings_along_is_named_by_its_version() {
    let parts = bundled("1.0.6+sqlcipher-4.19.0-sqlite-3.53.4-libtomcrypt-1.18.2").unwrap();
    let addresses: Vec<_> = parts.iter().map(|part| part["purl"].as_str().unwrap()).collect();
    assert_eq!(
        addresses,
        [
            "pkg:generic/libtomcrypt@1.18.2",
            "pkg:generic/sqlcipher@4.19.0",
            "pkg:generic/sqlite@3.53.4",
        ]
    );
    assert!(bundled("1.0.6").is_err());
    assert!(bundled("1.0.6+sqlcipher-4.19.0").is_err());
}

#[test]
fn the_real_inventory_names_what_we_build_on() {
    let inventory = inventory().unwrap();
    let has = |start: &str| inventory.parts.keys().any(|key| key.starts_with(start));
    for part in [
        "pkg:cargo/satchel-core@",
        "pkg:cargo/chacha20poly1305@",
        "pkg:npm/svelte@",
        "pkg:generic/sqlcipher@4.",
        "pkg:generic/sqlite@3.",
    ] {
        assert!(has(part), "{part}");
    }
    assert!(!has("pkg:cargo/satchel-tests@"), "tests are not shipped");
    let foreign = inventory.parts.iter().filter(|(key, _)| key.starts_with("pkg:cargo/"));
    let bare: Vec<_> = foreign
        .filter(|(key, part)| !key.contains("satchel") && part["hashes"].is_null())
        .map(|(key, _)| key)
        .collect();
    assert_eq!(bare, Vec::<&String>::new(), "every foreign crate has its checksum");
    let known: BTreeSet<_> = inventory.parts.keys().collect();
    assert!(inventory.needs.values().flatten().all(|need| known.contains(need)));
}
