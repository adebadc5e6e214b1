//! Batches of 1,000 points from 8 clients, in two shapes, beside the same rows inserted by rusqlite.

use super::on_sqlite;
use crate::bodies::{Numbers, log_points, metric_keys};
use crate::client::Connection;
use crate::report::{Goal, Measure, Row};
use crate::sqlite::{Schema, insert_batches};
use crate::weir::Weir;
use crate::{Bench, Engine, Result};

const CLIENTS: usize = 8;
const POINTS: usize = 1000;

struct Shape {
    work: &'static str,
    keys: usize,
    steps: u32,
    goal: Goal,
}

const SHAPES: [Shape; 2] = [
    Shape {
        work: "log-batch, 8 clients, 1,000 keys x 1 step",
        keys: 1000,
        steps: 1,
        goal: Goal::RatioAtLeast(0.5),
    },
    Shape {
        work: "log-batch, 8 clients, 10 keys x 100 steps",
        keys: 10,
        steps: 100,
        goal: Goal::RatioAtLeast(1.5),
    },
];

struct Client {
    connection: Connection,
    run_id: String,
    next_step: u64,
    numbers: Numbers,
    body: Vec<u8>,
}

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    for shape in &SHAPES {
        measure(bench, engine, shape).await?;
    }
    Ok(())
}

async fn measure(bench: &mut Bench, engine: Engine, shape: &Shape) -> Result<()> {
    let phase = bench.settings.phase;
    let scratch = &bench.settings.scratch;
    let keys = metric_keys(shape.keys);
    let clustered = insert_batches(scratch, Schema::Clustered, phase, &keys, shape.steps.into())?;
    let mlflow = insert_batches(scratch, Schema::Mlflow, phase, &keys, shape.steps.into())?;

    let weir = Weir::start(&bench.settings, engine).await?;
    let mut clients = Vec::new();
    for run in weir.create_runs(CLIENTS).await? {
        let connection = Connection::open(weir.address()).await?;
        let numbers = Numbers::new(clients.len() as u64);
        clients.push(Client { connection, run_id: run.id, next_step: 0, numbers, body: Vec::new() });
    }
    let steps = u64::from(shape.steps);
    let load = weir
        .load(&mut clients, phase, async |client: &mut Client| {
            let Client { connection, run_id, next_step, numbers, body } = client;
            log_points(body, run_id, &keys, steps, *next_step, numbers);
            *next_step += steps;
            connection.post("runs/log-batch", body).await.map(drop)
        })
        .await?;

    let figure = Measure::per_second(load.per_second() * POINTS as f64, "points");
    let goal = on_sqlite(engine, shape.goal);
    let limit = Measure::per_second(clustered, "rows");
    bench.report.add(&Row::new(shape.work, figure).limit(limit, "rusqlite, clustered").goal(goal));
    let limit = Measure::per_second(mlflow, "rows");
    bench.report.add(&Row::new(shape.work, figure).limit(limit, "rusqlite, mlflow"));
    Ok(())
}
