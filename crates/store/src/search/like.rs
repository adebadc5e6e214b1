//! SQL's `LIKE`, minding case and without an escape character.

/// `%` stands for any run of characters, `_` for one.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    // Where to go on after the last `%` when what followed it did not match.
    let mut retry: Option<(usize, usize)> = None;
    while seen < text.len() {
        if at < pattern.len() && pattern[at] == '%' {
            retry = Some((at + 1, seen));
            at += 1;
        } else if at < pattern.len() && (pattern[at] == '_' || pattern[at] == text[seen]) {
            at += 1;
            seen += 1;
        } else if let Some((after, from)) = retry {
            retry = Some((after, from + 1));
            at = after;
            seen = from + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|rest| *rest == '%')
}

/// The same without regard to the case of ASCII letters, as both databases have it.
pub(crate) fn ilike(pattern: &str, text: &str) -> bool {
    like(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn case_counts_and_nothing_escapes() {
        assert!(like("a%c", "abbc"));
        assert!(like("%", ""));
        assert!(like("_b_", "abc"));
        assert!(like("%ab%ab%", "xabab"));
        assert!(like("é_", "éa"));
        assert!(!like("a%", "Abc"));
        assert!(!like("100\\%", "100%"));
        assert!(!like("_", ""));
    }
}
