//! Names of people, and the words beside them that must stay.

use super::{check, stays};

#[test]
fn names_in_sentences_go() {
    for (line, expected) in [
        (
            "User mlopez77: token expired",
            "User <user-1>: token expired",
        ),
        ("User mlopez: token expired", "User <user-1>: token expired"),
        ("User mlopez not found", "User <user-1> not found"),
        ("logged in as mlopez", "logged in as <user-1>"),
        (
            "logged in as mlopez, room 7",
            "logged in as <user-1>, room 7",
        ),
        ("Authenticated user mlopez", "Authenticated user <user-1>"),
        (
            "permission denied for mlopez",
            "permission denied for <user-1>",
        ),
        ("User: Maria Lopez connected", "User: <user-1> connected"),
        (
            "User mlopez lacks role staff",
            "User <user-1> lacks role staff",
        ),
    ] {
        check(line, expected);
    }
    for line in [
        "User authentication failed",
        "User authentication failed: bad token",
        "User not found",
        "user not found: 42",
        "User with id 42 not found",
        "User model: accounts.User",
        "User permissions: []",
        "User status: active",
        "User creation failed",
        "User is_active: True",
        "User agent: Mozilla/5.0",
        "User login failed",
        "logged in as admin",
        "logged in as an administrator",
        "Authenticated user required",
        "Authenticated user connected",
        "Authenticated user via token",
        "permission denied for table users",
        "permission denied for database",
        "Permission denied for /srv/app/x.sock",
        "User session closed: 4001",
        "django.contrib.auth.models.User.DoesNotExist: User matching query does not exist.",
    ] {
        stays(line);
    }
}

#[test]
fn names_behind_keys_go() {
    for (line, expected) in [
        (
            "{'user': {'name': 'mlopez'}}",
            "{'user': {'name': '<user-1>'}}",
        ),
        (
            r#""user": {"id": 3, "name": "mlopez"}"#,
            r#""user": {"id": 3, "name": "<user-1>"}"#,
        ),
        ("{'sub': 'mlopez'}", "{'sub': '<user-1>'}"),
        (r#"{\"sub\":\"mlopez\"}"#, r#"{\"sub\":\"<user-1>\"}"#),
        ("user.name=mlopez", "user.name=<user-1>"),
        ("uid=mlopez", "uid=<user-1>"),
        ("owner=mlopez", "owner=<user-1>"),
        ("principal=mlopez", "principal=<user-1>"),
        ("{'given_name': 'Maria'}", "{'given_name': '<user-1>'}"),
        ("{'family_name': 'Lopez'}", "{'family_name': '<user-1>'}"),
    ] {
        check(line, expected);
    }
    for line in [
        "{'sub': '42'}",
        "uid=1000 gid=1000",
        "owner=root",
        "uid=7f1c2b3a-1111-4222-8333-abcdefabcdef",
        "re.sub('a', 'b', c)",
        "owner = self.get_owner()",
        "    user.name = name",
        "{'room': {'name': 'blue'}}",
        "'user': <User object>, 'url': {'name': 'chat'}",
        "{'user': {}, 'path': {'name': 'chat'}}",
    ] {
        stays(line);
    }
}

#[test]
fn homes_go_wherever_they_are_mounted() {
    for home in [
        "/mnt/c/Users/",
        "/var/home/",
        "/export/home/",
        "/data/home/",
        "file:///home/",
        "file:///Users/",
    ] {
        check(
            &format!("at {home}mlopez/x.py"),
            &format!("at {home}<user-1>/x.py"),
        );
    }
    check(
        "?next=%2Fhome%2Fmlopez%2Fapp",
        "?next=%2Fhome%2F<user-1>%2Fapp",
    );
    stays("GET /api/home/orders/ 200");
}

#[test]
fn mails_at_bare_hosts_and_thrice_encoded_go() {
    check("for maria.lopez@localhost x", "for <email-1> x");
    check("for maria.lopez@corp, x", "for <email-1>, x");
    check("for mlopez@localhost: x", "for <email-1>: x");
    check("/?u=maria.lopez%252540example.com&x=1", "/?u=<email-1>&x=1");
    for line in [
        "celery@worker1 ready",
        "celery@localhost ready",
        "root@localhost",
        "connect@http://localhost:8000/a.js:3",
        "@app.route",
        "socket.open@main:1",
        "redis@sha256:abc",
        "package.name@1.2.3",
    ] {
        stays(line);
    }
}
