//! The path of an artifact inside its run, and the content type it is served with.

use std::fmt;

use crate::error::{Error, Result};

/// Longest path in bytes: a row of PostgreSQL's index holds 2,704, and the path shares it with its owner.
pub const MAX_PATH_BYTES: usize = 2600;
/// Longest address in bytes: a path with what stands before it, its experiment's location and its run.
pub const MAX_ADDRESS_BYTES: usize = 4096;
/// Longest name between two slashes, in bytes.
pub const MAX_NAME_BYTES: usize = 1024;

/// A clean relative path inside a run's tree, with `/` between its names.
///
/// It was decoded from its address once. Names are any UTF-8 but for what a file system, a proxy or a second
/// decoding could take for a way out of the tree, and for what MLflow refuses. Two different texts are never
/// the same path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactPath(String);

impl ArtifactPath {
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_within(text, MAX_PATH_BYTES)
    }

    /// An address, by the same rules but longer: the path in it is parsed once more when it was found there.
    pub fn parse_address(text: &str) -> Result<Self> {
        Self::parse_within(text, MAX_ADDRESS_BYTES)
    }

    fn parse_within(text: &str, max_bytes: usize) -> Result<Self> {
        if let Some(reason) = fault(text, max_bytes) {
            return Err(Error::invalid(format!("Invalid path: '{}' {reason}", shown(text))));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last name.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The folder it is in; none at the top of the tree.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(folder, _)| Self(folder.to_owned()))
    }

    /// `text`, itself a path by the same rules, below this one.
    pub fn join(&self, text: &str) -> Result<Self> {
        let below = Self::parse(text)?;
        Self::parse(&format!("{}/{}", self.0, below.0))
    }

    /// Its names, from the top.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

impl fmt::Display for ArtifactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with `text` as a path, to follow it in a sentence.
fn fault(text: &str, max_bytes: usize) -> Option<String> {
    if text.is_empty() {
        return Some("is empty, give the path of a file inside the run".to_owned());
    }
    if text.len() > max_bytes {
        return Some(format!("has {} bytes, at most {max_bytes} are allowed", text.len()));
    }
    if text.starts_with('/') {
        return Some("is absolute, give a path relative to the run".to_owned());
    }
    if text.contains(char::is_control) {
        return Some("has a control character, use printable ones".to_owned());
    }
    if text.contains('#') {
        return Some("has a '#', which MLflow does not allow in a path".to_owned());
    }
    // What is still encoded after one decoding would become a slash or a NUL in the next.
    let lower = text.to_ascii_lowercase();
    if let Some(code) = ["%2f", "%00"].into_iter().find(|code| lower.contains(code)) {
        return Some(format!("has an encoded '{code}', write names without it"));
    }
    text.split('/').find_map(name_fault)
}

fn name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("has an empty name, put single slashes between names and none at the end".to_owned());
    }
    if name.len() > MAX_NAME_BYTES {
        return Some(format!("has a name of {} bytes, at most {MAX_NAME_BYTES} are allowed", name.len()));
    }
    // A backslash is an ordinary character here, but a separator where a client on Windows saves the file.
    let decoded = name.to_ascii_lowercase().replace("%2e", ".").replace("%5c", "\\");
    let is_up = decoded.split('\\').any(|piece| piece == "..");
    if is_up || decoded == "." {
        return Some("has a '.' or '..' between slashes, write the path without it".to_owned());
    }
    None
}

/// `text` for a message: short, and without characters that would disturb a log.
fn shown(text: &str) -> String {
    const CHARS: usize = 200;
    let mut shown = String::new();
    for character in text.chars().take(CHARS) {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(CHARS).is_some() {
        shown.push('…');
    }
    shown
}

/// The content type to serve a file with, by its name, as MLflow's server chooses it.
///
/// Safe only together with `Content-Disposition: attachment` and `X-Content-Type-Options: nosniff`: HTML and
/// SVG can carry scripts.
pub fn safe_content_type(file_name: &str) -> &'static str {
    if matches!(file_name, "MLmodel" | "MLproject") {
        return "text/plain";
    }
    let extension = match file_name.rsplit_once('.') {
        // A leading dot makes a hidden file, not an extension.
        Some((stem, extension)) if !stem.is_empty() => extension.to_ascii_lowercase(),
        _ => return "application/octet-stream",
    };
    match extension.as_str() {
        "txt" | "log" | "err" | "cfg" | "conf" | "cnf" | "cf" | "ini" | "properties" | "prop" | "hocon"
        | "toml" | "yaml" | "yml" | "xml" | "json" | "js" | "py" | "py3" | "csv" | "tsv" | "md" | "rst" => {
            "text/plain"
        }
        "html" | "htm" => "text/html",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "bmp" => "image/bmp",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_any_clean_name() {
        for text in [
            "model.pkl",
            "notes/hello.txt",
            "sp ace é.txt",
            "日本/🌊.bin",
            "a+b&c=d?e",
            "100%",
            "%41",
            ".hidden",
            "...",
            "a..b",
            "..a/b..",
            "back\\slash",
            "C:\\x",
            "~",
            "a:b",
            "%252e%252e",
        ] {
            assert_eq!(ArtifactPath::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn refuses_every_way_out_and_says_why() {
        for (text, reason) in [
            ("", "is empty"),
            ("/etc/passwd", "is absolute"),
            ("//a", "is absolute"),
            ("a//b", "has an empty name"),
            ("a/", "has an empty name"),
            ("..", "has a '.' or '..'"),
            ("a/../b", "has a '.' or '..'"),
            ("./a", "has a '.' or '..'"),
            ("a/.", "has a '.' or '..'"),
            ("%2e%2E/a", "has a '.' or '..'"),
            (".%2e/a", "has a '.' or '..'"),
            ("a/%2e", "has a '.' or '..'"),
            ("a\\..\\b", "has a '.' or '..'"),
            ("..\\b", "has a '.' or '..'"),
            ("..%5Cb", "has a '.' or '..'"),
            ("a%2Fb", "has an encoded '%2f'"),
            ("a%00", "has an encoded '%00'"),
            ("a\0b", "has a control character"),
            ("a\nb", "has a control character"),
            ("a#b", "has a '#'"),
        ] {
            let message = ArtifactPath::parse(text).unwrap_err().to_string();
            assert!(message.starts_with("Invalid path"), "{message}");
            assert!(message.contains(reason), "{text:?}: {message}");
            assert!(message.contains(&shown(text)) && !message.contains(char::is_control), "{message:?}");
        }
    }

    #[test]
    fn long_paths_are_refused_with_the_limit() {
        let longest = ["x"; 1300].join("/") + "x";
        assert_eq!(longest.len(), MAX_PATH_BYTES);
        assert_eq!(ArtifactPath::parse(&longest).unwrap().segments().count(), 1300);
        let longer = longest + "x";
        let message = ArtifactPath::parse(&longer).unwrap_err().to_string();
        assert!(message.ends_with("has 2601 bytes, at most 2600 are allowed"), "{message}");
        assert!(message.len() < 600, "{message}");
        assert_eq!(ArtifactPath::parse_address(&longer).unwrap().as_str(), longer);
        assert!(ArtifactPath::parse_address(&["x"; 2049].join("/")).is_err());

        assert!(ArtifactPath::parse(&"x".repeat(1024)).is_ok());
        let message = ArtifactPath::parse(&"x".repeat(1025)).unwrap_err().to_string();
        assert!(message.ends_with("has a name of 1025 bytes, at most 1024 are allowed"), "{message}");
    }

    #[test]
    fn comes_apart_and_together() {
        let path = ArtifactPath::parse("a/b/c.txt").unwrap();
        assert_eq!(path.file_name(), "c.txt");
        assert_eq!(path.parent().unwrap().as_str(), "a/b");
        assert_eq!(path.segments().collect::<Vec<_>>(), ["a", "b", "c.txt"]);
        let top = ArtifactPath::parse("a").unwrap();
        assert_eq!((top.file_name(), top.parent()), ("a", None));
        assert_eq!(top.join("b/c.txt").unwrap(), path);
        assert!(top.join("../b").is_err() && top.join("").is_err() && top.join("/b").is_err());
    }

    #[test]
    fn content_types_are_those_of_mlflow() {
        for (name, expected) in [
            ("notes.txt", "text/plain"),
            ("metrics.json", "text/plain"),
            ("MLmodel", "text/plain"),
            ("train.PY", "text/plain"),
            ("report.html", "text/html"),
            ("plot.png", "image/png"),
            ("model.pkl", "application/octet-stream"),
            ("noextension", "application/octet-stream"),
            (".txt", "application/octet-stream"),
        ] {
            assert_eq!(safe_content_type(name), expected, "{name}");
        }
    }

    /// Texts made of what could go wrong, so that many of them do.
    fn tricky() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            proptest::sample::select(vec![
                "/", "//", ".", "..", "\\", "%2e", "%2E", "%2f", "%5c", "%00", "#", "\0", "\n", "a", "b",
                "é", " ", "%",
            ])
            .prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_text_panics_or_leaves_the_tree(text in prop_oneof![tricky(), any::<String>()]) {
            let Ok(path) = ArtifactPath::parse(&text) else { return Ok(()) };
            prop_assert_eq!(path.as_str(), &text);
            for root in ["/data/run", "data", "."] {
                let joined = Path::new(root).join(path.as_str());
                let below = joined.strip_prefix(root).expect("stays below its root");
                prop_assert!(below.components().all(|part| matches!(part, Component::Normal(_))));
                // The components are the text again: so two texts are two paths.
                let names: Vec<_> = below.components().map(|part| part.as_os_str().to_str().unwrap()).collect();
                prop_assert_eq!(names.join("/"), text.clone());
            }
            let up = path.parent().map_or_else(String::new, |parent| format!("{parent}/"));
            prop_assert_eq!(format!("{up}{}", path.file_name()), text);
        }
    }
}
