//! Filters of runs, by the rows of MLflow's grammar.

use super::super::runs::{DatasetField, Term, TextAttribute, TimeAttribute, parse};
use super::{Comparator, Expr, TextTest, all_refused, eq, owned, refusal, term};

fn metric(key: &str, op: Comparator, value: f64) -> Term {
    Term::Metric { key: key.to_owned(), op, value }
}

fn param(key: &str, test: TextTest) -> Term {
    Term::Param { key: key.to_owned(), test }
}

fn tag(key: &str, test: TextTest) -> Term {
    Term::Tag { key: key.to_owned(), test }
}

fn attribute(attribute: TextAttribute, test: TextTest) -> Term {
    Term::Attribute { attribute, test }
}

#[test]
fn every_entity_word_is_known_and_letter_case_counts() {
    for word in ["metric", "metrics", "`metrics`"] {
        assert_eq!(term(parse(&format!("{word}.m > 1"))), metric("m", Comparator::Gt, 1.0));
    }
    for word in ["param", "params", "parameter", "parameters"] {
        assert_eq!(term(parse(&format!("{word}.p = '1'"))), param("p", eq("1")));
    }
    for word in ["tag", "tags"] {
        assert_eq!(term(parse(&format!("{word}.t = '1'"))), tag("t", eq("1")));
    }
    for word in ["", "attr.", "attribute.", "attributes.", "run."] {
        assert_eq!(
            term(parse(&format!("{word}status = 'FINISHED'"))),
            attribute(TextAttribute::Status, eq("FINISHED"))
        );
    }
    for word in ["dataset", "datasets"] {
        let expected = Term::Dataset { field: DatasetField::Name, test: eq("d") };
        assert_eq!(term(parse(&format!("{word}.name = 'd'"))), expected);
    }
    all_refused(
        parse,
        &[
            (
                "foo.x = '1'",
                "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
            ),
            ("METRICS.m > 1", "Invalid entity type 'METRICS'."),
            ("\"metrics\".m > 1", "Invalid entity type '\"metrics\"'."),
            ("Status = 'x'", "Invalid attribute key 'Status' specified. Valid keys are '{"),
            ("`metrics.m` > 1", "Invalid attribute key 'metrics.m' specified."),
        ],
    );
}

#[test]
fn attributes_have_aliases() {
    for name in ["run_name", "`run name`", "\"Run name\"", "attributes.`Run Name`", "attributes.'run name'"] {
        assert_eq!(
            term(parse(&format!("{name} = 'x'"))),
            attribute(TextAttribute::RunName, eq("x")),
            "{name}"
        );
    }
    for name in ["start_time", "created", "Created", "attr.created"] {
        let expected = Term::Time { attribute: TimeAttribute::StartTime, op: Comparator::Ge, value: 1.5 };
        assert_eq!(term(parse(&format!("{name} >= 1.5"))), expected);
    }
    let expected = Term::Time { attribute: TimeAttribute::EndTime, op: Comparator::Lt, value: 1000.0 };
    assert_eq!(term(parse("end_time<1e3")), expected);
    for (name, expected) in [
        ("run_id", TextAttribute::RunId),
        ("artifact_uri", TextAttribute::ArtifactUri),
        ("user_id", TextAttribute::UserId),
    ] {
        assert_eq!(term(parse(&format!("{name} = 'x'"))), attribute(expected, eq("x")));
    }
}

#[test]
fn all_comparators_are_known_in_any_letter_case() {
    for (symbol, op) in [
        ("=", Comparator::Eq),
        ("!=", Comparator::Ne),
        (">", Comparator::Gt),
        (">=", Comparator::Ge),
        ("<", Comparator::Lt),
        ("<=", Comparator::Le),
    ] {
        assert_eq!(term(parse(&format!("metrics.m{symbol}-1"))), metric("m", op, -1.0));
    }
    let text = "a%".to_owned();
    for (written, test) in [
        ("!= 'a%'", TextTest::Ne(text.clone())),
        ("LIKE 'a%'", TextTest::Like(text.clone())),
        ("like 'a%'", TextTest::Like(text.clone())),
        ("iLike \"a%\"", TextTest::ILike(text)),
        ("IS NULL", TextTest::IsNull),
        ("is Not null", TextTest::IsNotNull),
    ] {
        assert_eq!(term(parse(&format!("params.p {written}"))), param("p", test.clone()));
        assert_eq!(term(parse(&format!("tags.t {written}"))), tag("t", test));
    }
    for (written, test) in [
        ("in ('a', \"b\")", TextTest::In(owned(&["a", "b"]))),
        ("Not In ('a',)", TextTest::NotIn(owned(&["a"]))),
    ] {
        assert_eq!(term(parse(&format!("run_id {written}"))), attribute(TextAttribute::RunId, test.clone()));
        let expected = Term::Dataset { field: DatasetField::Context, test };
        assert_eq!(term(parse(&format!("datasets.context {written}"))), expected);
    }
}

#[test]
fn wrong_comparators_are_refused() {
    all_refused(
        parse,
        &[
            ("metrics.m == 1", "Invalid comparator '==' not one of '{"),
            ("metrics.m <> 1", "Invalid comparator '<>' not one of '{"),
            ("metrics.m LIKE 1", "Invalid comparator 'LIKE' not one of '{'<', '<=', '>', '>=', '=', '!='}'"),
            (
                "tags.t > 'a'",
                "Invalid comparator '>' not one of '{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}'",
            ),
            ("status > 'a'", "Invalid comparator '>' not one of '{"),
            ("tags.t RLIKE 'a'", "Invalid comparator 'RLIKE' not one of"),
            ("tags.t not like 'a'", "Invalid comparator 'NOT LIKE' not one of"),
            ("start_time LIKE 1", "Invalid comparator 'LIKE' not one of"),
            ("datasets.name < 'a'", "Invalid comparator '<' not one of"),
            ("run_id = ('a')", "Invalid comparator '=' with a list"),
        ],
    );
}

#[test]
fn numbers_are_written_as_mlflow_reads_them() {
    for (written, value) in [
        ("1", 1.0),
        ("-1", -1.0),
        ("1.5", 1.5),
        ("5.", 5.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1e5", 1e5),
        ("1E-5", 1e-5),
        ("1e+5", 1e5),
        ("99999999999999999999999", 1e23),
        ("1e999", f64::INFINITY),
    ] {
        assert_eq!(
            term(parse(&format!("metrics.m > {written}"))),
            metric("m", Comparator::Gt, value),
            "{written}"
        );
    }
    all_refused(
        parse,
        &[
            ("metrics.m = NaN", "Expected numeric value type for metric. Found NaN"),
            ("metrics.m = 'NaN'", "Expected numeric value type for metric. Found 'NaN'"),
            ("metrics.m > inf", "Expected numeric value type for metric. Found inf"),
            ("metrics.m > 0x1", "Expected numeric value type for metric. Found 0x1"),
            ("metrics.m > 1abc", "Expected numeric value type for metric. Found 1abc"),
            ("metrics.m > 1.2.3", "Expected numeric value type for metric. Found 1.2.3"),
            ("metrics.m > 1AND tags.t = 'a'", "Expected numeric value type for metric. Found 1AND"),
            ("metrics.m > metrics.n", "Expected numeric value type for metric. Found metrics.n"),
            ("metrics.m IN ('a')", "Expected numeric value type for metric. Found ('a')"),
            ("metrics.m > +1", "Invalid clause(s) in filter string: '+'"),
            ("metrics.m > - 1", "Invalid clause(s) in filter string: '-'"),
            (
                "start_time > '1000'",
                "Expected numeric value type for numeric attribute: start_time. Found '1000'",
            ),
            ("created > x", "Expected numeric value type for numeric attribute: created. Found x"),
        ],
    );
}

#[test]
fn texts_have_quotes_and_no_escapes() {
    for (written, text) in [
        ("'a b'", "a b"),
        ("\"it's\"", "it's"),
        ("'say \"x\"'", "say \"x\""),
        ("'it''s'", "it''s"),
        ("'it\\'s'", "it\\'s"),
        ("'C:\\'", "C:\\"),
        ("''", ""),
        ("''''", "''"),
        ("';'", ";"),
        ("'-- /* AND'", "-- /* AND"),
        ("'a\nb'", "a\nb"),
        ("'日本'", "日本"),
        ("' A '", " A "),
    ] {
        assert_eq!(term(parse(&format!("tags.t = {written}"))), tag("t", eq(text)), "{written}");
    }
    let unquoted = "Parameter value is either not quoted or unidentified quote types used for string value";
    all_refused(
        parse,
        &[
            ("tags.t = `a`", &format!("{unquoted} `a`. Use either single or double quotes.")),
            ("tags.t = abc", &format!("{unquoted} abc.")),
            ("run_id = run_id", &format!("{unquoted} run_id.")),
            (
                "params.p = 0.1",
                "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 0.1",
            ),
            ("tags.t = 1", "Expected a quoted string value for tag (e.g. 'my-value'). Got value 1"),
            ("status = 24", "Expected a quoted string value for attributes. Got value 24"),
            ("datasets.name = 1", "Expected a quoted string value for dataset attributes. Got value 1"),
            ("tags.t = 'open", "Invalid clause(s) in filter string: ''open'"),
            ("tags.t = 'it's'", "Invalid clause(s) in filter string: '''"),
        ],
    );
}

#[test]
fn lists_hold_texts() {
    assert_eq!(
        term(parse("run_id IN (\n'a' , 'b',)")),
        attribute(TextAttribute::RunId, TextTest::In(owned(&["a", "b"])))
    );
    let parsing = "While parsing a list in the query, expected";
    all_refused(
        parse,
        &[
            ("run_id IN ()", &format!("{parsing} a non-empty list of string values, but got empty list")),
            (
                "run_id IN (1,2)",
                &format!(
                    "{parsing} string value, punctuation, or whitespace, but got different type in list: (1, 2)"
                ),
            ),
            ("run_id IN ('a', 1)", "but got different type in list: ('a', 1)"),
            ("run_id IN (1)", "but got different type in list: (1,)"),
            ("run_id IN (a)", "but got different type in list: (a,)"),
            ("run_id IN (`a`)", "but got different type in list: (`a`,)"),
            (
                "run_id IN (,)",
                &format!("{parsing} a non-empty list of string values, but got ill-formed list."),
            ),
            ("run_id IN ('a',,'b')", "ill-formed list."),
            ("run_id IN ('a' 'b')", "ill-formed list."),
            ("run_id IN (('a'))", "ill-formed list."),
            ("run_id IN ('a'", "ill-formed list."),
            ("run_id IN 'a'", "Invalid clause(s) in filter string: 'run_id', 'IN', ''a''"),
            (
                "status IN ('a')",
                "Only ['run_id'] attributes support comparison with a list of quoted string values.",
            ),
            (
                "params.p IN ('a')",
                "Expected a quoted string value for parameter (e.g. 'my-value'). Got value ('a')",
            ),
        ],
    );
}

#[test]
fn null_tests_are_for_params_and_tags() {
    all_refused(
        parse,
        &[
            (
                "metrics.m IS NULL",
                "IS NULL / IS NOT NULL is only supported for tags and params, not for 'metric' 'm'",
            ),
            ("run_id is not null", "only supported for tags and params, not for 'attribute' 'run_id'"),
            ("datasets.name IS NULL", "only supported for tags and params, not for 'dataset' 'name'"),
            ("start_time IS NULL", "not for 'attribute' 'start_time'"),
            ("tags.t IS 'a'", "Invalid clause(s) in filter string: 'tags.t', 'IS'"),
            ("tags.t NOT NULL", "Invalid clause(s) in filter string: 'tags.t', 'NOT'"),
        ],
    );
}

#[test]
fn keys_may_be_quoted_dotted_reserved_or_start_with_a_digit() {
    for (written, key) in [
        ("mlflow.parentRunId", "mlflow.parentRunId"),
        ("`a b`", "a b"),
        ("\"a/b c:d\"", "a/b c:d"),
        ("'a`b'", "a`b"),
        ("1abc", "1abc"),
        ("123", "123"),
        ("1.5", "1.5"),
        ("_x", "_x"),
        ("ключ", "ключ"),
        ("order", "order"),
        ("group", "group"),
        ("value", "value"),
        ("in", "in"),
        ("AND", "AND"),
        ("not", "not"),
        ("null", "null"),
        ("``", ""),
    ] {
        assert_eq!(term(parse(&format!("params.{written} = 'x'"))), param(key, eq("x")), "{written}");
        assert_eq!(
            term(parse(&format!("metrics.{written}>0"))),
            metric(key, Comparator::Gt, 0.0),
            "{written}"
        );
    }
    all_refused(
        parse,
        &[
            ("metrics.a/b > 1", "Invalid comparison clause. Expected 'Identifier' found 'metrics.a/b'"),
            ("metrics.a-b > 1", "Expected 'Identifier' found 'metrics.a-b'; put backticks around"),
            ("tags.a:b = 'x'", "Expected 'Identifier' found 'tags.a:b'"),
            ("tags.@a = 'x'", "Expected 'Identifier' found 'tags.@a'"),
            ("tags.`a`.`b` = 'x'", "Expected 'Identifier' found 'tags.`a`."),
            ("tags. = 'x'", "Expected 'Identifier' found 'tags.'"),
            ("tags.a b = 'x'", "Invalid clause(s) in filter string: 'tags.a', 'b'"),
            ("tags.`a = 'x'", "Invalid clause(s) in filter string: 'tags.`a = 'x''"),
            ("run name = 'x'", "Invalid clause(s) in filter string: 'run', 'name'"),
            (
                "datasets.source = 'x'",
                "Invalid dataset key 'source' specified. Valid keys are '{'name', 'digest', 'context'}'",
            ),
            ("bogus = 'x'", "Invalid attribute key 'bogus' specified. Valid keys are '{'run_id', "),
        ],
    );
}

#[test]
fn a_value_cannot_stand_on_the_left() {
    all_refused(
        parse,
        &[
            ("'a' = 'a'", "Invalid comparison clause. Expected 'Identifier' found ''a''"),
            ("1 = 1", "Invalid comparison clause. Expected 'Identifier' found '1'"),
            ("'Run Name' = 'x'", "Expected 'Identifier' found ''Run Name''"),
        ],
    );
}

#[test]
fn incomplete_clauses_and_foreign_tokens_are_refused() {
    all_refused(
        parse,
        &[
            ("run_id", "Invalid clause(s) in filter string: 'run_id' (at character 1: 'run_id')"),
            ("run_id =", "Invalid clause(s) in filter string: 'run_id', '=' (at character 8: '=')"),
            ("run_id 'a'", "Invalid clause(s) in filter string: 'run_id', ''a''"),
            ("= 'a'", "Invalid clause(s) in filter string: '='"),
            ("metrics.m > 1 2", "Invalid clause(s) in filter string: '2'"),
            ("run_id BETWEEN 'a' AND 'b'", "Invalid clause(s) in filter string: 'run_id', 'BETWEEN'"),
            ("run_id = 'a', run_id = 'b'", "Invalid clause(s) in filter string: ',' (at character 13: ',')"),
            ("run_id = 'a' -- c\n AND 1", "Invalid clause(s) in filter string: '-- c' (at"),
            ("run_id = 'a' /* c */ AND", "Invalid clause(s) in filter string: '/* c */' (at"),
            ("run_id = 'a' # c", "Invalid clause(s) in filter string: '# c'"),
            ("run_id = 'a';", "Invalid clause(s) in filter string: ';'"),
            (
                "run_id = 'a'; run_id = 'b'",
                "Search filter contained multiple expression \"run_id = 'a'; run_id = 'b'\". Provide AND-ed expression list.",
            ),
            ("run_id = 'a' LIMIT 1", "Invalid clause(s) in filter string: 'LIMIT', '1'"),
            ("run_id = 'a' \u{0}", "Invalid clause(s) in filter string: '\u{0}'"),
            ("run_id = AND", "Invalid clause(s) in filter string: 'run_id', '=', 'AND'"),
        ],
    );
}

#[test]
fn a_fault_points_at_the_character() {
    let message = refusal(parse("tags.é = 'ü' AND metrics.m > 'a text that is longer than shown'"));
    assert_eq!(
        message,
        "Expected numeric value type for metric. Found 'a text that is longer than shown' \
         (at character 30: ''a text that is long')"
    );
    let message = refusal(parse("  status LIKE 'a' AND bogus = 'x'"));
    assert!(message.ends_with("(at character 23: 'bogus')"), "{message}");
    let message = refusal(parse("tags.t ~ 'a'"));
    assert_eq!(message, "Invalid clause(s) in filter string: '~' (at character 8: '~')");
}

#[test]
fn blanks_are_free_between_tokens() {
    let both = Expr::And(vec![Expr::Term(tag("t", eq("a"))), Expr::Term(metric("m", Comparator::Gt, 1.0))]);
    for filter in [
        "tags.t='a'AND metrics.m>1",
        "\n tags.t\n=\t'a'\r\nAND metrics.m > 1 ",
        "tags.t = 'a' and(metrics.m > 1)",
    ] {
        assert_eq!(parse(filter).unwrap(), Some(both.clone()), "{filter}");
    }
    assert_eq!(term(parse("tags.`t`IS NULL")), tag("t", TextTest::IsNull));
    assert_eq!(term(parse("tags.'t'LIKE'a'")), tag("t", TextTest::Like("a".to_owned())));
}
