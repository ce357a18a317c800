//! The citizen's own side: signing in, the password, what is held about them, what they ask for.
//!
//! A citizen's session has its own cookie (path `/api/v1/citizen/sessions`) and its own audience: neither works for
//! an officer's operations, nor an officer's here.

mod captchas;
mod data_requests;
mod me;
mod mobile_signatures;
mod passwords;
mod phone_changes;
mod sessions;

pub use captchas::{Captcha, CaptchaAnswer, CaptchaForm, CreateCaptcha, ProofChallenge, ProofSolution};
pub use data_requests::{
    AccountDataRequest, AnswerDataRequest, CreateDataRequest, DataRequest, DataRequestAnswer, DataRequestKind,
    DataRequestList, DataRequestOutcome,
};
pub use me::{Access, AccessAct, ChangeEmail, CitizenMe};
pub use mobile_signatures::{CreateMobileSignature, MobileSignature, MobileSignatureProgress, MobileSignatureState};
pub use passwords::{ChangeCitizenPassword, CompletePasswordReset, CreatePasswordReset, PasswordReset};
pub use phone_changes::{CompletePhoneChange, CreatePhoneChange, PhoneChange};
pub use sessions::{CitizenSession, CreateCitizenSession};
