//! Fields of requests as MLflow's protocol reads them: lenient about form, exact about what is wrong.
//!
//! A field never fails to parse; it remembers a value of the wrong type until the handler asks for it by name, so
//! that the message can say which parameter it was.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use weir_domain::key::missing;
use weir_domain::{Error, Result};

/// A field of a request.
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// Not there, or `null`.
    #[default]
    Absent,
    Value(T),
    /// Of another type; the JSON text of what was there.
    Wrong(serde_json::Value),
}

pub type Text = Field<String>;
pub type Int = Field<i64>;
pub type Double = Field<f64>;
pub type Flag = Field<bool>;
pub type List<T> = Field<Vec<T>>;

impl<T> Field<T> {
    /// The value if there is one.
    pub fn optional(self, name: impl fmt::Display) -> Result<Option<T>> {
        match self {
            Self::Absent => Ok(None),
            Self::Value(value) => Ok(Some(value)),
            Self::Wrong(value) => Err(wrong_type(name, &value)),
        }
    }

    /// The value, which must be there.
    pub fn required(self, name: impl fmt::Display) -> Result<T> {
        self.optional(&name)?.ok_or_else(|| Error::Invalid(missing(&name.to_string())))
    }

    /// The same with GitLab's sentence.
    pub fn needed(self, name: impl fmt::Display) -> Result<T> {
        self.optional(&name)?.ok_or_else(|| Error::Invalid(format!("{name} is missing")))
    }

    pub fn or_default(self, name: impl fmt::Display) -> Result<T>
    where
        T: Default,
    {
        Ok(self.optional(name)?.unwrap_or_default())
    }
}

impl Text {
    /// A text that must be there and not be empty, as MLflow wants of names, keys and ids.
    pub fn filled(self, name: impl fmt::Display) -> Result<String> {
        let text = self.required(&name)?;
        if text.is_empty() { Err(Error::Invalid(missing(&name.to_string()))) } else { Ok(text) }
    }
}

/// A text that a change leaves when it is not there, and takes away when it is `null` or empty: what python-gitlab sends
/// of an attribute that was set to `None`.
#[derive(Clone, Debug, Default)]
pub struct Clearable(pub Text);

impl<'de> Deserialize<'de> for Clearable {
    /// Only called where something stands.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(Self(match Text::deserialize(deserializer)? {
            Text::Absent => Text::Value(String::new()),
            other => other,
        }))
    }
}

/// A field of an element of a list, such as `metrics[3].key`; written out only when something is wrong with it.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub list: &'a str,
    pub index: Option<usize>,
    pub field: &'a str,
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}[{index}].{}", self.list, self.field),
            None => f.write_str(self.field),
        }
    }
}

/// MLflow's sentence; the two blanks before `Hint` are its own.
pub fn wrong_type(name: impl fmt::Display, value: &serde_json::Value) -> Error {
    let kind = match value {
        serde_json::Value::Null => "NoneType",
        serde_json::Value::Bool(_) => "bool",
        serde_json::Value::Number(number) if number.is_f64() => "float",
        serde_json::Value::Number(_) => "int",
        serde_json::Value::String(_) => "str",
        serde_json::Value::Array(_) => "list",
        serde_json::Value::Object(_) => "dict",
    };
    let has_nul = value.as_str().is_some_and(|text| text.contains('\0'));
    let mut text = value.to_string();
    if text.len() > 200 {
        let end = (0..=200).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    if has_nul {
        return Error::Invalid(format!(
            "Invalid value {text} for parameter '{name}' supplied: it contains a NUL character, which text must not"
        ));
    }
    Error::Invalid(format!(
        "Invalid value {text} for parameter '{name}' supplied:  Hint: Value was of type '{kind}'. See the API docs for more information about request parameters."
    ))
}

/// What a field makes of the values that JSON has.
trait Wire: Sized {
    fn text(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
    fn owned_text(text: String) -> Option<Self> {
        Self::text(&text)
    }
    fn int(value: i64) -> Option<Self> {
        let _ = value;
        None
    }
    fn double(value: f64) -> Option<Self> {
        let _ = value;
        None
    }
    fn flag(value: bool) -> Option<Self> {
        let _ = value;
        None
    }
}

impl Wire for String {
    /// No database of ours keeps a NUL in a text, so none gets past here.
    fn text(text: &str) -> Option<Self> {
        (!text.contains('\0')).then(|| text.to_owned())
    }

    fn owned_text(text: String) -> Option<Self> {
        (!text.contains('\0')).then_some(text)
    }
}

impl Wire for i64 {
    fn text(text: &str) -> Option<Self> {
        text.parse().ok().or_else(|| text.parse().ok().and_then(Self::double))
    }

    fn int(value: i64) -> Option<Self> {
        Some(value)
    }

    fn double(value: f64) -> Option<Self> {
        // 2^63 itself is out of range.
        let whole = value.trunc() == value
            && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
        whole.then_some(value as i64)
    }
}

impl Wire for f64 {
    fn text(text: &str) -> Option<Self> {
        match text {
            "NaN" | "nan" => Some(f64::NAN),
            "Infinity" | "inf" => Some(f64::INFINITY),
            "-Infinity" | "-inf" => Some(f64::NEG_INFINITY),
            other => other.parse().ok().filter(|value: &f64| value.is_finite()),
        }
    }

    fn int(value: i64) -> Option<Self> {
        Some(value as f64)
    }

    fn double(value: f64) -> Option<Self> {
        Some(value)
    }

    fn flag(value: bool) -> Option<Self> {
        Some(f64::from(u8::from(value)))
    }
}

impl Wire for bool {
    fn text(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn flag(value: bool) -> Option<Self> {
        Some(value)
    }
}

struct FieldVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Self::Value, E> {
        Ok(T::text(text).map_or_else(|| Field::Wrong(text.into()), Field::Value))
    }

    fn visit_string<E>(self, text: String) -> std::result::Result<Self::Value, E> {
        Ok(match T::owned_text(text.clone()) {
            Some(value) => Field::Value(value),
            None => Field::Wrong(text.into()),
        })
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Self::Value, E> {
        Ok(T::int(value).map_or_else(|| Field::Wrong(value.into()), Field::Value))
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Self::Value, E> {
        let read = i64::try_from(value).ok().and_then(T::int).or_else(|| T::double(value as f64));
        Ok(read.map_or_else(|| Field::Wrong(value.into()), Field::Value))
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Self::Value, E> {
        Ok(T::double(value).map_or_else(|| Field::Wrong(value.into()), Field::Value))
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Self::Value, E> {
        Ok(T::flag(value).map_or_else(|| Field::Wrong(value.into()), Field::Value))
    }

    fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
        Ok(Field::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> std::result::Result<Self::Value, A::Error> {
        serde_json::Value::deserialize(SeqAccessDeserializer::new(seq)).map(Field::Wrong)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Self::Value, A::Error> {
        serde_json::Value::deserialize(MapAccessDeserializer::new(map)).map(Field::Wrong)
    }
}

macro_rules! field {
    ($($type:ty),*) => {
        $(impl<'de> Deserialize<'de> for Field<$type> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                deserializer.deserialize_any(FieldVisitor(std::marker::PhantomData))
            }
        })*
    };
}

field!(String, i64, f64, bool);

struct ListVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Self::Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1024));
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Field::Value(items))
    }

    fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
        Ok(Field::Absent)
    }

    /// One text where a list is meant: a parameter that stood once in a query, or GitLab's form of `order_by`.
    fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<Self::Value, E> {
        match T::deserialize(serde::de::value::StrDeserializer::<E>::new(text)) {
            Ok(item) => Ok(Field::Value(vec![item])),
            Err(_) => Ok(Field::Wrong(text.into())),
        }
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Self::Value, E> {
        Ok(Field::Wrong(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Self::Value, E> {
        Ok(Field::Wrong(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Self::Value, E> {
        Ok(Field::Wrong(value.into()))
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Self::Value, E> {
        Ok(Field::Wrong(value.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Self::Value, A::Error> {
        serde_json::Value::deserialize(MapAccessDeserializer::new(map)).map(Field::Wrong)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(std::marker::PhantomData))
    }
}
