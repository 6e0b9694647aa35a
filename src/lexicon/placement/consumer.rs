//! Which of a consumer's methods an exception was raised in, and of which consumers' the frames are.

use super::{Place, file_name, in_file};
use crate::dialect::frames;
use crate::record::Frame;

/// The consumer function that a worker of Channels 1 ran, by what its name says. `named` is the name
/// that the worker gave with its error.
pub(super) fn worker_place(frames: &[Frame], named: Option<&str>) -> Option<Place> {
    let by_worker = frames
        .iter()
        .any(|frame| in_file(frame, "channels/worker.py"));
    if !by_worker && named.is_none() {
        return None;
    }
    let own = frames.iter().find(|frame| frames::is_project(frame));
    let name = named
        .or_else(|| own.map(|frame| frame.function.as_str()))
        .unwrap_or_default();
    Some(if name.contains("disconnect") {
        Place::Disconnect
    } else if name.contains("connect") || name.contains("add") {
        Place::Connect
    } else if name.contains("receive") || name.contains("message") {
        Place::Receive
    } else {
        Place::Consumer
    })
}

/// The function's name in `Error processing message with consumer chat.consumers.ws_connect:`, as
/// the worker of Channels 1 logs it.
pub(super) fn named_by_worker(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("Error processing message with consumer ")?;
    let name = rest.split_whitespace().next()?.trim_end_matches(':');
    name.rsplit('.').next().filter(|name| !name.is_empty())
}

/// The consumer's method, by the method of Channels that called it, innermost first.
pub(super) fn consumer_place(frames: &[Frame]) -> Option<Place> {
    let generic_http = frames
        .iter()
        .any(|frame| in_file(frame, "channels/generic/http.py"));
    if generic_http {
        return Some(Place::Http);
    }
    let caller = frames
        .iter()
        .rposition(|frame| is_channels_consumer(frame) && dispatching(&frame.function).is_some());
    if let Some(place) = caller
        .and_then(|position| frames.get(position))
        .and_then(|frame| dispatching(&frame.function))
    {
        return Some(place);
    }
    let through_consumer =
        frames.iter().any(is_channels_consumer) || frames.iter().any(is_channel_layer);
    let own = frames.iter().find(|frame| {
        let in_consumer =
            looks_like_consumer_file(&frame.file) || through_consumer && frames::is_project(frame);
        in_consumer && !is_channels_consumer(frame) && method_place(&frame.function).is_some()
    });
    if let Some(frame) = own {
        return method_place(&frame.function);
    }
    if !through_consumer {
        return None;
    }
    let handler = frames
        .iter()
        .skip_while(|frame| !(is_channels_consumer(frame) && frame.function == "dispatch"))
        .skip(1)
        .any(frames::is_project);
    if handler {
        Some(Place::Handler)
    } else {
        Some(Place::Consumer)
    }
}

/// What a method of `channels/generic/websocket.py` calls.
fn dispatching(function: &str) -> Option<Place> {
    match function {
        "websocket_connect" | "accept" | "connect" => Some(Place::Connect),
        "websocket_receive" | "receive" | "receive_json" => Some(Place::Receive),
        "websocket_disconnect" | "disconnect" => Some(Place::Disconnect),
        _ => None,
    }
}

/// What a consumer's own method of this name is for.
fn method_place(function: &str) -> Option<Place> {
    let name = function.rsplit('.').next().unwrap_or(function);
    match name {
        "connect" | "websocket_connect" | "ws_connect" | "ws_add" => Some(Place::Connect),
        "receive" | "receive_json" | "websocket_receive" | "ws_receive" | "ws_message" => {
            Some(Place::Receive)
        }
        "disconnect" | "websocket_disconnect" | "ws_disconnect" => Some(Place::Disconnect),
        _ => None,
    }
}

fn is_channels_consumer(frame: &Frame) -> bool {
    in_file(frame, "channels/consumer.py") || in_file(frame, "channels/generic/websocket.py")
}

/// What consumers alone do with a channel layer: wait on it, join and leave groups. Sending to a
/// group is done from anywhere.
fn is_channel_layer(frame: &Frame) -> bool {
    let of_layer = in_file(frame, "channels_redis/") || in_file(frame, "channels_rabbitmq/");
    let of_consumer = matches!(
        frame.function.as_str(),
        "receive" | "receive_single" | "group_add" | "group_discard"
    );
    frame.function == "await_many_dispatch" || of_layer && of_consumer
}

fn looks_like_consumer_file(file: &str) -> bool {
    file_name(file).contains("consumer")
}
