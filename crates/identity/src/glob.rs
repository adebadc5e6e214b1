//! Patterns of trust rules: `*` stands for any characters but `/`, `**` for any at all.

enum Piece {
    Byte(u8),
    /// `*`
    Within,
    /// `**`, or more of them
    Across,
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = pattern.as_bytes();
    while let [first, more @ ..] = rest {
        let stars = rest.iter().take_while(|byte| **byte == b'*').count();
        pieces.push(match stars {
            0 => Piece::Byte(*first),
            1 => Piece::Within,
            _ => Piece::Across,
        });
        rest = if stars == 0 { more } else { &rest[stars..] };
    }
    pieces
}

/// Whether `text` is `pattern` with its stars filled in. All ways are followed at once, so its time is bounded by the
/// product of the lengths.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pieces = pieces(pattern);
    // Whether the text so far can be the first pieces of the pattern.
    let mut reached = vec![false; pieces.len() + 1];
    reached[0] = true;
    skip_stars(&pieces, &mut reached);
    for byte in text.bytes() {
        let mut next = vec![false; pieces.len() + 1];
        for (at, piece) in pieces.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match piece {
                Piece::Byte(expected) => next[at + 1] |= *expected == byte,
                Piece::Within => next[at] |= byte != b'/',
                Piece::Across => next[at] = true,
            }
        }
        skip_stars(&pieces, &mut next);
        reached = next;
    }
    reached[pieces.len()]
}

/// A star may stand for nothing.
fn skip_stars(pieces: &[Piece], reached: &mut [bool]) {
    for (at, piece) in pieces.iter().enumerate() {
        if reached[at] && !matches!(piece, Piece::Byte(_)) {
            reached[at + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, text, expected) in [
            ("main", "main", true),
            ("main", "Main", false),
            ("main", "main2", false),
            ("main", "", false),
            ("*", "", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("**", "", true),
            ("release-*", "release-1", true),
            ("release-*", "release-", true),
            ("release-*", "release-1/x", false),
            ("release-*", "a-release-1", false),
            ("*-rc", "1-rc", true),
            ("*-rc", "1-rc2-rc", true),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "acb", false),
            ("a**b", "ab", true),
            ("a***b", "a/x/b", true),
            ("*a*", "bab", true),
            ("a*", "*a", false),
            ("a*c", "a*bc", true),
            ("acme/*", "acme/x", true),
            ("acme/*", "acme/x/y", false),
            ("acme/**", "acme/x/y", true),
            ("acme/*/y", "acme/x/y", true),
            ("**/y*", "a/b/yes", true),
            ("**/y*", "a/b/y/z", false),
            ("grüße-*", "grüße-ü", true),
            ("a.c", "abc", false),
            ("a?c", "abc", false),
            ("[a]", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        // Not exponential.
        assert!(!matches(&"*a".repeat(500), &"a".repeat(499)));
        assert!(!matches(&format!("{}b", "a**".repeat(300)), &"a".repeat(16_000)));
    }

    /// What a glob means, said in the shortest way.
    fn meant(pattern: &[u8], text: &[u8]) -> bool {
        let filled = |rest: &[u8], across: bool| {
            let most = text.iter().position(|byte| *byte == b'/').filter(|_| !across).unwrap_or(text.len());
            (0..=most).any(|skipped| meant(rest, &text[skipped..]))
        };
        match (pattern, text) {
            ([], []) => true,
            ([b'*', b'*', rest @ ..], _) => filled(rest, true),
            ([b'*', rest @ ..], _) => filled(rest, false),
            ([p, pattern @ ..], [t, text @ ..]) => p == t && meant(pattern, text),
            _ => false,
        }
    }

    proptest::proptest! {
        #[test]
        fn a_glob_matches_what_it_means(pattern in "[ab/*]{0,8}", text in "[ab/*]{0,10}") {
            assert_eq!(matches(&pattern, &text), meant(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
