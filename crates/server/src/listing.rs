//! Listings of the commands: a table for people, JSON for scripts.

use serde_json::Value;
use weir_domain::{Error, Result};

use crate::out;

/// Prints `rows`, which are JSON objects: whole as JSON, or their `columns` as a table.
pub fn print(rows: &[Value], columns: &[&str], json: bool) -> Result<()> {
    if json {
        return out::line(&serde_json::to_string_pretty(rows).map_err(Error::internal)?);
    }
    out::line(&table(rows, columns))
}

fn table(rows: &[Value], columns: &[&str]) -> String {
    let mut lines =
        vec![columns.iter().map(|column| column.to_uppercase().replace('_', " ")).collect::<Vec<_>>()];
    lines.extend(rows.iter().map(|row| columns.iter().map(|column| cell(&row[column])).collect()));
    let width = |index: usize| lines.iter().map(|cells| cells[index].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let padded = lines.iter().map(|cells| {
        let cells = cells.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    padded.collect::<Vec<_>>().join("\n")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => printable(text),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Text as a terminal may have it: what a client wrote must not steer it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [json!({"id": 1, "name": "root", "x": 0}), json!({"id": 12, "name": null, "x": 0})];
        assert_eq!(table(&rows, &["id", "name"]), "ID  NAME\n1   root\n12  -");
        assert_eq!(table(&[], &["created_at"]), "CREATED AT");
        let escape = [json!({"name": "\u{1b}[2Jred\n"})];
        assert_eq!(table(&escape, &["name"]), "NAME\n\u{fffd}[2Jred\u{fffd}");
    }
}
