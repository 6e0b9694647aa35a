//! The routes that the user lists: which paths are the application's, and which consumer serves each.

use super::schema::RouteEntry;
use regex::{Regex, RegexBuilder};
use std::fmt::Write as _;

/// A path this like a listed one is taken for a slip of the pen.
const NEAR: f64 = 0.9;

/// Why an entry is no route.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// It is written as a regular expression.
    #[error(
        "`{0}` reads like a regular expression; write the path as in Django's `path()`, with <name> for what varies"
    )]
    Expression(String),
    /// A `<` without its `>`, or nothing between them.
    #[error("`{0}` has a `<` or `>` without its partner")]
    Unpaired(String),
    /// It has a query or is a whole URL.
    #[error("`{0}` is no path: leave scheme, host and query out")]
    NoPath(String),
}

/// A route of the application.
#[derive(Debug)]
pub struct Route {
    /// The path with its placeholders, with a leading slash.
    pub path: String,
    /// The class of its consumer, without its module.
    pub consumer: Option<String>,
    matcher: Regex,
    /// The same with the final slash optional.
    loose: Regex,
}

/// All routes that are listed.
#[derive(Debug, Default)]
pub struct Routes {
    all: Vec<Route>,
}

/// What the list says of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing<'r> {
    /// No route is listed at all.
    NoList,
    /// It is one of these routes.
    Listed(&'r Route),
    /// It is one of these routes but for the final slash.
    Slash(&'r Route),
    /// It is not in the list, and much like this one.
    Near(&'r Route),
    /// It is not in the list, nor like anything there.
    Foreign,
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.consumer == other.consumer
    }
}

impl Route {
    /// Reads an entry.
    pub fn new(entry: &RouteEntry) -> Result<Self, RouteError> {
        let path = format!("/{}", entry.path.trim().trim_start_matches('/'));
        if path.contains(['^', '$', '(', ')', '\\', '*', '+', '[', ']', '|']) {
            return Err(RouteError::Expression(entry.path.clone()));
        }
        if path.contains("://") || path.contains('?') || path.contains('#') {
            return Err(RouteError::NoPath(entry.path.clone()));
        }
        let pattern = pattern(&path).ok_or_else(|| RouteError::Unpaired(entry.path.clone()))?;
        let compile = |pattern: &str| RegexBuilder::new(pattern).size_limit(1 << 20).build();
        let loose = format!("^{}/?$", pattern.trim_end_matches('/'));
        let (Ok(matcher), Ok(loose)) = (compile(&format!("^{pattern}$")), compile(&loose)) else {
            return Err(RouteError::Expression(entry.path.clone()));
        };
        let class = |name: &String| name.rsplit(['.', ':']).next().map(str::to_owned);
        Ok(Self {
            consumer: entry.consumer.as_ref().and_then(class),
            path,
            matcher,
            loose,
        })
    }

    /// How much a path is like this one, 0 to 1, segment by segment: what varies is like anything.
    fn likeness(&self, path: &str) -> f64 {
        let own: Vec<&str> = segments(&self.path);
        let other: Vec<&str> = segments(path);
        let least = own.len().min(other.len());
        let most = own.len().max(other.len());
        if most == 0 || most.saturating_sub(least) > 1 {
            return 0.0;
        }
        // A segment too many or too few, mostly a prefix such as `ws/`, may stand at either end.
        let aligned = |skip_own: usize, skip_other: usize| -> f64 {
            let pairs = own.iter().skip(skip_own).zip(other.iter().skip(skip_other));
            let sum: f64 = pairs.map(|(one, two)| segment_likeness(one, two)).sum();
            let missing = if most == least { 0.0 } else { 0.85 };
            #[expect(clippy::cast_precision_loss, reason = "a handful of segments")]
            let length = most as f64;
            (sum + missing) / length
        };
        let longer = |segments: &[&str]| segments.len().saturating_sub(least);
        aligned(0, 0).max(aligned(longer(&own), longer(&other)))
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

fn segment_likeness(own: &str, other: &str) -> f64 {
    if own.starts_with('<') {
        return 1.0;
    }
    let (own, other) = (own.to_lowercase(), other.to_lowercase());
    strsim::normalized_damerau_levenshtein(&own, &other)
}

/// The expression for a path; `None` where its angle brackets do not pair.
fn pattern(path: &str) -> Option<String> {
    let mut written = String::new();
    let mut rest = path;
    while let Some((literal, after)) = rest.split_once('<') {
        let (placeholder, tail) = after.split_once('>')?;
        if literal.contains('>') || placeholder.trim().is_empty() || placeholder.contains('<') {
            return None;
        }
        written.push_str(&regex::escape(literal));
        let converter = placeholder
            .split_once(':')
            .map_or("str", |(name, _)| name.trim());
        let value = match converter {
            "int" => "[0-9]+",
            "uuid" => "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            "slug" => "[-a-zA-Z0-9_]+",
            "path" => ".+",
            // Converters of the application's own are known to nobody here.
            _ => "[^/]+",
        };
        // Reports and some logs show the pattern itself in the place of the value.
        let _ = write!(written, "(?:{value}|<[^/>]*>|%[^/]+)");
        rest = tail;
    }
    if rest.contains('>') {
        return None;
    }
    written.push_str(&regex::escape(rest));
    Some(written)
}

impl Routes {
    /// Whether none is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// These routes.
    #[must_use]
    pub fn new(all: Vec<Route>) -> Self {
        Self { all }
    }

    /// The listed route that a path belongs to; a missing or extra final slash does not matter.
    #[must_use]
    pub fn of_path(&self, path: &str) -> Option<&Route> {
        let exact = self.all.iter().find(|route| route.matcher.is_match(path));
        exact.or_else(|| self.all.iter().find(|route| route.loose.is_match(path)))
    }

    /// What the list says of a path.
    #[must_use]
    pub fn standing(&self, path: &str) -> Standing<'_> {
        if self.all.is_empty() {
            return Standing::NoList;
        }
        if let Some(route) = self.of_path(path) {
            let exact = route.matcher.is_match(path);
            return if exact {
                Standing::Listed(route)
            } else {
                Standing::Slash(route)
            };
        }
        self.all
            .iter()
            .map(|route| (route.likeness(path), route))
            .filter(|(likeness, _)| *likeness >= NEAR)
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map_or(Standing::Foreign, |(_, route)| Standing::Near(route))
    }

    /// The class of a listed consumer that a text names as a whole word.
    #[must_use]
    pub fn consumer_in(&self, text: &str) -> Option<&str> {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.find_map(|word| {
            self.all
                .iter()
                .filter_map(|route| route.consumer.as_deref())
                .find(|class| *class == word)
        })
    }

    /// The routes that a consumer's class serves; none where the class is not listed.
    pub fn served_by<'s>(&'s self, class: &'s str) -> impl Iterator<Item = &'s Route> {
        self.all
            .iter()
            .filter(move |route| route.consumer.as_deref() == Some(class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str, consumer: Option<&str>) -> Result<Route, RouteError> {
        Route::new(&RouteEntry {
            path: path.to_owned(),
            consumer: consumer.map(str::to_owned),
        })
    }

    fn routes(paths: &[&str]) -> Routes {
        Routes::new(
            paths
                .iter()
                .map(|path| route(path, None).unwrap())
                .collect(),
        )
    }

    fn standing<'r>(routes: &'r Routes, path: &str) -> (&'static str, &'r str) {
        match routes.standing(path) {
            Standing::NoList => ("no list", ""),
            Standing::Listed(route) => ("listed", &route.path),
            Standing::Slash(route) => ("slash", &route.path),
            Standing::Near(route) => ("near", &route.path),
            Standing::Foreign => ("foreign", ""),
        }
    }

    #[test]
    fn placeholders_stand_for_what_their_converter_takes() {
        let listed = routes(&[
            "ws/chat/<uuid:room>/",
            "/ws/map/<int:id>/",
            "/ws/room/<name>/",
        ]);
        let uuid = "/ws/chat/0f8fad5b-d9cb-469f-a165-70867728950e/";
        assert_eq!(standing(&listed, uuid).0, "listed");
        assert_eq!(standing(&listed, "/ws/map/7/").0, "listed");
        assert_eq!(standing(&listed, "/ws/room/blue/").0, "listed");
        // An id where a UUID is asked matches no route: what is meant is plain all the same.
        assert_eq!(
            standing(&listed, "/ws/chat/7/"),
            ("near", "/ws/chat/<uuid:room>/")
        );
        // The pattern itself, as reports show it.
        assert_eq!(standing(&listed, "/ws/map/<int:id>/").0, "listed");
    }

    #[test]
    fn slips_are_told_from_foreign_paths() {
        let listed = routes(&["/ws/dashboard/", "/ws/chat/<room>/"]);
        let table = [
            ("/ws/dashboard", ("slash", "/ws/dashboard/")),
            ("/ws/dashboards/", ("near", "/ws/dashboard/")),
            ("/ws/dashbord/", ("near", "/ws/dashboard/")),
            ("/dashboard/", ("near", "/ws/dashboard/")),
            ("/api/ws/dashboard/", ("near", "/ws/dashboard/")),
            ("/ws/chat/", ("near", "/ws/chat/<room>/")),
            ("/sockjs-node", ("foreign", "")),
            ("/ws/orders/", ("foreign", "")),
            ("/", ("foreign", "")),
        ];
        for (path, expected) in table {
            assert_eq!(standing(&listed, path), expected, "{path}");
        }
        assert_eq!(standing(&Routes::default(), "/ws/x/").0, "no list");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        let refused = |path: &str| route(path, None).unwrap_err();
        assert!(matches!(
            refused(r"^ws/chat/(?P<room>\w+)/$"),
            RouteError::Expression(_)
        ));
        assert!(matches!(refused("/ws/<room/"), RouteError::Unpaired(_)));
        assert!(matches!(refused("/ws/room>/"), RouteError::Unpaired(_)));
        assert!(matches!(
            refused("ws://localhost/ws/"),
            RouteError::NoPath(_)
        ));
    }

    #[test]
    fn a_consumer_is_found_by_its_whole_name() {
        let chat = route("/ws/chat/", Some("chat.consumers.ChatSocket")).unwrap();
        let listed = Routes::new(vec![chat]);
        assert_eq!(listed.consumer_in("ChatSocket: hello"), Some("ChatSocket"));
        assert_eq!(listed.consumer_in("MyChatSocket: hello"), None);
        assert_eq!(listed.served_by("ChatSocket").count(), 1);
    }
}
