//! What one search lets a filter talk about, as a table, and how a clause becomes a term by it.

use super::fault::Fault;
use super::messages::{self, Search, Target};
use super::parser::{Clause, Name};
use super::values::{self, TextRules};
use super::{Comparator, IdTest, TextTest};

/// The words a filter of one search may use, and the terms they make.
pub(super) struct Grammar<T: 'static> {
    pub search: Search,
    /// The words before a dot, each group meaning the same.
    pub entities: &'static [(&'static [&'static str], Entity<T>)],
    /// What stands without a word before a dot, or behind the words of [`Entity::Attributes`].
    pub attributes: &'static [Attribute<T>],
}

pub(super) enum Entity<T: 'static> {
    Attributes,
    Datasets(&'static [Attribute<T>]),
    /// The latest value of any key.
    Metrics(fn(String, Comparator, f64) -> T),
    Params(fn(String, TextTest) -> T),
    Tags(fn(String, TextTest) -> T),
}

/// A fixed key.
pub(super) struct Attribute<T> {
    /// Letter case counts. All mean the same.
    pub names: &'static [&'static str],
    pub field: Field<T>,
}

/// How an attribute is compared.
pub(super) enum Field<T> {
    /// `=` `!=` `LIKE` `ILIKE`
    Text(fn(TextTest) -> T),
    /// As `Text`, and `IN`, `NOT IN`.
    ListedText(fn(TextTest) -> T),
    /// The six comparators and any number.
    Number(fn(Comparator, f64) -> T),
    /// The six comparators and an integer.
    Integer(fn(Comparator, i64) -> T),
    /// `=` `!=` `IN` `NOT IN`; the texts are read by the first function, which explains what it cannot read.
    Id(fn(&str) -> Result<i64, String>, fn(IdTest) -> T),
}

const KEYED_TEXT: TextRules = TextRules { lists: false, nulls: true };
/// MLflow's reader for logged models takes lists for params and tags too.
const LOGGED_MODEL_TEXT: TextRules = TextRules { lists: true, nulls: true };

impl<T> Grammar<T> {
    /// The term that `clause` is.
    pub fn term(&self, clause: &Clause<'_, '_>) -> Result<T, Fault> {
        let name = &clause.name;
        let target = |entity| Target { search: self.search, entity, key: name.key };
        let keyed = if self.search == Search::LoggedModels { &LOGGED_MODEL_TEXT } else { &KEYED_TEXT };
        let fault = |message| Fault::at(message, &name.token);
        match self.entity(name).map_err(fault)? {
            Entity::Metrics(make) => {
                let (comparator, value) = values::number(clause, &target("metric"))?;
                Ok(make(name.key.to_owned(), comparator, value))
            }
            Entity::Params(make) => {
                Ok(make(name.key.to_owned(), values::text(clause, &target("parameter"), keyed)?))
            }
            Entity::Tags(make) => Ok(make(name.key.to_owned(), values::text(clause, &target("tag"), keyed)?)),
            Entity::Datasets(fields) => {
                find(fields, "dataset", name).map_err(fault)?.term(clause, &target("dataset"))
            }
            Entity::Attributes => {
                find(self.attributes, "attribute", name).map_err(fault)?.term(clause, &target("attribute"))
            }
        }
    }

    /// What the word before the dot leads to, or why it leads nowhere.
    pub fn entity(&self, name: &Name<'_>) -> Result<&Entity<T>, String> {
        let Some(word) = name.entity else { return Ok(&Entity::Attributes) };
        let plain = word.trim_matches('`');
        let known = self.entities.iter().find(|(words, _)| words.contains(&plain));
        known.map(|(_, entity)| entity).ok_or_else(|| messages::unknown_entity(self.search, word))
    }
}

impl<T> Field<T> {
    fn term(&self, clause: &Clause<'_, '_>, target: &Target<'_>) -> Result<T, Fault> {
        match self {
            Self::Text(make) => {
                values::text(clause, target, &TextRules { lists: false, nulls: false }).map(make)
            }
            Self::ListedText(make) => {
                values::text(clause, target, &TextRules { lists: true, nulls: false }).map(make)
            }
            Self::Number(make) => {
                values::number(clause, target).map(|(comparator, value)| make(comparator, value))
            }
            Self::Integer(make) => {
                values::integer(clause, target).map(|(comparator, value)| make(comparator, value))
            }
            Self::Id(read, make) => values::id(clause, target, *read).map(make),
        }
    }
}

fn find<'g, T>(
    attributes: &'g [Attribute<T>],
    entity: &str,
    name: &Name<'_>,
) -> Result<&'g Field<T>, String> {
    let found = attributes.iter().find(|attribute| attribute.names.contains(&name.key));
    found.map(|attribute| &attribute.field).ok_or_else(|| {
        let valid: Vec<&str> = attributes.iter().flat_map(|attribute| attribute.names).copied().collect();
        messages::unknown_key(entity, name.key, &valid)
    })
}
