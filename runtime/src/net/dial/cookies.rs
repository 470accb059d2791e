//! The cookies of one endpoint, in memory: load balancers know by one which server has a session.
//!
//! `engine.io-client` 6.6.8, `CookieJar` in `build/cjs/transports/polling-xhr.node.js` and `util.js`: there is one server, so that neither
//! domain nor path are looked at.

use std::{
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use cookie::{Cookie, time::OffsetDateTime};
use http::{HeaderMap, HeaderValue, header};

use crate::net::clock;

/// What RFC 6265, 6.1 asks of browsers; a server that sets more loses its oldest.
const MAX_COOKIES: usize = 50;
const MAX_BYTES: usize = 4096;

/// What was set and is not over.
#[derive(Default)]
pub(super) struct Jar(Mutex<Vec<Stored>>);

struct Stored {
    name: String,
    /// `name=value`.
    pair: String,
    /// In seconds since 1970; none for as long as the client lives.
    expires: Option<i64>,
}

impl Jar {
    /// Takes what an answer sets.
    pub(super) fn store(&self, answer: &HeaderMap) {
        for cookie in answer.get_all(header::SET_COOKIE) {
            if let Some(stored) = cookie.to_str().ok().and_then(parse) {
                self.set(stored);
            }
        }
    }

    fn set(&self, new: Stored) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|stored| stored.name != new.name);
        if all.len() == MAX_COOKIES {
            all.remove(0);
        }
        all.push(new);
    }

    /// Adds the cookies to a request, behind those that a user has set.
    pub(super) fn add(&self, headers: &mut HeaderMap) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now();
        all.retain(|stored| stored.expires.is_none_or(|expires| now < expires));
        if all.is_empty() {
            return;
        }
        let mut pairs: Vec<&[u8]> = headers.get_all(header::COOKIE).into_iter().map(HeaderValue::as_bytes).collect();
        pairs.extend(all.iter().map(|stored| stored.pair.as_bytes()));
        if let Ok(value) = HeaderValue::from_bytes(&pairs.join(&b"; "[..])) {
            headers.insert(header::COOKIE, value);
        }
    }
}

fn parse(text: &str) -> Option<Stored> {
    let cookie = Cookie::parse(text).ok()?;
    let pair = format!("{}={}", cookie.name(), cookie.value());
    if pair.len() > MAX_BYTES {
        return None;
    }
    // `Max-Age` wins (RFC 6265, 5.3).
    let max_age = cookie.max_age().map(|age| now().saturating_add(age.whole_seconds()));
    let expires = max_age.or_else(|| cookie.expires_datetime().map(OffsetDateTime::unix_timestamp));
    Some(Stored { name: cookie.name().to_owned(), pair, expires })
}

fn now() -> i64 {
    let since = clock::time_of_day().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent back after these answers.
    fn sent(answers: &[&str], own: &[&'static str]) -> String {
        let jar = Jar::default();
        for answer in answers {
            let mut headers = HeaderMap::new();
            headers.append(header::SET_COOKIE, HeaderValue::from_str(answer).unwrap());
            jar.store(&headers);
        }
        let mut headers = HeaderMap::new();
        for own in own {
            headers.append(header::COOKIE, HeaderValue::from_static(own));
        }
        jar.add(&mut headers);
        assert!(headers.get_all(header::COOKIE).iter().count() <= 1);
        headers.get(header::COOKIE).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn what_was_set_is_sent_until_it_is_over() {
        assert_eq!(sent(&["io=1; Path=/; HttpOnly; SameSite=Strict", "lb=b"], &[]), "io=1; lb=b");
        assert_eq!(sent(&["io=1", "lb=b", "io=2"], &[]), "lb=b; io=2");
        assert_eq!(sent(&["a=1; Max-Age=100", "b=1; Max-Age=0", "c=1; Max-Age=-5"], &[]), "a=1");
        assert_eq!(sent(&["a=1", "a=; Max-Age=0"], &[]), "");
        assert_eq!(sent(&["a=1; Expires=Wed, 01 Jan 2020 00:00:00 GMT"], &[]), "");
        assert_eq!(sent(&["a=1; Expires=Wed, 01 Jan 2098 00:00:00 GMT"], &[]), "a=1");
        assert_eq!(sent(&["a=1; Max-Age=100; Expires=Wed, 01 Jan 2020 00:00:00 GMT"], &[]), "a=1");
        assert_eq!(sent(&["a=1; Expires=soon; Max-Age=much"], &[]), "a=1");
    }

    #[test]
    fn a_users_own_cookies_are_kept() {
        assert_eq!(sent(&["io=1"], &["session=x"]), "session=x; io=1");
        assert_eq!(sent(&[], &["session=x"]), "session=x");
    }

    #[test]
    fn what_is_no_cookie_is_ignored_and_too_many_are_not_kept() {
        assert_eq!(sent(&["", "=", "novalue", ";;;"], &[]), "");
        assert_eq!(sent(&[&format!("a={}", "x".repeat(MAX_BYTES))], &[]), "");
        let many: Vec<_> = (0..=MAX_COOKIES).map(|n| format!("c{n}=")).collect();
        let many = sent(&many.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
        assert_eq!((many.split("; ").count(), &many[..4]), (MAX_COOKIES, "c1=;"));
    }
}
