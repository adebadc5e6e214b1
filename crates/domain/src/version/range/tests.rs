//! Ranges against a table of what Cargo documents, and against each other.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::tests::{any_version, version};
use super::*;

fn range(text: &str) -> Range {
    Range::parse(text).unwrap()
}

fn message(text: &str) -> String {
    Range::parse(text).unwrap_err().to_string()
}

/// A range, versions that match it, and versions that do not.
const VECTORS: &[(&str, &[&str], &[&str])] = &[
    ("^1.2.3", &["1.2.3", "1.2.4", "1.3.0", "1.99.0", "1.2.3+b"], &["1.2.2", "2.0.0", "0.9.0", "1.2.4-rc.1"]),
    ("^1.2", &["1.2.0", "1.2.9", "1.9.0"], &["1.1.9", "2.0.0", "1.2.0-rc.1", "2.0.0-rc.1"]),
    ("^1", &["1.0.0", "1.9.9"], &["0.9.9", "2.0.0", "1.0.0-rc.1"]),
    ("^0.2.3", &["0.2.3", "0.2.9"], &["0.2.2", "0.3.0", "1.0.0"]),
    ("^0.2", &["0.2.0", "0.2.9"], &["0.1.9", "0.3.0"]),
    ("^0.0.3", &["0.0.3", "0.0.3+b"], &["0.0.2", "0.0.4", "0.1.0"]),
    ("^0.0", &["0.0.0", "0.0.9"], &["0.1.0"]),
    ("^0", &["0.0.0", "0.9.9"], &["1.0.0"]),
    ("~1.2.3", &["1.2.3", "1.2.9"], &["1.2.2", "1.3.0", "1.2.4-rc.1"]),
    ("~1.2", &["1.2.0", "1.2.9"], &["1.1.9", "1.3.0"]),
    ("~1", &["1.0.0", "1.9.9"], &["0.9.9", "2.0.0"]),
    ("~0.0.1", &["0.0.1", "0.0.9"], &["0.0.0", "0.1.0"]),
    (">=1.2,<2", &["1.2.0", "1.9.9"], &["1.1.9", "2.0.0", "2.0.0-rc.1", "1.2.0-rc.1"]),
    (" >= 1.2 , < 2 ", &["1.2.0", "1.9.9"], &["1.1.9", "2.0.0"]),
    (">=1.2.0, <1.5, >1.3.1", &["1.3.2", "1.4.9"], &["1.3.1", "1.5.0"]),
    ("1.x", &["1.0.0", "1.9.9"], &["0.9.9", "2.0.0", "1.1.0-rc.1"]),
    ("1.*", &["1.0.0", "1.9.9"], &["0.9.9", "2.0.0"]),
    ("1.X.X", &["1.0.0", "1.9.9"], &["2.0.0"]),
    ("1.2.*", &["1.2.0", "1.2.9"], &["1.1.9", "1.3.0"]),
    ("1.2.X", &["1.2.0", "1.2.9"], &["1.1.9", "1.3.0", "1.2.1-rc.1"]),
    ("0.0.x", &["0.0.0", "0.0.9"], &["0.1.0"]),
    ("^1.x", &["1.0.0", "1.9.9"], &["2.0.0"]),
    ("*", &["0.0.0", "1.2.3", "9.9.9+b"], &["1.0.0-rc.1"]),
    ("=1.2.0", &["1.2.0", "1.2.0+cuda12"], &["1.2.1", "1.2.0-rc.1"]),
    ("=1.2", &["1.2.0", "1.2.9"], &["1.3.0", "1.1.0"]),
    ("=1", &["1.0.0", "1.9.9"], &["2.0.0"]),
    (">1", &["2.0.0", "3.1.0"], &["1.0.0", "1.9.9", "2.0.0-rc.1"]),
    (">1.2", &["1.3.0", "2.0.0"], &["1.2.9", "1.2.0"]),
    (">1.2.3", &["1.2.4", "9.0.0"], &["1.2.3", "1.2.3+b"]),
    ("<2.0.0", &["1.9.9", "0.0.0"], &["2.0.0", "2.0.0-rc.1", "1.0.0-rc.1"]),
    ("<2", &["1.9.9"], &["2.0.0"]),
    ("<1.2", &["1.1.9", "0.9.0"], &["1.2.0"]),
    ("<=1.2", &["1.2.9", "1.2.0", "0.1.0"], &["1.3.0"]),
    ("<=1", &["1.9.9"], &["2.0.0"]),
    ("<=1.2.3", &["1.2.3", "1.2.3+b", "1.2.2"], &["1.2.4"]),
    // Prereleases: only where a comparator names one of the same three numbers.
    (
        "^1.2.3-rc.1",
        &["1.2.3-rc.1", "1.2.3-rc.2", "1.2.3-x", "1.2.3", "1.9.0"],
        &["1.2.3-alpha", "1.2.4-rc.2", "2.0.0"],
    ),
    ("~1.2.3-rc.1", &["1.2.3-rc.2", "1.2.3", "1.2.4"], &["1.2.4-rc.2", "1.3.0"]),
    ("=1.2.3-rc.1", &["1.2.3-rc.1", "1.2.3-rc.1+b"], &["1.2.3-rc.2", "1.2.3"]),
    (">=2.0.0-alpha,<2.0.0", &["2.0.0-alpha", "2.0.0-rc.1"], &["2.0.0", "1.9.9", "2.0.0-1"]),
    (">2.0.0-rc.1", &["2.0.0-rc.2", "2.0.0-rc.1.1", "2.0.0", "3.0.0"], &["2.0.0-rc.1", "3.0.0-rc.2"]),
    ("<2.0.0-rc.2", &["2.0.0-rc.1", "1.0.0"], &["2.0.0-rc.2", "2.0.0-rc.10", "2.0.0", "1.0.0-rc.1"]),
    ("<=2.0.0-rc.10", &["2.0.0-rc.9", "2.0.0-rc.10"], &["2.0.0-rc.11", "2.0.0"]),
    // As the module says where it speaks of npm.
    ("^1.2,>=1.2.0-rc.1", &["1.2.0-rc.1", "1.2.0", "1.3.0"], &["1.2.0-alpha"]),
    ("1.x,>=1.3.0-rc.1", &["1.3.0", "1.4.0"], &["1.3.0-rc.1", "1.2.0"]),
    // Nothing can match.
    (">2,<1", &[], &["0.9.0", "1.0.0", "1.5.0", "3.0.0"]),
    (
        ">18446744073709551615",
        &[],
        &["18446744073709551615.0.0", "18446744073709551615.1.18446744073709551615"],
    ),
    ("^18446744073709551615.1", &["18446744073709551615.2.0"], &["18446744073709551615.0.0"]),
    ("~1.18446744073709551615", &["1.18446744073709551615.3"], &["2.0.0", "1.2.0"]),
];

#[test]
fn ranges_match_what_cargo_documents() {
    for (text, inside, outside) in VECTORS {
        let range = range(text);
        for candidate in *inside {
            assert!(range.matches(&version(candidate)), "{text} should match {candidate}");
            assert!(within(&range, &version(candidate)), "{candidate} is out of the bounds of {text}");
        }
        for candidate in *outside {
            assert!(!range.matches(&version(candidate)), "{text} should not match {candidate}");
        }
    }
}

#[test]
fn a_range_is_kept_as_written() {
    for (text, _, _) in VECTORS {
        let range = range(text);
        assert_eq!(range.to_string(), text.trim());
        assert_eq!(Range::parse(&range.to_string()).unwrap(), range);
        assert!(looks_like_range(text), "{text}");
    }
}

#[test]
fn what_is_no_range_is_refused_with_a_way_out() {
    for (text, sentence) in [
        ("1.2", "write 1.2.x for all versions that begin so or ^1.2"),
        ("1", "write 1.x for all versions that begin so or ^1"),
        (">=1,2", "write 2.x for all versions that begin so or ^2"),
        ("1.2.0", "a bare 1.2.0 is a version and not a range, write =1.2.0 or ^1.2.0"),
        ("1.2.0-rc.1,<2", "a bare 1.2.0-rc.1 is a version"),
        ("^1||^2", "alternatives (||) are not supported"),
        ("1.2.0 - 2.0.0", "ranges with a hyphen are not supported"),
        (">=1 <2", "comparators are separated by a comma"),
        ("^1.2 ^1.3", "comparators are separated by a comma"),
        ("=1.2.0+cuda12", "build metadata has no part in a range"),
        ("", "a comparator is missing"),
        (">=1,", "a comparator is missing"),
        (",", "a comparator is missing"),
        ("x", "for any version write *"),
        ("*,<2", "wildcard"),
        ("*.*", "after wildcard"),
        ("1.x.3", "after wildcard"),
        (">=v1.2", "unexpected character 'v'"),
        ("~>1.2", "unexpected character '>'"),
        ("==1.2.0", "unexpected character '='"),
        ("!=1.2.0", "unexpected character '!'"),
        ("^1.02", "leading zero"),
        ("^1.2.3.4", "expected comma after patch version number, found '.'"),
        ("^1.2-rc.1", "found '-'"),
        ("^18446744073709551616", "exceeds 18446744073709551615"),
        ("^1\u{a0}", "found '\\u{a0}'"),
        ("champion", "unexpected character 'c'"),
    ] {
        let message = message(text);
        assert!(message.starts_with(&format!("Invalid version range '{text}': ")), "{message}");
        assert!(message.contains(sentence), "{text}: {message}");
        assert!(message.ends_with("such as ^1.2, ~1.2.3, >=1.2,<2, 1.2.x, =1.2.0 or *"), "{message}");
    }
}

#[test]
fn a_range_has_at_most_255_characters_and_32_comparators() {
    let longest = format!("={}1.0.0", " ".repeat(249));
    range(&longest);
    assert!(message(&format!("{longest}0")).contains("it has 256 characters, at most 255 are allowed"));
    range(&[">1"; 32].join(","));
    assert!(message(&[">1"; 33].join(",")).contains("excessive number"));
}

#[test]
fn words_do_not_look_like_ranges() {
    for text in
        ["champion", "1", "2024", "x", "X", "1x", "v1", "v1.2.0", "2024-best", "3 musketeers", "", "latest"]
    {
        assert!(!looks_like_range(text), "{text}");
    }
    for text in ["1.2", "1.2.0", ">", "^", "~x", "=", "1 - 2", "1||2", "1,2", "1 <2", " ^1", "!=1", "1.2.0+b"]
    {
        assert!(looks_like_range(text), "{text}");
    }
}

#[test]
fn bounds_leave_out_what_cannot_match() {
    for (text, outside) in [
        ("^1.2", ["1.1.9", "2.0.0-0"]),
        ("~1.2.3", ["1.2.2", "1.3.0-0"]),
        ("1.2.x", ["1.2.0-z", "1.3.0-0"]),
        ("=1.2.0", ["1.2.0-z", "1.2.1-0"]),
        (">=1.2,<2", ["1.2.0-z", "2.0.0-0"]),
        (">1,<=2", ["1.99.0", "3.0.0-0"]),
        (">=1.2.0,<2.0.0", ["1.2.0-z", "2.0.0-0"]),
        ("^1.2,<=1.4.0", ["1.2.0-z", "1.4.1-0"]),
        (">=2.0.0-rc.1,<2.0.0-rc.3", ["2.0.0-rc.0", "2.0.0-rc.3"]),
    ] {
        for candidate in outside {
            assert!(!within(&range(text), &version(candidate)), "{candidate} is in the bounds of {text}");
        }
    }
    assert_eq!(range("*").bounds(), (version("0.0.0").precedence(), None));
}

fn within(range: &Range, version: &Version) -> bool {
    let (lower, upper) = range.bounds();
    let precedence = version.precedence();
    precedence >= lower && upper.is_none_or(|upper| precedence < upper)
}

/// Numbers that meet those of `near_version`.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0..3_u64, 1 => select(vec![u64::MAX - 1, u64::MAX])]
}

fn prerelease() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(""), 2 => select(vec!["-0", "-1", "-10", "-a", "-a.0", "-a.1", "-a.a", "-b"])]
}

fn near_version() -> impl Strategy<Value = Version> {
    (number(), number(), number(), prerelease(), select(vec!["", "", "+b"])).prop_map(
        |(major, minor, patch, pre, build)| version(&format!("{major}.{minor}.{patch}{pre}{build}")),
    )
}

fn comparator() -> impl Strategy<Value = String> {
    let operator = select(vec!["^", "~", "=", ">", ">=", "<", "<="]);
    let operated = (operator, number(), number(), number(), prerelease(), 1..=3_usize, select(vec!["", " "]))
        .prop_map(|(operator, major, minor, patch, pre, given, blank)| match given {
            1 => format!("{operator}{blank}{major}"),
            2 => format!("{operator}{major}.{minor}{blank}"),
            _ => format!("{operator}{blank}{major}.{minor}.{patch}{pre}"),
        });
    let wildcard = (number(), number(), select(vec!["x", "X", "*"]), any::<bool>()).prop_map(
        |(major, minor, wildcard, minor_given)| {
            if minor_given { format!("{major}.{minor}.{wildcard}") } else { format!("{major}.{wildcard}") }
        },
    );
    prop_oneof![5 => operated, 1 => wildcard]
}

fn any_range() -> impl Strategy<Value = Range> {
    let list = vec(comparator(), 1..4).prop_map(|comparators| comparators.join(","));
    prop_oneof![20 => list, 1 => Just("*".to_owned())].prop_map(|text| range(&text))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_match_lies_within_the_bounds(range in any_range(), versions in vec(near_version(), 40)) {
        for version in versions {
            prop_assert!(!range.matches(&version) || within(&range, &version), "{range} {version}");
        }
    }

    #[test]
    fn every_release_within_the_bounds_matches(range in any_range(), versions in vec(near_version(), 40)) {
        for version in versions.iter().filter(|version| version.is_release()) {
            prop_assert_eq!(range.matches(version), within(&range, version), "{} {}", range, version);
        }
    }

    #[test]
    fn a_prerelease_matches_only_where_one_is_named(range in any_range(), version in near_version()) {
        if range.only_releases() {
            prop_assert!(!range.matches(&version) || version.is_release());
        }
        let release = version.to_string();
        let release = release.split(['-', '+']).next().unwrap_or_default();
        let named = range.to_string().contains(&format!("{release}-"));
        prop_assert!(!range.matches(&version) || version.is_release() || named);
    }

    #[test]
    fn an_exact_range_matches_equal_precedence_only(wanted in any_version(), other in near_version()) {
        let without_build = wanted.to_string();
        let range = range(&format!("={}", without_build.split('+').next().unwrap_or_default()));
        prop_assert!(range.matches(&wanted));
        prop_assert_eq!(range.matches(&other), other.precedence() == wanted.precedence());
    }

    #[test]
    fn carets_and_tildes_are_short_for_two_comparators(
        (major, minor, patch) in (0..3_u64, 0..3_u64, 0..3_u64),
        pre in prerelease(),
        version in near_version(),
    ) {
        let caret_end = match (major, minor) {
            (0, 0) => format!("0.0.{}", patch + 1),
            (0, minor) => format!("0.{}.0", minor + 1),
            (major, _) => format!("{}.0.0", major + 1),
        };
        let caret_minor_end = if major == 0 { format!("0.{}.0", minor + 1) } else { format!("{}.0.0", major + 1) };
        for (short, long) in [
            (format!("^{major}.{minor}.{patch}{pre}"), format!(">={major}.{minor}.{patch}{pre},<{caret_end}")),
            (format!("^{major}.{minor}"), format!(">={major}.{minor}.0,<{caret_minor_end}")),
            (format!("^{major}"), format!(">={major}.0.0,<{}.0.0", major + 1)),
            (format!("~{major}.{minor}.{patch}{pre}"), format!(">={major}.{minor}.{patch}{pre},<{major}.{}.0", minor + 1)),
            (format!("~{major}.{minor}"), format!("{major}.{minor}.x")),
            (format!("~{major}"), format!("{major}.x")),
            (format!("{major}.x"), format!(">={major}.0.0,<{}.0.0", major + 1)),
            (format!("{major}.{minor}.*"), format!("={major}.{minor}")),
            (format!(">{major}.{minor}"), format!(">={major}.{}.0", minor + 1)),
            (format!("<={major}"), format!("<{}.0.0", major + 1)),
        ] {
            prop_assert_eq!(range(&short).matches(&version), range(&long).matches(&version), "{} {}", short, version);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,12}|[0-9.,^~=<>*xX +-]{0,12}") {
        if let Ok(range) = Range::parse(&text) {
            prop_assert!(looks_like_range(&text));
            prop_assert_eq!(Range::parse(&range.to_string()).unwrap(), range);
        }
    }
}
