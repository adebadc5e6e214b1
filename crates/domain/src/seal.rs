//! The digest of a published version: one Merkle root over the path, size and SHA-256 of each of its files.
//!
//! ```text
//! files   sorted by the bytes of their paths, each path once
//! leaf  = SHA-256( 0x00 | length of path: u64 | path | size: u64 | SHA-256 of the file: 32 bytes )
//! node  = SHA-256( 0x01 | left | right )
//! ```
//! Numbers are big-endian. A tree of n > 1 leaves has the first k of them on its left, where k is the largest power
//! of two below n (RFC 6962); a tree of one leaf is that leaf, and the empty tree is the SHA-256 of nothing.
//! Lengths stand before what varies, and leaf and node begin differently, so two sets of files with one digest would
//! be a collision of SHA-256.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{Error, Result};

type Hash = [u8; 32];

/// A finished seal; shown as `sha256:<64 hex digits>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    pub root: Hash,
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", hex::encode(self.root))
    }
}

/// Takes files in the order of their paths and keeps one hash a level of the tree.
#[derive(Clone, Debug, Default)]
pub struct Sealer {
    /// Roots of whole subtrees, the largest first, with their number of leaves.
    subtrees: Vec<(u64, Hash)>,
    last: Option<String>,
}

impl Sealer {
    pub fn new() -> Self {
        Self::default()
    }

    /// The next file; its path must come behind the one before, byte by byte.
    pub fn add(&mut self, path: &str, size_bytes: u64, sha256: &Hash) -> Result<()> {
        if let Some(last) = self.last.as_deref().filter(|last| *last >= path) {
            return Err(Error::internal(format!("file '{path}' was sealed behind '{last}'")));
        }
        let mut root = leaf(path, size_bytes, sha256);
        let mut leaves = 1;
        while let Some((count, left)) = self.subtrees.last().copied().filter(|(count, _)| *count == leaves) {
            root = node(&left, &root);
            leaves += count;
            self.subtrees.pop();
        }
        self.subtrees.push((leaves, root));
        self.last = Some(path.to_owned());
        Ok(())
    }

    pub fn finish(self) -> Seal {
        let joined =
            self.subtrees.iter().rev().map(|(_, root)| *root).reduce(|right, left| node(&left, &right));
        let root = joined.unwrap_or_else(|| Sha256::digest([]).into());
        Seal { root }
    }
}

fn leaf(path: &str, size_bytes: u64, sha256: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update((path.len() as u64).to_be_bytes());
    hasher.update(path.as_bytes());
    hasher.update(size_bytes.to_be_bytes());
    hasher.update(sha256);
    hasher.finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Files = BTreeMap<String, (u64, Hash)>;

    fn seal(files: &Files) -> Seal {
        let mut sealer = Sealer::new();
        for (path, (size, sha256)) in files {
            sealer.add(path, *size, sha256).unwrap();
        }
        sealer.finish()
    }

    /// `n` files of the bytes `content 0`, `content 1` and so on.
    fn numbered(n: usize) -> Files {
        let file = |index: usize| {
            let content = format!("content {index}");
            (format!("f/{index:03}.bin"), (content.len() as u64, Sha256::digest(&content).into()))
        };
        (0..n).map(file).collect()
    }

    /// Computed by the Python of `docs/registry.md` ("Verify a published version") over the same files.
    #[test]
    fn digests_are_those_that_python_computes() {
        for (n, expected) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "d99e3a0e59445d9b87bf8748661417af72cfa3f21c01102cf1915256b337f65d"),
            (2, "73af0e9ad5e3d625f47ad801a9260fb584944158107b54ef92c48677a0a43593"),
            (3, "aedae21a03a8f64b8eb357cddb47caba60e0449523ffdf89f25fe2b5f70a1823"),
            (5, "37a320186fbbc6ee7d84092fab685d86496a7fe184e767ca025193d8005a83ef"),
            (8, "af1fd4d64df505f042bd0fbf6ac8dbb5606962cffc60301d383e6d33a468378a"),
            (13, "dec7f0037edcca2205e70e149977446c1aeace450db62950e40594f140ac4b8e"),
        ] {
            assert_eq!(seal(&numbered(n)).to_string(), format!("sha256:{expected}"), "{n} files");
        }
        let odd: Files = [
            ("MLmodel".to_owned(), (0, Sha256::digest([]).into())),
            ("a b/é.txt".to_owned(), (5, Sha256::digest("hello").into())),
            ("a.txt".to_owned(), (5, Sha256::digest("hello").into())),
            ("a/b.txt".to_owned(), (5, Sha256::digest("hello").into())),
        ]
        .into();
        assert_eq!(
            seal(&odd).to_string(),
            "sha256:84e66682b730d399d80cc160bc28af05d793da071fcc4baf9f1113af00c193b2"
        );
    }

    /// RFC 6962, section 2.1, word by word: the other way to compute it.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            leaves => {
                let k = 1 << (leaves.len() - 1).ilog2();
                node(&by_definition(&leaves[..k]), &by_definition(&leaves[k..]))
            }
        }
    }

    #[test]
    fn order_is_checked() {
        let mut sealer = Sealer::new();
        sealer.add("b", 1, &[0; 32]).unwrap();
        assert!(sealer.add("b", 1, &[0; 32]).is_err(), "the same path twice");
        assert!(sealer.add("a", 1, &[0; 32]).is_err());
        assert!(sealer.add("B", 1, &[0; 32]).is_err());
        sealer.add("b/a", 1, &[0; 32]).unwrap();
    }

    fn files() -> impl Strategy<Value = Files> {
        proptest::collection::btree_map("[a-c./é]{1,4}", (0..5u64, proptest::array::uniform32(0..2u8)), 1..20)
    }

    proptest! {
        #[test]
        fn fed_one_by_one_it_is_the_tree_of_the_rfc(n in 0usize..200) {
            let leaves: Vec<Hash> =
                numbered(n).iter().map(|(path, (size, sha256))| leaf(path, *size, sha256)).collect();
            prop_assert_eq!(seal(&numbered(n)).root, by_definition(&leaves));
        }

        #[test]
        fn any_change_shows(files in files(), at: proptest::sample::Index, kind in 0..5, byte in 0usize..32) {
            let path = at.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
            let (size, mut sha256) = files[&path];
            let mut changed = files.clone();
            match kind {
                0 => { changed.remove(&path); }
                1 => { changed.insert(path, (size + 1, sha256)); }
                2 => { sha256[byte] ^= 1; changed.insert(path, (size, sha256)); }
                3 => { changed.remove(&path); changed.insert(format!("{path}x"), (size, sha256)); }
                _ => { changed.insert(format!("{path}/x"), (size, sha256)); }
            }
            prop_assert_ne!(seal(&changed).root, seal(&files).root);
        }

        #[test]
        fn every_other_order_is_refused(files in files().prop_filter("two files", |files| files.len() > 1), at: proptest::sample::Index) {
            let mut list: Vec<_> = files.into_iter().collect();
            let at = at.index(list.len() - 1);
            list.swap(at, at + 1);
            let mut sealer = Sealer::new();
            let refused = list.iter().any(|(path, (size, sha256))| sealer.add(path, *size, sha256).is_err());
            prop_assert!(refused);
        }
    }
}
