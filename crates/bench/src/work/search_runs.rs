//! The made-up runs that the searches look through, and what each search has to find among them.

use crate::bodies::Numbers;

/// One of the runs: a function of its number alone, so that the right answers are known here too.
pub struct MadeUpRun {
    pub name: String,
    pub metrics: [(&'static str, f64); 10],
    pub params: [(&'static str, String); 10],
}

impl MadeUpRun {
    pub fn new(number: usize) -> Self {
        let mut numbers = Numbers::new(number as u64 * 1_000_003);
        let mut next = || numbers.unit();
        let (accuracy, loss, half) = (next(), next(), next() / 2.0);
        let optimizer = if next() < 0.6 { "adam" } else { "sgd" };
        let dataset = format!("d{}", (next() * 10.0) as u32);
        // `paired` tells the groups apart: no run of group b has more than a half.
        let (group, paired) = if next() < 0.5 { ("a", 0.5 + half) } else { ("b", half) };
        let metrics = [
            ("accuracy", accuracy),
            ("loss", loss),
            ("paired", paired),
            ("f1", next()),
            ("precision", next()),
            ("recall", next()),
            ("val/accuracy", next()),
            ("val/loss", next()),
            ("epoch_seconds", next() * 60.0),
            ("gradient_norm", next() * 10.0),
        ];
        let params = [
            ("optimizer", optimizer.to_owned()),
            ("dataset", dataset),
            ("group", group.to_owned()),
            ("lr", format!("{:.6}", next() / 10.0)),
            ("batch_size", format!("{}", 16 << (next() * 5.0) as u32)),
            ("epochs", format!("{}", (next() * 100.0) as u32)),
            ("dropout", format!("{:.2}", next())),
            ("layers", format!("{}", 1 + (next() * 12.0) as u32)),
            ("hidden", format!("{}", 64 << (next() * 5.0) as u32)),
            ("seed", format!("{number}")),
        ];
        Self { name: format!("run-{number:06}"), metrics, params }
    }

    fn metric(&self, key: &str) -> Option<f64> {
        self.metrics.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn param(&self, key: &str) -> Option<&str> {
        self.params.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
    }
}

/// A search for runs above a metric's value that have a param.
pub struct Filter {
    pub name: &'static str,
    metric: &'static str,
    above: f64,
    param: &'static str,
    value: &'static str,
}

/// The metric that the searches are ordered by, rising; it is independent of every filter.
pub const ORDER_METRIC: &str = "loss";

pub const FILTERS: [Filter; 6] = [
    Filter { name: "54 % match", metric: "accuracy", above: 0.1, param: "optimizer", value: "adam" },
    Filter { name: "5 % match", metric: "accuracy", above: 0.5, param: "dataset", value: "d3" },
    Filter { name: "0.5 % match", metric: "accuracy", above: 0.95, param: "dataset", value: "d3" },
    Filter {
        name: "0 match, no such metric value",
        metric: "accuracy",
        above: 2.0,
        param: "dataset",
        value: "d3",
    },
    Filter {
        name: "0 match, no such param",
        metric: "accuracy",
        above: 0.5,
        param: "dataset",
        value: "none",
    },
    // Either half of it matches half of the runs.
    Filter { name: "0 match, never together", metric: "paired", above: 0.5, param: "group", value: "b" },
];

impl Filter {
    /// The filter text; `nudge` moves the threshold by so little that the same runs match and no two texts are equal.
    pub fn text(&self, nudge: u64) -> String {
        let above = self.above + nudge as f64 * 1e-12;
        format!("metrics.{} > {above:.12} and params.{} = '{}'", self.metric, self.param, self.value)
    }

    fn matches(&self, run: &MadeUpRun) -> bool {
        run.metric(self.metric).is_some_and(|value| value > self.above)
            && run.param(self.param).is_some_and(|value| value == self.value)
    }

    /// The names of all matches in the order of the search.
    pub fn expected(&self, runs: usize) -> Vec<String> {
        let matches = (0..runs).map(MadeUpRun::new).filter(|run| self.matches(run));
        let mut matches: Vec<(f64, String)> =
            matches.map(|run| (run.metric(ORDER_METRIC).unwrap_or(f64::NAN), run.name)).collect();
        matches.sort_by(|a, b| a.0.total_cmp(&b.0));
        matches.into_iter().map(|(_, name)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_the_same_each_time() {
        let (one, two) = (MadeUpRun::new(42), MadeUpRun::new(42));
        assert_eq!((one.metrics, one.params), (two.metrics, two.params));
        assert_ne!(MadeUpRun::new(43).metrics, MadeUpRun::new(42).metrics);
    }

    #[test]
    fn the_filters_match_what_their_names_say() {
        let shares = FILTERS.map(|filter| filter.expected(20_000).len() as f64 / 20_000.0);
        for (share, about) in shares.into_iter().zip([0.54, 0.05, 0.005, 0.0, 0.0, 0.0]) {
            assert!((share - about).abs() <= about * 0.2, "{share} instead of {about}");
        }
    }

    #[test]
    fn expected_names_are_in_order() {
        let names = FILTERS[2].expected(5_000);
        let losses: Vec<f64> = names
            .iter()
            .map(|name| MadeUpRun::new(name[4..].parse().unwrap()).metric(ORDER_METRIC).unwrap())
            .collect();
        assert!(losses.is_sorted() && losses.len() > 5);
    }

    #[test]
    fn nudged_filters_differ_in_text() {
        assert_eq!(FILTERS[0].text(0), "metrics.accuracy > 0.100000000000 and params.optimizer = 'adam'");
        assert_ne!(FILTERS[0].text(1), FILTERS[0].text(2));
    }
}
