//! The counts of the morning, added up for what is shown. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_openapi::dashboard::Dashboard;
use motcua_openapi::problem::ProblemCode;
use uuid::Uuid;

/// A day and how many there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    /// The day at the desk.
    pub date: NaiveDate,
    /// How many.
    pub count: u64,
}

/// Every day of the counts, those without any too.
fn days(counts: &Dashboard, some: impl Iterator<Item = (NaiveDate, u64)>) -> Vec<Day> {
    let mut by_day: BTreeMap<NaiveDate, u64> = BTreeMap::new();
    for (day, count) in some {
        *by_day.entry(day).or_default() += count;
    }
    let dates = counts.from.iter_days().take_while(|date| *date <= counts.to);
    dates.map(|date| Day { date, count: by_day.get(&date).copied().unwrap_or_default() }).collect()
}

fn is_of(unit: Option<Uuid>, id: Uuid) -> bool {
    unit.is_none_or(|wanted| wanted == id)
}

/// Accounts by day, of one unit or of all.
pub(super) fn accounts_by_day(counts: &Dashboard, unit: Option<Uuid>) -> Vec<Day> {
    days(counts, counts.accounts.iter().filter(|one| is_of(unit, one.unit_id)).map(|one| (one.day, one.count)))
}

/// Refusals by day, of one unit or of all.
pub(super) fn refusals_by_day(counts: &Dashboard, unit: Option<Uuid>) -> Vec<Day> {
    days(counts, counts.refusals.iter().filter(|one| is_of(unit, one.unit_id)).map(|one| (one.day, one.count)))
}

/// How many in all.
pub(super) fn sum(days: &[Day]) -> u64 {
    days.iter().map(|day| day.count).sum()
}

/// Accounts by unit, most first.
pub(super) fn accounts_by_unit(counts: &Dashboard) -> Vec<(String, u64)> {
    let of = |unit: Uuid| counts.accounts.iter().filter(|one| one.unit_id == unit).map(|one| one.count).sum();
    let all = counts.units.iter().map(|unit| (unit.name.clone(), of(unit.id)));
    most_first(all.filter(|(_, count)| *count > 0).collect())
}

/// Refusals by reason, most first.
pub(super) fn refusals_by_reason(counts: &Dashboard, unit: Option<Uuid>) -> Vec<(ProblemCode, u64)> {
    let mut all = Vec::<(ProblemCode, u64)>::new();
    for one in counts.refusals.iter().filter(|one| is_of(unit, one.unit_id)) {
        match all.iter_mut().find(|(code, _)| *code == one.code) {
            Some((_, count)) => *count += one.count,
            None => all.push((one.code, one.count)),
        }
    }
    most_first(all)
}

fn most_first<T>(mut all: Vec<(T, u64)>) -> Vec<(T, u64)> {
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}

#[cfg(test)]
mod tests {
    use motcua_openapi::dashboard::{AccountCount, RefusalCount, TextCounts};
    use motcua_openapi::desk::UnitRef;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn counts() -> Dashboard {
        let [ward, desk] = [1, 2].map(Uuid::from_u128);
        let account = |date: &str, unit_id, count| AccountCount { day: day(date), unit_id, count };
        let refusal = |unit_id, code, count| RefusalCount { day: day("2026-03-02"), unit_id, code, count };
        let unit = |id, name: &str| UnitRef { id, name: name.into() };
        Dashboard {
            from: day("2026-03-01"),
            to: day("2026-03-03"),
            counted_at: "2026-03-03T02:00:00Z".parse().unwrap(),
            units: vec![unit(ward, "Phường"), unit(desk, "Thành phố")],
            accounts: vec![
                account("2026-03-01", ward, 1),
                account("2026-03-03", desk, 4),
                account("2026-03-03", ward, 2),
            ],
            refusals: vec![
                refusal(ward, ProblemCode::OtpWrong, 2),
                refusal(desk, ProblemCode::NotFound, 3),
                refusal(desk, ProblemCode::OtpWrong, 2),
            ],
            quiet_days: 7,
            quiet_desks: vec![],
            texts: TextCounts { from: "2026-03-02T02:00:00Z".parse().unwrap(), total: 0, failing: 0, failures: vec![] },
        }
    }

    #[test]
    fn a_day_without_any_is_there_too() {
        let of = |unit| accounts_by_day(&counts(), unit).iter().map(|day| day.count).collect::<Vec<_>>();
        assert_eq!((of(None), of(Some(Uuid::from_u128(1)))), (vec![1, 0, 6], vec![1, 0, 2]));
        assert_eq!(sum(&refusals_by_day(&counts(), Some(Uuid::from_u128(2)))), 5);
    }

    #[test]
    fn what_there_is_most_of_comes_first() {
        assert_eq!(accounts_by_unit(&counts()), [("Thành phố".to_owned(), 4), ("Phường".to_owned(), 3)]);
        assert_eq!(refusals_by_reason(&counts(), None), [(ProblemCode::OtpWrong, 4), (ProblemCode::NotFound, 3)]);
    }
}
