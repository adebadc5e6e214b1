//! Reads the operator and value of a clause as a test of a text, a number or an id, or explains why it is none.

use super::fault::Fault;
use super::lexer::{Kind, Token};
use super::messages::{self, Search, Target};
use super::parser::{Clause, OperatorKind, Value};
use super::{Comparator, IdTest, TextTest};

/// What a text field takes beyond `=`, `!=`, `LIKE` and `ILIKE`.
pub(super) struct TextRules {
    /// `IN` and `NOT IN`.
    pub lists: bool,
    /// `IS NULL` and `IS NOT NULL`.
    pub nulls: bool,
}

const NUMBER_COMPARATORS: &[&str] = &["<", "<=", ">", ">=", "=", "!="];
const TEXT_COMPARATORS: &[&str] = &["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN", "IS NULL", "IS NOT NULL"];
const ID_COMPARATORS: &[&str] = &["=", "!=", "IN", "NOT IN"];

/// One text, or a list of them.
enum Texts {
    One(String),
    Many(Vec<String>),
}

pub(super) fn text(
    clause: &Clause<'_, '_>,
    target: &Target<'_>,
    rules: &TextRules,
) -> Result<TextTest, Fault> {
    match clause.operator.kind {
        OperatorKind::IsNull if rules.nulls => return Ok(TextTest::IsNull),
        OperatorKind::IsNotNull if rules.nulls => return Ok(TextTest::IsNotNull),
        _ => {}
    }
    let allowed: Vec<&str> = TEXT_COMPARATORS
        .iter()
        .copied()
        .filter(|comparator| rules.lists || !comparator.ends_with("IN"))
        .filter(|comparator| rules.nulls || !comparator.ends_with("NULL"))
        .collect();
    refuse_early(clause, target, &allowed)?;
    match (clause.operator.kind, texts(clause, target, rules.lists)?) {
        (OperatorKind::Compare(Comparator::Eq), Texts::One(text)) => Ok(TextTest::Eq(text)),
        (OperatorKind::Compare(Comparator::Ne), Texts::One(text)) => Ok(TextTest::Ne(text)),
        (OperatorKind::Like, Texts::One(pattern)) => Ok(TextTest::Like(pattern)),
        (OperatorKind::ILike, Texts::One(pattern)) => Ok(TextTest::ILike(pattern)),
        (OperatorKind::In, Texts::Many(texts)) => Ok(TextTest::In(texts)),
        (OperatorKind::NotIn, Texts::Many(texts)) => Ok(TextTest::NotIn(texts)),
        _ => Err(bad_comparator(clause, target, &allowed)),
    }
}

pub(super) fn number(clause: &Clause<'_, '_>, target: &Target<'_>) -> Result<(Comparator, f64), Fault> {
    refuse_early(clause, target, NUMBER_COMPARATORS)?;
    let found = number_token(clause, target)?;
    let value = found.text.parse().map_err(|_| Fault::at(target.number_expected(found.text), &found))?;
    Ok((number_comparator(clause, target)?, value))
}

pub(super) fn integer(clause: &Clause<'_, '_>, target: &Target<'_>) -> Result<(Comparator, i64), Fault> {
    refuse_early(clause, target, NUMBER_COMPARATORS)?;
    // MLflow takes a version number in quotes too, but no other.
    let (found, text) = match clause.value {
        Value::One(token) if target.search == Search::ModelVersions && token.kind != Kind::Number => {
            (token, quoted(&token)?)
        }
        Value::List { open, text, .. } if target.search == Search::ModelVersions => {
            return Err(Fault::at(target.list_refused(text), &open));
        }
        _ => number_token(clause, target).map(|token| (token, token.text))?,
    };
    let value = text.trim().parse().map_err(|_| Fault::at(target.integer_expected(text), &found))?;
    Ok((number_comparator(clause, target)?, value))
}

/// A test of an id whose texts `read` understands.
pub(super) fn id(
    clause: &Clause<'_, '_>,
    target: &Target<'_>,
    read: fn(&str) -> Result<i64, String>,
) -> Result<IdTest, Fault> {
    refuse_early(clause, target, ID_COMPARATORS)?;
    let texts = texts(clause, target, true)?;
    let at = match &clause.value {
        Value::One(token) | Value::List { open: token, .. } => token,
        Value::None => &clause.operator.token,
    };
    let read = |text: &String| read(text).map_err(|message| Fault::at(message, at));
    match (clause.operator.kind, &texts) {
        (OperatorKind::Compare(Comparator::Eq), Texts::One(text)) => read(text).map(IdTest::Eq),
        (OperatorKind::Compare(Comparator::Ne), Texts::One(text)) => read(text).map(IdTest::Ne),
        (OperatorKind::In, Texts::Many(texts)) => {
            texts.iter().map(read).collect::<Result<_, _>>().map(IdTest::In)
        }
        (OperatorKind::NotIn, Texts::Many(texts)) => {
            texts.iter().map(read).collect::<Result<_, _>>().map(IdTest::NotIn)
        }
        _ => Err(bad_comparator(clause, target, ID_COMPARATORS)),
    }
}

/// The text or texts of a clause. As in MLflow, what is wrong with the value comes before a wrong comparator.
fn texts(clause: &Clause<'_, '_>, target: &Target<'_>, lists: bool) -> Result<Texts, Fault> {
    match clause.value {
        Value::None => Err(Fault::at(target.null_refused(), &clause.operator.token)),
        Value::One(token) if target.search == Search::LoggedModels => {
            // MLflow's reader for logged models takes bare words and numbers as texts.
            let bare = token.kind != Kind::Quoted;
            if bare {
                Ok(Texts::One(token.text.to_owned()))
            } else {
                quoted(&token).map(|text| Texts::One(text.to_owned()))
            }
        }
        Value::One(token) if token.kind == Kind::Number => {
            Err(Fault::at(target.text_expected(token.text), &token))
        }
        Value::One(token) => quoted(&token).map(|text| Texts::One(text.to_owned())),
        Value::List { open, text, .. } if !lists => Err(Fault::at(target.list_refused(text), &open)),
        Value::List { open, tokens, .. } => items(tokens, &open, target.search).map(Texts::Many),
    }
}

fn quoted<'a>(token: &Token<'a>) -> Result<&'a str, Fault> {
    token.string().ok_or_else(|| Fault::at(messages::not_quoted(token.text), token))
}

/// The items of a list: texts with commas between, and perhaps one comma after the last.
fn items(tokens: &[Token<'_>], open: &Token<'_>, search: Search) -> Result<Vec<String>, Fault> {
    let bare_allowed = search == Search::LoggedModels;
    if tokens.is_empty() && !bare_allowed {
        return Err(Fault::at(messages::EMPTY_LIST.to_owned(), open));
    }
    let mut items = Vec::new();
    let mut bare = None;
    for (position, token) in tokens.iter().enumerate() {
        let is_comma = token.kind == Kind::Comma;
        let is_item = !matches!(token.kind, Kind::Comma | Kind::Comparator | Kind::OpenParen);
        let is_due = if position % 2 == 0 { is_item } else { is_comma };
        if !is_due {
            return Err(Fault::at(messages::ILL_FORMED_LIST.to_owned(), token));
        }
        if is_item {
            let text = token.string();
            bare = bare.or((text.is_none() && !bare_allowed).then_some(token));
            items.push(text.unwrap_or(token.text).to_owned());
        }
    }
    match bare {
        None => Ok(items),
        Some(token) => {
            let written: Vec<&str> =
                tokens.iter().filter(|token| token.kind != Kind::Comma).map(|token| token.text).collect();
            Err(Fault::at(messages::strings_expected(&written), token))
        }
    }
}

fn number_token<'a>(clause: &Clause<'_, 'a>, target: &Target<'_>) -> Result<Token<'a>, Fault> {
    match clause.value {
        Value::One(token) if token.kind == Kind::Number => Ok(token),
        Value::One(token) => Err(Fault::at(target.number_expected(token.text), &token)),
        Value::List { open, text, .. } => Err(Fault::at(target.number_expected(text), &open)),
        Value::None => Err(Fault::at(target.null_refused(), &clause.operator.token)),
    }
}

fn number_comparator(clause: &Clause<'_, '_>, target: &Target<'_>) -> Result<Comparator, Fault> {
    match clause.operator.kind {
        OperatorKind::Compare(comparator) => Ok(comparator),
        _ => Err(bad_comparator(clause, target, NUMBER_COMPARATORS)),
    }
}

/// MLflow's reader for logged models looks at the comparator before the value.
fn refuse_early(clause: &Clause<'_, '_>, target: &Target<'_>, allowed: &[&str]) -> Result<(), Fault> {
    let is_null_test = matches!(clause.operator.kind, OperatorKind::IsNull | OperatorKind::IsNotNull);
    let is_known = is_null_test || allowed.contains(&clause.operator.text.as_str());
    if target.search != Search::LoggedModels || is_known {
        return Ok(());
    }
    Err(bad_comparator(clause, target, allowed))
}

fn bad_comparator(clause: &Clause<'_, '_>, target: &Target<'_>, allowed: &[&str]) -> Fault {
    let operator = &clause.operator;
    let is_known = allowed.contains(&operator.text.as_str());
    // Known here, and yet wrong: `= ('a')`.
    let message = if is_known {
        messages::list_compared(&operator.text)
    } else {
        target.bad_comparator(&operator.text, allowed)
    };
    Fault::at(message, &operator.token)
}
