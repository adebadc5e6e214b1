//! What many numbers come to: count, mean, range and spread, one number at a time.

/// Welford's sums: they stay exact where squares of large numbers would cancel out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Statistics {
    count: u64,
    mean: f64,
    squares: f64,
    min: Option<f64>,
    max: Option<f64>,
}

impl Statistics {
    /// NaN is passed over.
    pub fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.count += 1;
        let (count, before) = (self.count as f64, value - self.mean);
        // The distance of two finite numbers may be none.
        let overflows = before.is_infinite() && value.is_finite() && self.mean.is_finite();
        self.mean += if overflows { value / count - self.mean / count } else { before / count };
        self.squares += if overflows { f64::INFINITY } else { before * (value - self.mean) };
        self.min = Some(self.min.map_or(value, |min| min.min(value)));
        self.max = Some(self.max.map_or(value, |max| max.max(value)));
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// NaN when infinities of both signs are among the numbers.
    pub fn mean(&self) -> Option<f64> {
        let mean = match (self.min, self.max) {
            (Some(f64::NEG_INFINITY), Some(f64::INFINITY)) => f64::NAN,
            (Some(f64::NEG_INFINITY), _) => f64::NEG_INFINITY,
            (_, Some(f64::INFINITY)) => f64::INFINITY,
            _ => self.mean,
        };
        (self.count > 0).then_some(mean)
    }

    pub fn min(&self) -> Option<f64> {
        self.min
    }

    pub fn max(&self) -> Option<f64> {
        self.max
    }

    /// The standard deviation of the numbers as a sample (divided by count - 1); there is none of fewer than two.
    pub fn std_dev(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[f64]) -> Statistics {
        let mut statistics = Statistics::default();
        values.iter().for_each(|value| statistics.add(*value));
        statistics
    }

    #[test]
    fn the_mean_of_numbers_that_lie_far_apart_is_between_them() {
        let far = of(&[1.7e308, -1.7e308, 1.7e308, -1.7e308]);
        assert!(far.mean().unwrap().abs() < 1e300, "{far:?}");
        assert_eq!(far.std_dev(), Some(f64::INFINITY));
    }

    #[test]
    fn known_numbers_have_their_known_spread() {
        let statistics = of(&[2.0, 4.0, f64::NAN, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!((statistics.count(), statistics.mean()), (8, Some(5.0)));
        assert_eq!((statistics.min(), statistics.max()), (Some(2.0), Some(9.0)));
        assert!((statistics.std_dev().unwrap() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        let none = of(&[f64::NAN]);
        assert_eq!((none.count(), none.mean(), none.min(), none.std_dev()), (0, None, None, None));
        assert_eq!(of(&[3.0]).std_dev(), None);
    }

    #[test]
    fn infinities_show_in_the_mean() {
        assert_eq!(of(&[1.0, f64::INFINITY]).mean(), Some(f64::INFINITY));
        assert_eq!(of(&[f64::NEG_INFINITY, 1.0]).mean(), Some(f64::NEG_INFINITY));
        assert!(of(&[f64::NEG_INFINITY, f64::INFINITY]).mean().unwrap().is_nan());
    }

    proptest! {
        #[test]
        fn a_shift_moves_the_mean_and_not_the_spread(
            values in proptest::collection::vec(-1e3..1e3_f64, 2..50),
            shift in -1e9..1e9_f64,
        ) {
            let plain = of(&values);
            let shifted = of(&values.iter().map(|value| value + shift).collect::<Vec<_>>());
            prop_assert!((plain.mean().unwrap() + shift - shifted.mean().unwrap()).abs() < 1e-4);
            prop_assert!((plain.std_dev().unwrap() - shifted.std_dev().unwrap()).abs() < 1e-3);
        }
    }
}
