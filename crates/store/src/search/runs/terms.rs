//! One condition on a run as SQL.

use weir_domain::Result;
use weir_domain::filter::runs::{DatasetField, Term, TextAttribute, TimeAttribute};
use weir_domain::filter::{Comparator, TextTest};
use weir_domain::run::RunStatus;

use super::super::{Args, FALSE, TRUE, holds, integer_test, number_test, text_test, wants_absence};
use crate::keys::KeyNames;
use crate::tx::Tx;

/// The text of an attribute as a client reads it.
pub(super) fn text_column(attribute: TextAttribute) -> &'static str {
    match attribute {
        TextAttribute::RunId => "r.run_id",
        TextAttribute::RunName => "r.name",
        TextAttribute::UserId => "r.user_id",
        TextAttribute::Status => {
            "CASE r.status WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'SCHEDULED' WHEN 3 THEN 'FINISHED' WHEN 4 THEN 'FAILED' ELSE 'KILLED' END"
        }
        TextAttribute::ArtifactUri => {
            "(RTRIM(COALESCE(e.artifact_location, 'mlflow-artifacts:/' || e.iid), '/') || '/' || r.run_id || '/artifacts')"
        }
    }
}

/// `id` is a column that holds the run's row.
pub(super) fn term_condition(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    args: &mut Args,
    id: &str,
    term: &Term,
) -> Result<String> {
    Ok(match term {
        Term::Metric { key, op, value } => {
            let Some(key) = names.id(tx, key)? else { return Ok(FALSE.to_owned()) };
            let key = args.int(key);
            let mut test = number_test(args, "m.value", *op, *value);
            if *op == Comparator::Ne {
                // NaN is different from every number.
                test = format!("({test} OR m.value IS NULL)");
            }
            format!("EXISTS (SELECT 1 FROM metrics m WHERE m.run_id = {id} AND m.key_id = {key} AND {test})")
        }
        Term::Param { key, test } => entry_condition(tx, names, args, "params", id, key, test)?,
        Term::Tag { key, test } => entry_condition(tx, names, args, "tags", id, key, test)?,
        Term::Attribute { attribute: TextAttribute::Status, test } => {
            let numbers: Vec<String> = RunStatus::ALL
                .into_iter()
                .filter(|status| holds(test, status.name()))
                .map(|status| status.number().to_string())
                .collect();
            if numbers.is_empty() {
                FALSE.to_owned()
            } else {
                format!("r.status IN ({})", numbers.join(", "))
            }
        }
        Term::Attribute { attribute, test } => text_test(tx, args, text_column(*attribute), test)?,
        Term::Time { attribute, op, value } => {
            let column = match attribute {
                TimeAttribute::StartTime => "r.started_at",
                TimeAttribute::EndTime => "r.ended_at",
            };
            // Absent is false and not NULL, which NOT would leave as it is.
            format!("({column} IS NOT NULL AND {})", integer_test(args, column, *op, *value))
        }
        Term::Dataset { field: DatasetField::Context, test } => {
            let test = text_test(tx, args, "t.value", test)?;
            format!(
                "EXISTS (SELECT 1 FROM run_dataset_tags t WHERE t.run_id = {id} AND t.key = '{}' AND {test})",
                weir_domain::dataset::CONTEXT_TAG
            )
        }
        Term::Dataset { field, test } => {
            let column = if *field == DatasetField::Name { "used.name" } else { "used.digest" };
            let test = text_test(tx, args, column, test)?;
            format!(
                "EXISTS (SELECT 1 FROM run_datasets i JOIN datasets used ON used.id = i.dataset_id WHERE i.run_id = {id} AND {test})"
            )
        }
    })
}

fn entry_condition(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    args: &mut Args,
    table: &str,
    id: &str,
    key: &str,
    test: &TextTest,
) -> Result<String> {
    let absent = wants_absence(test);
    let Some(key) = names.id(tx, key)? else { return Ok(if absent { TRUE } else { FALSE }.to_owned()) };
    let key = args.int(key);
    let test = if absent { TRUE.to_owned() } else { text_test(tx, args, "v.value", test)? };
    let not = if absent { "NOT " } else { "" };
    Ok(format!("{not}EXISTS (SELECT 1 FROM {table} v WHERE v.run_id = {id} AND v.key_id = {key} AND {test})"))
}
