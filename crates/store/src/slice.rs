//! One page of a list as GitLab's clients ask for it: by its number, or from an id on.

use weir_domain::Result;

use crate::Tx;
use crate::tx::{Row, ToArg};

/// Which part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Rows at most.
    pub limit: i64,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind so many rows: the page numbers of GitLab's protocol.
    Offset(i64),
    /// Ordered by id alone, from behind this one.
    Keyset { beyond: Option<i64>, descending: bool },
}

/// What is there of it.
#[derive(Clone, Debug)]
pub struct Part<T> {
    pub rows: Vec<T>,
    /// Of the whole list; `None` when there are more than [`COUNTED`], as GitLab has it, and behind an id.
    pub total: Option<i64>,
    /// Whether rows follow.
    pub more: bool,
}

/// Lists are counted so far and no further.
pub const COUNTED: i64 = 10_000;

/// A list before it is cut.
pub(crate) struct Listing<'a> {
    pub(crate) columns: &'a str,
    /// From the first table to the end of the conditions.
    pub(crate) from: &'a str,
    /// The column that a keyset goes by.
    pub(crate) id: &'a str,
    /// Of pages by number; a total order.
    pub(crate) order: &'a str,
}

/// Reads a part of the list. `args` are those of `from`, numbered from 1.
pub(crate) fn read<T>(
    tx: &mut Tx<'_>,
    listing: &Listing<'_>,
    args: &[&dyn ToArg],
    slice: Slice,
    map: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Part<T>> {
    let Listing { columns, from, id, order } = listing;
    let mut args = args.to_vec();
    let (next, after) = (args.len() + 1, args.len() + 2);
    let one_more = slice.limit + 1;
    let (mut rows, total) = match slice.place {
        Place::Offset(offset) => {
            let count = format!("SELECT COUNT(*) FROM (SELECT 1 AS one FROM {from} LIMIT ?{next}) counted");
            let most = COUNTED + 1;
            args.push(&most);
            let total = tx.get(&count, &args, |row| row.int(0))?;
            args.pop();
            let sql = format!("SELECT {columns} FROM {from} ORDER BY {order} LIMIT ?{next} OFFSET ?{after}");
            args.extend::<[&dyn ToArg; 2]>([&one_more, &offset]);
            (tx.list(&sql, &args, map)?, (total <= COUNTED).then_some(total))
        }
        Place::Keyset { beyond, descending } => {
            let (than, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
            let beyond = beyond.unwrap_or(if descending { i64::MAX } else { i64::MIN });
            let sql = format!(
                "SELECT {columns} FROM {from} AND {id} {than} ?{after} ORDER BY {id} {direction} LIMIT ?{next}"
            );
            args.extend::<[&dyn ToArg; 2]>([&one_more, &beyond]);
            (tx.list(&sql, &args, map)?, None)
        }
    };
    let limit = usize::try_from(slice.limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Part { rows, total, more })
}
