//! A `requirements.txt`: the Python packages that a model needs.

use std::collections::BTreeMap;

/// Longest text that is read.
pub const MAX_BYTES: usize = 256 * 1024;
/// Most lines that are kept of it.
const MAX_LINES: usize = 10_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    pub packages: Vec<Requirement>,
    /// Lines for pip itself (`--index-url …`, `-r …`), and what names no package (an address, a path).
    pub options: Vec<String>,
    pub comments: Vec<String>,
}

/// `name[extras] specifier; marker`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// As it is written.
    pub name: String,
    /// What follows the name: extras, versions or an address, and the environments it is for; empty for any version.
    pub specifier: String,
}

/// A package that is not the same in two lists; `None` where it is not needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementChange {
    pub name: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Requirement {
    /// The name as pip compares it: `Scikit_Learn` is `scikit-learn`.
    pub fn normalized_name(&self) -> String {
        let mut name = String::with_capacity(self.name.len());
        for character in self.name.chars() {
            match character {
                '-' | '_' | '.' if name.ends_with('-') => {}
                '-' | '_' | '.' => name.push('-'),
                other => name.extend(other.to_lowercase()),
            }
        }
        name
    }

    fn parse(line: &str) -> Option<Self> {
        let is_name =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
        let end = line.find(|character| !is_name(character)).unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        let rest = rest.trim_start();
        let whole = name.starts_with(|character: char| character.is_ascii_alphanumeric())
            && name.ends_with(|character: char| character.is_ascii_alphanumeric());
        let follows = rest.is_empty() || rest.starts_with(['[', '=', '<', '>', '!', '~', '@', ';', '(']);
        (whole && follows).then(|| Self { name: name.to_owned(), specifier: rest.to_owned() })
    }
}

impl Requirements {
    /// Reads any text; a text over the limit is an error of one sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("it has {} bytes, at most {MAX_BYTES} are read", text.len()));
        }
        let mut requirements = Self::default();
        let mut continued = String::new();
        for (index, line) in text.lines().enumerate() {
            if index >= MAX_LINES {
                return Err(format!("it has more than {MAX_LINES} lines"));
            }
            if let Some(begin) = line.strip_suffix('\\') {
                continued.push_str(begin);
                continue;
            }
            continued.push_str(line);
            requirements.take(&std::mem::take(&mut continued));
        }
        requirements.take(&continued);
        Ok(requirements)
    }

    fn take(&mut self, line: &str) {
        let line = line.trim_start_matches('\u{feff}').trim();
        let (line, comment) = match line.strip_prefix('#') {
            Some(comment) => ("", Some(comment)),
            // A `#` belongs to an address unless a blank stands before it.
            None => match line.find(" #").or_else(|| line.find("\t#")) {
                Some(at) => (line[..at].trim_end(), Some(&line[at + 2..])),
                None => (line, None),
            },
        };
        self.comments.extend(comment.map(|comment| comment.trim().to_owned()));
        if line.is_empty() {
            return;
        }
        match Requirement::parse(line) {
            Some(requirement) => self.packages.push(requirement),
            None => self.options.push(line.to_owned()),
        }
    }

    /// The packages that are not the same in `from` and `to`, by name.
    pub fn difference(from: &Self, to: &Self) -> Vec<RequirementChange> {
        let (from, to) = (from.by_name(), to.by_name());
        let mut names: Vec<&String> = from.keys().chain(to.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let change = |name: &String| RequirementChange {
            name: name.clone(),
            from: from.get(name).cloned(),
            to: to.get(name).cloned(),
        };
        names.into_iter().map(change).filter(|change| change.from != change.to).collect()
    }

    /// A package may stand on several lines, with a marker each.
    fn by_name(&self) -> BTreeMap<String, String> {
        let mut specifiers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for requirement in &self.packages {
            specifiers.entry(requirement.normalized_name()).or_default().push(&requirement.specifier);
        }
        specifiers
            .into_iter()
            .map(|(name, mut specifiers)| {
                specifiers.sort_unstable();
                (name, specifiers.join(" | "))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_every_kind_of_line() {
        let text = "\u{feff}# made by hand\nmlflow==3.17.2\nscikit-learn >=1.5, <2 # tested\nnumpy\n\ntorch[extra]==2.0; python_version < \"3.12\"\n\
            pkg @ https://example.org/a#egg=b\n--index-url https://example.org/simple\n-r other.txt\n./local/dir\nhttps://example.org/x.whl\nlong==1.0 \\\n  --hash=sha256:00\n";
        let read = Requirements::parse(text).unwrap();
        let packages: Vec<_> =
            read.packages.iter().map(|package| (package.name.as_str(), package.specifier.as_str())).collect();
        assert_eq!(
            packages,
            [
                ("mlflow", "==3.17.2"),
                ("scikit-learn", ">=1.5, <2"),
                ("numpy", ""),
                ("torch", "[extra]==2.0; python_version < \"3.12\""),
                ("pkg", "@ https://example.org/a#egg=b"),
                ("long", "==1.0   --hash=sha256:00"),
            ]
        );
        assert_eq!(
            read.options,
            [
                "--index-url https://example.org/simple",
                "-r other.txt",
                "./local/dir",
                "https://example.org/x.whl"
            ]
        );
        assert_eq!(read.comments, ["made by hand", "tested"]);
    }

    #[test]
    fn names_meet_as_pip_compares_them() {
        let from = Requirements::parse("Scikit_Learn==1.0\nnumpy==1\nold").unwrap();
        let to = Requirements::parse("scikit-learn==1.1\nnumpy==1\nnew>=2").unwrap();
        let changes: Vec<_> = Requirements::difference(&from, &to)
            .into_iter()
            .map(|change| (change.name, change.from, change.to))
            .collect();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            changes,
            [
                ("new".to_owned(), None, text(">=2")),
                ("old".to_owned(), text(""), None),
                ("scikit-learn".to_owned(), text("==1.0"), text("==1.1")),
            ]
        );
    }

    #[test]
    fn too_much_is_refused() {
        assert!(Requirements::parse(&"a".repeat(MAX_BYTES + 1)).unwrap_err().contains("at most 262144"));
        assert!(Requirements::parse(&"\n".repeat(MAX_LINES + 1)).unwrap_err().contains("10000 lines"));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_nothing_differs_from_itself(text: String) {
            let read = Requirements::parse(&text).unwrap();
            prop_assert!(Requirements::difference(&read, &read).is_empty());
        }
    }
}
