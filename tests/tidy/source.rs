//! Just enough of Rust's grammar to find functions and test modules.

use std::ops::Range;

/// A function with a body: its name and its lines, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub lines: Range<usize>,
}

/// The same text with the inside of comments, strings and characters blanked; lines stay.
pub fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match literal_end(&chars, at) {
            Some(end) => end,
            None => {
                code.push(chars[at]);
                at += 1;
                continue;
            }
        };
        code.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    code
}

/// Where the comment or literal that starts here ends, if one starts here.
fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let next = chars.get(at + 1).copied();
    let inside_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if next == Some('/') => Some(find(chars, at, "\n").unwrap_or(chars.len())),
        '/' if next == Some('*') => Some(block_comment_end(chars, at)),
        '"' => Some(string_end(chars, at)),
        'r' if !inside_word => raw_string_end(chars, at),
        'b' if !inside_word && next == Some('r') => raw_string_end(chars, at + 1),
        '\'' => character_end(chars, at),
        _ => None,
    }
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_string_end(chars: &[char], r: usize) -> Option<usize> {
    let hashes = chars[r + 1..].iter().take_while(|c| **c == '#').count();
    (chars.get(r + 1 + hashes) == Some(&'"')).then(|| {
        let close = format!("\"{}", "#".repeat(hashes));
        let body = r + 2 + hashes;
        find(chars, body, &close).map_or(chars.len(), |at| at + close.len())
    })
}

/// `'x'` and `'\n'` are characters; `'a` is a lifetime.
fn character_end(chars: &[char], start: usize) -> Option<usize> {
    if chars.get(start + 1) == Some(&'\\') {
        return find(chars, start + 3, "'").map(|at| at + 1);
    }
    (chars.get(start + 2) == Some(&'\'')).then_some(start + 3)
}

fn find(chars: &[char], from: usize, what: &str) -> Option<usize> {
    let what: Vec<char> = what.chars().collect();
    let from = from.min(chars.len());
    chars[from..].windows(what.len()).position(|window| window == what).map(|at| from + at)
}

/// Blanks every `#[cfg(test)] mod … { … }`; takes and returns code without literals.
pub fn without_test_modules(code: &str) -> String {
    let mut rest = code.to_owned();
    let mut from = 0;
    while let Some(found) = rest[from..].find("#[cfg(test)]") {
        let start = from + found;
        let after = start + "#[cfg(test)]".len();
        from = after;
        let Some(open) = rest[after..].find(['{', ';']).map(|at| after + at) else { break };
        let is_module = rest[after..open].split_whitespace().any(|word| word == "mod");
        if is_module && rest.as_bytes()[open] == b'{' {
            let end = closing(&rest, open);
            let blank: String = rest[start..end].chars().filter(|c| *c == '\n').collect();
            let lines = blank.len();
            rest.replace_range(start..end, &blank);
            from = start + lines;
        }
    }
    rest
}

/// The functions that have a body; takes code without literals.
pub fn functions(code: &str) -> Vec<Function> {
    let line_of = |at: usize| code[..at].matches('\n').count() + 1;
    let starts = code.match_indices("fn ").map(|(at, _)| at);
    starts
        .filter(|at| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .filter_map(|at| {
            let name: String =
                code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let open = body_start(code, at)?;
            (!name.is_empty()).then(|| Function {
                name,
                lines: line_of(at)..line_of(closing(code, open) - 1) + 1,
            })
        })
        .collect()
}

/// The brace that opens the body, or none for a declaration that ends with `;`.
fn body_start(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, c) in code[from..].char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(from + at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Just past the brace that closes the one at `open`.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + at + 1;
        }
    }
    code.len()
}

#[test]
fn braces_in_strings_characters_and_comments_are_not_code() {
    let text = "a(\"{\\\"\", '{', '\\'', r#\"{\"{\"#, b'}') // {\n/* { /* } */ { */ let x: &'a u8;";
    let code = code_only(text);
    assert!(!code.contains(['{', '}', '"']), "{code}");
    assert!(code.contains("a(") && code.contains("let x: &'a u8;"));
    assert_eq!(code.matches('\n').count(), 1);
}

#[test]
fn functions_are_found_with_their_lines() {
    let text = "fn one() { 1 }\n\ntrait T {\n    fn none(&self, x: [u8; 2]);\n    \
        fn two(&self) -> u8\n    where\n        Self: Sized,\n    {\n        2\n    }\n}\n";
    let found = functions(&code_only(text));
    assert_eq!(
        found,
        [
            Function { name: "one".into(), lines: 1..2 },
            Function { name: "two".into(), lines: 5..11 }
        ]
    );
}

#[test]
fn test_modules_are_cut_out_and_other_code_stays_on_its_line() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { {} }\n}\nfn c() {}\n\
        #[cfg(test)]\nfn d() {}\n#[cfg(test)]\nmod more;\n";
    let names: Vec<_> = functions(&without_test_modules(text));
    let names: Vec<_> = names.iter().map(|f| (f.name.as_str(), f.lines.start)).collect();
    assert_eq!(names, [("a", 1), ("c", 6), ("d", 8)]);
}
