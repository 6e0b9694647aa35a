//! How far two clocks are apart, by the order in which lines of both stand in one source.
//!
//! A file of several containers shows their lines in the order written. So lines of one that stand
//! between lines of others bound how far its clock is from theirs. Where most of these bounds agree
//! on an offset that zones have, that is it. Files that show one container after another bound nothing,
//! or contradict themselves.

use super::clock::{DAY_MS, has_date};
use super::overlap::{Region, Span, best};
use crate::event::Event;

pub(super) const MINUTE_MS: i64 = 60 * 1000;
/// Zones lie no further apart.
const FARTHEST_MS: u64 = 26 * 60 * 60 * 1000;
/// Lines of two containers may change places within this.
const SLACK_MS: i64 = 1_000;
/// By how much zones differ, the usual first.
const ZONE_STEPS_MS: [i64; 3] = [60 * MINUTE_MS, 30 * MINUTE_MS, 15 * MINUTE_MS];
/// Bounds that are this part of a step wide hold a multiple of it by chance one time in so many. Each
/// meeting of the two containers' lines makes chance less likely, and lets them be as much wider.
const CHANCE: i64 = 20;

/// What a stretch of one writer's lines between lines on the common clock says of how far the clocks are
/// apart, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    /// At most so much is the writer's clock ahead, if its first line was written after the one before.
    after: Option<i64>,
    /// At least so much, if its last line was written before the one behind.
    before: Option<i64>,
}

impl Visit {
    pub(super) fn differences(&self) -> impl Iterator<Item = i64> {
        [self.after, self.before].into_iter().flatten()
    }

    fn span(&self, index: usize) -> Option<Span> {
        let span = Span {
            one: index,
            other: index,
            low_ms: self.before.unwrap_or(i64::MIN).saturating_sub(SLACK_MS),
            high_ms: self.after.unwrap_or(i64::MAX).saturating_add(SLACK_MS),
        };
        (span.low_ms <= span.high_ms).then_some(span)
    }
}

/// The visits of one writer among those that are settled. What else stands between is passed over.
pub(super) fn visits(
    stream: &[Event],
    owners: &[usize],
    settled: &[bool],
    writer: usize,
) -> Vec<Visit> {
    let undated = !stream.iter().any(has_date);
    let later = |one: &Event, other: &Event| {
        let ms = one
            .at_ms?
            .saturating_add(one.resolution_ms)
            .saturating_sub(other.at_ms?);
        // Times of day are never further apart than half a day.
        Some(if undated { within_half_a_day(ms) } else { ms })
    };
    let visit =
        |before: Option<&Event>, (first, last): (&Event, &Event), behind: Option<&Event>| {
            let after = before.and_then(|before| later(first, before));
            let before = behind.and_then(|behind| later(behind, last));
            Visit {
                after,
                before: before.map(i64::saturating_neg),
            }
        };
    let mut visits = Vec::new();
    let mut before: Option<&Event> = None;
    let mut stretch: Option<(&Event, &Event)> = None;
    let stamped = stream.iter().zip(owners);
    for (event, owner) in stamped.filter(|(event, _)| event.at_ms.is_some()) {
        if *owner == writer {
            stretch = Some((stretch.map_or(event, |(first, _)| first), event));
        } else if settled.get(*owner) == Some(&true) {
            visits.extend(
                stretch
                    .take()
                    .map(|stretch| visit(before, stretch, Some(event))),
            );
            before = Some(event);
        }
    }
    visits.extend(
        stretch
            .filter(|_| before.is_some())
            .map(|stretch| visit(before, stretch, None)),
    );
    visits
}

fn within_half_a_day(ms: i64) -> i64 {
    let half = DAY_MS / 2;
    ms.saturating_add(half)
        .rem_euclid(DAY_MS)
        .saturating_sub(half)
}

/// How far a writer's clock is ahead of that of the lines it visits; `None` where they do not tell.
pub(super) fn shift(visits: &[Visit]) -> Option<i64> {
    let spans = visits.iter().enumerate();
    let (most, regions) = best(spans.filter_map(|(index, visit)| visit.span(index)));
    // A file that shows its containers in turns contradicts itself.
    if most.saturating_mul(4) < visits.len().saturating_mul(3) {
        return None;
    }
    let low = regions.first()?.low_ms;
    let width = regions.last()?.high_ms.saturating_sub(low);
    let meetings = visits.iter().flat_map(Visit::differences).count() / 2;
    let meetings = i64::try_from(meetings).unwrap_or(i64::MAX);
    let holds = |ms: i64| regions.iter().any(|region: &Region| region.is_near(ms, 0));
    let [hour, half, _] = ZONE_STEPS_MS;
    // That the clocks agree needs the least proof.
    if holds(0) && width <= hour {
        return Some(0);
    }
    let middle = low.saturating_add(width / 2);
    ZONE_STEPS_MS
        .into_iter()
        .find_map(|step| {
            let above = middle.saturating_add(step / 2);
            let nearest = above.saturating_sub(above.rem_euclid(step));
            let allowed = (step / CHANCE).saturating_mul(meetings).min(half);
            holds(nearest).then_some((
                nearest,
                width <= allowed && nearest.unsigned_abs() <= FARTHEST_MS,
            ))
        })
        .and_then(|(nearest, is_sure)| is_sure.then_some(nearest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_MS: i64 = 1_000;
    const HOUR_MS: i64 = 60 * MINUTE_MS;

    fn visit(before: i64, after: i64) -> Visit {
        Visit {
            after: Some(after),
            before: Some(before),
        }
    }

    #[test]
    fn lines_between_others_tell_the_zone() {
        let once = visit(2 * HOUR_MS - 5 * SECOND_MS, 2 * HOUR_MS + 20 * SECOND_MS);
        assert_eq!(shift(&[once]), Some(2 * HOUR_MS));
        let india = -5 * HOUR_MS - 30 * MINUTE_MS;
        let often = [
            visit(india - 9 * MINUTE_MS, india + SECOND_MS),
            visit(india - SECOND_MS, india + 9 * MINUTE_MS),
            visit(india - HOUR_MS, india + HOUR_MS),
        ];
        assert_eq!(shift(&often), Some(india));
    }

    #[test]
    fn clocks_that_agree_need_little_proof() {
        assert_eq!(shift(&[visit(-25 * MINUTE_MS, 10 * MINUTE_MS)]), Some(0));
    }

    #[test]
    fn bounds_that_any_offset_would_meet_tell_nothing() {
        // Wide, one-sided, at no zone, and in contradiction.
        let wide = visit(2 * HOUR_MS - 8 * MINUTE_MS, 2 * HOUR_MS + 8 * MINUTE_MS);
        assert_eq!(shift(&[wide]), None);
        let first = Visit {
            before: None,
            ..visit(0, 2 * HOUR_MS)
        };
        assert_eq!(shift(&[first]), None);
        let odd = 2 * HOUR_MS + 7 * MINUTE_MS;
        assert_eq!(shift(&[visit(odd, odd + SECOND_MS)]), None);
        let turns = [-3, 1, 2].map(|hours| visit(hours * HOUR_MS, hours * HOUR_MS + SECOND_MS));
        assert_eq!(shift(&turns), None);
        assert_eq!(shift(&[]), None);
    }
}
