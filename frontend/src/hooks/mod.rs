//! What components share that is not markup: waiting, ticking, keys, the server's answers,
//! text messages as they go, room.

mod act;
mod messages;
mod remote;
mod shortcut;
mod timer;
mod title;
mod width;

pub use act::{Act, use_act};
pub use messages::use_messages;
pub use remote::{Remote, RemoteHandle, use_remote};
pub use shortcut::use_shortcut;
pub use timer::{use_now, use_timeout};
pub use title::use_title;
pub use width::use_width;
