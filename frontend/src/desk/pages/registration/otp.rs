//! Where the one-time code stands, worked out from the server's words and the clock.
//!
//! Pure. Owns the phases that the officer sees and when codes have failed so often that advice is due.

use chrono::{DateTime, Utc};
use motcua_openapi::desk::Desk;
use motcua_openapi::messages::{Message, MessageReason, MessageState};
use motcua_openapi::registrations::{OtpStatus, Registration, RegistrationState};

use motcua_frontend::clock;

/// After this many codes in a row that did not arrive the advice is shown.
const ADVICE_AFTER: usize = 3;

/// Where the code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// None was asked for.
    NotSent,
    /// On its way to the gateway.
    OnItsWay,
    /// It can be typed for this many seconds more.
    Valid(u32),
    /// Its time is over.
    Expired,
    /// It will not arrive.
    Failed,
    /// The phone is confirmed.
    Verified,
}

/// The message of the newest code, among those of its registration.
pub(crate) fn newest<'a>(registration: &Registration, messages: &'a [Message]) -> Option<&'a Message> {
    let otp = registration.otp.as_ref()?;
    messages.iter().find(|message| message.id == otp.message_id)
}

/// Where the code of `registration` stands at `now`. `message` is that code's.
pub(crate) fn phase(registration: &Registration, message: Option<&Message>, desk: &Desk, now: DateTime<Utc>) -> Phase {
    if registration.state == RegistrationState::PhoneVerified {
        return Phase::Verified;
    }
    let Some(otp) = &registration.otp else { return Phase::NotSent };
    if message.is_some_and(|message| matches!(message.state, MessageState::Failed | MessageState::Dropped)) {
        return Phase::Failed;
    }
    match expiry(otp, message, desk) {
        None => Phase::OnItsWay,
        Some(expires_at) => match clock::seconds_until(expires_at, now) {
            0 => Phase::Expired,
            // The two clocks are as close as one answer's way: never more than the whole time.
            seconds => Phase::Valid(seconds.min(desk.otp_valid_seconds)),
        },
    }
}

fn expiry(otp: &OtpStatus, message: Option<&Message>, desk: &Desk) -> Option<DateTime<Utc>> {
    let sent_at = message.and_then(|message| message.sent_at).or(otp.sent_at)?;
    Some(otp.expires_at.unwrap_or_else(|| clock::after_seconds(sent_at, desk.otp_valid_seconds)))
}

/// Seconds until another code may be sent; 0 = now.
pub(crate) fn resend_in(registration: &Registration, now: DateTime<Utc>) -> u32 {
    registration.otp.as_ref().map_or(0, |otp| clock::seconds_until(otp.resend_at, now))
}

/// Whether none of the three newest codes has arrived: then there is more to do than to send again. `messages` are
/// newest first. The newest counts only once its fate is known; an older one that a gateway never reported on was
/// not received either, or nobody would have asked for another.
pub(crate) fn needs_advice(messages: &[Message]) -> bool {
    let is_open = |message: &Message| match message.state {
        MessageState::Queued => true,
        MessageState::Sent => message.reason != Some(MessageReason::NoReport),
        MessageState::Delivered | MessageState::Failed | MessageState::Dropped => false,
    };
    let known = match messages {
        [newest, older @ ..] if is_open(newest) => older,
        messages => messages,
    };
    known.get(..ADVICE_AFTER).is_some_and(|known| known.iter().all(|message| message.delivered_at.is_none()))
}

/// What a screen reader hears of the countdown: at 60, 30 and 10 seconds, and nothing between.
pub(crate) fn announced_seconds(seconds: u32) -> Option<u32> {
    [10, 30, 60].into_iter().find(|mark| seconds <= *mark)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::examples::{draft, instant};
    use super::*;
    use motcua_frontend::components::example_message as message;

    fn desk() -> Desk {
        Desk {
            portal_name: String::new(),
            portal_motto: String::new(),
            unit_markers: vec![],
            scan_max_bytes: 5 * 1024 * 1024,
            otp_valid_seconds: 120,
            otp_resend_seconds: 30,
            otp_max_tries: 5,
            draft_hours: 24,
            temporary_password_days: 7,
            citizen_sign_in: motcua_openapi::desk::CitizenSignIn {
                password: true,
                certificate: false,
                mobile_signature: false,
            },
            demo: true,
            now: instant("03:00:00"),
        }
    }

    fn asked_for() -> Registration {
        let otp = OtpStatus {
            message_id: Uuid::from_u128(5),
            sent_at: None,
            expires_at: None,
            resend_at: instant("03:02:34"),
            tries_left: 5,
            codes_sent: 1,
        };
        Registration { otp: Some(otp), ..draft() }
    }

    fn phase_at(message: Option<&Message>, time: &str) -> Phase {
        phase(&asked_for(), message, &desk(), instant(time))
    }

    fn late() -> Message {
        Message { reason: Some(MessageReason::NoReport), ..message(MessageState::Sent) }
    }

    #[test]
    fn the_two_minutes_begin_when_the_text_left_and_not_when_it_was_asked_for() {
        assert_eq!(phase_at(None, "03:02:04"), Phase::OnItsWay);
        let sent = message(MessageState::Sent);
        assert_eq!(phase_at(Some(&sent), "03:02:05"), Phase::Valid(120));
        assert_eq!(phase_at(Some(&sent), "03:04:04"), Phase::Valid(1));
        assert_eq!(phase_at(Some(&sent), "03:04:05"), Phase::Expired);
    }

    #[test]
    fn the_message_of_an_older_code_tells_nothing() {
        let old = Message { id: Uuid::from_u128(4), ..message(MessageState::Failed) };
        assert_eq!(newest(&asked_for(), std::slice::from_ref(&old)), None);
        let new = message(MessageState::Queued);
        assert_eq!(newest(&asked_for(), &[new.clone(), old]), Some(&new));
    }

    #[test]
    fn a_failed_message_ends_the_waiting() {
        assert_eq!(phase_at(Some(&message(MessageState::Failed)), "03:02:12"), Phase::Failed);
    }

    #[test]
    fn another_code_may_be_sent_after_the_wait() {
        assert_eq!(resend_in(&asked_for(), instant("03:02:05")), 29);
        assert_eq!(resend_in(&asked_for(), instant("03:02:34")), 0);
        assert_eq!(resend_in(&draft(), instant("03:02:34")), 0);
    }

    #[test]
    fn advice_is_due_after_three_codes_that_did_not_arrive() {
        let [failed, dropped] = [MessageState::Failed, MessageState::Dropped].map(message);
        assert!(!needs_advice(&[failed.clone(), dropped.clone()]));
        assert!(needs_advice(&[failed.clone(), late(), dropped.clone()]));
        let delivered = message(MessageState::Delivered);
        assert!(!needs_advice(&[delivered.clone(), failed.clone(), dropped.clone(), failed.clone()]));
        assert!(!needs_advice(&[failed.clone(), dropped, delivered, failed]));
    }

    #[test]
    fn a_code_that_nothing_is_known_of_counts_once_a_newer_one_was_asked_for() {
        let sent = message(MessageState::Sent);
        assert!(!needs_advice(&[sent.clone(), sent.clone(), sent.clone()]));
        assert!(needs_advice(&[sent.clone(), sent.clone(), sent.clone(), sent.clone()]));
        assert!(needs_advice(&[late(), sent.clone(), sent.clone()]));
        assert!(needs_advice(&[message(MessageState::Queued), sent.clone(), sent.clone(), sent]), "it stays meanwhile");
    }

    #[test]
    fn the_countdown_is_announced_three_times() {
        assert_eq!(
            [120, 61, 60, 31, 30, 11, 10, 1].map(announced_seconds),
            [None, None, Some(60), Some(60), Some(30), Some(30), Some(10), Some(10)]
        );
    }
}
