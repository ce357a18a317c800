//! Where the one-time code stands, worked out from the server's words and the clock.
//!
//! Pure. Owns the phases that the officer sees and when the screen must ask again.

use chrono::{DateTime, Utc};
use motcua_openapi::desk::Desk;
use motcua_openapi::messages::{Message, MessageReason, MessageState};
use motcua_openapi::registrations::{OtpStatus, Registration, RegistrationState};

use crate::clock;

/// After this many codes without success the advice is shown.
const ADVICE_AFTER_CODES: u32 = 3;

/// Where the code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// None was asked for.
    NotSent,
    /// On its way to the gateway; the reason tells why it is late.
    OnItsWay(Option<MessageReason>),
    /// It can be typed for this many seconds more.
    Valid(u32),
    /// Its time is over.
    Expired,
    /// It will not arrive.
    Failed(Option<MessageReason>),
    /// The phone is confirmed.
    Verified,
}

/// Where the code of `registration` stands at `now`. `message` counts only where it is that code's.
pub(crate) fn phase(registration: &Registration, message: Option<&Message>, desk: &Desk, now: DateTime<Utc>) -> Phase {
    if registration.state == RegistrationState::PhoneVerified {
        return Phase::Verified;
    }
    let Some(otp) = &registration.otp else { return Phase::NotSent };
    let message = message.filter(|message| message.id == otp.message_id);
    if let Some(message) =
        message.filter(|message| matches!(message.state, MessageState::Failed | MessageState::Dropped))
    {
        return Phase::Failed(message.reason);
    }
    match expiry(otp, message, desk) {
        None => Phase::OnItsWay(message.and_then(|message| message.reason)),
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

/// Whether to advise what to do beside sending again.
pub(crate) fn needs_advice(registration: &Registration) -> bool {
    registration.otp.as_ref().is_some_and(|otp| otp.codes_sent >= ADVICE_AFTER_CODES)
}

/// After how many milliseconds to ask what became of the message; `None` where it will not change.
pub(crate) fn ask_again_in(phase: Phase, message: Option<&Message>) -> Option<u32> {
    let delivered = message.is_some_and(|message| message.state == MessageState::Delivered);
    match phase {
        Phase::OnItsWay(_) => Some(1_000),
        Phase::Valid(_) if !delivered => Some(2_000),
        Phase::Valid(_) | Phase::NotSent | Phase::Expired | Phase::Failed(_) | Phase::Verified => None,
    }
}

/// What a screen reader hears of the countdown: at 60, 30 and 10 seconds, and nothing between.
pub(crate) fn announced_seconds(seconds: u32) -> Option<u32> {
    [10, 30, 60].into_iter().find(|mark| seconds <= *mark)
}

#[cfg(test)]
mod tests {
    use motcua_openapi::messages::MessagePurpose;
    use uuid::Uuid;

    use super::super::examples::{draft, instant};
    use super::*;

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
            demo: true,
            now: instant("03:00:00"),
        }
    }

    fn asked_for() -> Registration {
        let otp = OtpStatus {
            message_id: Uuid::from_u128(5),
            sent_at: None,
            expires_at: None,
            resend_at: instant("03:10:30"),
            tries_left: 5,
            codes_sent: 1,
        };
        Registration { otp: Some(otp), ..draft() }
    }

    fn message(state: MessageState) -> Message {
        Message {
            id: Uuid::from_u128(5),
            purpose: MessagePurpose::Otp,
            state,
            reason: None,
            gateway: None,
            attempts: 1,
            phone_masked: "••••••7123".into(),
            queued_at: instant("03:10:00"),
            sent_at: (state != MessageState::Queued).then(|| instant("03:10:02")),
            delivered_at: None,
            ended_at: None,
            next_attempt_at: None,
        }
    }

    fn phase_at(message: Option<&Message>, time: &str) -> Phase {
        phase(&asked_for(), message, &desk(), instant(time))
    }

    #[test]
    fn the_two_minutes_begin_when_the_text_left_and_not_when_it_was_asked_for() {
        assert_eq!(phase_at(None, "03:10:01"), Phase::OnItsWay(None));
        let sent = message(MessageState::Sent);
        assert_eq!(phase_at(Some(&sent), "03:10:02"), Phase::Valid(120));
        assert_eq!(phase_at(Some(&sent), "03:12:01"), Phase::Valid(1));
        assert_eq!(phase_at(Some(&sent), "03:12:02"), Phase::Expired);
    }

    #[test]
    fn the_message_of_an_older_code_tells_nothing() {
        let old = Message { id: Uuid::from_u128(4), ..message(MessageState::Failed) };
        assert_eq!(phase_at(Some(&old), "03:10:01"), Phase::OnItsWay(None));
    }

    #[test]
    fn a_failed_message_says_why() {
        let failed = Message { reason: Some(MessageReason::GatewayRefused), ..message(MessageState::Failed) };
        assert_eq!(phase_at(Some(&failed), "03:10:05"), Phase::Failed(Some(MessageReason::GatewayRefused)));
    }

    #[test]
    fn another_code_may_be_sent_after_the_wait() {
        assert_eq!(resend_in(&asked_for(), instant("03:10:01")), 29);
        assert_eq!(resend_in(&asked_for(), instant("03:10:30")), 0);
        assert_eq!(resend_in(&draft(), instant("03:10:30")), 0);
    }

    #[test]
    fn the_screen_asks_until_the_phone_has_it() {
        let (sent, delivered) = (message(MessageState::Sent), message(MessageState::Delivered));
        assert_eq!(ask_again_in(Phase::OnItsWay(None), None), Some(1_000));
        assert_eq!(ask_again_in(Phase::Valid(90), Some(&sent)), Some(2_000));
        assert_eq!(ask_again_in(Phase::Valid(90), Some(&delivered)), None);
        assert_eq!(ask_again_in(Phase::Expired, Some(&sent)), None);
    }

    #[test]
    fn the_countdown_is_announced_three_times() {
        assert_eq!(
            [120, 61, 60, 31, 30, 11, 10, 1].map(announced_seconds),
            [None, None, Some(60), Some(60), Some(30), Some(30), Some(10), Some(10)]
        );
    }
}
