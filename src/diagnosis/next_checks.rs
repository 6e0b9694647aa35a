//! What to check next: the checks whose answers would narrow the causes most.
//!
//! The model: before a check, the causes of a case and "none of these" have the probabilities of the
//! ranking. A check has one answer for each cause that it settles, and one more for all the rest, "none of
//! these" included. Each cause gives its own answer for certain, so the entropy that an answer is expected
//! to take away is the entropy of the answers themselves. Of checks that tell as much, that about
//! the likelier cause comes first, then one with a command to paste, then the order of the alphabet.

use super::Findings;
use super::addresses::Addresses;
use super::case::Case;
use super::model::NextCheck;
use crate::rule_text::RuleText;
use std::collections::BTreeMap;

/// So many checks are offered.
const MOST: usize = 4;
/// Causes less likely than this are not worth a check of their own.
const WORTH_CHECKING: f64 = 0.02;

pub(super) fn of(
    incident: &Case,
    addresses: &Addresses,
    findings: &Findings<'_>,
) -> Vec<NextCheck> {
    let probabilities: BTreeMap<&str, f64> = incident
        .ranking
        .iter()
        .filter_map(|one| {
            let cause = findings.rules.causes.get(one.cause)?;
            Some((cause.id.as_str(), one.probability))
        })
        .collect();
    let mut offered: Vec<(f64, NextCheck)> = Vec::new();
    for one in incident
        .ranking
        .iter()
        .filter(|one| one.probability >= WORTH_CHECKING)
    {
        let Some(cause) = findings.rules.causes.get(one.cause) else {
            continue;
        };
        for candidate in &cause.checks {
            let candidate_here = addresses.put_into(candidate);
            let known = offered
                .iter()
                .any(|(_, other)| other.what == candidate_here.what);
            if !known {
                let gain = gain(&cause.id, &candidate.settles, &probabilities);
                offered.push((gain, candidate_here));
            }
        }
    }
    offered.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then(one.1.command.is_none().cmp(&other.1.command.is_none()))
            .then(one.1.what.cmp(&other.1.what))
    });
    offered.truncate(MOST);
    offered.into_iter().map(|(_, check)| check).collect()
}

/// Expected information in bits: the entropy of the answers.
fn gain(own: &str, settles: &[RuleText], probabilities: &BTreeMap<&str, f64>) -> f64 {
    let mut parts: Vec<f64> = probabilities
        .iter()
        .filter(|(id, _)| **id == own || settles.iter().any(|settled| settled == *id))
        .map(|(_, probability)| *probability)
        .collect();
    let covered: f64 = parts.iter().sum();
    parts.push((1.0 - covered).max(0.0));
    let entropy: f64 = parts
        .iter()
        .filter(|part| **part > 0.0)
        .map(|part| -part * part.log2())
        .sum();
    // Of checks that tell as much, the one about the likelier cause comes first.
    entropy + 0.01 * probabilities.get(own).copied().unwrap_or(0.0)
}
