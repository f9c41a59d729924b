//! A browser driven over WebDriver's own protocol, without a client library.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::display::Screen;
use crate::{exec, place};

/// How long a server may take to listen, and a page to show something, on a busy machine.
const PATIENCE_MS_MAX: u64 = 120_000;
/// How long the driver may think about one command.
const ANSWER_MS_MAX: u64 = 60_000;

/// One browser window with its driver; both end with this value.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

/// A port of the loopback that is free now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until somebody listens on a port of the loopback.
///
/// # Errors
/// When nobody does in time.
pub fn wait_for_port(port: u16) -> Result<()> {
    let listens = || Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok());
    wait(&format!("port {port} answers"), listens).map(drop)
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if start.elapsed() > Duration::from_millis(PATIENCE_MS_MAX) {
            bail!("waited in vain until {what}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Browser {
    /// Opens a window of the same engine that the app has, on a screen.
    ///
    /// # Errors
    /// When the driver or the browser does not start.
    pub fn start(screen: &Screen) -> Result<Browser> {
        let port = free_port()?;
        let mut command = exec::servant("WebKitWebDriver", &place::root());
        command.arg(format!("--port={port}")).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        screen.lend(&mut command);
        let driver = command.spawn().context("cannot start WebKitWebDriver")?;
        let mut browser = Browser { driver, port, session: String::new() };
        wait_for_port(port)?;
        let wanted = json!({ "capabilities": { "alwaysMatch": {} } });
        let value = browser.ask("POST", "/session", &wanted)?;
        let session = value.get("sessionId").and_then(Value::as_str);
        browser.session = format!("/session/{}", session.context("the driver gave no session")?);
        Ok(browser)
    }

    /// Gives the window a size.
    ///
    /// # Errors
    /// When the driver refuses.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        let rect = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.tell("POST", "/window/rect", &rect)
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the page cannot be loaded.
    pub fn open(&self, address: &str) -> Result<()> {
        self.tell("POST", "/url", &json!({ "url": address }))
    }

    /// Runs a function's body in the page.
    ///
    /// # Errors
    /// When the script throws.
    pub fn run(&self, script: &str) -> Result<Value> {
        let body = json!({ "script": script, "args": [] });
        self.ask("POST", &format!("{}/execute/sync", self.session), &body)
    }

    /// Waits until the script's answer is true.
    ///
    /// # Errors
    /// When it throws, or is not true in time.
    pub fn wait_until(&self, script: &str) -> Result<()> {
        wait(script, || Ok((self.run(script)? == Value::Bool(true)).then_some(())))
    }

    /// The window's picture, as a PNG.
    ///
    /// # Errors
    /// When the driver gives none.
    pub fn picture(&self) -> Result<Vec<u8>> {
        let value = self.ask("GET", &format!("{}/screenshot", self.session), &Value::Null)?;
        from_base64(value.as_str().context("the picture is no text")?)
            .context("the picture is no base64")
    }

    fn tell(&self, method: &str, path: &str, body: &Value) -> Result<()> {
        self.ask(method, &format!("{}{path}", self.session), body).map(drop)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(Duration::from_millis(ANSWER_MS_MAX)))?;
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes())?;
        let answer = read_answer(&mut stream).with_context(|| format!("{method} {path}"))?;
        let value = answer.get("value").cloned().unwrap_or_default();
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        match text("error") {
            Some(error) => bail!("{method} {path}: {error}: {}", text("message").unwrap_or("")),
            None => Ok(value),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // The driver answers 404 to this and ends the browser all the same.
            let _ = self.ask("DELETE", &self.session, &Value::Null);
        }
        // Both fail only when the driver has ended by itself.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The JSON body of one response whose length is announced.
fn read_answer(stream: &mut impl Read) -> Result<Value> {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 16 * 1024];
    loop {
        if let Some(body) = body_of(&bytes) {
            return serde_json::from_slice(body).context("the driver's answer is no JSON");
        }
        match stream.read(&mut chunk)? {
            0 => bail!("the driver hung up"),
            count => bytes.extend(chunk.iter().take(count)),
        }
    }
}

/// The body, once all of it is there.
fn body_of(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = bytes.split_at_checked(end + 4)?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"))?;
    body.get(..length.trim().parse().ok()?)
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut pool, mut bits) = (0_u32, 0_u32);
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace() && *letter != b'=') {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        pool = pool << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(pool >> bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding() {
        assert_eq!(from_base64("U2F0Y2hlbA==").unwrap(), b"Satchel");
        assert_eq!(from_base64("U2F0\nY2hl\n").unwrap(), b"Satche");
        assert_eq!(from_base64("//79").unwrap(), [0xff, 0xfe, 0xfd]);
        assert!(from_base64("U2F*").is_none());
    }

    #[test]
    fn an_answer_is_read_only_when_all_of_it_is_there() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"value\":1}";
        assert_eq!(read_answer(&mut &answer[..]).unwrap(), json!({ "value": 1 }));
        let cut = answer.split_last().unwrap().1;
        assert!(read_answer(&mut &cut[..]).is_err());
        assert!(read_answer(&mut &b"HTTP/1.1 200 OK\r\n\r\n{}"[..]).is_err());
    }

    #[test]
    fn a_free_port_can_be_listened_on_and_is_seen() {
        let port = free_port().unwrap();
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        wait_for_port(port).unwrap();
    }
}
