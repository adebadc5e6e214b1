//! Feeds any text to every reader of the search grammar: none may panic, and a refusal is the caller's mistake.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_domain::filter::{experiments, logged_models, model_versions, registered_models, runs};
use weir_domain::{Error, Result};

fuzz_target!(|text: &str| {
    judge(runs::parse(text));
    judge(experiments::parse(text));
    judge(registered_models::parse(text));
    judge(model_versions::parse(text));
    judge(logged_models::parse(text));
    judge(logged_models::order_key(text));

    let order_by: Vec<String> = text.split('\n').map(str::to_owned).collect();
    judge(runs::parse_order(&order_by));
    judge(experiments::parse_order(&order_by));
    judge(registered_models::parse_order(&order_by));
    judge(model_versions::parse_order(&order_by));
});

fn judge<T>(verdict: Result<T>) {
    if let Err(error) = verdict {
        assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    }
}
