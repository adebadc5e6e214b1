//! The program as its users meet it: started, asked, stopped, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod audit;
mod ci_link;
mod commands;
mod demo;
mod first_start;
mod gc;
mod http;
mod lost_connections;
mod people;
mod program;
mod refusals;
mod secret_key;
mod sign_in;
mod stop;
