//! Conditions on the tags of registered models and of model versions, the one that marks a prompt among them.

use weir_domain::Result;
use weir_domain::filter::{Expr, TextTest};
use weir_domain::registered_model::PROMPT_TAG;

use super::{Args, TRUE, text_test, wants_absence};
use crate::tx::Tx;

/// What a condition finds up to which it leads, whatever else is asked.
pub(super) const FEW: usize = 1000;
/// Characters of a value that the indexes of the tags hold.
const HEAD: usize = 100;

/// Where the tags are, and the row of whose they are.
pub(super) struct Tagged {
    pub(super) table: &'static str,
    /// The column of `table`, and what it equals.
    pub(super) owner: &'static str,
    pub(super) id: &'static str,
    /// Whether the row is a prompt.
    pub(super) is_prompt: &'static str,
}

impl Tagged {
    /// The condition that a clause on the tag `key` stands for.
    pub(super) fn condition(
        &self,
        tx: &Tx<'_>,
        args: &mut Args,
        key: &str,
        test: &TextTest,
    ) -> Result<String> {
        if key == PROMPT_TAG {
            // As MLflow reads them: what lacks the tag is no prompt, and `!= 'true'` finds it. Letter case counts.
            match test {
                TextTest::Eq(value) if value == "true" => return Ok(self.is_prompt.to_owned()),
                TextTest::Ne(value) if value == "false" => return Ok(self.is_prompt.to_owned()),
                TextTest::Eq(value) if value == "false" => return Ok(self.no_prompt()),
                TextTest::Ne(value) if value == "true" => return Ok(self.no_prompt()),
                _ => {}
            }
        }
        let absent = wants_absence(test);
        let key = args.text(key);
        let test = if absent { TRUE.to_owned() } else { text_test(tx, args, "t.value", test)? };
        let not = if absent { "NOT " } else { "" };
        let Self { table, owner, id, .. } = self;
        // One look by key for each row: without the OFFSET, PostgreSQL may read every tag there is first.
        Ok(format!(
            "{not}EXISTS (SELECT 1 FROM {table} t WHERE t.{owner} = {id} AND t.key = {key} AND {test} LIMIT 1 OFFSET 0)"
        ))
    }

    /// All that have this tag, and perhaps more, of any project, when that is little.
    pub(super) fn few(&self, tx: &mut Tx<'_>, key: &str, value: &str) -> Result<Option<Vec<i64>>> {
        if key == PROMPT_TAG && value == "false" {
            // What lacks the tag passes too.
            return Ok(None);
        }
        let head: String = value.chars().take(HEAD).collect();
        let Self { table, owner, .. } = self;
        let sql =
            format!("SELECT {owner} FROM {table} WHERE key = ?1 AND substr(value, 1, {HEAD}) = ?2 LIMIT ?3");
        let ids = tx.list(&sql, &[&key, &head, &(FEW as i64 + 1)], |row| row.int(0))?;
        Ok((ids.len() <= FEW).then_some(ids))
    }

    fn no_prompt(&self) -> String {
        format!("NOT {}", self.is_prompt)
    }

    /// What leaves prompts out, as MLflow does where no clause is about the tag that marks them.
    pub(super) fn unless_asked<T>(
        &self,
        filter: Option<&Expr<T>>,
        key: impl Fn(&T) -> Option<&str> + Copy,
    ) -> Option<String> {
        let asked = filter.is_some_and(|filter| any(filter, &|term| key(term) == Some(PROMPT_TAG)));
        (!asked).then(|| self.no_prompt())
    }
}

fn any<T>(expr: &Expr<T>, holds: &impl Fn(&T) -> bool) -> bool {
    match expr {
        Expr::Term(term) => holds(term),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(|part| any(part, holds)),
        Expr::Not(inner) => any(inner, holds),
    }
}

/// The terms that must all hold.
pub(super) fn required<T>(filter: Option<&Expr<T>>) -> Vec<&T> {
    match filter {
        Some(Expr::Term(term)) => vec![term],
        Some(Expr::And(parts)) => {
            let terms = parts.iter().map(|part| if let Expr::Term(term) = part { Some(term) } else { None });
            terms.flatten().collect()
        }
        _ => Vec::new(),
    }
}
