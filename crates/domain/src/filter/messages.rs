//! MLflow's sentences about filters: the same mistake is worded differently from search to search.

/// Which search a filter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    Runs,
    Experiments,
    RegisteredModels,
    ModelVersions,
    LoggedModels,
}

/// How much of the caller's own text a sentence repeats.
const REPEATED_CHARS: usize = 200;

/// What a clause is about, as MLflow names it in its sentences.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub search: Search,
    /// `metric`, `parameter`, `tag`, `attribute` or `dataset`.
    pub entity: &'static str,
    pub key: &'a str,
}

impl Target<'_> {
    pub fn bad_comparator(&self, comparator: &str, allowed: &[&str]) -> String {
        let Self { search, entity, key } = self;
        match search {
            Search::LoggedModels => format!(
                "Invalid comparison operator for {}.{key}: '{comparator}'. Expected one of ({}).",
                plural(entity),
                quoted_list(allowed)
            ),
            Search::RegisteredModels => format!("Invalid comparator for {entity}: {comparator}"),
            Search::ModelVersions if *key == "version_number" && *entity == "attribute" => {
                format!("Invalid comparator for attribute {key}: {comparator}")
            }
            Search::ModelVersions => format!("Invalid comparator for {entity}: {comparator}"),
            Search::Experiments if *key == "experiment_id" && *entity == "attribute" => {
                format!("Invalid comparator for experiment_id: {comparator}")
            }
            Search::Experiments if *entity == "tag" => format!("Invalid comparator for tag: {comparator}"),
            Search::Runs | Search::Experiments => {
                format!("Invalid comparator '{comparator}' not one of '{}'", set(allowed))
            }
        }
    }

    /// A number, or a list that the field does not take, stands where a quoted text must.
    pub fn text_expected(&self, found: &str) -> String {
        let found = shorten(found);
        match (self.entity, self.search) {
            ("attribute", Search::ModelVersions) if !found.starts_with('(') => {
                "Only the '{'version_number'}' attributes support comparison with numeric values.".to_owned()
            }
            ("attribute", Search::RegisteredModels | Search::ModelVersions) => format!(
                "Expected a quoted string value or a list of quoted string values for attributes. Got value {found}"
            ),
            ("attribute", _) => format!("Expected a quoted string value for attributes. Got value {found}"),
            ("dataset", _) => {
                format!("Expected a quoted string value for dataset attributes. Got value {found}")
            }
            (entity, _) => {
                format!("Expected a quoted string value for {entity} (e.g. 'my-value'). Got value {found}")
            }
        }
    }

    pub fn list_refused(&self, found: &str) -> String {
        let listable = match self.search {
            Search::Runs => "'run_id'",
            Search::Experiments => "'experiment_id'",
            Search::RegisteredModels => "'name'",
            Search::ModelVersions => "'name', 'run_id'",
            Search::LoggedModels => return self.text_expected(found),
        };
        if self.entity != "attribute" {
            return self.text_expected(found);
        }
        format!("Only [{listable}] attributes support comparison with a list of quoted string values.")
    }

    pub fn number_expected(&self, found: &str) -> String {
        let found = shorten(found);
        if self.entity == "metric" {
            return format!("Expected numeric value type for metric. Found {found}");
        }
        format!("Expected numeric value type for numeric attribute: {}. Found {found}", self.key)
    }

    /// A number or text that an integer attribute cannot be compared with.
    pub fn integer_expected(&self, found: &str) -> String {
        format!("Invalid value for numeric attribute '{}': {}", self.key, repr(found))
    }

    pub fn null_refused(&self) -> String {
        let key = shorten(self.key);
        match self.search {
            Search::Runs => format!(
                "IS NULL / IS NOT NULL is only supported for tags and params, not for '{}' '{key}'",
                self.entity
            ),
            Search::LoggedModels => {
                format!(
                    "Invalid comparison: {}.{key}. Expected a comparison with 3 tokens.",
                    plural(self.entity)
                )
            }
            _ => format!("IS NULL / IS NOT NULL is only supported for tags, not for {} '{key}'", self.entity),
        }
    }
}

/// A list stands behind a comparator that takes one text.
pub(super) fn list_compared(comparator: &str) -> String {
    format!("Invalid comparator '{comparator}' with a list of values. Use IN or NOT IN")
}

/// The value is a bare word, or stands in backticks.
pub(super) fn not_quoted(found: &str) -> String {
    format!(
        "Parameter value is either not quoted or unidentified quote types used for string value {}. \
         Use either single or double quotes.",
        shorten(found)
    )
}

pub(super) const EMPTY_LIST: &str =
    "While parsing a list in the query, expected a non-empty list of string values, but got empty list";

pub(super) const ILL_FORMED_LIST: &str =
    "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.";

/// `items` are as written; MLflow shows them as a Python tuple.
pub(super) fn strings_expected(items: &[&str]) -> String {
    let comma = if items.len() == 1 { "," } else { "" };
    format!(
        "While parsing a list in the query, expected string value, punctuation, or whitespace, \
         but got different type in list: ({}{comma})",
        shorten(&items.join(", "))
    )
}

pub(super) fn unknown_entity(search: Search, word: &str) -> String {
    let word = shorten(word);
    match search {
        Search::Runs => format!(
            "Invalid entity type '{word}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']"
        ),
        Search::LoggedModels => format!(
            "Invalid entity type: '{word}'. Expected one of ['attributes', 'metrics', 'params', 'tags']."
        ),
        _ => format!("Invalid entity type '{word}'. Valid entity types are ('attribute', 'tag', 'tags')"),
    }
}

/// `entity` is `attribute` or `dataset`.
pub(super) fn unknown_key(entity: &str, key: &str, valid: &[&str]) -> String {
    format!("Invalid {entity} key '{}' specified. Valid keys are '{}'", shorten(key), set(valid))
}

/// The tokens that belong to no comparison, or to an incomplete one.
pub(super) fn bad_clauses(search: Search, source: &str, offenders: &[&str]) -> String {
    if search == Search::LoggedModels {
        return format!(
            "Invalid filter string: {}. Expected a list of comparisons separated by 'AND' \
             (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').",
            repr(source)
        );
    }
    let offenders = offenders.iter().map(|offender| {
        let offender = shorten(offender);
        if search == Search::Runs { format!("'{offender}'") } else { offender }
    });
    format!("Invalid clause(s) in filter string: {}", offenders.collect::<Vec<_>>().join(", "))
}

pub(super) fn several_expressions(search: Search, source: &str) -> String {
    if search == Search::LoggedModels {
        return format!("Invalid filter string: {}. Expected a single SQL expression.", repr(source));
    }
    format!("Search filter contained multiple expression {}. Provide AND-ed expression list.", repr(source))
}

pub(super) fn identifier_expected(found: &str) -> String {
    format!("Invalid comparison clause. Expected 'Identifier' found '{}'", shorten(found))
}

/// As Python prints a set of texts: `{'a', 'b'}`.
pub(super) fn set(items: &[&str]) -> String {
    format!("{{{}}}", quoted_list(items))
}

fn quoted_list(items: &[&str]) -> String {
    items.iter().map(|item| format!("'{item}'")).collect::<Vec<_>>().join(", ")
}

fn plural(entity: &str) -> &str {
    match entity {
        "attribute" => "attributes",
        "metric" => "metrics",
        "parameter" => "params",
        _ => "tags",
    }
}

/// As Python's `repr` quotes a text, shortened.
pub(super) fn repr(text: &str) -> String {
    let text =
        shorten(text).replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    if !text.contains('\'') {
        format!("'{text}'")
    } else if !text.contains('"') {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "\\'"))
    }
}

pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(REPEATED_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
