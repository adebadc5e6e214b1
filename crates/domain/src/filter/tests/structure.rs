//! `AND`, `OR`, `NOT`, parentheses, what MLflow tolerates, and the limits; with filters of runs.

use super::super::runs::{Term, TextAttribute, parse};
use super::super::{MAX_DEPTH, MAX_FILTER_BYTES, MAX_TERMS};
use super::{Expr, TextTest, all_refused, eq, refusal};

/// `user_id = 'x'`
fn user(name: &str) -> Expr<Term> {
    Expr::Term(Term::Attribute { attribute: TextAttribute::UserId, test: eq(name) })
}

fn and(parts: &[Expr<Term>]) -> Expr<Term> {
    Expr::And(parts.to_vec())
}

fn or(parts: &[Expr<Term>]) -> Expr<Term> {
    Expr::Or(parts.to_vec())
}

fn not(part: Expr<Term>) -> Expr<Term> {
    Expr::Not(Box::new(part))
}

/// In these tests `a` stands for `user_id = 'a'`.
#[track_caller]
fn parsed(short: &str) -> Option<Expr<Term>> {
    parse(&long(short)).unwrap()
}

fn long(short: &str) -> String {
    short
        .chars()
        .map(|c| if c.is_ascii_lowercase() { format!("user_id = '{c}'") } else { c.to_string() })
        .collect()
}

#[test]
fn a_blank_filter_is_none() {
    for filter in ["", "   ", "\n\t", "AND", " and AND "] {
        assert_eq!(parse(filter).unwrap(), None, "{filter:?}");
    }
}

#[test]
fn an_and_too_many_or_too_few_is_tolerated() {
    let both = Some(and(&[user("a"), user("b")]));
    for filter in ["a AND b", "AND a AND b", "a AND b AND", "AND AND a AND AND b AND AND", "a b", "(a) (b)"] {
        assert_eq!(parsed(filter), both, "{filter}");
    }
    assert_eq!(parsed("AND a"), Some(user("a")));
    assert_eq!(parsed("a NOT b"), Some(and(&[user("a"), not(user("b"))])));
}

#[test]
fn not_binds_tighter_than_and_and_and_tighter_than_or() {
    assert_eq!(parsed("a OR b AND c"), Some(or(&[user("a"), and(&[user("b"), user("c")])])));
    assert_eq!(parsed("a AND b OR c"), Some(or(&[and(&[user("a"), user("b")]), user("c")])));
    assert_eq!(parsed("NOT a AND b"), Some(and(&[not(user("a")), user("b")])));
    assert_eq!(parsed("NOT NOT a"), Some(not(not(user("a")))));
    assert_eq!(parsed("NOT (a OR b)"), Some(not(or(&[user("a"), user("b")]))));
    assert_eq!(parsed("(a OR b) AND c"), Some(and(&[or(&[user("a"), user("b")]), user("c")])));
    assert_eq!(parsed("a b OR c"), parsed("a AND b OR c"));
}

#[test]
fn keywords_have_no_letter_case() {
    let lower = "user_id = 'a' or not user_id = 'b' and (user_id = 'c')";
    assert_eq!(parse(lower).unwrap(), parsed("a OR NOT b AND (c)"));
}

#[test]
fn parentheses_add_no_level_of_their_own() {
    assert_eq!(parsed("((a))"), Some(user("a")));
    assert_eq!(parsed("(a AND b) AND c"), Some(and(&[user("a"), user("b"), user("c")])));
    assert_eq!(parsed("a OR (b OR c)"), Some(or(&[user("a"), user("b"), user("c")])));
}

#[test]
fn not_before_in_belongs_to_the_comparison() {
    let test = TextTest::NotIn(vec!["x".to_owned()]);
    let term = Expr::Term(Term::Attribute { attribute: TextAttribute::RunId, test });
    assert_eq!(parse("NOT run_id NOT IN ('x')").unwrap(), Some(not(term)));
}

#[test]
fn half_an_expression_is_refused() {
    let clause = "Invalid clause(s) in filter string: ";
    for (filter, offender, character) in [
        ("a OR", "OR", 15),
        ("OR a", "OR", 1),
        ("a OR OR b", "OR", 18),
        ("a OR AND b", "AND", 18),
        ("a AND OR b", "AND", 15),
        ("NOT", "NOT", 1),
        ("a AND NOT", "NOT", 19),
        ("NOT AND a", "NOT", 1),
        ("(a AND) b", "AND", 16),
        ("(AND a) b", "AND", 2),
        ("()", ")", 2),
        ("(a", "(", 1),
        ("a)", ")", 14),
        ("NOT ()", ")", 6),
        ("a AND (b OR (c)", "(", 19),
    ] {
        let message = refusal(parse(&long(filter)));
        assert_eq!(
            message,
            format!("{clause}'{offender}' (at character {character}: '{offender}')"),
            "{filter}"
        );
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("{}user_id = 'a'{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(parse(&nested(MAX_DEPTH)).unwrap(), Some(user("a")));
    assert_eq!(
        refusal(parse(&nested(MAX_DEPTH + 1))),
        "Invalid filter: it is nested deeper than the 64 levels that are allowed (at character 65: '(')"
    );
    let negated = |times: usize| format!("{}user_id = 'a'", "NOT ".repeat(times));
    assert!(parse(&negated(MAX_DEPTH)).is_ok());
    all_refused(parse, &[(&negated(10_000), "nested deeper than the 64 levels")]);
    all_refused(parse, &[(&"(".repeat(MAX_FILTER_BYTES), "nested deeper than the 64 levels")]);
}

#[test]
fn terms_are_limited() {
    let many = |terms: usize| vec!["metrics.m > 1"; terms].join(" OR ");
    assert!(parse(&many(MAX_TERMS)).is_ok());
    all_refused(
        parse,
        &[(&many(MAX_TERMS + 1), "more than the 500 comparisons that are allowed (at character 8501: ")],
    );
}

#[test]
fn length_is_limited() {
    let long = |bytes: usize| format!("user_id = '{}'", "x".repeat(bytes - "user_id = ''".len()));
    assert!(parse(&long(MAX_FILTER_BYTES)).is_ok());
    assert_eq!(
        refusal(parse(&long(MAX_FILTER_BYTES + 1))),
        "Invalid filter: it has 65537 bytes, and at most 65536 are allowed"
    );
}

#[test]
fn a_refusal_does_not_repeat_a_long_filter_whole() {
    let value = "x".repeat(10_000);
    assert!(refusal(parse(&format!("metrics.m > '{value}'"))).len() < 400);
    assert!(refusal(parse(&format!("metrics.{value} > 1; x"))).len() < 400);
}
