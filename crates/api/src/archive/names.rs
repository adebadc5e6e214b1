//! Names of files in an archive that lead nowhere else on any system: a backslash is a separator on Windows, and `C:` a
//! drive.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use weir_domain::{Error, Result};

/// Bytes of all folders that names lie in, each with those above it, that are looked through at most: a deep tree has many
/// times its own size of them.
const MOST_BYTES: usize = 32 << 20;

/// A name for each path. What is safe keeps its name; in one folder, those of files and folders that become alike are told
/// apart, so that no file is where another one or a folder is. Fails when that would take too long.
pub fn safe_names<'a>(paths: impl Iterator<Item = &'a str> + Clone) -> Result<Vec<String>> {
    let is_safe_whole = |path: &str| !path.contains('\\') && path.as_bytes().get(1) != Some(&b':');
    if paths.clone().all(is_safe_whole) {
        return Ok(paths.map(ToOwned::to_owned).collect());
    }
    let mut bytes = 0;
    for path in paths.clone().flat_map(folders_and_file) {
        bytes += path.len();
        if bytes > MOST_BYTES {
            return Err(Error::TooLarge(
                "a name in this folder has a backslash or begins with a drive, and there are too many folders in each other to find other names: download a smaller folder, or file by file".to_owned(),
            ));
        }
    }
    let mut names = Names::default();
    names.taken.extend(paths.clone().flat_map(folders_and_file).filter(|path| is_safe(path)).map(Cow::from));
    Ok(paths.map(|path| names.of(path)).collect())
}

/// The folders that a path goes through, from the outermost on, and itself.
fn folders_and_file(path: &str) -> impl Iterator<Item = &str> {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.chain(std::iter::once(path))
}

/// The folder that something is in, with its slash, and what it is called there.
fn apart(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |at| at + 1))
}

/// Whether the last part of a path may stay as it is.
fn is_safe(path: &str) -> bool {
    let (folder, own) = apart(path);
    let is_drive = folder.is_empty() && own.as_bytes().get(1) == Some(&b':');
    !is_drive && !own.contains('\\')
}

#[derive(Default)]
struct Names<'a> {
    /// The new names of files and folders, below the old names of their folders.
    taken: HashSet<Cow<'a, str>>,
    /// The new paths of what had to get another name, by the old ones.
    renamed: HashMap<String, String>,
    /// How often a name was wanted: asked again, it goes on from there.
    wanted: HashMap<String, u32>,
}

impl Names<'_> {
    fn of(&mut self, path: &str) -> String {
        let mut name = String::with_capacity(path.len());
        for path in folders_and_file(path) {
            let own = match is_safe(path) {
                true => apart(path).1,
                false => self.renamed(path),
            };
            if !name.is_empty() {
                name.push('/');
            }
            name.push_str(own);
        }
        name
    }

    /// What the last part of a path is called now.
    fn renamed(&mut self, path: &str) -> &str {
        if !self.renamed.contains_key(path) {
            let own = self.free(path);
            self.renamed.insert(path.to_owned(), own);
        }
        &self.renamed[path]
    }

    fn free(&mut self, path: &str) -> String {
        let (folder, own) = apart(path);
        let mut own = own.replace('\\', "_");
        if folder.is_empty() && own.as_bytes().get(1) == Some(&b':') {
            own.replace_range(1..2, "_");
        }
        let wanted = format!("{folder}{own}");
        if self.taken.insert(wanted.clone().into()) {
            return own;
        }
        let count = self.wanted.entry(wanted.clone()).or_insert(1);
        loop {
            *count += 1;
            if self.taken.insert(format!("{wanted}~{count}").into()) {
                return format!("{own}~{count}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<String> {
        safe_names(paths.iter().copied()).unwrap()
    }

    #[test]
    fn names_lead_nowhere_else_and_stay_apart() {
        assert_eq!(names(&["a/b.txt", "é ü"]), ["a/b.txt", "é ü"]);
        assert_eq!(names(&["a\\..b", "a_..b", "C:x", "d\\e"]), ["a_..b~2", "a_..b", "C_x", "d_e"]);
        assert_eq!(
            names(&["a\\b", "a/b\\", "a\\\\", "a_\\", "a_b"]),
            ["a_b~2", "a/b_", "a__", "a__~2", "a_b"]
        );
        assert_eq!(names(&["\\\\server\\x", "12:30"]), ["__server_x", "12:30"]);
    }

    #[test]
    fn no_file_is_where_a_folder_is() {
        assert_eq!(names(&["a\\b", "a_b/c"]), ["a_b~2", "a_b/c"]);
        assert_eq!(names(&["a\\b/c", "a\\b/d", "a_b"]), ["a_b~2/c", "a_b~2/d", "a_b"]);
        assert_eq!(names(&["a\\b/c", "a_b/c", "a_b/c\\"]), ["a_b~2/c", "a_b/c", "a_b/c_"]);
        assert_eq!(names(&["C:/x", "C_/y", "d/C:"]), ["C_~2/x", "C_/y", "d/C:"]);
        assert_eq!(names(&["x\\y/a\\b", "x\\y/a_b/c"]), ["x_y/a_b~2", "x_y/a_b/c"]);
    }

    #[test]
    fn however_many_become_alike_each_asks_once() {
        let alike: Vec<String> = (0..1_u32 << 14)
            .map(|bits| (0..14).map(|at| if bits >> at & 1 == 1 { '\\' } else { '_' }).collect())
            .collect();
        let all = safe_names(alike.iter().map(String::as_str)).unwrap();
        assert!(all.iter().all(|name| name.len() <= 20), "names grow");
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn too_many_folders_in_each_other_are_refused_before_they_are_looked_through() {
        let deep: Vec<String> = (0..100).map(|number| format!("f{number}/{}x", "a/".repeat(1200))).collect();
        let paths = || deep.iter().map(String::as_str);
        // As they are, they are no trouble.
        assert_eq!(safe_names(paths()).unwrap(), deep);
        assert!(matches!(safe_names(paths().chain(["C:x"])), Err(Error::TooLarge(_))));
    }
}
