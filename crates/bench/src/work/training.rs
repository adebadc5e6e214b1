//! 64 clients that train: create a run, log 20 params, 100 batches of 10 metrics, finish, and again.

use std::net::SocketAddr;

use super::on_sqlite;
use crate::bodies::{self, EPOCH_MS, Numbers};
use crate::client::Connection;
use crate::report::{Goal, Measure, Row};
use crate::weir::{NewRun, Weir};
use crate::{Bench, Engine, Result, load};

const CLIENTS: usize = 64;
const PARAMS: usize = 20;
const METRICS: usize = 10;
const BATCHES: u64 = 100;

struct Client {
    connection: Connection,
    /// The echo gives no runs: its clients use this id all along.
    echo_run_id: Option<String>,
    run_id: String,
    /// What comes next: 0 creates, 1 logs params, then the batches, then the end.
    turn: u64,
    keys: Vec<String>,
    params: Vec<(&'static str, String)>,
    numbers: Numbers,
    body: Vec<u8>,
}

async fn clients(address: SocketAddr, echo_run_id: Option<&str>) -> Result<Vec<Client>> {
    const NAMES: [&str; PARAMS] = [
        "lr",
        "epochs",
        "batch_size",
        "optimizer",
        "momentum",
        "weight_decay",
        "dropout",
        "layers",
        "hidden",
        "heads",
        "warmup",
        "schedule",
        "seed",
        "dataset",
        "augment",
        "precision",
        "clip",
        "beta1",
        "beta2",
        "eps",
    ];
    let mut clients = Vec::new();
    for connection in Connection::open_many(address, CLIENTS).await? {
        let mut numbers = Numbers::new(clients.len() as u64);
        clients.push(Client {
            connection,
            echo_run_id: echo_run_id.map(String::from),
            run_id: String::new(),
            turn: 0,
            keys: bodies::metric_keys(METRICS),
            params: NAMES.map(|name| (name, format!("{:.6}", numbers.unit()))).to_vec(),
            numbers,
            body: Vec::new(),
        });
    }
    Ok(clients)
}

/// The next request of a client's training.
async fn train(client: &mut Client) -> Result<()> {
    let Client { connection, echo_run_id, run_id, turn, keys, params, numbers, body } = client;
    match *turn {
        0 => {
            bodies::create_run(body, "0", "training", EPOCH_MS);
            let answer = connection.post("runs/create", body).await?;
            *run_id = match echo_run_id {
                Some(id) => id.clone(),
                None => NewRun::of(answer)?.id,
            };
        }
        1 => {
            bodies::log_metrics_and_params(body, run_id, &[], params);
            connection.post("runs/log-batch", body).await?;
        }
        batch if batch < 2 + BATCHES => {
            bodies::log_points(body, run_id, keys, 1, batch - 2, numbers);
            connection.post("runs/log-batch", body).await?;
        }
        _ => {
            bodies::finish_run(body, run_id, EPOCH_MS + BATCHES);
            connection.post("runs/update", body).await?;
            *turn = 0;
            return Ok(());
        }
    }
    *turn += 1;
    Ok(())
}

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let phase = bench.settings.phase;
    let mut echo_clients = clients(bench.echo.address(), Some("0123456789abcdef0123456789abcdef")).await?;
    let echo = load::closed_loop(&mut echo_clients, phase, train).await?;
    drop(echo_clients);
    let weir = Weir::start(&bench.settings, engine).await?;
    let load = weir.load(&mut clients(weir.address(), None).await?, phase, train).await?;

    let figure = Measure::per_second(load.per_second(), "requests");
    let limit = Measure::per_second(echo.per_second(), "requests");
    let goal = on_sqlite(engine, Goal::RatioAtLeast(0.3));
    bench.report.add(&Row::new("64 training clients", figure).limit(limit, "echo").goal(goal));
    Ok(())
}
