//! Descriptions of models as answers carry them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_domain::mlmodel::Flavor;
use weir_domain::mlmodel::requirements::Requirements;
use weir_domain::mlmodel::signature::{Field, Kind, Signature};

use super::model_file::ModelFile;

#[derive(Serialize, ToSchema)]
pub struct MlModelInfo {
    path: String,
    #[schema(value_type = BTreeMap<String, BTreeMap<String, String>>)]
    flavors: BTreeMap<String, Flavor>,
    #[schema(required = true)]
    signature: Option<SignatureInfo>,
    #[schema(required = true)]
    model_size_bytes: Option<i64>,
    #[schema(required = true)]
    model_uuid: Option<String>,
    #[schema(required = true)]
    model_id: Option<String>,
    #[schema(required = true)]
    run_id: Option<String>,
    #[schema(required = true)]
    mlflow_version: Option<String>,
    #[schema(required = true)]
    utc_time_created: Option<String>,
    #[schema(required = true)]
    artifact_path: Option<String>,
    #[schema(required = true)]
    saved_input_example_info: Option<BTreeMap<String, String>>,
    #[schema(required = true)]
    requirements: Option<RequirementsInfo>,
    warnings: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct SignatureInfo {
    inputs: Vec<FieldInfo>,
    outputs: Vec<FieldInfo>,
    params: Vec<FieldInfo>,
}

/// A column, a tensor or a param; what its sort does not have is left out.
#[derive(Serialize, ToSchema)]
pub struct FieldInfo {
    #[schema(required = true)]
    name: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dtype: Option<String>,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<serde_json::Value>,
}

#[derive(Serialize, ToSchema)]
struct RequirementsInfo {
    packages: Vec<RequiredPackage>,
    options: Vec<String>,
    comments: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct RequiredPackage {
    name: String,
    specifier: String,
}

impl From<ModelFile> for MlModelInfo {
    fn from(file: ModelFile) -> Self {
        let ModelFile { path, model, requirements } = file;
        Self {
            path,
            flavors: model.flavors,
            signature: model.signature.map(Into::into),
            model_size_bytes: model.model_size_bytes,
            model_uuid: model.model_uuid,
            model_id: model.model_id,
            run_id: model.run_id,
            mlflow_version: model.mlflow_version,
            utc_time_created: model.utc_time_created,
            artifact_path: model.artifact_path,
            saved_input_example_info: model.saved_input_example_info,
            requirements: requirements.map(Into::into),
            warnings: model.warnings,
        }
    }
}

impl From<Signature> for SignatureInfo {
    fn from(signature: Signature) -> Self {
        let side = |fields: Vec<Field>| fields.into_iter().map(Into::into).collect();
        Self {
            inputs: side(signature.inputs),
            outputs: side(signature.outputs),
            params: side(signature.params),
        }
    }
}

impl From<Field> for FieldInfo {
    fn from(field: Field) -> Self {
        let kind = field.kind.to_string();
        let dtype = match field.kind {
            Kind::Tensor(dtype) => Some(dtype),
            _ => None,
        };
        // It was JSON when it was read.
        let default = field.default.and_then(|text| serde_json::from_str(&text).ok());
        Self { name: field.name, kind, dtype, required: field.required, shape: field.shape, default }
    }
}

impl From<Requirements> for RequirementsInfo {
    fn from(requirements: Requirements) -> Self {
        let package = |package: weir_domain::mlmodel::requirements::Requirement| RequiredPackage {
            name: package.name,
            specifier: package.specifier,
        };
        Self {
            packages: requirements.packages.into_iter().map(package).collect(),
            options: requirements.options,
            comments: requirements.comments,
        }
    }
}
