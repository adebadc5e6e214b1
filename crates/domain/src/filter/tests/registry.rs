//! Filters of registered models and of model versions.

use super::super::{model_versions, registered_models};
use super::{Comparator, TextTest, all_refused, eq, owned, term};

#[test]
fn registered_models_have_a_name_and_tags() {
    use registered_models::{Term, parse};

    // MLflow refuses quotes around the attribute itself here, and here only.
    for name in ["name", "attribute.name", "`name`"] {
        assert_eq!(term(parse(&format!("{name} = 'x'"))), Term::Name(eq("x")));
    }
    assert_eq!(term(parse("name in ('a','b')")), Term::Name(TextTest::In(owned(&["a", "b"]))));
    assert_eq!(term(parse("name NOT IN ('a')")), Term::Name(TextTest::NotIn(owned(&["a"]))));
    assert_eq!(
        term(parse("tags.`a b` like 'x'")),
        Term::Tag { key: "a b".to_owned(), test: TextTest::Like("x".to_owned()) }
    );
    // MLflow answers 500 with a page of HTML.
    assert_eq!(term(parse("tag.t IS NULL")), Term::Tag { key: "t".to_owned(), test: TextTest::IsNull });
}

#[test]
fn refusals_are_worded_for_registered_models() {
    all_refused(
        registered_models::parse,
        &[
            ("bogus = 'x'", "Invalid attribute key 'bogus' specified. Valid keys are '{'name'}'"),
            ("foo.x = 'y'", "Invalid entity type 'foo'. Valid entity types are ('attribute', 'tag', 'tags')"),
            ("name > 'a'", "Invalid comparator for attribute: >"),
            ("tags.t > 'a'", "Invalid comparator for tag: >"),
            (
                "name = 1",
                "Expected a quoted string value or a list of quoted string values for attributes. Got value 1",
            ),
            ("tags.t = 1", "Expected a quoted string value for tag (e.g. 'my-value'). Got value 1"),
            ("name IS NULL", "IS NULL / IS NOT NULL is only supported for tags, not for attribute 'name'"),
            ("name = 'a' foo", "Invalid clause(s) in filter string: foo (at character 12: 'foo')"),
            ("name IN ()", "but got empty list"),
        ],
    );
}

#[test]
fn model_versions_have_texts_a_number_and_tags() {
    use model_versions::{Term, parse};

    assert_eq!(term(parse("name = 'x'")), Term::Name(eq("x")));
    assert_eq!(term(parse("name IN ('x')")), Term::Name(TextTest::In(owned(&["x"]))));
    assert_eq!(term(parse("run_id not in ('x')")), Term::RunId(TextTest::NotIn(owned(&["x"]))));
    assert_eq!(
        term(parse("attribute.source_path LIKE 's3:%'")),
        Term::SourcePath(TextTest::Like("s3:%".to_owned()))
    );
    for value in ["3", "'3'", "\"3\"", "' 3 '"] {
        let expected = Term::VersionNumber { op: Comparator::Ge, value: 3 };
        assert_eq!(term(parse(&format!("version_number >= {value}"))), expected);
    }
    assert_eq!(
        term(parse("tags.t IS NOT NULL")),
        Term::Tag { key: "t".to_owned(), test: TextTest::IsNotNull }
    );
}

#[test]
fn refusals_are_worded_for_model_versions() {
    let unknown = "specified. Valid keys are '{'name', 'version_number', 'run_id', 'source_path'}'";
    all_refused(
        model_versions::parse,
        &[
            ("version = '1'", &format!("Invalid attribute key 'version' {unknown}")),
            ("source = 'x'", &format!("Invalid attribute key 'source' {unknown}")),
            ("run_id = 1", "attributes support comparison with numeric values."),
            ("name < 'a'", "Invalid comparator for attribute: <"),
            ("tags.t < 'a'", "Invalid comparator for tag: <"),
            (
                "source_path IN ('a')",
                "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values.",
            ),
            ("version_number IN ('1')", "Only ['name', 'run_id'] attributes support"),
            ("version_number LIKE '1'", "Invalid comparator for attribute version_number: LIKE"),
            ("version_number = 1.5", "Invalid value for numeric attribute 'version_number': "),
            ("version_number = 'abc'", "Invalid value for numeric attribute 'version_number': 'abc'"),
            ("version_number = abc", "Parameter value is either not quoted or unidentified quote types"),
            ("version_number IS NULL", "only supported for tags, not for attribute 'version_number'"),
        ],
    );
}
