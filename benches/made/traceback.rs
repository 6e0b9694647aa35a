//! Tracebacks as Python 3.11 prints them, through the frames of Django and Channels.

use super::chance::Chance;
use std::fmt::Write as _;

/// A frame: file, line, function, code.
type Frame = (&'static str, u32, &'static str, &'static str);

const CHANNELS: [Frame; 8] = [
    (
        "channels/routing.py",
        48,
        "__call__",
        "return await application(scope, receive, send)",
    ),
    (
        "channels/security/websocket.py",
        37,
        "__call__",
        "return await self.application(scope, receive, send)",
    ),
    (
        "channels/middleware.py",
        24,
        "__call__",
        "return await self.inner(scope, receive, send)",
    ),
    (
        "channels/routing.py",
        118,
        "__call__",
        "return await application(",
    ),
    (
        "channels/consumer.py",
        95,
        "app",
        "return await consumer(scope, receive, send)",
    ),
    (
        "channels/consumer.py",
        58,
        "__call__",
        "await await_many_dispatch(",
    ),
    (
        "channels/consumer.py",
        74,
        "dispatch",
        "await handler(message)",
    ),
    (
        "channels/generic/websocket.py",
        180,
        "websocket_connect",
        "await self.connect()",
    ),
];

/// How many of them a path without a route passes.
const BEFORE_ROUTING: usize = 3;

const DJANGO: [Frame; 4] = [
    (
        "django/core/handlers/exception.py",
        42,
        "inner",
        "response = await get_response(request)",
    ),
    (
        "django/core/handlers/base.py",
        253,
        "_get_response_async",
        "response = await wrapped_callback(",
    ),
    (
        "django/views/generic/base.py",
        104,
        "view",
        "return self.dispatch(request, *args, **kwargs)",
    ),
    ("rest_framework/views.py", 512, "dispatch", "raise exc"),
];

/// An HTTP view's, ten to forty lines long.
pub(crate) fn of_a_view(chance: &mut Chance) -> String {
    let mut text = begin();
    for (file, line, function, code) in DJANGO {
        library_frame(&mut text, (file, line, function, code));
    }
    for depth in 0..chance.between(1, 15) {
        let line = chance.between(10, 400);
        let file = chance.one_of(&["views", "models", "services", "prices", "serializers"]);
        let _ = write!(
            text,
            "  File \"/srv/app/shop/{file}.py\", line {line}, in step_{depth}\n    return order.lines[index].price * quantity\n"
        );
    }
    text.push_str(chance.one_of(&[
        "KeyError: 'price'",
        "TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'",
        "IndexError: list index out of range",
        "shop.models.Order.DoesNotExist: Order matching query does not exist.",
    ]));
    text
}

/// Of a consumer that fails before it accepts.
pub(crate) fn of_a_consumer() -> String {
    let mut text = begin();
    for frame in CHANNELS {
        library_frame(&mut text, frame);
    }
    text.push_str("  File \"/srv/app/monitoring/consumers.py\", line 21, in connect\n    self.team = user.profile.team\n                ^^^^^^^^^^^^\n");
    text.push_str("AttributeError: 'User' object has no attribute 'profile'");
    text
}

/// Of a path that no route serves, as it stands in the exception.
pub(crate) fn of_routing(path: &str) -> String {
    let mut text = begin();
    for frame in CHANNELS.into_iter().take(BEFORE_ROUTING) {
        library_frame(&mut text, frame);
    }
    let last = "raise ValueError(\"No route found for path %r.\" % path)";
    library_frame(&mut text, ("channels/routing.py", 136, "__call__", last));
    let _ = write!(text, "ValueError: No route found for path '{path}'.");
    text
}

fn begin() -> String {
    "Traceback (most recent call last):\n".to_owned()
}

fn library_frame(text: &mut String, (file, line, function, code): Frame) {
    let _ = write!(
        text,
        "  File \"/srv/venv/lib/python3.11/site-packages/{file}\", line {line}, in {function}\n    {code}\n"
    );
}
