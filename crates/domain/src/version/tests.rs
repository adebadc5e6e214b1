//! Versions against the vectors published with SemVer 2.0.0, and their order against the `semver` crate's.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// The first list that semver.org keeps beside its regular expression, but for the version that needs more than 64 bits.
const VALID: &[&str] = &[
    "0.0.4",
    "1.2.3",
    "10.20.30",
    "1.1.2-prerelease+meta",
    "1.1.2+meta",
    "1.1.2+meta-valid",
    "1.0.0-alpha",
    "1.0.0-beta",
    "1.0.0-alpha.beta",
    "1.0.0-alpha.beta.1",
    "1.0.0-alpha.1",
    "1.0.0-alpha0.valid",
    "1.0.0-alpha.0valid",
    "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay",
    "1.0.0-rc.1+build.1",
    "2.0.0-rc.1+build.123",
    "1.2.3-beta",
    "10.2.3-DEV-SNAPSHOT",
    "1.2.3-SNAPSHOT-123",
    "1.0.0",
    "2.0.0",
    "1.1.7",
    "2.0.0+build.1848",
    "2.0.1-alpha.1227",
    "1.0.0-alpha+beta",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
    "1.2.3----R-S.12.9.1--.12+meta",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12",
    "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
    "1.0.0-0A.is.legal",
];

/// The second list.
const INVALID: &[&str] = &[
    "1",
    "1.2",
    "1.2.3-0123",
    "1.2.3-0123.0123",
    "1.1.2+.123",
    "+invalid",
    "-invalid",
    "-invalid+invalid",
    "-invalid.01",
    "alpha",
    "alpha.beta",
    "alpha.beta.1",
    "alpha.1",
    "alpha+beta",
    "alpha_beta",
    "alpha.",
    "alpha..",
    "beta",
    "1.0.0-alpha_beta",
    "-alpha.",
    "1.0.0-alpha..",
    "1.0.0-alpha..1",
    "1.0.0-alpha...1",
    "1.0.0-alpha....1",
    "1.0.0-alpha.....1",
    "1.0.0-alpha......1",
    "1.0.0-alpha.......1",
    "01.1.1",
    "1.01.1",
    "1.1.01",
    "1.2.3.DEV",
    "1.2-SNAPSHOT",
    "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788",
    "1.2-RC-SNAPSHOT",
    "-1.0.3-gamma+b7718",
    "+justmeta",
    "9.8.7+meta+meta",
    "9.8.7-whatever+meta+meta",
    "99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12",
];

pub fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn message(text: &str) -> String {
    Version::parse(text).unwrap_err().to_string()
}

#[test]
fn the_published_valid_versions_are_kept_as_given() {
    for text in VALID {
        assert_eq!(version(text).to_string(), *text);
    }
}

#[test]
fn the_published_invalid_versions_are_refused() {
    let ours = ["", " 1.0.0", "1.0.0 ", "v1.0.0", "1.0.0\n", "1.0.0-", "1.0.0+", "1,0,0", "١.٢.٣", "1.0.0-é"];
    for text in INVALID.iter().copied().chain(ours) {
        let message = message(text);
        assert!(message.starts_with("Version must be semantic version, got '"), "{message}");
        assert!(message.contains(&shown(text)) && message.contains("such as 1.2.0"), "{message}");
    }
    assert!(message("v1.0.0").contains("leave out the 'v'"));
}

#[test]
fn numbers_fit_64_bits_and_texts_255_characters() {
    version("18446744073709551615.18446744073709551615.18446744073709551615");
    // On semver.org's valid list.
    message("99999999999999999999999.999999999999999999.99999999999999999");
    message("18446744073709551616.0.0");

    let longest = format!("1.0.0-{}", "9".repeat(249));
    assert_eq!(version(&longest).to_string(), longest);
    let longer = format!("{longest}9");
    assert!(message(&longer).contains("it has 256 characters, at most 255 are allowed"));
    assert!(message(&longer).len() < 300);
}

#[test]
fn the_chains_of_the_specification_are_in_order() {
    let chains: [&[&str]; 3] = [
        &["1.0.0", "2.0.0", "2.1.0", "2.1.1"],
        &["1.9.0", "1.10.0", "1.11.0"],
        &[
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
        ],
    ];
    for chain in chains {
        let keys: Vec<_> = chain.iter().map(|text| version(text).precedence()).collect();
        assert!(keys.is_sorted_by(|low, high| low < high), "{chain:?}");
    }
}

#[test]
fn build_metadata_has_no_precedence_but_an_identity() {
    let (plain, one, other) = (version("1.0.0"), version("1.0.0+a"), version("1.0.0+b.1"));
    assert_eq!(plain.precedence(), one.precedence());
    assert_eq!(one.precedence(), other.precedence());
    assert_ne!(plain, one);
    assert_ne!(one, other);
    assert!(one.is_release());
    assert!(!version("1.0.0-rc.1+a").is_release());
}

#[test]
fn the_stored_form_of_a_precedence_does_not_change() {
    let numbers = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3];
    assert_eq!(version("1.256.3+x").precedence(), [numbers.as_slice(), &[0xFF]].concat());
    assert_eq!(
        version("1.256.3-rc.10").precedence(),
        [numbers.as_slice(), b"\x02rc\0", b"\x01\x0210", b"\0"].concat()
    );
}

#[test]
fn a_bump_sets_the_lower_numbers_to_zero_and_drops_the_rest() {
    for text in ["1.2.3", "1.2.3-rc.1", "1.2.3+cuda12", "1.2.3-rc.1+cuda12"] {
        let bumped = Part::ALL.map(|part| version(text).bump(part).unwrap().to_string());
        assert_eq!(bumped, ["1.2.4", "1.3.0", "2.0.0"]);
    }
    let greatest = version("18446744073709551615.18446744073709551615.18446744073709551615");
    for part in Part::ALL {
        let message = greatest.bump(part).unwrap_err().to_string();
        assert!(message.contains(part.name()) && message.contains("'gitlab.version'"), "{message}");
    }
    assert_eq!(version("1.0.18446744073709551615").bump(Part::Minor).unwrap(), version("1.1.0"));
}

#[test]
fn the_automatic_version_follows_the_latest() {
    for (latest, part, expected) in [
        (None, Part::Patch, "1.0.0"),
        (None, Part::Major, "1.0.0"),
        (Some("1.0.0"), Part::Patch, "1.0.1"),
        (Some("1.2.3"), Part::Minor, "1.3.0"),
        (Some("1.2.3+cuda12"), Part::Major, "2.0.0"),
        (Some("0.0.9"), Part::Patch, "0.0.10"),
        (Some("2.0.0-rc.1"), Part::Patch, "2.0.0"),
        (Some("2.1.3-rc.1+b"), Part::Major, "2.1.3"),
    ] {
        let latest = latest.map(version);
        assert_eq!(Version::next(latest.as_ref(), part).unwrap(), version(expected));
    }
}

#[test]
fn parts_have_names_and_numbers() {
    for part in Part::ALL {
        assert_eq!(Part::parse(part.name()).unwrap(), part);
        assert_eq!(Part::from_number(part.number()), Some(part));
    }
    assert_eq!(Part::ALL.map(Part::number), [0, 1, 2]);
    assert_eq!(Part::from_number(3), None);
    let message = Part::parse("Patches").unwrap_err().to_string();
    assert!(message.contains("'Patches'") && message.contains("patch, minor, major"), "{message}");
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => 0..3_u64,
        1 => select(vec![9, 10, 255, 256, 65_536, u64::MAX - 1, u64::MAX]),
        1 => any::<u64>(),
    ]
}

/// Few enough that equal ones and beginnings of one another meet.
fn identifier() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "0", "1", "9", "10", "99", "a", "A", "aa", "a-", "-", "--", "a0", "0a", "1-", "rc", "alpha"
        ])
        .prop_map(str::to_owned),
        "0|[1-9][0-9]{0,40}",
        "[0-9]{0,3}[A-Za-z-][0-9A-Za-z-]{0,6}",
    ]
}

pub fn any_version() -> impl Strategy<Value = Version> {
    let build = prop_oneof![3 => Just(String::new()), 1 => "\\+[0-9A-Za-z-]{1,4}(\\.[0-9A-Za-z-]{1,4})?"];
    (number(), number(), number(), vec(identifier(), 0..4), build).prop_map(
        |(major, minor, patch, identifiers, build)| {
            let hyphen = if identifiers.is_empty() { "" } else { "-" };
            version(&format!("{major}.{minor}.{patch}{hyphen}{}{build}", identifiers.join(".")))
        },
    )
}

/// Two that are often much alike.
fn neighbours() -> impl Strategy<Value = (Version, Version)> {
    let alike =
        (any_version(), vec(identifier(), 0..4), vec(identifier(), 0..4)).prop_map(|(base, left, right)| {
            let [major, minor, patch] = base.numbers();
            [left, right].map(|identifiers| {
                let hyphen = if identifiers.is_empty() { "" } else { "-" };
                version(&format!("{major}.{minor}.{patch}{hyphen}{}", identifiers.join(".")))
            })
        });
    prop_oneof![(any_version(), any_version()), alike.prop_map(|[left, right]| (left, right)),]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_bytes_is_semvers_precedence((left, right) in neighbours()) {
        prop_assert_eq!(left.precedence().cmp(&right.precedence()), left.0.cmp_precedence(&right.0));
    }

    #[test]
    fn no_precedence_is_the_beginning_of_another((left, right) in neighbours()) {
        let (left, right) = (left.precedence(), right.precedence());
        prop_assert!(left == right || !left.starts_with(&right));
    }

    #[test]
    fn a_version_comes_back_as_it_was_written(version in any_version()) {
        prop_assert_eq!(Version::parse(&version.to_string()).unwrap(), version);
    }

    #[test]
    fn the_automatic_version_is_a_release_above_the_latest(latest in any_version(), part in select(Part::ALL.to_vec())) {
        if let Ok(next) = Version::next(Some(&latest), part) {
            prop_assert!(next.is_release());
            prop_assert!(next.precedence() > latest.precedence());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,12}|[0-9.+x-]{0,12}") {
        if let Ok(version) = Version::parse(&text) {
            prop_assert_eq!(version.to_string(), text);
        }
    }
}

#[test]
fn the_next_prerelease_stands_between_this_one_and_the_release() {
    let cases = [
        ("1.0.0-rc.1", "1.0.0-rc.2"),
        ("1.0.0-rc", "1.0.0-rc.1"),
        ("1.0.0-9", "1.0.0-10"),
        ("1.0.0-rc.1.x+cuda", "1.0.0-rc.1.x.1"),
        ("1.0.0-18446744073709551615", "1.0.0-18446744073709551615.1"),
        ("1.0.0-0a", "1.0.0-0a.1"),
    ];
    for (text, next) in cases {
        let version = Version::parse(text).unwrap();
        let found = version.next_prerelease().unwrap();
        assert_eq!(found.to_string(), next);
        assert!(
            version.precedence() < found.precedence() && found.precedence() < version.release().precedence()
        );
    }
}
