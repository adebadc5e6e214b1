//! The program as its users meet it: started, asked, stopped, on both engines.

mod commands;
mod first_start;
mod http;
mod program;
mod refusals;
mod stop;
