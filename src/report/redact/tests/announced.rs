//! Secrets behind words that announce them, in the forms in which Channels and Django print them.

use super::{check, stays};

#[test]
fn lists_of_parameters_go() {
    for (before, after) in [
        ("params={b'token': [b'", "']}"),
        ("params={'token': ['", "']}"),
        ("<QueryDict: {'token': ['", "']}>"),
        (r#"{"token": [""#, r#""]}"#),
        (r#"{"query":{"token":[""#, r#""]}}"#),
        (r#"{\"query\":{\"token\":[\""#, r#"\"]}}"#),
    ] {
        check(
            &format!("{before}hunterxyz{after}"),
            &format!("{before}<token-1>{after}"),
        );
    }
    check(
        "{'token': ['firstone', 'secondone'], 'room': ['blue']}",
        "{'token': ['<token-1>', '<token-2>'], 'room': ['blue']}",
    );
    check("{'username': ['mlopez77']}", "{'username': ['<user-1>']}");
    for line in [
        r#"{"password": ["This field is required."]}"#,
        "{'username': ['A user with that username already exists.']}",
        "{'token': [ErrorDetail(string='This is invalid.', code='invalid')]}",
    ] {
        stays(line);
    }
}

#[test]
fn every_value_of_a_dict_of_cookies_goes() {
    check(
        "'cookies': {'mine': 'hunterxyz', 'auth_cookie': 'qwe 987'}, 'path': '/x/'",
        "'cookies': {'mine': '<cookie-1>', 'auth_cookie': '<token-1>'}, 'path': '/x/'",
    );
    check(
        r#"{"cookies":{"mine":"hunterxyz","n":17,"other":"qwe"},"path":"/x/"}"#,
        r#"{"cookies":{"mine":"<cookie-1>","n":<cookie-2>,"other":"<cookie-3>"},"path":"/x/"}"#,
    );
    check(
        r#"{\"cookies\":{\"mine\":\"hunterxyz\"}}"#,
        r#"{\"cookies\":{\"mine\":\"<cookie-1>\"}}"#,
    );
    check(
        "scope['cookies'] = {'mine': 'hunterxyz'}",
        "scope['cookies'] = {'mine': '<cookie-1>'}",
    );
    stays("'cookies': {}, 'session': <LazyObject>");
    stays("token = scope['cookies']['token']");
}

#[test]
fn what_stands_behind_any_scheme_goes() {
    for scheme in [
        "Bearer",
        "Token",
        "Knox",
        "Hawk",
        "Custom",
        "NTLM",
        "SCRAM-SHA-256",
        "PRIVATE-TOKEN",
        "AWS4-HMAC-SHA256",
    ] {
        for (before, after) in [
            ("Authorization: ", ""),
            ("'authorization': '", "'"),
            ("(b'authorization', b'", "')"),
            (r#"["authorization", ""#, r#""]"#),
            (r#"{\"authorization\": \""#, r#"\"}"#),
            ("{b'authorization': [b'", "']}"),
        ] {
            check(
                &format!("{before}{scheme} hunterxyz{after}"),
                &format!("{before}{scheme} <token-1>{after}"),
            );
        }
    }
    check(
        r#"Authorization: Hawk id="dh37", ts="1353832234", nonce="j4h3g2", mac="6R4rV5iE+NPo=""#,
        r#"Authorization: Hawk id="<token-1>", ts="1353832234", nonce="<token-2>", mac="<token-3>""#,
    );
    check(
        "Authorization: hunter2xyz Cookie: a=bb1",
        "Authorization: <token-1> Cookie: a=<cookie-1>",
    );
    for line in [
        "Authorization: Access denied",
        "'authorization': 'not provided'",
        "Authorization: missing",
        "authorization: required for this route",
    ] {
        stays(line);
    }
}

#[test]
fn the_whole_value_of_a_parameter_goes() {
    for value in [
        "%22hunterxyz%22",
        "aaaa%26hunterxyz",
        "aaaa%20hunterxyz",
        "aaaa;hunterxyz",
        "aaaa'hunterxyz",
        "aaaa''hunterxyz",
        "aaaa`hunterxyz",
        "aaaa\"hunterxyz",
        "aaaa<hunterxyz",
        "aaaa|hunterxyz",
        "self.hunterxyz",
        "settings.hunterxyz",
        "null_hunterxyz",
        "a.b(hunterxyz",
        "hunter/../xyz",
    ] {
        check(
            &format!("GET /ws/?token={value}&room=7 HTTP/1.1"),
            "GET /ws/?token=<token-1>&room=7 HTTP/1.1",
        );
        check(
            &format!("\"GET /ws/?token={value}\" 101"),
            "\"GET /ws/?token=<token-1>\" 101",
        );
        if !value.contains(['\'', '"', '<']) {
            check(
                &format!("query_string=b'token={value}'"),
                "query_string=b'token=<token-1>'",
            );
        }
    }
    check("/ws/?token={hunterxyz}", "/ws/?token={<token-1>}");
    check("/ws/?token=a.b(hunterxyz)", "/ws/?token=<token-1>)");
    check(
        "/ws/?token=JWT%2520hunterxyz",
        "/ws/?token=JWT%2520<token-1>",
    );
    check(
        "/ws/?token=Bearer hunterxyz HTTP/1.1",
        "/ws/?token=Bearer <token-1> HTTP/1.1",
    );
    check(
        "[(b'x', b'/?token=abcdef')], \"url\": \"/?token=uvwxyz\", \"n\": 1",
        "[(b'x', b'/?token=<token-1>')], \"url\": \"/?token=<token-2>\", \"n\": 1",
    );
    for line in [
        "f\"ws://h/?token={token}&room={room}\"",
        "`ws://h/?token=${this.token}`",
        "'ws://h/?token=' + token",
        "/?token=<your token>",
        "/?token=%3Ctoken%3E",
        "/?token=%s",
        "/?token=*** HTTP/1.1",
    ] {
        stays(line);
    }
}

#[test]
fn names_of_parameters_are_read_in_every_spelling() {
    for name in [
        "token[]",
        "token[0]",
        "token%5B%5D",
        "auth[token]",
        "auth%5Btoken%5D",
        "t%6Fken",
        "access%5Ftoken",
        "bearer",
        "tok",
        "sign",
    ] {
        check(
            &format!("/ws/?a=b&{name}=hunterxyz&room=7"),
            &format!("/ws/?a=b&{name}=<token-1>&room=7"),
        );
    }
    check(
        "/ws/?user[password]=hunter",
        "/ws/?user[password]=<password-1>",
    );
    check("/ws/?api%2Dkey=hunterxyz", "/ws/?api%2Dkey=<key-1>");
    check(
        r#"{"tok\u0065n":"hunterxyz"}"#,
        r#"{"tok\u0065n":"<token-1>"}"#,
    );
    stays("/ws/?rooms[]=blue&tokens_left=3&stoken_type=x");
}

#[test]
fn encoded_logins_go() {
    check(
        "redis%3A%2F%2F%3Ahunterxyz%40redis%3A6379",
        "redis%3A%2F%2F%3A<password-1>%40redis%3A6379",
    );
    check(
        r"redis:\/\/:hunterxyz@redis:6379",
        r"redis:\/\/:<password-1>@redis:6379",
    );
}

#[test]
fn words_for_a_secret_are_known_in_many_forms() {
    for (line, expected) in [
        ("DB_PASS=hunterxyz", "DB_PASS=<password-1>"),
        ("MYSQL_PWD=hunterxyz", "MYSQL_PWD=<password-1>"),
        ("pw=hunterxyz", "pw=<password-1>"),
        ("otp=481516", "otp=<token-1>"),
        ("SIGNING_KEY='abc def ghi'", "SIGNING_KEY='<key-1>'"),
        (
            "'_auth_user_hash': 'abcdef'",
            "'_auth_user_hash': '<token-1>'",
        ),
        ("{'jti': 'deadbee'}", "{'jti': '<token-1>'}"),
        ("password='''hun'ter'''", "password='''<password-1>'''"),
        ("password: str = 'hunter'", "password: str = '<password-1>'"),
        (
            "expired signature of password: str | None = 'hunter'",
            "expired signature of password: str | None = '<password-1>'",
        ),
        ("password is hunter2x", "password is <password-1>"),
        ("password was 'hunter'", "password was '<password-1>'"),
        (
            "manage.py x --password hunter",
            "manage.py x --password <password-1>",
        ),
        (
            "curl -u mlopez77:hunter http://h/",
            "curl -u <user-1>:<password-1> http://h/",
        ),
        (
            "<password>hunter</password>",
            "<password><password-1></password>",
        ),
        (
            "token=UUID('7f1c2b3a-1111-4222-8333-abcdefabcdef')",
            "token=UUID('<token-1>')",
        ),
        ("token=SecretStr('hunter')", "token=SecretStr('<token-1>')"),
    ] {
        check(line, expected);
    }
    for line in [
        "password is too short",
        "the pass is good, nobody is found",
        "password is incorrect",
        "password was changed",
        "token is malformed",
        "session is closed",
        "proxy_pass: http://backend:8000",
        "compass=north bypass=1of2",
        "usage: --password PASSWORD",
        "--token option is required",
        "password: str",
        "<token>",
        "jti claim is missing",
        "otp: invalid",
        "docker run -u app:app x",
    ] {
        stays(line);
    }
}

#[test]
fn what_is_redacted_stays_as_it_is() {
    for line in [
        "(b'authorization', b'Bearer <token-1>')",
        "Authorization: Knox <token-1>",
        "/ws/?token={<token-1>}",
        "/ws/?token=JWT%2520<token-1>&room=7",
        "{'token': ['<token-1>', '<token-2>']}",
        "{'cookies': {'mine': '<cookie-1>', 'n': <cookie-2>, 'x': '<cookie-3>'}}",
        "curl -u <user-1>:<password-1> http://h/",
        "--password <password-1>",
        "<password><password-1></password>",
        "redis%3A%2F%2F%3A<password-1>%40redis%3A6379",
    ] {
        stays(line);
    }
}
