//! The program `weir`: reads the command line, runs one command, says in one sentence what stood in its way.

mod cli;
mod commands;
mod connections;
mod data_folder;
mod database;
mod demo;
mod failure;
mod first_start;
mod greeting;
mod listen;
mod listing;
mod local_only;
mod logging;
mod oidc;
mod out;
mod pages;
mod secret_key;
mod serve;
mod silence;
mod size;
mod slow_body;
mod slow_reader;
mod span;
mod stop;
mod typed;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(args) => serve::run(&cli.store, &cli.log, *args),
        command => commands::run(&cli.store, &cli.log, command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(std::io::stderr(), "weir: {}", failure::sentence(&error));
            ExitCode::FAILURE
        }
    }
}
