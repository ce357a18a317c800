//! What components share that is not markup: waiting, ticking, keys, the server's answers,
//! text messages as they go, room.

mod messages;
mod remote;
mod shortcut;
mod timer;
mod title;
mod width;

pub(crate) use messages::use_messages;
pub(crate) use remote::{Remote, RemoteHandle, use_remote};
pub(crate) use shortcut::use_shortcut;
pub(crate) use timer::{use_now, use_timeout};
pub(crate) use title::use_title;
pub(crate) use width::use_width;
