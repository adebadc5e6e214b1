//! Turns tokens into an expression: `OR` over `AND` over `NOT` over brackets and clauses.

use super::fault::Fault;
use super::grammar::Grammar;
use super::lexer::{Kind, Token, lex, unquote};
use super::messages::{self, Search};
use super::{Comparator, Expr, MAX_DEPTH, MAX_FILTER_BYTES, MAX_TERMS};

/// One comparison as it was written, not yet checked against what its search allows.
pub(super) struct Clause<'t, 'a> {
    pub name: Name<'a>,
    pub operator: Operator<'a>,
    pub value: Value<'t, 'a>,
}

/// What a clause, or an `order_by`, talks about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    pub token: Token<'a>,
    /// The word before the dot, as it was written.
    pub entity: Option<&'a str>,
    /// What comes after the dot, or the whole name; without its quotes.
    pub key: &'a str,
}

impl<'a> Name<'a> {
    /// The name that `token` is; none when it is a number, a text or a keyword between clauses.
    pub fn new(token: Token<'a>) -> Option<Self> {
        match token.kind {
            Kind::Path { dot } => {
                let (entity, key) = (&token.text[..dot], &token.text[dot + 1..]);
                Some(Self { token, entity: Some(entity), key: unquote(key, &['`', '"', '\'']) })
            }
            Kind::Word if !is_connective(&token) => Some(Self { token, entity: None, key: token.text }),
            Kind::Quoted if !token.text.starts_with('\'') => {
                Some(Self { token, entity: None, key: unquote(token.text, &['`', '"']) })
            }
            _ => None,
        }
    }
}

pub(super) struct Operator<'a> {
    pub kind: OperatorKind,
    /// As MLflow's errors show it: words in upper case.
    pub text: String,
    /// Its first token, to point at.
    pub token: Token<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OperatorKind {
    Compare(Comparator),
    Like,
    ILike,
    In,
    NotIn,
    IsNull,
    IsNotNull,
    /// Well-formed, but known to no search: `==`, `RLIKE`, `NOT LIKE`.
    Unknown,
}

pub(super) enum Value<'t, 'a> {
    /// Of `IS NULL`.
    None,
    One(Token<'a>),
    /// `tokens` are those between the brackets, `text` is all of it.
    List {
        open: Token<'a>,
        tokens: &'t [Token<'a>],
        text: &'a str,
    },
}

/// The expression that `filter` is; none when it is blank or holds nothing but `AND`.
pub(super) fn parse<T>(filter: &str, grammar: &Grammar<T>) -> crate::Result<Option<Expr<T>>> {
    if filter.len() > MAX_FILTER_BYTES {
        return Err(crate::Error::Invalid(format!(
            "Invalid filter: it has {} bytes, and at most {MAX_FILTER_BYTES} are allowed",
            filter.len()
        )));
    }
    read(filter, grammar).map_err(|fault| fault.into_error(filter))
}

fn read<T>(filter: &str, grammar: &Grammar<T>) -> Result<Option<Expr<T>>, Fault> {
    let tokens = lex(filter, grammar.search)?;
    if tokens.iter().all(|token| token.is("AND")) {
        return Ok(None);
    }
    let mut parser = Parser { source: filter, tokens: &tokens, at: 0, terms: 0, depth: 0, grammar };
    let expr = parser.any_of()?;
    match parser.peek() {
        None => Ok(Some(expr)),
        Some(token) => Err(parser.bad_clauses(&[token])),
    }
}

struct Parser<'t, 'a, T: 'static> {
    source: &'a str,
    tokens: &'t [Token<'a>],
    at: usize,
    terms: usize,
    depth: usize,
    grammar: &'t Grammar<T>,
}

impl<'t, 'a, T> Parser<'t, 'a, T> {
    fn any_of(&mut self) -> Result<Expr<T>, Fault> {
        let mut sides = vec![self.all_of()?];
        while self.next_if("OR").is_some() {
            sides.push(self.all_of()?);
        }
        Ok(any_of(sides))
    }

    /// Operands with `AND` between them, or with nothing between them, as MLflow allows.
    fn all_of(&mut self) -> Result<Expr<T>, Fault> {
        // Like MLflow, a filter may start and end with an `AND` too many; in brackets or beside `OR` it would
        // rather be a condition that got lost.
        let may_lead = self.at == 0;
        let mut operands = Vec::new();
        let mut last_and = None;
        while let Some(token) = self.peek() {
            if token.is("AND") {
                if operands.is_empty() && !may_lead {
                    return Err(self.bad_clauses(&[token]));
                }
                last_and = self.next();
            } else if token.is("OR") || token.kind == Kind::CloseParen {
                break;
            } else {
                operands.push(self.operand()?);
                last_and = None;
            }
        }
        let stray = match self.peek() {
            Some(stopper) if operands.is_empty() => Some(stopper),
            Some(_) => last_and,
            // The filter ends after an `OR`.
            None if operands.is_empty() => self.tokens.last().copied(),
            None => None,
        };
        if let Some(token) = stray {
            return Err(self.bad_clauses(&[token]));
        }
        Ok(all_of(operands))
    }

    fn operand(&mut self) -> Result<Expr<T>, Fault> {
        if let Some(not) = self.next_if("NOT") {
            if self.peek().is_none_or(|token| is_connective(&token) && !token.is("NOT")) {
                return Err(self.bad_clauses(&[not]));
            }
            let inner = self.nested(not, Self::operand)?;
            return Ok(Expr::Not(Box::new(inner)));
        }
        if let Some(open) = self.peek().filter(|token| token.kind == Kind::OpenParen) {
            self.at += 1;
            let inner = self.nested(open, Self::any_of)?;
            return match self.next() {
                Some(token) if token.kind == Kind::CloseParen => Ok(inner),
                _ => Err(self.bad_clauses(&[open])),
            };
        }
        self.clause()
    }

    fn nested(
        &mut self,
        token: Token<'a>,
        read: fn(&mut Self) -> Result<Expr<T>, Fault>,
    ) -> Result<Expr<T>, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(Fault::at(
                format!("Invalid filter: it is nested deeper than the {MAX_DEPTH} levels that are allowed"),
                &token,
            ));
        }
        self.depth += 1;
        let inner = read(self);
        self.depth -= 1;
        inner
    }

    fn clause(&mut self) -> Result<Expr<T>, Fault> {
        let name = self.name()?;
        let operator = self.operator(&name)?;
        let value = self.value(&name, &operator)?;
        self.terms += 1;
        if self.terms > MAX_TERMS {
            let message =
                format!("Invalid filter: it has more than the {MAX_TERMS} comparisons that are allowed");
            return Err(Fault::at(message, &name.token));
        }
        self.grammar.term(&Clause { name, operator, value }).map(Expr::Term)
    }

    fn name(&mut self) -> Result<Name<'a>, Fault> {
        let Some(token) = self.next() else { return Err(self.ended()) };
        if let Some(name) = Name::new(token) {
            return Ok(name);
        }
        let compared = self.peek().is_some_and(|next| next.kind == Kind::Comparator);
        match token.kind {
            Kind::Unquoted => {
                let message = messages::identifier_expected(token.text);
                Err(Fault::at(format!("{message}; put backticks around a key with such characters"), &token))
            }
            Kind::Quoted | Kind::Number if compared => {
                Err(Fault::at(messages::identifier_expected(token.text), &token))
            }
            _ => Err(self.bad_clauses(&[token])),
        }
    }

    fn operator(&mut self, name: &Name<'a>) -> Result<Operator<'a>, Fault> {
        let from = self.at;
        let Some(token) = self.next() else { return Err(self.bad_clauses(&[name.token])) };
        let kind = if token.kind == Kind::Comparator {
            Comparator::parse(token.text).map_or(OperatorKind::Unknown, OperatorKind::Compare)
        } else if token.is("LIKE") {
            OperatorKind::Like
        } else if token.is("ILIKE") {
            OperatorKind::ILike
        } else if token.is("RLIKE") {
            OperatorKind::Unknown
        } else if token.is("IN") {
            OperatorKind::In
        } else if token.is("NOT") && self.next_if("IN").is_some() {
            OperatorKind::NotIn
        } else if token.is("NOT")
            && ["LIKE", "ILIKE", "RLIKE"].iter().any(|word| self.next_if(word).is_some())
        {
            OperatorKind::Unknown
        } else if token.is("IS") {
            let not = self.next_if("NOT").is_some();
            if self.next_if("NULL").is_none() {
                return Err(self.bad_clauses(&[name.token, token]));
            }
            if not { OperatorKind::IsNotNull } else { OperatorKind::IsNull }
        } else {
            return Err(self.bad_clauses(&[name.token, token]));
        };
        let words: Vec<String> =
            self.tokens[from..self.at].iter().map(|word| word.text.to_uppercase()).collect();
        Ok(Operator { kind, text: words.join(" "), token })
    }

    fn value(&mut self, name: &Name<'a>, operator: &Operator<'a>) -> Result<Value<'t, 'a>, Fault> {
        if matches!(operator.kind, OperatorKind::IsNull | OperatorKind::IsNotNull) {
            return Ok(Value::None);
        }
        let Some(token) = self.next() else { return Err(self.bad_clauses(&[name.token, operator.token])) };
        if token.kind == Kind::OpenParen {
            return self.list(token);
        }
        let listed = matches!(operator.kind, OperatorKind::In | OperatorKind::NotIn);
        let readable = matches!(
            token.kind,
            Kind::Word | Kind::Path { .. } | Kind::Quoted | Kind::Number | Kind::Unquoted
        );
        if listed || !readable || is_connective(&token) {
            return Err(self.bad_clauses(&[name.token, operator.token, token]));
        }
        Ok(Value::One(token))
    }

    fn list(&mut self, open: Token<'a>) -> Result<Value<'t, 'a>, Fault> {
        let tokens = &self.tokens[self.at..];
        let Some(length) = tokens.iter().position(|token| token.kind == Kind::CloseParen) else {
            return Err(Fault::at(messages::ILL_FORMED_LIST.to_owned(), &open));
        };
        self.at += length + 1;
        let text = &self.source[open.start..tokens[length].end()];
        Ok(Value::List { open, tokens: &tokens[..length], text })
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    fn next_if(&mut self, keyword: &str) -> Option<Token<'a>> {
        let token = self.peek().filter(|token| token.is(keyword))?;
        self.at += 1;
        Some(token)
    }

    /// The filter stops where something must follow.
    fn ended(&self) -> Fault {
        self.bad_clauses(&self.tokens[self.tokens.len().saturating_sub(1)..])
    }

    /// A complaint about `tokens` that points at the last of them.
    fn bad_clauses(&self, tokens: &[Token<'a>]) -> Fault {
        let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
        let message = messages::bad_clauses(self.search(), self.source, &texts);
        match tokens.last() {
            Some(token) => Fault::at(message, token),
            None => Fault::new(message, 0, self.source),
        }
    }

    fn search(&self) -> Search {
        self.grammar.search
    }
}

fn is_connective(token: &Token<'_>) -> bool {
    ["AND", "OR", "NOT"].iter().any(|keyword| token.is(keyword))
}

/// One expression stays itself; several are joined by `AND`, and those that already are unfold into it.
pub(super) fn all_of<T>(mut parts: Vec<Expr<T>>) -> Expr<T> {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::And(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    Expr::And(flat)
}

/// As [`all_of`], for `OR`.
pub(super) fn any_of<T>(mut parts: Vec<Expr<T>>) -> Expr<T> {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::Or(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    Expr::Or(flat)
}
