//! Many messages of one act, queued one after the other: ten thousand at once would stand before every citizen's code.

mod store;

pub use store::enqueue_spread;
