//! Runs clients side by side, each sending its next request when the last one is answered, and keeps the latencies.

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;

use crate::Result;

/// What a phase measured.
pub struct Load {
    elapsed: Duration,
    /// In rising order, one for each answered request.
    latencies: Vec<Duration>,
}

impl Load {
    pub fn new(elapsed: Duration, mut latencies: Vec<Duration>) -> Result<Self> {
        if latencies.is_empty() || elapsed.is_zero() {
            return Err("not one request was answered within the phase".into());
        }
        latencies.sort_unstable();
        Ok(Self { elapsed, latencies })
    }

    pub fn count(&self) -> usize {
        self.latencies.len()
    }

    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    pub fn per_second(&self) -> f64 {
        self.count() as f64 / self.elapsed.as_secs_f64()
    }

    pub fn mean_ms(&self) -> f64 {
        let total: Duration = self.latencies.iter().sum();
        total.as_secs_f64() * 1e3 / self.count() as f64
    }

    /// The latency that `percent` of the requests stayed at or under (nearest rank), in milliseconds.
    pub fn percentile(&self, percent: f64) -> f64 {
        let rank = (percent / 100.0 * self.count() as f64).ceil() as usize;
        self.latencies[rank.clamp(1, self.count()) - 1].as_secs_f64() * 1e3
    }
}

/// Lets every client repeat `step` for `phase`, after a warm-up of a fifth of it that is not counted.
pub async fn closed_loop<C>(
    clients: &mut [C],
    phase: Duration,
    step: impl AsyncFn(&mut C) -> Result<()>,
) -> Result<Load> {
    let measured_from = Instant::now() + phase / 5;
    let end = measured_from + phase;
    let step = &step;
    let latencies = try_join_all(clients.iter_mut().map(async |client| {
        let mut latencies = Vec::new();
        loop {
            let sent_at = Instant::now();
            if sent_at >= end {
                return Ok::<_, Box<dyn std::error::Error>>(latencies);
            }
            step(client).await?;
            if sent_at >= measured_from {
                latencies.push(sent_at.elapsed());
            }
        }
    }))
    .await?;
    Load::new(measured_from.elapsed(), latencies.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_the_nearest_rank() {
        let latencies = (1..=100).rev().map(Duration::from_millis).collect();
        let load = Load::new(Duration::from_secs(2), latencies).unwrap();
        assert_eq!(load.percentile(50.0), 50.0);
        assert_eq!(load.percentile(95.0), 95.0);
        assert_eq!(load.percentile(99.0), 99.0);
        assert_eq!(load.percentile(100.0), 100.0);
        assert_eq!(load.percentile(0.0), 1.0);
        assert_eq!(load.per_second(), 50.0);
        assert!((load.mean_ms() - 50.5).abs() < 1e-9);
    }

    #[test]
    fn one_latency_is_every_percentile() {
        let load = Load::new(Duration::from_secs(1), vec![Duration::from_millis(7)]).unwrap();
        assert_eq!((load.percentile(1.0), load.percentile(99.9)), (7.0, 7.0));
    }

    #[test]
    fn a_phase_without_an_answer_is_an_error() {
        assert!(Load::new(Duration::from_secs(1), Vec::new()).is_err());
    }
}
