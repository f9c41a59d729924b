//! WebDriver over its own protocol: one window, driven as a person drives it.

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longest wait for something that must come: generous, since machines are busy.
const PATIENCE: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub struct Window {
    port: u16,
    session: String,
    /// The app's process while a test is about to kill it.
    pub mortal: Cell<Option<u32>>,
}

/// What unwinds out of a call whose app was killed.
pub struct Killed;

/// How long a killed process may take to be gone.
const DYING: Duration = Duration::from_secs(5);

/// Whether a process runs.
pub fn lives(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

impl Window {
    /// Starts the app under the driver.
    ///
    /// # Errors
    /// What the driver said when no window came of it.
    pub fn open(port: u16, program: &str) -> Result<Self, Value> {
        let options = json!({ "binary": program, "args": [] });
        Self::of(
            port,
            &json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } }),
        )
    }

    /// Takes over the app that runs at the other end of the driver.
    ///
    /// # Errors
    /// What the driver said when no window came of it.
    pub fn join(port: u16) -> Result<Self, Value> {
        Self::of(port, &json!({ "capabilities": {} }))
    }

    fn of(port: u16, wanted: &Value) -> Result<Self, Value> {
        let begun = Instant::now();
        let answer = loop {
            match call(port, "POST", "/session", wanted) {
                Ok(answer) => break answer,
                // The driver has not heard yet that the last one was killed.
                Err(fault) if fault["message"] == "Maximum number of active sessions" => {
                    assert!(begun.elapsed() < PATIENCE, "{fault}");
                    std::thread::sleep(LOOK_EVERY);
                }
                Err(fault) => return Err(fault),
            }
        };
        let session = answer["sessionId"].as_str().unwrap().to_owned();
        let window = Self { port, session, mortal: Cell::new(None) };
        window.ask("POST", "/window/rect", &json!({ "width": 1280, "height": 800 }))?;
        Ok(window)
    }

    /// Ends the app as closing its window does.
    pub fn close(&self) {
        // The driver answers 404 here although it ends the app.
        let _ = self.ask("DELETE", "", &Value::Null);
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, Value> {
        let answer = call(self.port, method, &format!("/session/{}{path}", self.session), body);
        if let (Err(fault), Some(app)) = (&answer, self.mortal.get()) {
            self.mourn(fault, app);
        }
        answer
    }

    /// Leaves the act that a kill has cut off.
    fn mourn(&self, fault: &Value, app: u32) {
        // While it lives, what a page lacks is no sign of its death.
        let absent = ["no such element", "element not interactable", "stale element reference"];
        let begun = Instant::now();
        let lacks = fault["error"].as_str().is_some_and(|error| absent.contains(&error));
        while lives(app) {
            if lacks || begun.elapsed() > DYING {
                return;
            }
            std::thread::sleep(LOOK_EVERY);
        }
        std::panic::resume_unwind(Box::new(Killed));
    }

    pub fn run(&self, script: &str) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": [] })).unwrap()
    }

    pub fn text(&self) -> String {
        self.run("return document.body.innerText").as_str().unwrap_or("").to_owned()
    }

    fn element(&self, test_id: &str) -> Option<String> {
        let css = format!("[data-testid=\"{test_id}\"]");
        let found =
            self.ask("POST", "/element", &json!({ "using": "css selector", "value": css })).ok()?;
        found.as_object()?.values().next()?.as_str().map(str::to_owned)
    }

    pub fn has(&self, test_id: &str) -> bool {
        self.element(test_id).is_some()
    }

    /// Waits until `look` finds something.
    pub fn until<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            if begun.elapsed() > PATIENCE {
                let ids = self.run(
                    "return [...document.querySelectorAll('[data-testid]')]
                     .map(e => e.dataset.testid).join(' ')",
                );
                panic!("{what} did not come.\n{ids}\n{}", self.text());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    pub fn see(&self, words: &str) {
        self.until(&format!("{words:?}"), |w| w.text().contains(words).then_some(()));
    }

    pub fn click(&self, test_id: &str) {
        self.until(&format!("a click on {test_id}"), |w| {
            let element = w.element(test_id)?;
            w.ask("POST", &format!("/element/{element}/click"), &json!({})).ok()
        });
    }

    pub fn keys(&self, test_id: &str, text: &str) {
        self.until(&format!("typing into {test_id}"), |w| {
            let element = w.element(test_id)?;
            w.ask("POST", &format!("/element/{element}/value"), &json!({ "text": text })).ok()
        });
    }

    /// Replaces what stands in a field.
    pub fn fill(&self, test_id: &str, text: &str) {
        self.until(&format!("clearing {test_id}"), |w| {
            let element = w.element(test_id)?;
            w.ask("POST", &format!("/element/{element}/clear"), &json!({})).ok()
        });
        self.keys(test_id, text);
    }

    /// Clicks unless it is as wanted already.
    pub fn tick(&self, test_id: &str, checked: bool) {
        let is = format!("return document.querySelector('[data-testid=\"{test_id}\"]')?.checked");
        let now = self.until(test_id, |w| w.run(&is).as_bool());
        if now != checked {
            self.click(test_id);
        }
    }

    /// Chooses one of several, and waits until it is chosen.
    pub fn pick(&self, test_id: &str) {
        let is = format!(
            "return document.querySelector('[data-testid=\"{test_id}\"]')?.ariaChecked === 'true'"
        );
        self.click(test_id);
        self.until(&format!("{test_id} to be chosen"), |w| (w.run(&is) == true).then_some(()));
    }

    /// What stands in an element, or in a field.
    pub fn read(&self, test_id: &str) -> Option<String> {
        let script = format!(
            "const e = document.querySelector('[data-testid=\"{test_id}\"]');
             return e ? (e.value ?? e.innerText) : null"
        );
        self.run(&script).as_str().map(str::to_owned)
    }

    pub fn wait(&self, test_id: &str) {
        self.until(test_id, |w| w.has(test_id).then_some(()));
    }

    /// Opens a list and types the choice, as one does on a keyboard.
    pub fn choose(&self, test_id: &str, words: &str) {
        self.click(test_id);
        self.until("the choice", |w| {
            let script = format!(
                "const o = [...document.querySelectorAll('[role=option]')]
                   .find(o => o.innerText.trim().startsWith({words:?}));
                 if (!o) return null;
                 o.setAttribute('data-testid', 'the-choice');
                 return true;"
            );
            w.run(&script).as_bool()
        });
        self.click("the-choice");
    }

    /// Waits until what the page says is what the screen shows, transitions included.
    pub fn painted(&self) {
        let script = "const done = arguments[arguments.length - 1];
            const frames = (n) => n ? requestAnimationFrame(() => frames(n - 1)) : done(true);
            Promise.allSettled(document.getAnimations().map((a) => a.finished))
                .then(() => frames(3));
            setTimeout(() => done(false), 1500);";
        self.ask("POST", "/execute/async", &json!({ "script": script, "args": [] })).unwrap();
        // The first picture may still be of the frame before.
        self.ask("GET", "/screenshot", &Value::Null).unwrap();
    }

    pub fn screenshot(&self) -> Vec<u8> {
        let picture = self.ask("GET", "/screenshot", &Value::Null).unwrap();
        from_base64(picture.as_str().unwrap())
    }
}

/// One call. The driver closes the connection after its answer.
fn call(port: u16, method: &str, path: &str, body: &Value) -> Result<Value, Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let failed = |fault: std::io::Error| json!({ "error": fault.to_string() });
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    stream.write_all((head + &body).as_bytes()).map_err(failed)?;
    let answer = read_answer(&mut stream).map_err(failed)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, "{}"));
    let value = serde_json::from_str::<Value>(body).unwrap_or_default()["value"].clone();
    if head.starts_with("HTTP/1.1 200") { Ok(value) } else { Err(value) }
}

fn read_answer(stream: &mut TcpStream) -> std::io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut answer = Vec::new();
    let mut piece = [0; 65536];
    loop {
        let read = stream.read(&mut piece)?;
        answer.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&answer);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|l| {
                l.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok()
            });
            length.is_some_and(|length: usize| body.len() >= length)
        });
        if read == 0 || whole {
            return Ok(text.into_owned());
        }
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(u32::from(letter - b'A')),
        b'a'..=b'z' => Some(u32::from(letter - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(letter - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let bits: Vec<u32> = text.bytes().filter_map(value).collect();
    bits.chunks(4)
        .flat_map(|four| {
            let n = four.iter().fold(0, |n, v| (n << 6) | v) << (6 * (4 - four.len()));
            [n >> 16, n >> 8, n].map(|b| (b & 255) as u8).into_iter().take(four.len() - 1)
        })
        .collect()
}
