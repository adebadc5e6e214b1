//! Filters of experiments.

use super::super::experiments::{Term, TimeAttribute, parse};
use super::{Comparator, IdTest, TextTest, all_refused, eq, term};

#[test]
fn names_and_tags_are_texts() {
    for name in ["name", "attribute.name", "`name`", "attribute.`name`"] {
        assert_eq!(term(parse(&format!("{name} = 'x'"))), Term::Name(eq("x")), "{name}");
    }
    assert_eq!(term(parse("name ILIKE 'x%'")), Term::Name(TextTest::ILike("x%".to_owned())));
    for key in ["tag.`a b`", "tags.'a b'", "tags.\"a b\""] {
        assert_eq!(
            term(parse(&format!("{key} != 'x'"))),
            Term::Tag { key: "a b".to_owned(), test: TextTest::Ne("x".to_owned()) }
        );
    }
    assert_eq!(term(parse("tags.t is null")), Term::Tag { key: "t".to_owned(), test: TextTest::IsNull });
    assert_eq!(
        term(parse("tags.t IS NOT NULL")),
        Term::Tag { key: "t".to_owned(), test: TextTest::IsNotNull }
    );
}

#[test]
fn keywords_in_lower_case_work_though_mlflow_refuses_them() {
    assert_eq!(term(parse("name like 'x%'")), Term::Name(TextTest::Like("x%".to_owned())));
    assert_eq!(term(parse("experiment_id in ('1')")), Term::Id(IdTest::In(vec![1])));
}

#[test]
fn ids_are_decimal_texts() {
    assert_eq!(term(parse("experiment_id = '12'")), Term::Id(IdTest::Eq(12)));
    assert_eq!(term(parse("experiment_id != '0'")), Term::Id(IdTest::Ne(0)));
    assert_eq!(term(parse("experiment_id NOT IN ('1', '2',)")), Term::Id(IdTest::NotIn(vec![1, 2])));
    all_refused(
        parse,
        &[
            ("experiment_id = 'abc'", "Invalid experiment ID 'abc'. Experiment ID must be a valid integer."),
            (
                "experiment_id IN ('1', '99999999999999999999')",
                "Invalid experiment ID '99999999999999999999'.",
            ),
            ("experiment_id = 1", "Expected a quoted string value for attributes. Got value 1"),
            ("experiment_id LIKE '1'", "Invalid comparator for experiment_id: LIKE"),
            ("experiment_id > '1'", "Invalid comparator for experiment_id: >"),
            ("experiment_id IN (1)", "but got different type in list: (1,)"),
            ("experiment_id IN ()", "but got empty list"),
        ],
    );
}

#[test]
fn times_are_integers() {
    let expected = Term::Time { attribute: TimeAttribute::CreationTime, op: Comparator::Gt, value: -5 };
    assert_eq!(term(parse("creation_time > -5")), expected);
    let expected = Term::Time { attribute: TimeAttribute::LastUpdateTime, op: Comparator::Ne, value: 1 };
    assert_eq!(term(parse("attribute.last_update_time != 1")), expected);
    all_refused(
        parse,
        &[
            ("creation_time > 1.5", "Invalid value for numeric attribute 'creation_time': '1.5'"),
            (
                "creation_time > 99999999999999999999",
                "Invalid value for numeric attribute 'creation_time': '9999",
            ),
            (
                "creation_time > '1'",
                "Expected numeric value type for numeric attribute: creation_time. Found '1'",
            ),
            ("creation_time LIKE 1", "Invalid comparator 'LIKE' not one of '{"),
        ],
    );
}

#[test]
fn refusals_are_worded_for_experiments() {
    all_refused(
        parse,
        &[
            ("foo.x = 'y'", "Invalid entity type 'foo'. Valid entity types are ('attribute', 'tag', 'tags')"),
            ("attr.name = 'y'", "Invalid entity type 'attr'."),
            ("attr.name = 'y'", "Invalid entity type 'attr'."),
            (
                "NAME = 'y'",
                "Invalid attribute key 'NAME' specified. Valid keys are '{'name', 'experiment_id', 'creation_time', 'last_update_time'}'",
            ),
            ("name > 'y'", "Invalid comparator '>' not one of '{'=', '!=', 'LIKE', 'ILIKE'}'"),
            ("tags.t > 'y'", "Invalid comparator for tag: >"),
            (
                "name IN ('a')",
                "Only ['experiment_id'] attributes support comparison with a list of quoted string values.",
            ),
            ("name IS NULL", "IS NULL / IS NOT NULL is only supported for tags, not for attribute 'name'"),
            ("creation_time IS NULL", "only supported for tags, not for attribute 'creation_time'"),
            ("name = 'a' BETWEEN", "Invalid clause(s) in filter string: BETWEEN"),
            ("name", "Invalid clause(s) in filter string: name (at character 1: 'name')"),
            ("'a' = 'a'", "Invalid comparison clause. Expected 'Identifier' found ''a''"),
            (
                "name = 'a'; name = 'b'",
                "Search filter contained multiple expression \"name = 'a'; name = 'b'\".",
            ),
        ],
    );
}
