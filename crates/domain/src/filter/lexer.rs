//! Cuts a filter into tokens: names, quoted texts, numbers, comparators and brackets.

use super::fault::Fault;
use super::messages::{self, Search};

/// A piece of the text; `text` is exactly what was written, quotes included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Byte offset in the whole text.
    pub start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Letters, digits and underscores: a keyword, or an attribute.
    Word,
    /// `entity.key`; `dot` is the byte offset of the dot inside the token.
    Path {
        dot: usize,
    },
    /// In single quotes, double quotes or backticks.
    Quoted,
    Number,
    /// A run of `=`, `!`, `<`, `>`: also those that are no comparator, such as `==`.
    Comparator,
    OpenParen,
    CloseParen,
    Comma,
    /// A name or number with characters that would need quotes, such as `metrics.a/b` or `1abc`.
    Unquoted,
}

impl<'a> Token<'a> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether this is the keyword, in any letter case. Words in quotes are no keywords.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// The text inside single or double quotes, kept as it was written: there are no escapes.
    pub fn string(&self) -> Option<&'a str> {
        (self.kind == Kind::Quoted)
            .then(|| unquote(self.text, &['\'', '"']))
            .filter(|inner| *inner != self.text)
    }
}

/// `text` without one pair of surrounding `quotes`, or as it is.
pub(super) fn unquote<'a>(text: &'a str, quotes: &[char]) -> &'a str {
    quotes
        .iter()
        .find_map(|quote| text.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote)))
        .unwrap_or(text)
}

/// All tokens of `source`. `search` decides how a fault is worded.
pub(super) fn lex(source: &str, search: Search) -> Result<Vec<Token<'_>>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = &source[at..];
        let Some(offset) = rest.find(|c: char| !c.is_whitespace()) else { return Ok(tokens) };
        let start = at + offset;
        let rest = &source[start..];
        let Some((kind, length)) = scan(rest) else { return Err(unreadable(source, start, search)) };
        at = start + length;
        tokens.push(Token { kind, text: &rest[..length], start });
    }
}

/// Kind and length of the token that `rest` starts with.
fn scan(rest: &str) -> Option<(Kind, usize)> {
    let first = rest.chars().next()?;
    match first {
        '(' => Some((Kind::OpenParen, 1)),
        ')' => Some((Kind::CloseParen, 1)),
        ',' => Some((Kind::Comma, 1)),
        '=' | '!' | '<' | '>' => Some((Kind::Comparator, run(rest, |c| "=!<>".contains(c)))),
        '\'' => Some((Kind::Quoted, quoted(rest)?)),
        '`' | '"' => {
            let end = quoted(rest)?;
            if rest[end..].starts_with('.') { path(rest, end) } else { Some((Kind::Quoted, end)) }
        }
        _ if number(rest).is_some() => {
            let end = number(rest)?;
            Some(or_unquoted(rest, Kind::Number, end))
        }
        _ if is_name(first) => {
            let end = run(rest, is_name);
            if rest[end..].starts_with('.') {
                path(rest, end)
            } else {
                Some(or_unquoted(rest, Kind::Word, end))
            }
        }
        _ => None,
    }
}

/// A path whose first word ends at `dot`.
fn path(rest: &str, dot: usize) -> Option<(Kind, usize)> {
    let key = &rest[dot + 1..];
    if key.starts_with(['`', '"', '\'']) {
        let end = dot + 1 + quoted(key)?;
        // The closing quote ends the key, so that a keyword may follow without a blank.
        if rest[end..].starts_with(is_name) {
            return Some((Kind::Path { dot }, end));
        }
        return Some(or_unquoted(rest, Kind::Path { dot }, end));
    }
    let length = run(key, |c| is_name(c) || c == '.');
    let words = &key[..length];
    let kind = if words.split('.').any(str::is_empty) { Kind::Unquoted } else { Kind::Path { dot } };
    Some(or_unquoted(rest, kind, dot + 1 + length))
}

/// The token of `kind` that ends at `end`, unless it goes on with characters that need quotes.
fn or_unquoted(rest: &str, kind: Kind, end: usize) -> (Kind, usize) {
    let more = unquoted(&rest[end..]);
    if more == 0 { (kind, end) } else { (Kind::Unquoted, end + more) }
}

/// Length of what clings to a name without a blank; a comment ends it, and is refused on its own.
fn unquoted(rest: &str) -> usize {
    let clings = |c: char| is_name(c) || "-/:.@$#%&*+^|~?\\[]{}".contains(c);
    let end = run(rest, clings);
    ["--", "/*"].iter().filter_map(|mark| rest[..end].find(mark)).min().unwrap_or(end)
}

/// Length of the quoted text that `rest` starts with, both quotes included; none when it is not closed.
///
/// As in sqlparse, which MLflow reads filters with, a doubled quote and a quote after a backslash do not close a
/// text, and stay in it as written (`'it''s'` is the text `it''s`). Only when nothing else closes it, one of
/// those does: so a text may end in a backslash, as `'C:\'` does.
fn quoted(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let quote = *bytes.first()?;
    let mut last_resort = None;
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        let next_is_quote = bytes.get(at + 1) == Some(&quote);
        if *byte == b'\\' && next_is_quote && quote != b'`' {
            last_resort = Some(at + 2);
            at += 2;
        } else if *byte == quote && next_is_quote {
            last_resort = Some(at + 1);
            at += 2;
        } else if *byte == quote {
            return Some(at + 1);
        } else {
            at += 1;
        }
    }
    last_resort
}

/// Length of the number that `rest` starts with: `-1`, `1.5`, `1.`, `.5`, `1e-5`; no leading `+`, no hex.
fn number(rest: &str) -> Option<usize> {
    let digits = |from: usize| run(&rest[from..], |c| c.is_ascii_digit());
    let mut end = usize::from(rest.starts_with('-'));
    let whole = digits(end);
    end += whole;
    if rest[end..].starts_with('.') && (whole > 0 || digits(end + 1) > 0) {
        end += 1 + digits(end + 1);
    } else if whole == 0 {
        return None;
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    Some(end)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Length in bytes of the leading characters that `accept` takes.
fn run(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

/// What to say about a character that starts no token: a comment, a semicolon, an open quote, anything odd.
fn unreadable(source: &str, start: usize, search: Search) -> Fault {
    let rest = &source[start..];
    if let Some(more) = rest.strip_prefix(';') {
        if !more.trim().is_empty() {
            return Fault::new(messages::several_expressions(search, source), start, rest);
        }
        return Fault::new(messages::bad_clauses(search, source, &[";"]), start, ";");
    }
    let first = rest.chars().next().unwrap_or_default();
    let offender = if rest.starts_with("--") || rest.starts_with("# ") {
        rest.lines().next().unwrap_or(rest)
    } else if rest.starts_with("/*") {
        rest.find("*/").map_or(rest, |end| &rest[..end + 2])
    } else if is_name(first) || "'\"`".contains(first) {
        // A quote is opened and never closed.
        rest
    } else {
        &rest[..first.len_utf8()]
    };
    Fault::new(messages::bad_clauses(search, source, &[offender]), start, offender)
}
