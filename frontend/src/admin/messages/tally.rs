//! The messages of some hours, counted: by hour, and by gateway and reason.
//!
//! Pure. Owns what is added up for a filter and how many hours share a bar. Refuses drawing.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_openapi::messages::{MessageReason, MessageState, MessageStatistics};

/// What becomes of a message, from the bottom of a bar to its top.
pub(super) const FATES: [MessageState; 5] =
    [MessageState::Delivered, MessageState::Sent, MessageState::Queued, MessageState::Failed, MessageState::Dropped];

/// How many hours may share a bar.
const HOURS_A_BAR: [usize; 7] = [1, 2, 3, 6, 8, 12, 24];
/// A narrower bar shows no pattern.
const NARROWEST_BAR: usize = 5;

/// Which messages are counted: of a gateway, or those that no gateway was tried for; `None`: all.
pub(super) type Filter = Option<Option<String>>;

/// How many messages had each fate, in the order of [`FATES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts(pub [u64; 5]);

impl Counts {
    /// All of them.
    pub(super) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    fn add(&mut self, state: MessageState, count: u64) {
        if let Some(place) = FATES.iter().position(|fate| *fate == state) {
            self.0[place] += count;
        }
    }

    fn and(mut self, other: &Self) -> Self {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
        self
    }
}

/// The messages of one hour, or of some that share a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    /// Its beginning.
    pub from: DateTime<Utc>,
    /// What became of its messages.
    pub counts: Counts,
}

/// Messages that shared a gateway, a fate and a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    /// The gateway of the last attempt.
    pub gateway: Option<String>,
    /// How far they have come.
    pub state: MessageState,
    /// Why.
    pub reason: Option<MessageReason>,
    /// How many.
    pub count: u64,
}

/// Every hour, those without a message too, the one that has just begun included.
pub(super) fn by_hour(statistics: &MessageStatistics, filter: &Filter) -> Vec<Hours> {
    let starts = std::iter::successors(Some(statistics.from), |hour| Some(*hour + TimeDelta::hours(1)));
    let empty = |from| Hours { from, counts: Counts::default() };
    let mut hours: Vec<Hours> = starts.take_while(|hour| *hour <= statistics.to).map(empty).collect();
    for one in statistics.counts.iter().filter(|one| passes(filter, one.gateway.as_ref())) {
        let place = usize::try_from((one.hour - statistics.from).num_hours()).ok();
        if let Some(hour) = place.and_then(|place| hours.get_mut(place)) {
            hour.counts.add(one.state, one.count);
        }
    }
    hours
}

fn passes(filter: &Filter, gateway: Option<&String>) -> bool {
    filter.as_ref().is_none_or(|wanted| wanted.as_ref() == gateway)
}

/// The same with so many hours in one.
pub(super) fn grouped(hours: &[Hours], size: usize) -> Vec<Hours> {
    let sum = |group: &[Hours]| group.iter().fold(Counts::default(), |sum, hour| sum.and(&hour.counts));
    hours
        .chunks(size.max(1))
        .filter_map(|group| Some(Hours { from: group.first()?.from, counts: sum(group) }))
        .collect()
}

/// How many of `hours` must share a bar, so that one can be told from the next on `width` pixels.
pub(super) fn hours_a_bar(hours: usize, width: usize) -> usize {
    let fits = |size: &usize| hours.div_ceil(*size) * NARROWEST_BAR <= width;
    HOURS_A_BAR.into_iter().find(fits).unwrap_or(24)
}

/// All hours in one.
pub(super) fn sum(hours: &[Hours]) -> Counts {
    hours.iter().fold(Counts::default(), |sum, hour| sum.and(&hour.counts))
}

/// The gateways that there is something to choose among, in the order in which they are tried; `None` last: what no
/// gateway was tried for.
pub(super) fn gateways(statistics: &MessageStatistics) -> Vec<Option<String>> {
    let mut gateways: Vec<Option<String>> = statistics.gateways.iter().cloned().map(Some).collect();
    for gateway in statistics.counts.iter().map(|one| &one.gateway) {
        if gateway.is_some() && !gateways.contains(gateway) {
            gateways.push(gateway.clone());
        }
    }
    if statistics.counts.iter().any(|one| one.gateway.is_none()) {
        gateways.push(None);
    }
    gateways
}

/// The messages by gateway, fate and reason: gateways as they are tried, fates as they stand in a bar.
pub(super) fn by_fate(statistics: &MessageStatistics, filter: &Filter) -> Vec<Fate> {
    let mut fates = Vec::<Fate>::new();
    for gateway in gateways(statistics).into_iter().filter(|gateway| passes(filter, gateway.as_ref())) {
        for state in FATES {
            let first = fates.len();
            for one in statistics.counts.iter().filter(|one| one.gateway == gateway && one.state == state) {
                match fates[first..].iter_mut().find(|fate| fate.reason == one.reason) {
                    Some(fate) => fate.count += one.count,
                    None => {
                        let gateway = gateway.clone();
                        fates.push(Fate { gateway, state, reason: one.reason, count: one.count });
                    }
                }
            }
        }
    }
    fates
}

#[cfg(test)]
mod tests {
    use motcua_openapi::messages::{MessageCount, MessagePurpose};

    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        format!("2026-11-24T{time}:00Z").parse().unwrap()
    }

    fn count(hour: &str, gateway: Option<&str>, state: MessageState, count: u64) -> MessageCount {
        let reason = (state == MessageState::Failed).then_some(MessageReason::NumberUnknown);
        let gateway = gateway.map(str::to_owned);
        MessageCount { hour: at(hour), gateway, purpose: MessagePurpose::Otp, state, reason, count }
    }

    fn statistics() -> MessageStatistics {
        MessageStatistics {
            from: at("01:00"),
            to: at("03:30"),
            gateways: vec!["kannel".into(), "spare".into()],
            counts: vec![
                count("01:00", Some("spare"), MessageState::Failed, 2),
                count("01:00", Some("kannel"), MessageState::Delivered, 5),
                count("03:00", None, MessageState::Queued, 1),
                count("03:00", Some("kannel"), MessageState::Delivered, 4),
            ],
        }
    }

    #[test]
    fn every_hour_is_there_and_holds_its_messages() {
        let hours = by_hour(&statistics(), &None);
        let totals: Vec<u64> = hours.iter().map(|hour| hour.counts.total()).collect();
        assert_eq!((totals, hours[0].from), (vec![7, 0, 5], at("01:00")));
        assert_eq!(hours[0].counts, Counts([5, 0, 0, 2, 0]));
        assert_eq!(sum(&hours), Counts([9, 0, 1, 2, 0]));
    }

    #[test]
    fn the_hour_that_begins_just_now_is_counted() {
        let statistics = MessageStatistics { to: at("03:00"), ..statistics() };
        assert_eq!(sum(&by_hour(&statistics, &None)).total(), 12);
    }

    #[test]
    fn a_gateway_is_counted_alone_and_so_are_those_without_one() {
        let total = |filter| sum(&by_hour(&statistics(), &filter)).total();
        assert_eq!(
            [total(Some(Some("kannel".into()))), total(Some(Some("spare".into()))), total(Some(None))],
            [9, 2, 1]
        );
    }

    #[test]
    fn fates_stand_in_the_order_of_the_gateways() {
        let fates = by_fate(&statistics(), &None);
        let told: Vec<_> = fates.iter().map(|fate| (fate.gateway.as_deref(), fate.state, fate.count)).collect();
        let expected = [
            (Some("kannel"), MessageState::Delivered, 9),
            (Some("spare"), MessageState::Failed, 2),
            (None, MessageState::Queued, 1),
        ];
        assert_eq!(told, expected);
        assert_eq!(gateways(&statistics()).last(), Some(&None));
    }

    #[test]
    fn hours_share_a_bar_where_there_is_no_room() {
        assert_eq!([hours_a_bar(24, 1000), hours_a_bar(168, 840), hours_a_bar(168, 250)], [1, 1, 6]);
        let hours = by_hour(&statistics(), &None);
        let totals: Vec<u64> = grouped(&hours, 2).iter().map(|hour| hour.counts.total()).collect();
        assert_eq!(totals, [7, 5]);
    }
}
