//! The column at a line's right edge in which rich names the place of the call:
//! `Token is invalid                       middleware.py:55`.
//!
//! Taken off, since phrases and bodies end where the message ends; the module is the best name that
//! such a line has for its logger.

/// The message without the column, and the module that it names.
pub(super) fn split(message: &str) -> Option<(&str, &str)> {
    let (before, place) = message.trim_end().rsplit_once(' ')?;
    let (file, line) = place.split_once(':')?;
    let module = file.strip_suffix(".py")?;
    let is_number = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = !module.is_empty() && module.chars().all(|c| c.is_alphanumeric() || c == '_');
    // One space would be a sentence that ends with a place.
    let is_column = before.ends_with(' ');
    (is_number && is_name && is_column).then(|| (before.trim_end(), module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_told_from_the_end_of_a_sentence() {
        assert_eq!(
            split("Token is invalid: Signature has expired          middleware.py:55"),
            Some(("Token is invalid: Signature has expired", "middleware"))
        );
        assert_eq!(split("Error in consumers.py:41"), None);
        assert_eq!(split("GET /ws/x  10.0.0.2:8000"), None);
        assert_eq!(split("middleware.py:55"), None);
    }
}
