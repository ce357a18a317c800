//! Who did what to whom, when, from where: by ids only, nothing personal.
//!
//! Owns `audit_events`. Append-only: there is no update and no delete here. An event is written in
//! the transaction of the act it tells of, so that neither is there without the other.

mod store;

pub use store::record;

/// An act worth remembering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An officer signed in.
    SessionCreated,
    /// A refresh token came back after it was used: the session was ended.
    SessionReused,
    /// A registration was opened with its numbers unmasked.
    RegistrationRead,
    /// A registration was given up.
    RegistrationCancelled,
    /// A registration was left too long and erased.
    RegistrationExpired,
    /// A scan was attached.
    ScanAttached,
    /// A scan was looked at.
    ScanRead,
    /// A request form was made.
    RequestFormMade,
    /// A code was asked for.
    OtpRequested,
    /// A phone was confirmed.
    PhoneVerified,
    /// An account was created.
    AccountCreated,
    /// An account was opened with its numbers unmasked.
    AccountRead,
    /// Another password was sent for an account.
    PasswordResent,
}

impl Act {
    /// As it stands in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SessionCreated => "session_created",
            Self::SessionReused => "session_reused",
            Self::RegistrationRead => "registration_read",
            Self::RegistrationCancelled => "registration_cancelled",
            Self::RegistrationExpired => "registration_expired",
            Self::ScanAttached => "scan_attached",
            Self::ScanRead => "scan_read",
            Self::RequestFormMade => "request_form_made",
            Self::OtpRequested => "otp_requested",
            Self::PhoneVerified => "phone_verified",
            Self::AccountCreated => "account_created",
            Self::AccountRead => "account_read",
            Self::PasswordResent => "password_resent",
        }
    }
}
