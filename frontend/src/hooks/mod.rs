//! What components share that is not markup: waiting, ticking, keys, the server's answers.

mod remote;
mod shortcut;
mod timer;
mod title;

pub(crate) use remote::{Remote, RemoteHandle, use_remote};
pub(crate) use shortcut::use_shortcut;
pub(crate) use timer::{use_now, use_timeout};
pub(crate) use title::use_title;
