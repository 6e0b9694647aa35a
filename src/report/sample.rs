//! Diagnoses to render in tests: an expired token beside a healthy route, an input that cannot tell,
//! and one whose every text tries to break out.

use crate::diagnosis::{
    ChecklistItem, ChecklistStatus, Citation, ClientClock, Diagnosis, EvidenceItem, FixText,
    HealthyRoute, Incident, InputSummary, NextCheck, Outcome, RankedCause, StageState, StageView,
    Template,
};
use crate::stage::Stage;
use crate::timeline::Offset;

pub(super) fn cite(file: &str, line: u64, text: &str) -> Citation {
    Citation {
        file: file.to_owned(),
        line,
        text: text.to_owned(),
    }
}

fn evidence(citation: Option<Citation>, supports: bool, reason: &str) -> EvidenceItem {
    EvidenceItem {
        citation,
        supports,
        weight: if supports { 2.123_456 } else { -1.0 },
        reason: reason.to_owned(),
        attempts: 12,
    }
}

fn check(what: &str, command: Option<&str>, settles: &[&str]) -> NextCheck {
    NextCheck {
        what: what.to_owned(),
        command: command.map(str::to_owned),
        settles: settles.iter().map(|&id| id.to_owned()).collect(),
    }
}

fn cause(id: &str, confidence: f64, title: &str, evidence: Vec<EvidenceItem>) -> RankedCause {
    RankedCause {
        id: id.to_owned(),
        confidence,
        title: title.to_owned(),
        explanation: "The middleware decoded the token and found its `exp` in the past. It treats \
            the user as anonymous, so the handshake ends before any route is looked for."
            .to_owned(),
        impact: "Every socket of a user whose page stayed open longer than the token lives."
            .to_owned(),
        evidence,
        fixes: vec![FixText {
            text: "Refresh the access token before the socket is opened.".to_owned(),
            code: Some("const token = await refreshAccessToken();\nnew WebSocket(`${base}?token=${token}`);".to_owned()),
        }],
        checks: vec![check("Call the REST API with the same token.", None, &[id])],
    }
}

fn stages(known: &[(Stage, StageState, Option<Citation>)]) -> Vec<StageView> {
    Stage::ALL
        .into_iter()
        .map(|stage| {
            let found = known.iter().find(|(one, ..)| *one == stage);
            StageView {
                stage,
                state: found.map_or(StageState::Unknown, |(_, state, _)| *state),
                proof: found.and_then(|(.., proof)| proof.clone()),
            }
        })
        .collect()
}

fn item(id: &str, title: &str, status: ChecklistStatus, relevant: bool) -> ChecklistItem {
    ChecklistItem {
        id: id.to_owned(),
        title: title.to_owned(),
        status,
        evidence: match status {
            ChecklistStatus::Unknown => vec![],
            _ => vec![evidence(
                Some(cite(
                    "server.log",
                    42,
                    "2026-11-20 10:41:07,120 WARNING [JWT Middleware] Signature has expired",
                )),
                true,
                "the line says so",
            )],
        },
        by_hand: "Open the Network tab and look at the request headers.".to_owned(),
        relevant,
    }
}

fn expired_causes() -> Vec<RankedCause> {
    vec![
        cause(
            "token-expired",
            0.962_41,
            "The access token has expired",
            vec![
                evidence(
                    Some(cite(
                        "server.log",
                        42,
                        "2026-11-20 10:41:07,120 WARNING [JWT Middleware] Signature has expired for user: maria",
                    )),
                    true,
                    "PyJWT says that the token's time is over",
                ),
                evidence(
                    Some(cite(
                        "console.log",
                        3,
                        "useWebSocket.js:13 WebSocket connection to 'ws://localhost:8000/ws/dashboard/?token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDB9.c2lnbmF0dXJl' failed:",
                    )),
                    true,
                    "the token's exp is 9 min 7 s before the attempt",
                ),
                evidence(None, true, "12 of 12 attempts end at the same stage"),
                evidence(None, false, "the same user connected a minute before"),
            ],
        ),
        cause(
            "token-invalid",
            0.031,
            "The token is cut, mistyped or signed with another key",
            vec![],
        ),
        cause("user-inactive", 0.004, "The account is inactive", vec![]),
        cause(
            "user-not-found",
            0.001,
            "The token names a user who does not exist",
            vec![],
        ),
    ]
}

/// An expired token on `/ws/dashboard/`, a healthy `/ws/chat/` beside it.
pub(super) fn token_expired() -> Diagnosis {
    let warning = cite(
        "server.log",
        42,
        "2026-11-20 10:41:07,120 WARNING [JWT Middleware] Signature has expired for user: maria",
    );
    Diagnosis {
        outcome: Outcome::Failing,
        incidents: vec![Incident {
            route: Some("/ws/dashboard/".to_owned()),
            pattern: "middleware-only".to_owned(),
            summary: "The handshake reaches the JWT middleware and stops there: the consumer is never called.".to_owned(),
            furthest: Some(Stage::Middleware),
            missing: Some(Stage::Auth),
            stages: stages(&[
                (Stage::Client, StageState::Passed, None),
                (Stage::Network, StageState::Implied, None),
                (Stage::Server, StageState::Passed, None),
                (Stage::Origin, StageState::Implied, None),
                (Stage::Middleware, StageState::Passed, Some(cite("server.log", 41, "[JWT Middleware] Token extracted: eyJhb..."))),
                (Stage::Auth, StageState::Failed, Some(warning)),
                (Stage::Consumer, StageState::NotReached, None),
                (Stage::Accept, StageState::NotReached, None),
                (Stage::Open, StageState::NotReached, None),
            ]),
            harmless: false,
        attempts_total: 12,
            attempts_failed: 12,
            first_seen: Some("2026-11-20T10:41:07.120Z".to_owned()),
            last_seen: Some("2026-11-20T10:52:31.004Z".to_owned()),
            causes: expired_causes(),
            none_of_these: 0.01,
            differential: vec!["/ws/chat/ works with the same server, origin and middleware: these are cleared.".to_owned()],
            remarks: vec!["The browser shows 1006 because the server answered with HTTP 403: a close code sent before accept never reaches it.".to_owned()],
            next_checks: vec![
                check("Call the REST API with the same token.", Some("curl -i -H \"Authorization: Bearer $TOKEN\" http://localhost:8000/api/me/"), &["token-expired", "token-invalid"]),
                check("Print the user's is_active in manage.py shell.", None, &["user-inactive"]),
            ],
        }],
        healthy_routes: vec![HealthyRoute { route: "/ws/chat/".to_owned(), attempts: 40 }],
        checklist: vec![
            item("server-running", "the server is up", ChecklistStatus::Passed, true),
            item("token-valid", "the token is accepted and not expired", ChecklistStatus::Failed, true),
            item("proxy-upgrades", "the proxy passes Upgrade and Connection", ChecklistStatus::Unknown, true),
            item("channel-layer-works", "the channel layer answers", ChecklistStatus::Unknown, false),
        ],
        collect: vec![],
        inputs: vec![
            InputSummary { file: "server.log".to_owned(), dialects: vec!["daphne-access".to_owned(), "django-verbose".to_owned()], lines: 120, passed_over: 0, unrecognised: 3 },
            InputSummary { file: "console.log".to_owned(), dialects: vec!["chrome-console".to_owned()], lines: 14, passed_over: 0, unrecognised: 0 },
        ],
        clocks: vec![ClientClock {
            file: "console.log".to_owned(),
            offset: Some(Offset { offset_ms: -7_000, uncertainty_ms: 500, shared_events: 24 }),
            sentence: Some("The browser's clock is 7.0 s (to within 0.5 s) behind the server's, by 24 events that both saw.".to_owned()),
        }],
        warnings: vec!["console.log has no times; its attempts were matched by order.".to_owned()],
        unrecognised: vec![Template {
            text: "fleet sync <*> finished in <*> ms".to_owned(),
            count: 3,
            first: cite("server.log", 7, "fleet sync 12 finished in 31 ms"),
        }],
        config: None,
    }
}

/// One attempt in the console, no server log.
pub(super) fn insufficient() -> Diagnosis {
    let mut diagnosis = token_expired();
    diagnosis.outcome = Outcome::InsufficientEvidence;
    diagnosis.healthy_routes.clear();
    diagnosis.unrecognised.clear();
    diagnosis.warnings.clear();
    diagnosis.clocks.clear();
    diagnosis.collect = vec![
        "The server's log from a minute before the attempt, with the loggers daphne and django.channels at DEBUG.".to_owned(),
        "The status of the request in the browser's Network tab.".to_owned(),
    ];
    for item in &mut diagnosis.checklist {
        item.status = ChecklistStatus::Unknown;
        item.evidence.clear();
    }
    if let Some(incident) = diagnosis.incidents.first_mut() {
        incident.route = None;
        "insufficient-evidence".clone_into(&mut incident.pattern);
        "The browser tried to connect; no line of a server is among the input."
            .clone_into(&mut incident.summary);
        incident.furthest = Some(Stage::Client);
        incident.missing = Some(Stage::Network);
        incident.stages = stages(&[(
            Stage::Client,
            StageState::Passed,
            Some(cite(
                "-",
                1,
                "WebSocket connection to 'ws://localhost:8000/' failed:",
            )),
        )]);
        incident.attempts_total = 1;
        incident.attempts_failed = 1;
        incident.first_seen = None;
        incident.last_seen = None;
        incident.causes.clear();
        incident.none_of_these = 1.0;
        incident.differential.clear();
        incident.remarks = vec!["`isTrusted` and `readyState: 3` carry no cause: browsers hide it from scripts on purpose.".to_owned()];
    }
    diagnosis
}

/// What a stranger may write into a log to attack who reads the report.
pub(super) const ATTACK: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\r\n\n</details><img src=x onerror=y>|```\n# @maria #12 org/repo#3 GH-4 ![a](http://e/i.png) \u{202e}evil\u{9b}1m ````` <!-- -- > https://e.example www.e.example ~~~ $x$ \\";

/// The first sample with [`ATTACK`] in every text.
pub(super) fn hostile() -> Diagnosis {
    let mut diagnosis = token_expired();
    super::texts::each(&mut diagnosis, &mut |_, text| text.push_str(ATTACK));
    diagnosis
}
