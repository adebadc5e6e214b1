//! Filters and order keys of logged models.

use super::super::logged_models::{OrderKey, Term, TextAttribute, TimeAttribute, order_key, parse};
use super::{Comparator, Expr, IdTest, TextTest, all_refused, eq, owned, refusal, term};

fn named(test: TextTest) -> Term {
    Term::Attribute { attribute: TextAttribute::Name, test }
}

fn param(key: &str, test: TextTest) -> Term {
    Term::Param { key: key.to_owned(), test }
}

#[test]
fn texts_may_be_bare() {
    for value in ["'sA'", "\"sA\"", "sA"] {
        assert_eq!(term(parse(&format!("name = {value}"))), named(eq("sA")), "{value}");
    }
    assert_eq!(term(parse("attributes.name=a-b.c")), named(eq("a-b.c")));
    assert_eq!(term(parse("params.lr = 1")), param("lr", eq("1")));
    assert_eq!(
        term(parse("params.lr IN (0.1, '2', x)")),
        param("lr", TextTest::In(owned(&["0.1", "2", "x"])))
    );
    assert_eq!(term(parse("name in ()")), named(TextTest::In(Vec::new())));
    assert_eq!(term(parse("name ilike 'A%'")), named(TextTest::ILike("A%".to_owned())));
    let expected = Term::Tag { key: "a b".to_owned(), test: TextTest::NotIn(owned(&["x"])) };
    assert_eq!(term(parse("tags.`a b` NOT IN ('x')")), expected);
}

#[test]
fn every_attribute_is_known() {
    for (name, attribute) in [
        ("model_id", TextAttribute::ModelId),
        ("model_type", TextAttribute::ModelType),
        ("source_run_id", TextAttribute::SourceRunId),
        ("artifact_location", TextAttribute::ArtifactLocation),
    ] {
        assert_eq!(term(parse(&format!("{name} = 'x'"))), Term::Attribute { attribute, test: eq("x") });
    }
    assert_eq!(term(parse("experiment_id = 1")), Term::ExperimentId(IdTest::Eq(1)));
    assert_eq!(term(parse("experiment_id IN ('1', '2')")), Term::ExperimentId(IdTest::In(vec![1, 2])));
    for name in ["creation_timestamp", "creation_time", "attributes.creation_timestamp_ms"] {
        let expected =
            Term::Time { attribute: TimeAttribute::CreationTimestamp, op: Comparator::Gt, value: 1.5 };
        assert_eq!(term(parse(&format!("{name} > 1.5"))), expected);
    }
    let expected =
        Term::Time { attribute: TimeAttribute::LastUpdatedTimestamp, op: Comparator::Le, value: 1.0 };
    assert_eq!(term(parse("last_updated_timestamp <= 1")), expected);
    let expected = Term::Metric { key: "a b".to_owned(), op: Comparator::Gt, value: 0.5 };
    assert_eq!(term(parse("metrics.`a b` > 0.5")), expected);
}

#[test]
fn a_status_is_a_number_or_a_name() {
    for value in ["2", "'2'", "READY", "'ready'", "'LOGGED_MODEL_READY'"] {
        assert_eq!(term(parse(&format!("status = {value}"))), Term::Status(IdTest::Eq(2)), "{value}");
    }
    assert_eq!(term(parse("status IN ('PENDING', 'FAILED')")), Term::Status(IdTest::In(vec![1, 3])));
    all_refused(
        parse,
        &[
            ("status = 'bogus'", "Invalid status 'bogus'. Expected one of PENDING, READY, FAILED."),
            (
                "status LIKE 'R%'",
                "Invalid comparison operator for attributes.status: 'LIKE'. Expected one of (",
            ),
        ],
    );
}

#[test]
fn the_superset_holds_here_too() {
    let both = vec![Expr::Term(named(eq("a"))), Expr::Term(named(eq("b")))];
    assert_eq!(parse("(name = 'a' OR name = 'b')").unwrap(), Some(Expr::Or(both)));
    assert_eq!(parse("NOT name = 'a'").unwrap(), Some(Expr::Not(Box::new(Expr::Term(named(eq("a")))))));
    // MLflow refuses null tests here.
    assert_eq!(term(parse("params.p IS NOT NULL")), param("p", TextTest::IsNotNull));
    assert_eq!(parse(" ").unwrap(), None);
}

#[test]
fn refusals_are_worded_for_logged_models() {
    let expected_list = "Expected a list of comparisons separated by 'AND' \
                         (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').";
    all_refused(
        parse,
        &[
            (
                "attribute.name = 'x'",
                "Invalid entity type: 'attribute'. Expected one of ['attributes', 'metrics', 'params', 'tags'].",
            ),
            ("param.lr = 'x'", "Invalid entity type: 'param'."),
            (
                "params.lr > 1",
                "Invalid comparison operator for params.lr: '>'. Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'",
            ),
            (
                "metrics.m LIKE 'x'",
                "Invalid comparison operator for metrics.m: 'LIKE'. Expected one of ('<', '<=', '>', '>=', '=', '!=').",
            ),
            ("creation_time IN (1)", "Invalid comparison operator for attributes.creation_time: 'IN'."),
            ("metrics.m > '1'", "Expected numeric value type for metric. Found '1'"),
            ("metrics.m IS NULL", "Invalid comparison: metrics.m. Expected a comparison with 3 tokens."),
            ("name IS NULL", "Invalid comparison: attributes.name. Expected a comparison with 3 tokens."),
            ("name", &format!("Invalid filter string: 'name'. {expected_list} (at character 1: 'name')")),
            ("name = 'a' OR", &format!("Invalid filter string: \"name = 'a' OR\". {expected_list}")),
            (
                "name = 'a'; name = 'b'",
                "Invalid filter string: \"name = 'a'; name = 'b'\". Expected a single SQL expression.",
            ),
            ("bogus = 'x'", "Invalid attribute key 'bogus' specified. Valid keys are '{'name', "),
            ("name = `a`", "Parameter value is either not quoted or unidentified quote types used"),
            ("experiment_id = x", "Invalid experiment ID 'x'."),
        ],
    );
}

#[test]
fn order_keys_are_attributes_and_metrics() {
    assert_eq!(order_key("name").unwrap(), OrderKey::Text(TextAttribute::Name));
    assert_eq!(order_key("status").unwrap(), OrderKey::Status);
    assert_eq!(order_key("creation_time").unwrap(), OrderKey::Time(TimeAttribute::CreationTimestamp));
    assert_eq!(
        order_key("last_updated_timestamp").unwrap(),
        OrderKey::Time(TimeAttribute::LastUpdatedTimestamp)
    );
    assert_eq!(order_key("metrics.a.b c").unwrap(), OrderKey::Metric("a.b c".to_owned()));
    let message = refusal(order_key("params.lr"));
    assert_eq!(message, "Invalid order by field name: params.lr. Only metrics are supported.");
    assert_eq!(refusal(order_key("bogus")), "Invalid order by field name: bogus");
    assert_eq!(refusal(order_key("")), "Invalid order by field name: ");
}
