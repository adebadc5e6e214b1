//! What thinning may and may not do.

use proptest::prelude::*;

use super::*;

fn sample(most: usize, points: &[(i64, f64)]) -> Sample {
    let mut sampler = Sampler::new(most, None, None);
    points.iter().for_each(|(x, value)| sampler.add(*x, *value));
    let (seen, sample) = sampler.finish();
    assert_eq!(seen, points.len() as u64);
    sample
}

#[track_caller]
fn buckets(sample: Sample) -> (i64, Vec<Bucket>) {
    match sample {
        Sample::Buckets { width, buckets } => (width, buckets),
        Sample::Points(points) => panic!("{points:?}"),
    }
}

#[test]
fn few_points_stay_what_they_are() {
    let points = [(3, 1.5), (1, f64::INFINITY), (3, 0.1)];
    assert_eq!(
        sample(3, &points),
        Sample::Points(vec![(1, f64::INFINITY), (3, 1.5), (3, 0.1)]),
        "two of one x stay in the order that they came in"
    );
    let Sample::Points(nan) = sample(2, &[(0, f64::NAN)]) else { panic!() };
    assert!(nan[0].1.is_nan());
    assert_eq!(sample(2, &[]), Sample::Points(Vec::new()));
}

#[test]
fn buckets_tell_range_mean_and_end() {
    let points: Vec<(i64, f64)> = (0..8).map(|x| (x, x as f64)).collect();
    let (width, buckets) = buckets(sample(4, &points));
    assert_eq!(width, 2);
    let told: Vec<_> = buckets
        .iter()
        .map(|bucket| (bucket.index, bucket.min, bucket.max, bucket.mean(), bucket.last))
        .collect();
    assert_eq!(
        told,
        [(0, 0., 1., 0.5, 1.), (1, 2., 3., 2.5, 3.), (2, 4., 5., 4.5, 5.), (3, 6., 7., 6.5, 7.)]
    );
}

#[test]
fn nan_and_infinities_are_not_lost() {
    let points = [(0, 1.0), (1, f64::NAN), (2, f64::NAN), (3, f64::NAN), (4, f64::INFINITY), (5, 2.0)];
    let (_, found) = buckets(sample(3, &points));
    assert_eq!((found[0].min, found[0].mean(), found[0].has_nan), (1.0, 1.0, true));
    assert!(found[0].last.is_nan() && found[1].min.is_nan() && found[1].mean().is_nan());
    assert_eq!((found[2].min, found[2].max, found[2].mean()), (2.0, f64::INFINITY, f64::INFINITY));
    let (_, both) = buckets(sample(2, &[(0, f64::INFINITY), (1, f64::NEG_INFINITY), (4, 0.0)]));
    assert!(both[0].mean().is_nan());
    let (_, large) = buckets(sample(2, &[(0, f64::MAX), (1, f64::MAX), (9, 0.0)]));
    assert_eq!(large[0].mean(), f64::MAX);
}

#[test]
fn a_range_leaves_the_rest_out() {
    let mut sampler = Sampler::new(10, Some(5), Some(7));
    (0..20).for_each(|x| sampler.add(x, x as f64));
    assert_eq!(sampler.finish(), (3, Sample::Points(vec![(5, 5.0), (6, 6.0), (7, 7.0)])));
}

#[test]
fn the_ends_of_the_axis_fit() {
    let points = [(i64::MIN, 1.0), (i64::MAX, 2.0), (-1, 3.0), (0, 4.0)];
    let (width, buckets) = buckets(sample(2, &points));
    assert_eq!((width, buckets.len()), (i64::MAX, 2));
    assert_eq!((buckets[0].index, buckets[0].max, buckets[1].max), (-1, 3.0, 4.0));
}

proptest! {
    #[test]
    fn thinning_keeps_order_number_range_and_last(
        points in proptest::collection::vec((-10_000..10_000_i64, -1e6..1e6_f64), 1..600),
        most in 2..100_usize,
    ) {
        let extent = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), value| (min.min(value), max.max(value)))
        };
        let all = extent(&mut points.iter().map(|(_, value)| *value));
        let greatest = points.iter().map(|(x, _)| *x).max().unwrap();
        let end = points.iter().rfind(|(x, _)| *x == greatest).unwrap().1;
        match sample(most, &points) {
            Sample::Points(kept) => {
                prop_assert!(kept.len() == points.len() && kept.len() <= most);
                prop_assert!(kept.is_sorted_by_key(|(x, _)| *x));
                prop_assert_eq!(kept.last().unwrap().1, end);
            }
            Sample::Buckets { width, buckets } => {
                prop_assert!(points.len() > most && buckets.len() <= most);
                prop_assert!(buckets.is_sorted_by(|a, b| a.index < b.index));
                prop_assert_eq!(buckets.last().unwrap().last, end);
                let low = extent(&mut buckets.iter().map(|bucket| bucket.min)).0;
                let high = extent(&mut buckets.iter().map(|bucket| bucket.max)).1;
                prop_assert_eq!((low, high), all);
                for bucket in &buckets {
                    let inside = points.iter().filter(|(x, _)| x.div_euclid(width) == bucket.index);
                    let values: Vec<f64> = inside.map(|(_, value)| *value).collect();
                    let mean = values.iter().sum::<f64>() / values.len() as f64;
                    prop_assert!((bucket.mean() - mean).abs() <= 1e-6);
                    prop_assert_eq!((bucket.min, bucket.max), extent(&mut values.into_iter()));
                }
            }
        }
    }
}
