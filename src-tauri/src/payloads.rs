//! Random payloads for every command, some of them nearly honest.
#![allow(clippy::indexing_slicing)]

use serde_json::{Map, Value, json};
use tauri::http::HeaderMap;
use tauri::ipc::InvokeBody;

use crate::gate::tests::headers;

/// Names that arguments and fields of requests have.
const NAMES: [&str; 38] = [
    "account",
    "answers",
    "connection",
    "country",
    "credentials",
    "csv",
    "erase",
    "extra_root_pem",
    "filter",
    "folder",
    "given",
    "hold",
    "id",
    "index",
    "key",
    "kind",
    "name",
    "none",
    "operator",
    "passphrase",
    "path",
    "paused",
    "percent",
    "photo",
    "provider",
    "quarters",
    "reason",
    "remote_id",
    "rendition",
    "request",
    "search",
    "settings",
    "step",
    "submission",
    "theme",
    "value",
    "pin",
    "recovery",
];

/// Words that lead further into a command than chance would.
const WORDS: [&str; 34] = [
    "",
    " ",
    "US",
    "CA",
    "GB",
    "individual",
    "business",
    "wepay",
    "winter",
    "hand",
    "idle",
    "documents",
    "passport",
    "drivers_license",
    "front",
    "back",
    "preview",
    "upload",
    "evidence",
    "card",
    "page",
    "theme",
    "operator",
    "idle_lock_s",
    "single_keys",
    "yes",
    "dark",
    "answers",
    "account_id,name\n1,A\n\"",
    "../../etc/passwd",
    "0",
    "-1",
    "18446744073709551616",
    "NaN",
];

/// A stream of payloads, the same for the same seed.
pub(crate) struct Payloads {
    state: u64,
    ids: Vec<String>,
}

impl Payloads {
    pub(crate) fn new(seed: u64, ids: &[String]) -> Self {
        Self { state: seed, ids: ids.to_vec() }
    }

    /// A command and what it is called with.
    pub(crate) fn next<'a>(&mut self, commands: &[&'a str]) -> (&'a str, InvokeBody, HeaderMap) {
        let command = commands[self.below(commands.len())];
        let picture = matches!(command, "photo_add" | "frame_judge");
        if picture != (self.below(20) == 0) {
            let length = self.below(400);
            let bytes = (0..length).map(|_| self.draw() as u8).collect();
            return (command, InvokeBody::Raw(bytes), self.headers());
        }
        let body = if self.below(20) == 0 { self.value(3) } else { self.arguments() };
        (command, InvokeBody::Json(body), HeaderMap::new())
    }

    /// An object that has every argument that any command takes.
    fn arguments(&mut self) -> Value {
        let mut object = Map::new();
        for name in NAMES {
            if self.below(12) > 0 {
                object.insert(name.to_owned(), self.fitting(name, 2));
            }
        }
        Value::Object(object)
    }

    /// Mostly a value of the kind that a field of this name has.
    fn fitting(&mut self, name: &str, depth: u32) -> Value {
        if self.below(10) == 0 {
            return self.value(depth);
        }
        match name {
            "erase" | "given" | "hold" | "none" | "paused" => json!(self.below(2) == 0),
            "index" | "percent" | "quarters" => json!(self.draw() % 260),
            "filter" | "extra_root_pem" => Value::Null,
            "settings" | "credentials" => {
                let (key, value) = (self.word(), self.word());
                json!({ key: value })
            }
            "answers" => {
                let (path, value) = (self.word(), self.word());
                json!([{ "path": path, "value": value }])
            }
            "request" if depth > 0 => self.arguments_of_request(),
            _ => Value::String(self.word()),
        }
    }

    fn arguments_of_request(&mut self) -> Value {
        let fields = NAMES.iter().filter(|name| **name != "request");
        let fields = fields.map(|name| ((*name).to_owned(), self.fitting(name, 0)));
        Value::Object(fields.collect())
    }

    fn value(&mut self, depth: u32) -> Value {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.draw() as i64),
            3 => json!(f64::from_bits(self.draw())),
            4 => Value::String(self.word()),
            5 => (0..self.below(5)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let names = (0..self.below(5)).map(|_| NAMES[self.below(NAMES.len())]);
                let names: Vec<&str> = names.collect();
                let fields = names.into_iter().map(|n| (n.to_owned(), self.value(depth - 1)));
                Value::Object(fields.collect())
            }
        }
    }

    fn headers(&mut self) -> HeaderMap {
        const HEADERS: [&str; 7] =
            ["draft", "document", "side", "width", "height", "shape", "shot-width"];
        let mut pairs = Vec::new();
        for name in HEADERS {
            let value = match self.below(4) {
                0 => continue,
                1 => (self.draw() % 12).to_string(),
                2 => self.draw().to_string(),
                _ => self.word(),
            };
            pairs.push((name, value));
        }
        headers(&pairs)
    }

    /// A word that means something, an id that is there, or noise.
    fn word(&mut self) -> String {
        match self.below(8) {
            0..=3 => WORDS[self.below(WORDS.len())].to_owned(),
            4 | 5 if !self.ids.is_empty() => {
                let chosen = self.below(self.ids.len());
                self.ids[chosen].clone()
            }
            6 => format!("{:016x}{:016x}", self.draw(), self.draw()),
            _ => (0..self.below(40))
                .filter_map(|_| char::from_u32(self.draw() as u32 >> 11))
                .collect(),
        }
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.draw() % count.max(1) as u64).unwrap_or(0)
    }

    /// SplitMix64.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}
