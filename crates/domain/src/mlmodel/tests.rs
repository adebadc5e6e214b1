//! Files that MLflow 2.22.5 and 3.17.2 wrote, and files that nobody should.

use proptest::prelude::*;

use super::requirements::Requirements;
use super::signature::{Field, Kind};
use super::*;

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../tests/data/mlmodel/", $name))
    };
}

fn shown(fields: &[Field]) -> Vec<String> {
    let show = |field: &Field| {
        let name = field.name.as_deref().unwrap_or("-");
        match &field.kind {
            Kind::Tensor(dtype) => format!("{name}: {} of {dtype}", field.kind),
            kind => format!("{name}: {kind}"),
        }
    };
    fields.iter().map(show).collect()
}

#[test]
fn a_frame_model_of_each_client() {
    for (text, version, pickle) in [
        (file!("sklearn_frame_mlflow2.yaml"), "2.22.5", "model.pkl"),
        (file!("sklearn_frame_mlflow3.yaml"), "3.17.2", "model.skops"),
    ] {
        let model = MlModel::parse(text).unwrap();
        assert_eq!(model.warnings, [] as [String; 0]);
        assert_eq!(model.mlflow_version.as_deref(), Some(version));
        let names: Vec<_> = model.flavors.keys().collect();
        assert_eq!(names, ["python_function", "sklearn"]);
        let python = &model.flavors["python_function"];
        assert_eq!(python["loader_module"], "mlflow.sklearn");
        assert_eq!(python["env.conda"], "conda.yaml");
        assert_eq!(python["python_version"], "3.11.7");
        assert_eq!(model.flavors["sklearn"]["pickled_model"], pickle);
        assert!(!model.flavors["sklearn"].contains_key("code"), "null is no text");
        let signature = model.signature.unwrap();
        assert_eq!(
            shown(&signature.inputs),
            [
                "sepal length (cm): double",
                "sepal width (cm): double",
                "petal length (cm): double",
                "petal width (cm): double"
            ]
        );
        assert_eq!(shown(&signature.outputs), ["-: tensor of int64"]);
        assert_eq!(signature.params, []);
        assert!(model.model_size_bytes.is_some_and(|size| size > 500));
        assert!(model.model_uuid.is_some_and(|uuid| uuid.len() == 32));
        assert_eq!(model.saved_input_example_info.unwrap()["artifact_path"], "input_example.json");
        assert!(model.utc_time_created.unwrap().starts_with("2026-"));
        assert_eq!((model.model_id, model.run_id), (None, None));
    }
}

#[test]
fn a_tensor_model_of_each_client() {
    for text in [file!("sklearn_tensor_mlflow2.yaml"), file!("sklearn_tensor_mlflow3.yaml")] {
        let signature = MlModel::parse(text).unwrap().signature.unwrap();
        assert_eq!(shown(&signature.inputs), ["-: tensor of float64"]);
        assert_eq!(signature.inputs[0].shape.as_deref(), Some([-1, 4].as_slice()));
        assert_eq!(signature.outputs[0].shape.as_deref(), Some([-1, 3].as_slice()));
    }
}

#[test]
fn params_and_nested_columns_of_each_client() {
    for text in [file!("pyfunc_params_mlflow2.yaml"), file!("pyfunc_params_mlflow3.yaml")] {
        let signature = MlModel::parse(text).unwrap().signature.unwrap();
        assert_eq!(
            shown(&signature.params),
            ["temperature: double", "top: long", "stops: string", "nested: object{k: long}"]
        );
        let defaults: Vec<_> = signature.params.iter().filter_map(|param| param.default.as_deref()).collect();
        assert_eq!(defaults, ["0.5", "3", r#"["a","b"]"#, r#"{"k":1}"#]);
    }
    for text in [file!("pyfunc_nested_mlflow2.yaml"), file!("pyfunc_nested_mlflow3.yaml")] {
        let signature = MlModel::parse(text).unwrap().signature.unwrap();
        assert_eq!(
            shown(&signature.inputs),
            ["messages: array<object{content: string, role: string}>", "extra: object{a: double}"]
        );
        assert_eq!(shown(&signature.outputs), ["out: object{score: double, tags: array<string>}"]);
    }
    for text in [file!("pyfunc_map_mlflow2.yaml"), file!("pyfunc_map_mlflow3.yaml")] {
        let signature = MlModel::parse(text).unwrap().signature.unwrap();
        assert_eq!(
            shown(&signature.inputs),
            ["headers: map<string>", "obj: object{a: datetime, b?: array<binary>}", "any: any"]
        );
        assert!(!signature.inputs[1].required);
        assert_eq!(shown(&signature.outputs), ["image: tensor of float32", "mask: tensor of uint8"]);
    }
}

#[test]
fn a_logged_model_names_itself_and_its_run() {
    let model = MlModel::parse(file!("logged_mlflow3.yaml")).unwrap();
    assert_eq!(model.model_id.as_deref(), Some("m-a262e9aed12c44c9a599c8f9ec50a73c"));
    assert_eq!(model.run_id.as_deref(), Some("676ecd38bb924563946b0fe5f1ca5569"));
    assert!(model.artifact_path.unwrap().ends_with("/artifacts"));
    let requirements = Requirements::parse(file!("requirements_mlflow3.txt")).unwrap();
    let needs: Vec<_> = requirements.packages.iter().map(|package| package.normalized_name()).collect();
    assert!(needs.contains(&"scikit-learn".to_owned()) && needs.contains(&"mlflow".to_owned()), "{needs:?}");
    assert_eq!((requirements.options.len(), requirements.comments.len()), (0, 0));
}

#[test]
fn an_unreadable_signature_is_a_warning() {
    let model =
        MlModel::parse("flavors: {a: {b: c}}\nsignature: {inputs: '[{'}\nmodel_size_bytes: many").unwrap();
    assert_eq!(model.flavors["a"]["b"], "c");
    assert_eq!(model.signature, None);
    assert_eq!(model.warnings.len(), 2, "{:?}", model.warnings);
    assert_eq!(model.warnings[0], "model_size_bytes 'many' is no size");
    assert!(
        model.warnings[1].starts_with("the signature cannot be read: inputs: EOF"),
        "{:?}",
        model.warnings
    );
}

#[test]
fn refusals_say_why() {
    for (text, expected) in [
        ("a: [", "the MLmodel file cannot be read: unclosed bracket '[' (line 1, column 4)"),
        ("- a", "the MLmodel file cannot be read: it is no map of keys and values"),
        ("flavors: 3", "the MLmodel file cannot be read: 'flavors' is no map"),
    ] {
        assert_eq!(MlModel::parse(text).unwrap_err().to_string(), expected);
    }
    let error = MlModel::parse(&" ".repeat(MAX_BYTES + 1)).unwrap_err();
    assert_eq!(error.to_string(), "the MLmodel file has 1048577 bytes, at most 1048576 are read");
}

#[test]
fn aliases_make_no_more_of_a_file_than_its_limits() {
    let many: String = (0..1000).map(|index| format!("  k{index}: v\n")).collect();
    let flavors: String = (0..1000).map(|index| format!("  f{index}: *many\n")).collect();
    let error = MlModel::parse(&format!("x: &many\n{many}flavors:\n{flavors}")).unwrap_err();
    assert!(error.to_string().contains("more than 10000 keys and values"), "{error}");

    let long = "v".repeat(900_000);
    let flavors: String = (0..1000).map(|index| format!("  f{index}: {{a: *long}}\n")).collect();
    let error = MlModel::parse(&format!("x: &long {long}\nflavors:\n{flavors}")).unwrap_err();
    assert!(error.to_string().contains("1048576 bytes"), "{error}");

    let nulls: String = (0..20_000).map(|index| format!("  k{index}:\n")).collect();
    let flavors: String = (0..10_000).map(|index| format!("  f{index}: *nulls\n")).collect();
    let error = MlModel::parse(&format!("x: &nulls\n{nulls}flavors:\n{flavors}")).unwrap_err();
    assert!(error.to_string().contains("more than"), "{error}");
}

proptest! {
    #[test]
    fn no_text_panics(text: String) {
        let _ = MlModel::parse(&text);
    }

    #[test]
    fn no_damage_to_a_real_file_panics(at in 0usize..1000, cut in 0usize..40, put in "[\\[\\]{}:,'\"&*\\-\n #x]{0,6}") {
        let mut text = file!("pyfunc_params_mlflow3.yaml").to_owned();
        let at = at.min(text.len());
        let end = (at + cut).min(text.len());
        text.replace_range(at..end, &put);
        let _ = MlModel::parse(&text);
    }
}
