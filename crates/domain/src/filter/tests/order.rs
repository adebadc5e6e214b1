//! `order_by` of runs, experiments, registered models and model versions.

use crate::Result;

use super::super::runs::{TextAttribute, TimeAttribute};
use super::super::{MAX_ORDER_KEYS, Order, experiments, model_versions, registered_models, runs};
use super::{owned, refusal};

/// The key and direction of one element.
#[track_caller]
fn one<K>(parse: fn(&[String]) -> Result<Vec<Order<K>>>, element: &str) -> (K, bool) {
    let mut orders = parse(&owned(&[element])).unwrap();
    let order = orders.pop().unwrap();
    assert!(orders.is_empty());
    (order.key, order.descending)
}

#[track_caller]
fn refused<K: std::fmt::Debug>(parse: fn(&[String]) -> Result<Vec<Order<K>>>, cases: &[(&str, &str)]) {
    for (element, part) in cases {
        let message = refusal(parse(&owned(&[element])));
        assert!(message.contains(part), "{element}\n  says  {message}\n  not   {part}");
    }
}

#[test]
fn runs_are_ordered_by_metrics_params_tags_and_attributes() {
    use runs::{OrderKey, parse_order};

    for element in
        ["metrics.m", "metric.m ASC", " metrics.m  asc ", "`metrics`.m", "`metrics.m`", "metrics.`m` aSc"]
    {
        assert_eq!(one(parse_order, element), (OrderKey::Metric("m".to_owned()), false), "{element}");
    }
    for element in ["params.`a b` DESC", "parameters.\"a b\" desc", "param.'a b'\nDesc"] {
        assert_eq!(one(parse_order, element), (OrderKey::Param("a b".to_owned()), true), "{element}");
    }
    assert_eq!(one(parse_order, "metrics_min.m"), (OrderKey::MetricMin("m".to_owned()), false));
    assert_eq!(one(parse_order, "`metric_max`.`a b` DESC"), (OrderKey::MetricMax("a b".to_owned()), true));
    assert_eq!(one(parse_order, "tags.order desc"), (OrderKey::Tag("order".to_owned()), true));
    for element in
        ["start_time", "created", "Created", "attributes.start_time", "run.created", "`start_time`"]
    {
        assert_eq!(one(parse_order, element), (OrderKey::Time(TimeAttribute::StartTime), false), "{element}");
    }
    assert_eq!(one(parse_order, "end_time DESC"), (OrderKey::Time(TimeAttribute::EndTime), true));
    for (element, attribute) in [
        ("status", TextAttribute::Status),
        ("run_id", TextAttribute::RunId),
        ("run_name", TextAttribute::RunName),
        ("user_id", TextAttribute::UserId),
        ("artifact_uri", TextAttribute::ArtifactUri),
    ] {
        assert_eq!(one(parse_order, element), (OrderKey::Text(attribute), false));
    }
    assert_eq!(parse_order(&[]).unwrap(), Vec::new());
    let many = parse_order(&owned(&["metrics.m DESC", "params.m"])).unwrap();
    assert_eq!(many[1], Order { key: OrderKey::Param("m".to_owned()), descending: false });
}

#[test]
fn broken_elements_are_refused() {
    refused(
        runs::parse_order,
        &[
            (
                "metrics.m foo",
                "Invalid ordering key in order_by clause 'metrics.m foo'. (at character 11: 'foo')",
            ),
            ("run name", "Invalid ordering key in order_by clause 'run name'."),
            ("metrics.m NULLS LAST", "Invalid order_by clause 'metrics.m NULLS LAST'. Could not be parsed."),
            ("metrics.m DESC NULLS LAST", "Could not be parsed."),
            ("metrics.m, metrics.n", "Invalid order_by clause 'metrics.m, metrics.n'. Could not be parsed."),
            (
                "metrics.m;",
                "Invalid order_by clause 'metrics.m;'. Could not be parsed. (at character 1: 'metrics.m;')",
            ),
            ("metrics.m -- x", "Could not be parsed."),
            ("metrics.a/b", "Could not be parsed."),
            ("'metrics.m'", "Could not be parsed."),
            ("1", "Could not be parsed."),
            ("desc", "Invalid order_by clause 'desc'. Could not be parsed."),
            ("metrics.m = 1", "Could not be parsed."),
        ],
    );
    for blank in ["", "  "] {
        let message = refusal(runs::parse_order(&owned(&[blank])));
        assert_eq!(message, format!("Invalid order_by clause '{blank}'. Could not be parsed."));
    }
}

#[test]
fn keys_that_order_nothing_are_refused() {
    refused(
        runs::parse_order,
        &[
            ("bogus", "Invalid attribute key 'bogus' specified. Valid keys are '{'start_time', 'created', "),
            ("`run name`", "Invalid attribute key 'run name' specified."),
            ("foo.x", "Invalid entity type 'foo'. Valid values are ['metric', "),
            ("datasets.name", "Invalid identifier type 'dataset'"),
        ],
    );
    refused(
        experiments::parse_order,
        &[
            ("tags.x", "Invalid order_by entity: tag"),
            ("bogus", "Invalid attribute key 'bogus' specified. Valid keys are '{'name', "),
            ("attr.name", "Invalid entity type 'attr'. Valid entity types are"),
        ],
    );
    refused(
        registered_models::parse_order,
        &[
            ("bogus", "Invalid order by key 'bogus' specified. Valid keys are '{'name', 'timestamp'}'"),
            ("attribute.name", "Invalid order by key 'attribute.name' specified."),
            ("creation_timestamp", "Invalid order by key 'creation_timestamp' specified."),
        ],
    );
    refused(
        model_versions::parse_order,
        &[
            (
                "version",
                "Invalid attribute key 'version' specified. Valid keys are '{'name', 'version_number', ",
            ),
            ("tags.x", "Invalid order by key 'x' specified. Valid keys are {'name', "),
        ],
    );
}

#[test]
fn the_other_searches_are_ordered_by_attributes() {
    let (key, descending) = one(experiments::parse_order, "attribute.creation_time DESC");
    assert_eq!(key, experiments::OrderKey::Time(experiments::TimeAttribute::CreationTime));
    assert!(descending);
    assert_eq!(one(experiments::parse_order, "experiment_id"), (experiments::OrderKey::Id, false));
    for element in ["timestamp DESC", "last_updated_timestamp desc"] {
        let expected = (registered_models::OrderKey::LastUpdatedTimestamp, true);
        assert_eq!(one(registered_models::parse_order, element), expected);
    }
    assert_eq!(one(registered_models::parse_order, "name"), (registered_models::OrderKey::Name, false));
    for (element, key) in [
        ("attribute.name", model_versions::OrderKey::Name),
        ("version_number", model_versions::OrderKey::VersionNumber),
        ("creation_timestamp", model_versions::OrderKey::CreationTimestamp),
        ("last_updated_timestamp", model_versions::OrderKey::LastUpdatedTimestamp),
    ] {
        assert_eq!(one(model_versions::parse_order, element), (key, false));
    }
}

#[test]
fn a_key_named_twice_is_refused_except_for_experiments() {
    assert_eq!(
        refusal(runs::parse_order(&owned(&["metrics.m", "metric.`m` DESC"]))),
        "`order_by` contains duplicate fields: ['metrics.m', 'metric.`m` DESC']"
    );
    refusal(runs::parse_order(&owned(&["created", "start_time"])));
    refusal(registered_models::parse_order(&owned(&["timestamp", "last_updated_timestamp"])));
    refusal(model_versions::parse_order(&owned(&["name", "attribute.name"])));
    let orders = experiments::parse_order(&owned(&["name DESC", "experiment_id", "name"])).unwrap();
    assert_eq!(
        orders,
        [
            Order { key: experiments::OrderKey::Name, descending: true },
            Order { key: experiments::OrderKey::Id, descending: false },
        ]
    );
}

#[test]
fn the_number_of_keys_is_limited() {
    let keys: Vec<String> = (0..=MAX_ORDER_KEYS).map(|number| format!("metrics.m{number}")).collect();
    assert_eq!(runs::parse_order(&keys[1..]).unwrap().len(), MAX_ORDER_KEYS);
    assert!(refusal(runs::parse_order(&keys)).contains("at most 32 are allowed"));
}
