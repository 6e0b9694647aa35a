//! The diagnosis as plain data. Renderers print it; none of them decides anything.

use crate::stage::Stage;
use crate::timeline::Offset;

/// What the whole run found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// At least one route fails, and the evidence says something about why.
    Failing,
    /// Attempts were seen and none of them failed.
    Healthy,
    /// The input cannot tell.
    InsufficientEvidence,
}

/// A line of the input that a statement rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    /// The source's name.
    pub file: String,
    /// The line, counted from one.
    pub line: u64,
    /// The line's text, wrapper removed, not redacted, not escaped.
    pub text: String,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// The answer in one word.
    pub outcome: Outcome,
    /// What fails, worst first.
    pub incidents: Vec<Incident>,
    /// Routes on which every attempt worked.
    pub healthy_routes: Vec<HealthyRoute>,
    /// Every item of the checklist.
    pub checklist: Vec<ChecklistItem>,
    /// What to provide where the evidence does not suffice.
    pub collect: Vec<String>,
    /// What was read.
    pub inputs: Vec<InputSummary>,
    /// The clocks of the clients' files, measured by the server's.
    pub clocks: Vec<ClientClock>,
    /// What was skipped, cut or could not be decided.
    pub warnings: Vec<String>,
    /// Lines near an attempt that nothing understood, as templates, most frequent first.
    pub unrecognised: Vec<Template>,
    /// The file of the user's own words that was used.
    pub config: Option<String>,
}

/// The clock of one client's file beside the server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientClock {
    /// The source's name.
    pub file: String,
    /// How far it is ahead of the server's; `None` where nothing tells.
    pub offset: Option<Offset>,
    /// What a reader has to know of it; `None` where the clocks agree or nothing tells.
    pub sentence: Option<String>,
}

/// Failed attempts of one route that stopped in the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// The path, without query; `None` where no line names it.
    pub route: Option<String>,
    /// The pattern's public name (`middleware-only`).
    pub pattern: String,
    /// What the pattern means for this incident, in one or two sentences.
    pub summary: String,
    /// The last stage with proof.
    pub furthest: Option<Stage>,
    /// The first stage after it without proof: where it stopped.
    pub missing: Option<Stage>,
    /// Every stage in order, as the report draws it.
    pub stages: Vec<StageView>,
    /// Its attempts were given up by their own page, and the sockets that replaced them work.
    pub harmless: bool,
    /// Attempts on this route, and how many of them failed like this.
    pub attempts_total: usize,
    /// See [`Incident::attempts_total`].
    pub attempts_failed: usize,
    /// RFC 3339 time of the first failed attempt; without offset where the zone is unknown.
    pub first_seen: Option<String>,
    /// RFC 3339 time of the last one.
    pub last_seen: Option<String>,
    /// Causes, most probable first.
    pub causes: Vec<RankedCause>,
    /// Probability that it is none of them, 0 to 1.
    pub none_of_these: f64,
    /// What a healthy route of the same server clears, and what differs, in sentences.
    pub differential: Vec<String>,
    /// What most people get wrong about what they see here (403 and 1006, `isTrusted`).
    pub remarks: Vec<String>,
    /// What to check next, the most telling first.
    pub next_checks: Vec<NextCheck>,
}

/// One stage of an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct StageView {
    /// The stage.
    pub stage: Stage,
    /// What is known of it.
    pub state: StageState,
    /// The line that shows it.
    pub proof: Option<Citation>,
}

/// What is known of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageState {
    /// A line proves that it was passed.
    Passed,
    /// A later stage was reached, so it was passed.
    Implied,
    /// The attempt stopped here.
    Failed,
    /// Its logger speaks elsewhere in this input and is silent here: not reached.
    NotReached,
    /// Nothing can be said of it.
    Unknown,
}

/// A cause with its probability and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCause {
    /// The public name.
    pub id: String,
    /// Probability, 0 to 1.
    pub confidence: f64,
    /// From the rule file.
    pub title: String,
    /// From the rule file.
    pub explanation: String,
    /// From the rule file.
    pub impact: String,
    /// Evidence for and against, the weightiest first.
    pub evidence: Vec<EvidenceItem>,
    /// Fixes, the best first.
    pub fixes: Vec<FixText>,
    /// Checks that would settle it.
    pub checks: Vec<NextCheck>,
}

/// One item of evidence that applied.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceItem {
    /// The line it rests on; `None` where it rests on no single line (a silence, a count).
    pub citation: Option<Citation>,
    /// Whether it speaks for the cause.
    pub supports: bool,
    /// Log-odds it added; negative speaks against.
    pub weight: f64,
    /// Why it counts, as a clause.
    pub reason: String,
    /// How many attempts of the incident show it.
    pub attempts: usize,
}

/// A fix as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixText {
    /// What to do.
    pub text: String,
    /// Code to paste.
    pub code: Option<String>,
}

/// A check to make.
#[derive(Debug, Clone, PartialEq)]
pub struct NextCheck {
    /// What to look at, and what the answer means.
    pub what: String,
    /// A command to paste.
    pub command: Option<String>,
    /// The causes it would settle between, by public name.
    pub settles: Vec<String>,
}

/// A route on which every attempt worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthyRoute {
    /// The path, without query.
    pub route: String,
    /// How many attempts were seen.
    pub attempts: usize,
}

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq)]
pub struct ChecklistItem {
    /// Its public name (`server-runs-asgi`).
    pub id: String,
    /// What it asks, as a statement (`the server is up`).
    pub title: String,
    /// What the input says.
    pub status: ChecklistStatus,
    /// The line that says so, and why.
    pub evidence: Vec<EvidenceItem>,
    /// What to do by hand, while it is unknown.
    pub by_hand: String,
    /// False where it cannot matter for the incidents found; such items are left out on a terminal.
    pub relevant: bool,
}

/// What the input says of a checklist item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChecklistStatus {
    /// It is in order.
    Passed,
    /// It is not.
    Failed,
    /// The input does not say.
    Unknown,
}

/// What was read of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSummary {
    /// The source's name.
    pub file: String,
    /// The dialects recognised in it, most frequent first.
    pub dialects: Vec<String>,
    /// All its lines.
    pub lines: u64,
    /// Those of a long log that were searched and counted, and not read closely.
    pub passed_over: u64,
    /// Lines that no dialect and no lexicon entry understood.
    pub unrecognised: u64,
}

/// Similar lines that nothing understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The line with what varies replaced by `<*>`.
    pub text: String,
    /// How many lines have this shape.
    pub count: usize,
    /// The first of them.
    pub first: Citation,
}
