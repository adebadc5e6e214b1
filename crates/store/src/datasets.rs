//! Datasets of an experiment, and the datasets and logged models that runs used and made.

use std::collections::HashMap;

use weir_domain::dataset::{CONTEXT_TAG, Dataset, DatasetInput, DatasetSummary};
use weir_domain::{Error, Result};

use crate::Tx;
use crate::changes::{Subject, What};
use crate::runs::RunRow;

/// A logged model that a run used (no step) or made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunModel {
    pub model_id: String,
    pub step: i64,
}

/// What a run used and made.
#[derive(Clone, Debug, Default)]
pub struct InOut {
    pub datasets: Vec<DatasetInput>,
    pub model_inputs: Vec<RunModel>,
    pub model_outputs: Vec<RunModel>,
}

/// Links `inputs` to the run. A dataset is itself by name and digest: what was stored first stays, and a second
/// link changes nothing.
pub fn log(tx: &mut Tx<'_>, run: &RunRow, inputs: &[DatasetInput]) -> Result<()> {
    tx.note(Subject::Run(run.id), What::INPUTS);
    for input in inputs {
        let dataset_id = find_or_create(tx, run.experiment_id, &input.dataset)?;
        let linked = tx.execute(
            "INSERT INTO run_datasets (run_id, dataset_id) VALUES (?1, ?2) ON CONFLICT (run_id, dataset_id) DO NOTHING",
            &[&run.id, &dataset_id],
        )?;
        if linked == 0 {
            continue;
        }
        for (key, value) in &input.tags {
            tx.execute(
                "INSERT INTO run_dataset_tags (run_id, dataset_id, key, value) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (run_id, dataset_id, key) DO UPDATE SET value = excluded.value",
                &[&run.id, &dataset_id, key, value],
            )?;
        }
    }
    Ok(())
}

fn find_or_create(tx: &mut Tx<'_>, experiment_id: i64, dataset: &Dataset) -> Result<i64> {
    tx.execute(
        "INSERT INTO datasets (experiment_id, name, digest, source_type, source, schema, profile)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (experiment_id, name, digest) DO NOTHING",
        &[
            &experiment_id,
            &dataset.name,
            &dataset.digest,
            &dataset.source_type,
            &dataset.source,
            &dataset.schema,
            &dataset.profile,
        ],
    )?;
    tx.get(
        "SELECT id FROM datasets WHERE experiment_id = ?1 AND name = ?2 AND digest = ?3",
        &[&experiment_id, &dataset.name, &dataset.digest],
        |row| row.int(0),
    )
}

/// Notes models that the run used; again changes nothing.
pub fn log_model_inputs(tx: &mut Tx<'_>, run: &RunRow, model_ids: &[String]) -> Result<()> {
    tx.note(Subject::Run(run.id), What::INPUTS);
    for model_id in model_ids {
        tx.execute(
            "INSERT INTO run_models (run_id, output, model_id, step) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (run_id, output, model_id) DO NOTHING",
            &[&run.id, &false, model_id, &0i64],
        )?;
    }
    Ok(())
}

/// Notes models that the run made; each once.
pub fn log_model_outputs(tx: &mut Tx<'_>, run: &RunRow, models: &[RunModel]) -> Result<()> {
    tx.note(Subject::Run(run.id), What::INPUTS);
    for model in models {
        let inserted = tx.execute(
            "INSERT INTO run_models (run_id, output, model_id, step) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (run_id, output, model_id) DO NOTHING",
            &[&run.id, &true, &model.model_id, &model.step],
        )?;
        if inserted == 0 {
            return Err(Error::Conflict(format!(
                "the model '{}' is an output of this run already",
                model.model_id
            )));
        }
    }
    Ok(())
}

/// What each of `runs` (rows) used and made.
pub fn list(tx: &mut Tx<'_>, runs: &[i64]) -> Result<HashMap<i64, InOut>> {
    let mut found: HashMap<i64, InOut> = HashMap::new();
    let mut tags = input_tags(tx, runs)?;
    let sql = format!(
        "SELECT i.run_id, d.id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile
         FROM run_datasets i JOIN datasets d ON d.id = i.dataset_id
         WHERE {}
         ORDER BY i.run_id, d.id",
        tx.any_of("i.run_id", "?1")
    );
    tx.each(&sql, &[&runs], |row| {
        let (run_id, dataset_id) = (row.int(0)?, row.int(1)?);
        let dataset = Dataset {
            name: row.text(2)?,
            digest: row.text(3)?,
            source_type: row.text(4)?,
            source: row.text(5)?,
            schema: row.opt_text(6)?,
            profile: row.opt_text(7)?,
        };
        let tags = tags.remove(&(run_id, dataset_id)).unwrap_or_default();
        found.entry(run_id).or_default().datasets.push(DatasetInput { dataset, tags });
        Ok(())
    })?;
    let sql = format!(
        "SELECT run_id, output, model_id, step FROM run_models WHERE {} ORDER BY run_id, step, model_id",
        tx.any_of("run_id", "?1")
    );
    tx.each(&sql, &[&runs], |row| {
        let inout = found.entry(row.int(0)?).or_default();
        let list = if row.bool(1)? { &mut inout.model_outputs } else { &mut inout.model_inputs };
        list.push(RunModel { model_id: row.text(2)?, step: row.int(3)? });
        Ok(())
    })?;
    Ok(found)
}

type InputTags = HashMap<(i64, i64), Vec<(String, String)>>;

fn input_tags(tx: &mut Tx<'_>, runs: &[i64]) -> Result<InputTags> {
    let sql = format!(
        "SELECT run_id, dataset_id, key, value FROM run_dataset_tags WHERE {} ORDER BY run_id, dataset_id, key",
        tx.any_of("run_id", "?1")
    );
    let mut tags = InputTags::new();
    tx.each(&sql, &[&runs], |row| {
        tags.entry((row.int(0)?, row.int(1)?)).or_default().push((row.text(2)?, row.text(3)?));
        Ok(())
    })?;
    Ok(tags)
}

/// The datasets of `experiments` (rows) with each context they were used in, at most `most`.
pub fn summaries(tx: &mut Tx<'_>, experiments: &[i64], most: i64) -> Result<Vec<DatasetSummary>> {
    let sql = format!(
        "SELECT DISTINCT e.iid, d.name, d.digest, t.value
         FROM datasets d
         JOIN experiments e ON e.id = d.experiment_id
         JOIN run_datasets i ON i.dataset_id = d.id
         LEFT JOIN run_dataset_tags t ON t.run_id = i.run_id AND t.dataset_id = d.id AND t.key = ?2
         WHERE {}
         ORDER BY 1, 2, 3
         LIMIT ?3",
        tx.any_of("d.experiment_id", "?1")
    );
    tx.list(&sql, &[&experiments, &CONTEXT_TAG, &most], |row| {
        Ok(DatasetSummary {
            experiment_iid: row.int(0)?,
            name: row.text(1)?,
            digest: row.text(2)?,
            context: row.opt_text(3)?,
        })
    })
}
