//! What most lines of a backend's log are about: queries, requests, tasks, and what views say.

use super::chance::Chance;
use super::layout::{Level, Said};
use super::people::{self, User};
use super::traceback;

const TABLES: [(&str, &str); 5] = [
    ("shop_order", "customer_id"),
    ("shop_product", "category_id"),
    ("shop_basket", "owner_id"),
    ("auth_user", "id"),
    ("shop_invoice", "order_id"),
];
const PATHS: [&str; 6] = ["orders", "products", "baskets", "invoices", "me", "search"];
const TASKS: [(&str, &str); 4] = [
    ("shop.tasks.send_mail", "None"),
    ("shop.tasks.rebuild_index", "{'documents': 1200}"),
    ("shop.tasks.charge", "'paid'"),
    ("reports.tasks.nightly_totals", "None"),
];

/// Makes one such record and hands it on; of a thousand so many are errors with a traceback.
pub(crate) fn happen(chance: &mut Chance, errors: u64, tell: impl FnOnce(&Said<'_>)) {
    if chance.happens(errors) {
        return error(chance, tell);
    }
    match chance.below(10) {
        0..=3 => query(chance, tell),
        4..=6 => request(chance, tell),
        7..=8 => task(chance, tell),
        _ => view(chance, tell),
    }
}

fn logged<'a>(level: Level, logger: &'a str, message: &'a str) -> Said<'a> {
    Said::Logged {
        level,
        logger,
        message,
        traceback: "",
    }
}

fn query(chance: &mut Chance, tell: impl FnOnce(&Said<'_>)) {
    let (table, column) = chance.one_of(&TABLES);
    let key = chance.between(1, 99_999);
    let taken = chance.between(0, 90);
    let message = format!(
        "(0.{taken:03}) SELECT \"{table}\".\"id\", \"{table}\".\"created\" FROM \"{table}\" WHERE \
         \"{table}\".\"{column}\" = {key} LIMIT 21; args=({key},); alias=default"
    );
    tell(&logged(Level::Debug, "django.db.backends", &message));
}

fn request(chance: &mut Chance, tell: impl FnOnce(&Said<'_>)) {
    let client = people::client(chance);
    let thing = chance.one_of(&PATHS);
    let path = format!("/api/{thing}/{}/", chance.between(1, 99_999));
    let (method, status) = match chance.below(100) {
        0..=79 => ("GET", 200),
        80..=89 => ("POST", 201),
        90..=95 => ("GET", 304),
        96..=98 => ("GET", 404),
        _ => ("POST", 401),
    };
    tell(&Said::Request {
        client: &client,
        method,
        path: &path,
        status,
        size: chance.between(60, 9000),
    });
}

fn task(chance: &mut Chance, tell: impl FnOnce(&Said<'_>)) {
    let (name, result) = chance.one_of(&TASKS);
    let id = chance.uuid();
    let (worker, message) = if chance.happens(500) {
        ("MainProcess", format!("Task {name}[{id}] received"))
    } else {
        let taken = chance.between(1000, 99_999);
        let message = format!("Task {name}[{id}] succeeded in 0.{taken:05}s: {result}");
        let worker = chance.one_of(&["ForkPoolWorker-1", "ForkPoolWorker-2", "ForkPoolWorker-7"]);
        (worker, message)
    };
    tell(&Said::Task {
        worker,
        message: &message,
    });
}

fn view(chance: &mut Chance, tell: impl FnOnce(&Said<'_>)) {
    let user = User::any(chance);
    let order = chance.between(1, 99_999);
    let message = format!("order {order} shown to {}", user.name);
    tell(&logged(Level::Info, "shop.views", &message));
}

/// An HTTP view that failed, which is no reason for any socket to fail.
fn error(chance: &mut Chance, tell: impl FnOnce(&Said<'_>)) {
    let path = format!("/api/orders/{}/", chance.between(1, 99_999));
    tell(&Said::Logged {
        level: Level::Error,
        logger: "django.request",
        message: &format!("Internal Server Error: {path}"),
        traceback: &traceback::of_a_view(chance),
    });
}
