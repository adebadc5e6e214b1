//! What changed between two signatures.

use std::collections::HashMap;

use super::signature::{Field, Signature};

/// What changed on each side of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaDifference {
    pub inputs: FieldsDifference,
    pub outputs: FieldsDifference,
    pub params: FieldsDifference,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldsDifference {
    pub added: Vec<Placed>,
    pub removed: Vec<Placed>,
    pub changed: Vec<Change>,
}

/// A field, and its place among those without a name when it has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub field: Field,
    pub position: Option<usize>,
}

/// A field that both have, in two forms.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub position: Option<usize>,
    pub from: Field,
    pub to: Field,
    pub aspects: Vec<Aspect>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    Type,
    Required,
    Shape,
    Default,
}

impl Aspect {
    pub fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Required => "required",
            Self::Shape => "shape",
            Self::Default => "default",
        }
    }
}

impl SchemaDifference {
    /// What makes `to` of `from`. Fields meet by name whatever their order, and those without a name by their place
    /// among their like. A model without a signature has no fields.
    pub fn between(from: &Signature, to: &Signature) -> Self {
        Self {
            inputs: FieldsDifference::between(&from.inputs, &to.inputs),
            outputs: FieldsDifference::between(&from.outputs, &to.outputs),
            params: FieldsDifference::between(&from.params, &to.params),
        }
    }
}

/// The name, and how many of the same name stand before: MLflow allows one, but a file may say anything.
type Label<'a> = (Option<&'a str>, usize);

impl FieldsDifference {
    fn between(from: &[Field], to: &[Field]) -> Self {
        let (from, to) = (labelled(from), labelled(to));
        let before: HashMap<Label<'_>, &Field> = from.iter().copied().collect();
        let after: HashMap<Label<'_>, &Field> = to.iter().copied().collect();
        let mut difference = Self::default();
        for (label, field) in &to {
            match before.get(label) {
                None => difference.added.push(placed(*label, field)),
                Some(old) => difference.changed.extend(change(*label, old, field)),
            }
        }
        for (label, field) in from.iter().filter(|(label, _)| !after.contains_key(label)) {
            difference.removed.push(placed(*label, field));
        }
        difference
    }
}

fn labelled(fields: &[Field]) -> Vec<(Label<'_>, &Field)> {
    let mut seen: HashMap<Option<&str>, usize> = HashMap::new();
    let mut labelled = Vec::with_capacity(fields.len());
    for field in fields {
        let count = seen.entry(field.name.as_deref()).or_default();
        labelled.push(((field.name.as_deref(), *count), field));
        *count += 1;
    }
    labelled
}

fn position((name, place): Label<'_>) -> Option<usize> {
    name.is_none().then_some(place)
}

fn placed(label: Label<'_>, field: &Field) -> Placed {
    Placed { field: field.clone(), position: position(label) }
}

fn change(label: Label<'_>, from: &Field, to: &Field) -> Option<Change> {
    let aspects: Vec<Aspect> = [
        (Aspect::Type, from.kind != to.kind),
        (Aspect::Required, from.required != to.required),
        (Aspect::Shape, from.shape != to.shape),
        (Aspect::Default, from.default != to.default),
    ]
    .into_iter()
    .filter_map(|(aspect, differs)| differs.then_some(aspect))
    .collect();
    let differs = !aspects.is_empty();
    differs.then(|| Change { position: position(label), from: from.clone(), to: to.clone(), aspects })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::signature::{Kind, Property, parse_params, parse_schema};
    use super::*;

    fn names(placed: &[Placed]) -> Vec<&str> {
        placed.iter().map(|placed| placed.field.name.as_deref().unwrap_or("-")).collect()
    }

    #[test]
    fn columns_meet_by_name() {
        let from = parse_schema(
            r#"[{"type":"long","name":"a"},{"type":"long","name":"b"},{"type":"long","name":"c"},{"type":"long","name":"d"}]"#,
        )
        .unwrap();
        let to = parse_schema(
            r#"[{"type":"long","name":"d","required":false},{"type":"long","name":"a"},{"type":"double","name":"c","required":false},{"type":"long","name":"e"}]"#,
        )
        .unwrap();
        let difference = FieldsDifference::between(&from, &to);
        assert_eq!(names(&difference.added), ["e"]);
        assert_eq!(names(&difference.removed), ["b"]);
        let changed: Vec<_> = difference
            .changed
            .iter()
            .map(|change| (change.to.name.as_deref().unwrap(), change.aspects.clone()))
            .collect();
        assert_eq!(
            changed,
            [("d", vec![Aspect::Required]), ("c", vec![Aspect::Type, Aspect::Required])],
            "moved columns alone are no difference"
        );
    }

    #[test]
    fn tensors_without_names_meet_by_place() {
        let tensor = |dtype: &str, shape: &str| {
            format!(r#"{{"type":"tensor","tensor-spec":{{"dtype":"{dtype}","shape":{shape}}}}}"#)
        };
        let from =
            parse_schema(&format!("[{},{}]", tensor("int8", "[-1]"), tensor("int8", "[-1,4]"))).unwrap();
        let to =
            parse_schema(&format!("[{},{}]", tensor("int16", "[-1]"), tensor("int8", "[-1,5]"))).unwrap();
        let difference = FieldsDifference::between(&from, &to);
        let changed: Vec<_> =
            difference.changed.iter().map(|change| (change.position, change.aspects.clone())).collect();
        assert_eq!(changed, [(Some(0), vec![Aspect::Type]), (Some(1), vec![Aspect::Shape])]);
        assert!(difference.added.is_empty() && difference.removed.is_empty());
    }

    #[test]
    fn a_param_changes_by_its_default_too() {
        let from = parse_params(r#"[{"name":"t","type":"double","default":0.5}]"#).unwrap();
        let to = parse_params(r#"[{"name":"t","type":"double","default":0.7}]"#).unwrap();
        assert_eq!(FieldsDifference::between(&from, &to).changed[0].aspects, [Aspect::Default]);
    }

    fn kind() -> impl Strategy<Value = Kind> {
        let leaf = prop_oneof![
            proptest::sample::select(vec!["long", "double", "any"])
                .prop_map(|name| Kind::Scalar(name.to_owned())),
            proptest::sample::select(vec!["int8", "float32"]).prop_map(|name| Kind::Tensor(name.to_owned())),
        ];
        leaf.prop_recursive(2, 8, 2, |inner| {
            prop_oneof![
                inner.clone().prop_map(|kind| Kind::Array(Box::new(kind))),
                inner.clone().prop_map(|kind| Kind::Map(Box::new(kind))),
                ("[a-b]", inner, any::<bool>())
                    .prop_map(|(name, kind, required)| Kind::Object(vec![Property { name, kind, required }])),
            ]
        })
    }

    fn field() -> impl Strategy<Value = Field> {
        let name = proptest::option::of("[a-d]");
        let shape = proptest::option::of(proptest::collection::vec(-1..3i64, 0..2));
        let default = proptest::option::of("[12]");
        (name, kind(), any::<bool>(), shape, default)
            .prop_map(|(name, kind, required, shape, default)| Field { name, kind, required, shape, default })
    }

    fn signature() -> impl Strategy<Value = Signature> {
        let fields = || proptest::collection::vec(field(), 0..6);
        (fields(), fields(), fields()).prop_map(|(inputs, outputs, params)| Signature {
            inputs,
            outputs,
            params,
        })
    }

    fn sorted_changes(difference: &FieldsDifference, turned: bool) -> Vec<String> {
        let mut shown: Vec<String> = difference
            .changed
            .iter()
            .map(|change| {
                let (from, to) = if turned { (&change.to, &change.from) } else { (&change.from, &change.to) };
                format!("{:?} {from:?} {to:?} {:?}", change.position, change.aspects)
            })
            .collect();
        shown.sort();
        shown
    }

    proptest! {
        #[test]
        fn nothing_differs_from_itself(signature in signature()) {
            prop_assert_eq!(SchemaDifference::between(&signature, &signature), SchemaDifference::default());
        }

        #[test]
        fn the_way_back_mirrors_the_way_there(a in signature(), b in signature()) {
            let (there, back) = (SchemaDifference::between(&a, &b), SchemaDifference::between(&b, &a));
            for (there, back) in
                [(&there.inputs, &back.inputs), (&there.outputs, &back.outputs), (&there.params, &back.params)]
            {
                prop_assert_eq!(&there.added, &back.removed);
                prop_assert_eq!(&there.removed, &back.added);
                prop_assert_eq!(sorted_changes(there, false), sorted_changes(back, true));
            }
        }

        #[test]
        fn named_fields_may_stand_in_any_order(mut fields in proptest::collection::btree_map("[a-z]{1,3}", field(), 0..8)
            .prop_map(|fields| fields.into_iter().map(|(name, field)| Field { name: Some(name), ..field }).collect::<Vec<_>>())
        ) {
            let before = fields.clone();
            fields.reverse();
            prop_assert_eq!(FieldsDifference::between(&before, &fields), FieldsDifference::default());
        }

        #[test]
        fn every_field_is_accounted_for(from in proptest::collection::vec(field(), 0..8), to in proptest::collection::vec(field(), 0..8)) {
            let difference = FieldsDifference::between(&from, &to);
            let kept = from.len() - difference.removed.len();
            prop_assert_eq!(kept + difference.added.len(), to.len());
            prop_assert!(difference.changed.len() <= kept);
        }
    }
}
