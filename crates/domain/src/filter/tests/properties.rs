//! What holds for every filter: written and read it is the same; nothing panics; faults point into the text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{Error, Result};

use super::super::parser::{all_of, any_of};
use super::super::{Comparator, Expr, IdTest, TextTest};
use super::super::{experiments, logged_models, model_versions, registered_models, runs};
use super::printer::{self, Written};

fn comparator() -> impl Strategy<Value = Comparator> {
    select(vec![
        Comparator::Eq,
        Comparator::Ne,
        Comparator::Gt,
        Comparator::Ge,
        Comparator::Lt,
        Comparator::Le,
    ])
}

/// Texts that can be written: a text with both quotes has no spelling, and a backslash before a quote has two.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\\\\'\"]{0,12}",
        "[a-z]{1,3}'[^\\\\'\"]{1,6}",
        "[a-z]{1,3}\"[^\\\\'\"]{1,6}",
        select(vec!["AND", "-- x", "a;b", "(", "%_", "\u{0}"]).prop_map(str::to_owned),
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9_]{1,4}(\\.[a-z0-9]{1,4}){0,2}",
        "[^`\"\\\\]{0,8}",
        "[a-z]`[a-z]",
        "and|or|not|in|null"
    ]
}

fn comparison() -> BoxedStrategy<TextTest> {
    prop_oneof![
        text().prop_map(TextTest::Eq),
        text().prop_map(TextTest::Ne),
        text().prop_map(TextTest::Like),
        text().prop_map(TextTest::ILike),
    ]
    .boxed()
}

fn listed() -> BoxedStrategy<TextTest> {
    let texts = || vec(text(), 1..4);
    prop_oneof![comparison(), texts().prop_map(TextTest::In), texts().prop_map(TextTest::NotIn)].boxed()
}

fn nullable() -> BoxedStrategy<TextTest> {
    prop_oneof![comparison(), Just(TextTest::IsNull), Just(TextTest::IsNotNull)].boxed()
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<i32>().prop_map(f64::from), proptest::num::f64::NORMAL, proptest::num::f64::SUBNORMAL]
}

fn id_test(ids: std::ops::Range<i64>) -> impl Strategy<Value = IdTest> {
    let id = move || ids.clone();
    prop_oneof![
        id().prop_map(IdTest::Eq),
        id().prop_map(IdTest::Ne),
        vec(id(), 1..4).prop_map(IdTest::In),
        vec(id(), 1..4).prop_map(IdTest::NotIn),
    ]
}

fn runs_term() -> impl Strategy<Value = runs::Term> {
    use runs::{DatasetField, Term, TextAttribute, TimeAttribute};

    let texts = select(vec![
        TextAttribute::RunName,
        TextAttribute::Status,
        TextAttribute::ArtifactUri,
        TextAttribute::UserId,
    ]);
    let times = select(vec![TimeAttribute::StartTime, TimeAttribute::EndTime]);
    let fields = select(vec![DatasetField::Name, DatasetField::Digest, DatasetField::Context]);
    prop_oneof![
        (key(), comparator(), number()).prop_map(|(key, op, value)| Term::Metric { key, op, value }),
        (key(), nullable()).prop_map(|(key, test)| Term::Param { key, test }),
        (key(), nullable()).prop_map(|(key, test)| Term::Tag { key, test }),
        (texts, comparison()).prop_map(|(attribute, test)| Term::Attribute { attribute, test }),
        listed().prop_map(|test| Term::Attribute { attribute: TextAttribute::RunId, test }),
        (times, comparator(), number()).prop_map(|(attribute, op, value)| Term::Time {
            attribute,
            op,
            value
        }),
        (fields, listed()).prop_map(|(field, test)| Term::Dataset { field, test }),
    ]
}

fn experiments_term() -> impl Strategy<Value = experiments::Term> {
    use experiments::{Term, TimeAttribute};

    let times = select(vec![TimeAttribute::CreationTime, TimeAttribute::LastUpdateTime]);
    prop_oneof![
        comparison().prop_map(Term::Name),
        id_test(i64::MIN..i64::MAX).prop_map(Term::Id),
        (times, comparator(), any::<i64>()).prop_map(|(attribute, op, value)| Term::Time {
            attribute,
            op,
            value
        }),
        (key(), nullable()).prop_map(|(key, test)| Term::Tag { key, test }),
    ]
}

fn registered_models_term() -> impl Strategy<Value = registered_models::Term> {
    use registered_models::Term;

    prop_oneof![
        listed().prop_map(Term::Name),
        (key(), nullable()).prop_map(|(key, test)| Term::Tag { key, test })
    ]
}

fn model_versions_term() -> impl Strategy<Value = model_versions::Term> {
    use model_versions::Term;

    prop_oneof![
        listed().prop_map(Term::Name),
        listed().prop_map(Term::RunId),
        comparison().prop_map(Term::SourcePath),
        (comparator(), any::<i64>()).prop_map(|(op, value)| Term::VersionNumber { op, value }),
        (key(), nullable()).prop_map(|(key, test)| Term::Tag { key, test }),
    ]
}

fn logged_models_term() -> impl Strategy<Value = logged_models::Term> {
    use logged_models::{Term, TextAttribute, TimeAttribute};

    let texts = select(vec![
        TextAttribute::Name,
        TextAttribute::ModelId,
        TextAttribute::ModelType,
        TextAttribute::SourceRunId,
        TextAttribute::ArtifactLocation,
    ]);
    let times = select(vec![TimeAttribute::CreationTimestamp, TimeAttribute::LastUpdatedTimestamp]);
    let keyed = || (key(), prop_oneof![listed(), nullable()]);
    prop_oneof![
        (key(), comparator(), number()).prop_map(|(key, op, value)| Term::Metric { key, op, value }),
        keyed().prop_map(|(key, test)| Term::Param { key, test }),
        keyed().prop_map(|(key, test)| Term::Tag { key, test }),
        (texts, listed()).prop_map(|(attribute, test)| Term::Attribute { attribute, test }),
        id_test(0..1_000).prop_map(Term::ExperimentId),
        id_test(0..4).prop_map(Term::Status),
        (times, comparator(), number()).prop_map(|(attribute, op, value)| Term::Time {
            attribute,
            op,
            value
        }),
    ]
}

/// Expressions of the shape that the parser promises.
fn expr<T: Clone + std::fmt::Debug + 'static>(
    term: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Expr<T>> {
    term.prop_map(Expr::Term).prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..5).prop_map(all_of),
            vec(inner.clone(), 2..5).prop_map(any_of),
            inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    })
}

fn reads_back<T: Written + PartialEq + std::fmt::Debug>(
    parse: fn(&str) -> Result<Option<Expr<T>>>,
    expr: Expr<T>,
) -> std::result::Result<(), TestCaseError> {
    let written = printer::expr(&expr);
    let read = parse(&written).map_err(|error| TestCaseError::fail(format!("{error}: {written}")))?;
    prop_assert_eq!(read, Some(expr), "{}", written);
    Ok(())
}

/// No parser panics at `text`, and what a refusal points at is in `text`.
fn is_judged(text: &str) -> std::result::Result<(), TestCaseError> {
    let element = [text.to_owned()];
    let verdicts = [
        runs::parse(text).map(drop),
        experiments::parse(text).map(drop),
        registered_models::parse(text).map(drop),
        model_versions::parse(text).map(drop),
        logged_models::parse(text).map(drop),
        logged_models::order_key(text).map(drop),
        runs::parse_order(&element).map(drop),
        experiments::parse_order(&element).map(drop),
        registered_models::parse_order(&element).map(drop),
        model_versions::parse_order(&element).map(drop),
    ];
    for verdict in verdicts {
        match verdict {
            Ok(()) => {}
            Err(Error::Invalid(message)) => points_into(text, &message)?,
            Err(other) => return Err(TestCaseError::fail(format!("not the caller's mistake: {other:?}"))),
        }
    }
    Ok(())
}

fn points_into(text: &str, message: &str) -> std::result::Result<(), TestCaseError> {
    // Without a place: a blank element, a field name, or a text that is too long.
    let Some((_, place)) = message.rsplit_once(" (at character ") else { return Ok(()) };
    let Some((character, _)) = place.split_once(": '") else { return Ok(()) };
    let Ok(character) = character.parse::<usize>() else { return Ok(()) };
    let count = text.chars().count();
    prop_assert!((1..=count).contains(&character), "{} of {}: {}", character, count, message);
    let shown = place.split_once(": '").and_then(|(_, shown)| shown.strip_suffix("')")).unwrap_or_default();
    let rest: String = text.chars().skip(character - 1).collect();
    prop_assert!(!shown.is_empty() && rest.starts_with(shown), "{:?} is not at {}", shown, character);
    Ok(())
}

const TOKENS: &[&str] = &[
    "AND",
    "or",
    "Not",
    "(",
    ")",
    ",",
    ";",
    "--",
    "/*",
    "*/",
    "=",
    "!=",
    "<",
    ">=",
    "==",
    "LIKE",
    "ilike",
    "RLIKE",
    "IN",
    "IS",
    "NULL",
    "BETWEEN",
    "metrics.m",
    "params.`a b`",
    "tags.'x'",
    "tags.",
    "datasets.name",
    "attributes.status",
    "attribute.name",
    "name",
    "run_id",
    "status",
    "start_time",
    "version_number",
    "experiment_id",
    "creation_time",
    "foo.bar",
    "'a'",
    "\"b\"",
    "`c`",
    "'",
    "\"",
    "`",
    "1",
    "-1.5",
    "1e5",
    "NaN",
    ".",
    "\\",
    "é",
    "\u{0}",
    "DESC",
    "asc",
];

fn soup() -> impl Strategy<Value = String> {
    (vec(select(TOKENS), 0..30), select(vec![" ", "", "\n"])).prop_map(|(tokens, blank)| tokens.join(blank))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_of_runs_reads_back(expr in expr(runs_term())) {
        reads_back(runs::parse, expr)?;
    }

    #[test]
    fn a_filter_of_experiments_reads_back(expr in expr(experiments_term())) {
        reads_back(experiments::parse, expr)?;
    }

    #[test]
    fn a_filter_of_registered_models_reads_back(expr in expr(registered_models_term())) {
        reads_back(registered_models::parse, expr)?;
    }

    #[test]
    fn a_filter_of_model_versions_reads_back(expr in expr(model_versions_term())) {
        reads_back(model_versions::parse, expr)?;
    }

    #[test]
    fn a_filter_of_logged_models_reads_back(expr in expr(logged_models_term())) {
        reads_back(logged_models::parse, expr)?;
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{0,60}") {
        is_judged(&text)?;
    }

    #[test]
    fn any_characters_are_judged(text in any::<String>()) {
        is_judged(&text)?;
    }

    #[test]
    fn any_mix_of_tokens_is_judged(text in soup()) {
        is_judged(&text)?;
    }

    #[test]
    fn a_filter_cut_anywhere_is_judged(expr in expr(runs_term()), cut in any::<prop::sample::Index>()) {
        let written = printer::expr(&expr);
        let end = cut.index(written.chars().count() + 1);
        is_judged(&written.chars().take(end).collect::<String>())?;
    }
}
