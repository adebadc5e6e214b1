//! The signature of a model: the columns or tensors it takes and gives, and its params.

use std::fmt;

use serde_json::Value;

/// What goes into a model and what comes out of it. An absent side has no fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signature {
    pub inputs: Vec<Field>,
    pub outputs: Vec<Field>,
    pub params: Vec<Field>,
}

/// A column, a tensor or a param.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Columns and tensors may have none; then their place counts.
    pub name: Option<String>,
    pub kind: Kind,
    pub required: bool,
    /// Of a tensor, with -1 where any length is right; of a param that is a list, `[-1]`.
    pub shape: Option<Vec<i64>>,
    /// A param's default value, as JSON text.
    pub default: Option<String>,
}

/// The type of a field; shown as `array<object{role: string, name?: string}>`.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// By MLflow's name: `long`, `double`, `string`, `datetime`, `any` and so on.
    Scalar(String),
    /// By the name of its numpy type.
    Tensor(String),
    Array(Box<Kind>),
    /// From texts to values of one type.
    Map(Box<Kind>),
    /// In the order of the names.
    Object(Vec<Property>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    pub name: String,
    pub kind: Kind,
    pub required: bool,
}

/// MLflow's word for it; that of a tensor's numbers stands beside it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(name) => f.write_str(name),
            Self::Tensor(_) => f.write_str("tensor"),
            Self::Array(items) => write!(f, "array<{items}>"),
            Self::Map(values) => write!(f, "map<{values}>"),
            Self::Object(properties) => {
                f.write_str("object{")?;
                for (index, property) in properties.iter().enumerate() {
                    let before = if index == 0 { "" } else { ", " };
                    let mark = if property.required { "" } else { "?" };
                    write!(f, "{before}{}{mark}: {}", property.name, property.kind)?;
                }
                f.write_str("}")
            }
        }
    }
}

type Read<T> = Result<T, String>;

/// Columns or tensors, from the JSON text that MLflow keeps in a signature's `inputs` or `outputs`.
pub fn parse_schema(json: &str) -> Read<Vec<Field>> {
    let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    // MLflow before 2.10 wrote a map of one kind without its list.
    let items = match &value {
        Value::Array(items) => items.as_slice(),
        Value::Object(_) => std::slice::from_ref(&value),
        _ => return Err("it is not a list of columns or tensors".to_owned()),
    };
    items.iter().enumerate().map(|(index, item)| field(item).map_err(|error| within(index, &error))).collect()
}

/// Params, from the JSON text of a signature's `params`.
pub fn parse_params(json: &str) -> Read<Vec<Field>> {
    let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let items = value.as_array().ok_or("it is not a list of params")?;
    items.iter().enumerate().map(|(index, item)| param(item).map_err(|error| within(index, &error))).collect()
}

fn within(index: usize, error: &str) -> String {
    format!("entry {index}: {error}")
}

fn field(item: &Value) -> Read<Field> {
    let name = name_of(item)?;
    let required = is_required(item);
    if item.get("type").and_then(Value::as_str) != Some("tensor") {
        return Ok(Field { name, kind: kind(item)?, required, shape: None, default: None });
    }
    let spec = item.get("tensor-spec").ok_or("a tensor without its 'tensor-spec'")?;
    let dtype = spec.get("dtype").and_then(Value::as_str).ok_or("a tensor without its 'dtype'")?;
    let shape = spec.get("shape").map(shape_of).transpose()?.flatten();
    Ok(Field { name, kind: Kind::Tensor(dtype.to_owned()), required, shape, default: None })
}

fn param(item: &Value) -> Read<Field> {
    let name = name_of(item)?.ok_or("a param without a name")?;
    // Written by MLflow 2.6 and 2.7 in the place of `type`.
    let kind = match item.get("dtype").and_then(Value::as_str) {
        Some(dtype) if item.get("type").is_none() => Kind::Scalar(dtype.to_owned()),
        _ => kind(item)?,
    };
    let shape = item.get("shape").map(shape_of).transpose()?.flatten();
    let default = item.get("default").filter(|value| !value.is_null()).map(Value::to_string);
    Ok(Field { name: Some(name), kind, required: false, shape, default })
}

fn name_of(item: &Value) -> Read<Option<String>> {
    match item.get("name") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) => Ok(Some(name.clone())),
        // Columns of a frame without names are numbered, and older clients wrote the number.
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err("its 'name' is not a text".to_owned()),
    }
}

/// Older clients wrote `optional`, and the oldest neither.
fn is_required(item: &Value) -> bool {
    match (item.get("required"), item.get("optional")) {
        (Some(Value::Bool(required)), _) => *required,
        (_, Some(Value::Bool(optional))) => !optional,
        _ => true,
    }
}

/// As deep as its JSON, which the parser bounds.
fn kind(item: &Value) -> Read<Kind> {
    let name = item.get("type").and_then(Value::as_str).ok_or("no 'type'")?;
    let inner =
        |key: &str| item.get(key).ok_or_else(|| format!("type '{name}' without its '{key}'")).and_then(kind);
    match name {
        "array" => Ok(Kind::Array(Box::new(inner("items")?))),
        "map" => Ok(Kind::Map(Box::new(inner("values")?))),
        "object" => {
            let properties = item.get("properties").and_then(Value::as_object);
            let properties = properties.ok_or("type 'object' without its 'properties'")?;
            let mut read = Vec::with_capacity(properties.len());
            for (name, property) in properties {
                let required = is_required(property);
                read.push(Property { name: name.clone(), kind: kind(property)?, required });
            }
            read.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(Kind::Object(read))
        }
        other => Ok(Kind::Scalar(other.to_owned())),
    }
}

fn shape_of(value: &Value) -> Read<Option<Vec<i64>>> {
    match value {
        Value::Null => Ok(None),
        Value::Array(lengths) => {
            let lengths: Option<Vec<i64>> = lengths.iter().map(Value::as_i64).collect();
            lengths.map(Some).ok_or_else(|| "its 'shape' is not a list of whole numbers".to_owned())
        }
        _ => Err("its 'shape' is not a list of whole numbers".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(fields: &[Field]) -> Vec<String> {
        fields
            .iter()
            .map(|field| {
                let name = field.name.as_deref().unwrap_or("-");
                let mark = if field.required { "" } else { "?" };
                let shape = field.shape.as_ref().map_or_else(String::new, |shape| format!(" {shape:?}"));
                let default = field.default.as_ref().map_or_else(String::new, |text| format!(" = {text}"));
                let dtype = if let Kind::Tensor(dtype) = &field.kind {
                    format!(" of {dtype}")
                } else {
                    String::new()
                };
                format!("{name}{mark}: {}{dtype}{shape}{default}", field.kind)
            })
            .collect()
    }

    #[test]
    fn reads_every_form_of_a_column() {
        let json = r#"[
            {"type": "double", "name": "a"},
            {"type": "long", "name": "b", "optional": true},
            {"type": "string", "name": 3, "required": false},
            {"type": "array", "items": {"type": "map", "values": {"type": "any"}}, "name": "c"},
            {"type": "object", "properties": {"z": {"type": "binary"}, "y": {"type": "long", "required": false}}, "name": "d"},
            {"type": "sparkml_vector"},
            {"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 28]}, "name": "e"}
        ]"#;
        assert_eq!(
            shown(&parse_schema(json).unwrap()),
            [
                "a: double",
                "b?: long",
                "3?: string",
                "c: array<map<any>>",
                "d: object{y?: long, z: binary}",
                "-: sparkml_vector",
                "e: tensor of float32 [-1, 28]",
            ]
        );
    }

    #[test]
    fn reads_params() {
        let json = r#"[{"name": "t", "default": 0.5, "shape": null, "type": "double"},
                       {"name": "s", "default": ["a"], "shape": [-1], "type": "string"},
                       {"name": "old", "default": null, "dtype": "long"}]"#;
        let shown = shown(&parse_params(json).unwrap());
        assert_eq!(shown, ["t?: double = 0.5", "s?: string [-1] = [\"a\"]", "old?: long"]);
    }

    #[test]
    fn says_what_is_wrong() {
        for (json, expected) in [
            ("", "EOF"),
            ("3", "not a list"),
            ("[3]", "entry 0: no 'type'"),
            (r#"[{"type": "long"}, {"type": "array"}]"#, "entry 1: type 'array' without its 'items'"),
            (r#"[{"type": "tensor"}]"#, "without its 'tensor-spec'"),
            (r#"[{"type": "tensor", "tensor-spec": {"dtype": "x", "shape": ["a"]}}]"#, "not a list of whole"),
            (r#"[{"type": "long", "name": []}]"#, "'name' is not a text"),
        ] {
            let error = parse_schema(json).unwrap_err();
            assert!(error.contains(expected), "{json}: {error}");
        }
        assert!(parse_params(r#"[{"type": "long"}]"#).unwrap_err().contains("without a name"));
        let deep = format!("[{}", r#"{"type": "array", "items": "#.repeat(10_000));
        assert!(parse_schema(&deep).unwrap_err().contains("recursion limit"));
    }
}
