//! The elements of `order_by`: a key and a direction each.

use crate::Error;

use super::fault::Fault;
use super::lexer::{Kind, Token, lex};
use super::messages::{Search, repr, shorten};
use super::parser::Name;

/// The most elements `order_by` may have: databases bound how many tables one query joins.
pub const MAX_ORDER_KEYS: usize = 32;

/// One key to order by. What has no value for it comes last in both directions.
#[derive(Clone, Debug, PartialEq)]
pub struct Order<K> {
    pub key: K,
    pub descending: bool,
}

/// What happens to a key that was already named.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Repeats {
    Refuse,
    /// It changes nothing about the order, and is dropped.
    KeepFirst,
}

/// The order that the elements of `order_by` ask for; `resolve` says what a name means, or why it means nothing.
pub(super) fn parse<K: PartialEq>(
    order_by: &[String],
    repeats: Repeats,
    resolve: fn(&Name<'_>) -> Result<K, String>,
) -> crate::Result<Vec<Order<K>>> {
    if order_by.len() > MAX_ORDER_KEYS {
        return Err(Error::Invalid(format!(
            "Invalid order_by: it has {} elements, and at most {MAX_ORDER_KEYS} are allowed",
            order_by.len()
        )));
    }
    let mut orders: Vec<Order<K>> = Vec::with_capacity(order_by.len());
    for element in order_by {
        let order = read(element, resolve).map_err(|fault| fault.into_error(element))?;
        let is_repeated = orders.iter().any(|earlier| earlier.key == order.key);
        if is_repeated && repeats == Repeats::Refuse {
            let all = order_by.iter().map(|element| repr(element)).collect::<Vec<_>>().join(", ");
            return Err(Error::Invalid(format!("`order_by` contains duplicate fields: [{all}]")));
        }
        if !is_repeated {
            orders.push(order);
        }
    }
    Ok(orders)
}

fn read<K>(element: &str, resolve: fn(&Name<'_>) -> Result<K, String>) -> Result<Order<K>, Fault> {
    let unparsed = |token: &Token<'_>| {
        Fault::at(format!("Invalid order_by clause '{}'. Could not be parsed.", shorten(element)), token)
    };
    // MLflow says the same about everything that cannot be cut into tokens.
    let whole = Token {
        kind: Kind::Unquoted,
        text: element.trim(),
        start: element.len() - element.trim_start().len(),
    };
    let tokens = lex(element, Search::Runs).map_err(|_| unparsed(&whole))?;
    let (first, direction) = match tokens.as_slice() {
        [] => return Err(unparsed(&whole)),
        [first] => (first, None),
        [first, direction] => (first, Some(direction)),
        [_, _, extra, ..] => return Err(unparsed(extra)),
    };
    let is_direction = first.is("ASC") || first.is("DESC");
    let Some(name) = Name::new(*first).filter(|_| !is_direction) else { return Err(unparsed(first)) };
    let descending = match direction {
        None => false,
        Some(word) if word.is("ASC") => false,
        Some(word) if word.is("DESC") => true,
        Some(word) if matches!(word.kind, Kind::Word | Kind::Path { .. }) => {
            let message = format!("Invalid ordering key in order_by clause '{}'.", shorten(element));
            return Err(Fault::at(message, word));
        }
        Some(other) => return Err(unparsed(other)),
    };
    let key = resolve(&split_inside_backticks(name)).map_err(|message| Fault::at(message, first))?;
    Ok(Order { key, descending })
}

/// MLflow reads `` `metrics.loss` `` as `metrics.loss` here, though not in a filter.
fn split_inside_backticks(name: Name<'_>) -> Name<'_> {
    if name.entity.is_some() || !name.token.text.starts_with('`') {
        return name;
    }
    match name.key.split_once('.') {
        Some((entity, key)) => Name { entity: Some(entity), key, ..name },
        None => name,
    }
}
