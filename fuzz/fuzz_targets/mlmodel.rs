//! Feeds any text to the readers of what models say of themselves: none may panic, take long, or answer at length.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_domain::Error;
use weir_domain::mlmodel::MlModel;
use weir_domain::mlmodel::difference::SchemaDifference;
use weir_domain::mlmodel::requirements::Requirements;
use weir_domain::mlmodel::signature::{parse_params, parse_schema};

fuzz_target!(|text: &str| {
    match MlModel::parse(text) {
        Ok(model) => {
            let signature = model.signature.unwrap_or_default();
            assert!(SchemaDifference::between(&signature, &signature).is_empty());
        }
        Err(error) => assert!(matches!(error, Error::Invalid(_) | Error::TooLarge(_)), "{error:?}"),
    }
    let _ = (parse_schema(text), parse_params(text));
    if let Ok(read) = Requirements::parse(text) {
        assert!(Requirements::difference(&read, &read).is_empty());
    }
});
