//! Numbers as our own routes write them: JSON has none for NaN and the infinities.

use serde::Serialize;
use utoipa::ToSchema;

use crate::mlflow::double;

/// How a [`Number`] is written.
#[derive(ToSchema)]
#[schema(description = "a number, or `NaN`, `Infinity`, `-Infinity` as text")]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub enum NumberOrWord {
    Number(f64),
    Word(String),
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct Number(#[serde(serialize_with = "double")] pub f64);
