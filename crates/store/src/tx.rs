//! The SQL surface that every storage operation is written against, on SQLite and on PostgreSQL.
//!
//! Operations use `?1` placeholders and the same text on both engines; where the dialects differ, `Tx` has a
//! method that says what is meant ([`Tx::for_update`], [`Tx::any_of`], [`Tx::like`]).

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::ops::Deref;

use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use weir_domain::{Error, Result};

use crate::changes::{Noted, Subject, What};
use crate::patience::Patience;

/// One open transaction.
pub enum Tx<'a> {
    Sqlite(&'a SqliteConnection<'a>),
    Postgres(&'a mut PostgresConnection),
}

/// A SQLite connection in a transaction, and what that noted as changed.
pub struct SqliteConnection<'a> {
    connection: &'a rusqlite::Connection,
    noted: RefCell<Noted>,
}

impl<'a> SqliteConnection<'a> {
    pub(crate) fn new(connection: &'a rusqlite::Connection) -> Self {
        Self { connection, noted: RefCell::default() }
    }

    pub(crate) fn into_noted(self) -> Noted {
        self.noted.into_inner()
    }
}

impl Deref for SqliteConnection<'_> {
    type Target = rusqlite::Connection;

    fn deref(&self) -> &rusqlite::Connection {
        self.connection
    }
}

/// A PostgreSQL connection and its prepared statements, keyed by the text with `?1` placeholders.
pub struct PostgresConnection {
    pub(crate) client: postgres::Client,
    pub(crate) statements: HashMap<Box<str>, postgres::Statement>,
    /// What the open transaction noted as changed.
    pub(crate) noted: Noted,
    /// How long the open transaction may go on with another statement; the server minds each of them.
    pub(crate) patience: Option<Patience>,
}

/// Past this many cached statements the cache is emptied: search makes texts of its own.
const STATEMENTS: usize = 512;

impl PostgresConnection {
    fn prepare(&mut self, sql: &str) -> Result<postgres::Statement> {
        if let Some(patience) = &self.patience {
            patience.check()?;
        }
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&with_dollars(sql)).map_err(Error::internal)?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.into(), statement.clone());
        Ok(statement)
    }
}

/// `?1` becomes `$1`. No text of ours holds a `?` for anything else.
fn with_dollars(sql: &str) -> String {
    sql.replace('?', "$")
}

impl Tx<'_> {
    /// Notes what this transaction changes, to be told to those who watch once it is committed.
    pub(crate) fn note(&mut self, subject: Subject, what: What) {
        match self {
            Self::Sqlite(connection) => connection.noted.borrow_mut().push((subject, what)),
            Self::Postgres(connection) => connection.noted.push((subject, what)),
        }
    }

    /// A number that is another one when some other process has written in between; `None` on PostgreSQL. It is that of
    /// this connection: ask in `Store::write`, which on SQLite has only one.
    pub fn outside_writes(&mut self) -> Result<Option<i64>> {
        match self {
            Self::Sqlite(_) => self.get("PRAGMA data_version", &[], |row| row.int(0)).map(Some),
            Self::Postgres(_) => Ok(None),
        }
    }

    /// Runs a statement and returns how many rows it changed.
    pub fn execute(&mut self, sql: &str, args: &[&dyn ToArg]) -> Result<u64> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql).map_err(Error::internal)?;
                bind(&mut statement, args)?;
                statement.raw_execute().map(|rows| rows as u64).map_err(Error::internal)
            }
            Self::Postgres(connection) => {
                let statement = connection.prepare(sql)?;
                let bound = bound(args);
                connection.client.execute(&statement, &references(&bound)).map_err(Error::internal)
            }
        }
    }

    /// Every row, in the order of the statement.
    pub fn list<T>(
        &mut self,
        sql: &str,
        args: &[&dyn ToArg],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, args, |row| {
            rows.push(map(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Calls `visit` with every row.
    pub fn each(
        &mut self,
        sql: &str,
        args: &[&dyn ToArg],
        mut visit: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql).map_err(Error::internal)?;
                bind(&mut statement, args)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next().map_err(Error::internal)? {
                    visit(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Self::Postgres(connection) => {
                let statement = connection.prepare(sql)?;
                let bound = bound(args);
                let rows =
                    connection.client.query(&statement, &references(&bound)).map_err(Error::internal)?;
                rows.iter().try_for_each(|row| visit(&Row::Postgres(row)))
            }
        }
    }

    /// The first row, if there is one.
    pub fn find<T>(
        &mut self,
        sql: &str,
        args: &[&dyn ToArg],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql).map_err(Error::internal)?;
                bind(&mut statement, args)?;
                let mut rows = statement.raw_query();
                match rows.next().map_err(Error::internal)? {
                    Some(row) => map(&Row::Sqlite(row)).map(Some),
                    None => Ok(None),
                }
            }
            Self::Postgres(connection) => {
                let statement = connection.prepare(sql)?;
                let bound = bound(args);
                let row =
                    connection.client.query_opt(&statement, &references(&bound)).map_err(Error::internal)?;
                row.map(|row| map(&Row::Postgres(&row))).transpose()
            }
        }
    }

    /// The one row of a statement that always has one, such as `INSERT … RETURNING`.
    pub fn get<T>(
        &mut self,
        sql: &str,
        args: &[&dyn ToArg],
        map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.find(sql, args, map)?.ok_or_else(|| Error::internal(format!("no row from: {sql}")))
    }

    /// Behind a `SELECT`: keeps the rows as they are until the end of the transaction.
    /// SQLite has one writer at a time and needs nothing.
    pub fn for_update(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        }
    }

    /// Like [`Self::for_update`], for a row that must only not be changed or deleted by others.
    pub fn for_share(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR SHARE",
        }
    }

    /// `column` is one of the list bound at `placeholder` (a `&[i64]` or `&[String]`).
    pub fn any_of(&self, column: &str, placeholder: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("{column} IN (SELECT value FROM json_each({placeholder}))"),
            Self::Postgres(_) => format!("{column} = ANY({placeholder})"),
        }
    }

    /// The text bound at `placeholder` is a part of `column`, whatever the case of ASCII letters.
    pub fn contains_any_case(&self, column: &str, placeholder: &str) -> String {
        let find = match self {
            Self::Sqlite(_) => "instr",
            Self::Postgres(_) => "strpos",
        };
        format!("{find}(lower({column}), lower({placeholder})) > 0")
    }

    /// `LIKE` that minds case and has no escape character, as MLflow's search has it.
    pub fn like(&self, column: &str, placeholder: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("like_minding_case({placeholder}, {column})"),
            Self::Postgres(_) => format!("{column} LIKE {placeholder} ESCAPE ''"),
        }
    }

    /// The text in `column` has the one at `placeholder`, which is in lower case, somewhere in it, whatever the case of
    /// its letters (on SQLite: of ASCII letters).
    pub fn contains(&self, column: &str, placeholder: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("instr(lower({column}), {placeholder}) > 0"),
            Self::Postgres(_) => format!("strpos(lower({column}), {placeholder}) > 0"),
        }
    }

    /// [`Self::like`] without regard to the case of ASCII letters.
    pub fn ilike(&self, column: &str, placeholder: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("like_any_case({placeholder}, {column})"),
            Self::Postgres(_) => format!("{column} ILIKE {placeholder} ESCAPE ''"),
        }
    }
}

/// A value bound to a placeholder.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    Null,
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(&'a str),
    Blob(&'a [u8]),
    Ints(&'a [i64]),
    Texts(&'a [String]),
}

/// What can be bound to a placeholder.
pub trait ToArg {
    fn arg(&self) -> Arg<'_>;
}

macro_rules! to_arg {
    ($($type:ty => |$value:ident| $arg:expr),* $(,)?) => {
        $(impl ToArg for $type {
            fn arg(&self) -> Arg<'_> {
                let $value = self;
                $arg
            }
        })*
    };
}

to_arg! {
    i64 => |value| Arg::Int(*value),
    f64 => |value| Arg::Real(*value),
    bool => |value| Arg::Bool(*value),
    str => |value| Arg::Text(value),
    String => |value| Arg::Text(value),
    [u8] => |value| Arg::Blob(value),
    Vec<u8> => |value| Arg::Blob(value),
    [u8; 32] => |value| Arg::Blob(value),
    [i64] => |value| Arg::Ints(value),
    Vec<i64> => |value| Arg::Ints(value),
    [String] => |value| Arg::Texts(value),
    Vec<String> => |value| Arg::Texts(value),
}

impl<T: ToArg + ?Sized> ToArg for &T {
    fn arg(&self) -> Arg<'_> {
        (**self).arg()
    }
}

impl<T: ToArg> ToArg for Option<T> {
    fn arg(&self) -> Arg<'_> {
        self.as_ref().map_or(Arg::Null, ToArg::arg)
    }
}

/// An argument that outlives the statement it was made for; search collects these while it writes a text.
#[derive(Clone, Debug)]
pub enum OwnedArg {
    Int(i64),
    Real(f64),
    Text(String),
    Ints(Vec<i64>),
    Texts(Vec<String>),
}

impl ToArg for OwnedArg {
    fn arg(&self) -> Arg<'_> {
        match self {
            Self::Int(value) => Arg::Int(*value),
            Self::Real(value) => Arg::Real(*value),
            Self::Text(value) => Arg::Text(value),
            Self::Ints(value) => Arg::Ints(value),
            Self::Texts(value) => Arg::Texts(value),
        }
    }
}

fn bind(statement: &mut rusqlite::CachedStatement<'_>, args: &[&dyn ToArg]) -> Result<()> {
    for (index, arg) in args.iter().enumerate() {
        let index = index + 1;
        match arg.arg() {
            Arg::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Arg::Int(value) => statement.raw_bind_parameter(index, value),
            Arg::Real(value) => statement.raw_bind_parameter(index, value),
            Arg::Bool(value) => statement.raw_bind_parameter(index, value),
            Arg::Text(value) => statement.raw_bind_parameter(index, value),
            Arg::Blob(value) => statement.raw_bind_parameter(index, value),
            Arg::Ints(values) => statement.raw_bind_parameter(index, json_ints(values)),
            Arg::Texts(values) => statement.raw_bind_parameter(index, json_texts(values)),
        }
        .map_err(Error::internal)?;
    }
    Ok(())
}

fn json_ints(values: &[i64]) -> String {
    let mut text = String::with_capacity(values.len() * 8 + 2);
    text.push('[');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&value.to_string());
    }
    text.push(']');
    text
}

fn json_texts(values: &[String]) -> String {
    let mut text = String::from("[");
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push('"');
        for character in value.chars() {
            match character {
                '"' | '\\' => {
                    text.push('\\');
                    text.push(character);
                }
                control if (control as u32) < 0x20 => text.push_str(&format!("\\u{:04x}", control as u32)),
                plain => text.push(plain),
            }
        }
        text.push('"');
    }
    text.push(']');
    text
}

fn bound<'a>(args: &'a [&'a dyn ToArg]) -> Vec<Arg<'a>> {
    args.iter().map(|arg| arg.arg()).collect()
}

fn references<'a>(args: &'a [Arg<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Arg<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) if *ty == Type::FLOAT8 => (*value as f64).to_sql(ty, out),
            Self::Int(value) if *ty == Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Real(value) => value.to_sql(ty, out),
            Self::Bool(value) => value.to_sql(ty, out),
            // PostgreSQL keeps no NUL in text; the API refuses one before it gets here.
            Self::Text(value) => value.to_sql(ty, out),
            Self::Blob(value) => value.to_sql(ty, out),
            Self::Ints(values) => values.to_sql(ty, out),
            Self::Texts(values) => values.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// One row of an answer, read by column number from 0.
pub enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident -> $type:ty;)*) => {
        $($(#[$doc])*
        pub fn $name(&self, column: usize) -> Result<$type> {
            match self {
                Self::Sqlite(row) => row.get(column).map_err(Error::internal),
                Self::Postgres(row) => row.try_get(column).map_err(Error::internal),
            }
        })*
    };
}

impl Row<'_> {
    columns! {
        int -> i64;
        opt_int -> Option<i64>;
        real -> f64;
        opt_real -> Option<f64>;
        bool -> bool;
        text -> String;
        opt_text -> Option<String>;
        blob -> Vec<u8>;
        opt_blob -> Option<Vec<u8>>;
    }

    /// A text that is only looked at.
    pub fn str(&self, column: usize) -> Result<&str> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(column).map_err(Error::internal)?.as_str().map_err(Error::internal)
            }
            Self::Postgres(row) => row.try_get(column).map_err(Error::internal),
        }
    }

    /// Bytes that are only looked at.
    pub fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(column).map_err(Error::internal)?.as_blob().map_err(Error::internal)
            }
            Self::Postgres(row) => row.try_get(column).map_err(Error::internal),
        }
    }
}
