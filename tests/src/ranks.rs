//! The Mann-Whitney U test: could two samples be of one distribution?
//!
//! Owns the statistic. It goes by ranks alone, so that a few slow answers weigh no more than any other.

use std::cmp::Ordering;

/// What the test says of two samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannWhitney {
    /// How often a value of the first sample is above one of the second; ties count half.
    pub u: f64,
    /// The probability of a difference at least as great, in either direction, where there is none: by the normal
    /// approximation with the corrections for ties and for continuity, which holds from about 20 values each.
    pub p: f64,
}

/// Compares two samples.
///
/// # Panics
/// Where one is empty.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> MannWhitney {
    assert!(!first.is_empty() && !second.is_empty(), "an empty sample");
    let mut all: Vec<(f64, bool)> = first.iter().map(|value| (*value, true)).collect();
    all.extend(second.iter().map(|value| (*value, false)));
    all.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal));
    let (mut rank_sum, mut ties, mut begin) = (0.0, 0.0, 0);
    while let Some((value, _)) = all.get(begin) {
        let equal = all[begin..].iter().take_while(|(other, _)| other == value).count();
        // The ranks of equal values are shared: each has their mean.
        let mean_rank = count(begin) + (count(equal) + 1.0) / 2.0;
        let of_first = all[begin..begin + equal].iter().filter(|(_, is_first)| *is_first).count();
        rank_sum += mean_rank * count(of_first);
        ties += count(equal).powi(3) - count(equal);
        begin += equal;
    }
    let (n1, n2) = (count(first.len()), count(second.len()));
    let n = n1 + n2;
    let u = rank_sum - n1 * (n1 + 1.0) / 2.0;
    let variance = n1 * n2 / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)));
    let distance = ((u - n1 * n2 / 2.0).abs() - 0.5).max(0.0);
    let p = if variance > 0.0 { two_sided(distance / variance.sqrt()) } else { 1.0 };
    MannWhitney { u, p }
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).expect("a sample of less than four thousand million"))
}

/// The probability that a standard normal value is at least so far from 0. Abramowitz and Stegun 7.1.26: off by at
/// most 1.5e-7.
fn two_sided(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let polynomial = series.iter().fold(0.0, |sum, term| sum * t + term) * t;
    (polynomial * (-x * x).exp()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-4
    }

    #[test]
    fn the_normal_tails_are_those_of_the_tables() {
        for (z, p) in [(0.0, 1.0), (1.0, 0.317_311), (1.959_964, 0.05), (2.575_829, 0.01), (3.290_527, 0.001)] {
            assert!(close(two_sided(z), p), "{z}: {}", two_sided(z));
        }
    }

    /// Hollander and Wolfe, permeability of two membranes: U = 35, exactly p = 0.2544. The approximation, by hand:
    /// z = (10 - 0.5) / √(10 · 5 · 16 / 12) = 1.1635, p = 0.2446.
    #[test]
    fn a_published_example_comes_out_as_published() {
        let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
        let early = [1.15, 0.88, 0.90, 0.74, 1.21];
        let found = mann_whitney(&term, &early);
        assert!(close(found.u, 35.0) && close(found.p, two_sided(1.163_508)), "{found:?}");
        assert!((found.p - 0.2446).abs() < 5e-4 && (found.p - 0.2544).abs() < 0.01, "{found:?}");
        let other_way = mann_whitney(&early, &term);
        assert!(close(other_way.u, 15.0) && close(other_way.p, found.p), "{other_way:?}");
    }

    /// By hand: ranks 2, 2, 4.5 against 2, 4.5, 6; U = 2.5, variance 4.5, z = (2 - 0.5) / 2.1213.
    #[test]
    fn ties_share_their_ranks() {
        let found = mann_whitney(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0]);
        assert!(close(found.u, 2.5), "{found:?}");
        assert!(close(found.p, two_sided(1.5 / 4.5_f64.sqrt())), "{found:?}");
        assert!(close(mann_whitney(&[5.0; 30], &[5.0; 40]).p, 1.0), "nothing differs");
    }

    #[test]
    fn a_small_shift_of_many_values_is_found_and_no_shift_is_none() {
        // Interleaved: each value of the one lies between two of the other.
        let even: Vec<f64> = (0..1000).map(|n| f64::from(n * 2)).collect();
        let odd: Vec<f64> = (0..1000).map(|n| f64::from(n * 2 + 1)).collect();
        assert!(mann_whitney(&even, &odd).p > 0.9);
        let shifted: Vec<f64> = even.iter().map(|value| value + 150.0).collect();
        assert!(mann_whitney(&even, &shifted).p < 0.01);
    }
}
