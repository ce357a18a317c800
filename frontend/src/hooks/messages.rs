//! Follows text messages as long as something can become of them.
//!
//! Owns when to listen to the server's stream, when to ask instead, and how long to wait before listening again.
//! Refuses what a message means: that is its reader's.

use std::future::Future;
use std::rc::Rc;

use futures_util::future::{AbortHandle, Either, abortable, select};
use gloo_timers::future::TimeoutFuture;
use motcua_openapi::messages::{Message, MessageList};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Remote, RemoteHandle};
use crate::api::{Api, ApiError, Arrival, MessageEvents, MessagesOf};
use crate::clock;
use crate::staff::use_workplace;

/// Nothing has come this long after opening: something between here and the server keeps the stream back.
const FIRST_MILLIS: u32 = 5_000;
/// The server gives a sign every 15 seconds. This long without one, the line is dead.
const SIGN_MILLIS: u32 = 40_000;
/// How often to ask where there is no stream.
const POLL_MILLIS: u32 = 2_000;
/// A stream that ended as it should is opened again after this.
const REOPEN_MILLIS: u32 = 1_000;
/// A stream that has lasted this long was worth opening.
const LASTED_MILLIS: f64 = 10_000.0;
/// At most this many questions before listening is tried again.
const MOST_POLLS: u32 = 30;

/// The messages of `of`, anew at each change, until all of them have ended and `newest`, where one was just asked
/// for, is among them. Ends with its component.
#[hook]
pub fn use_messages(of: Option<MessagesOf>, newest: Option<Uuid>) -> RemoteHandle<MessageList> {
    let api = use_workplace().api;
    let known = use_reducer_eq(|| Known(Remote::Loading));
    let asked = use_state(|| 0_u32);
    {
        let known = known.dispatcher();
        use_effect_with(of, move |_| known.dispatch(Learned::Nothing));
    }
    {
        let known = known.dispatcher();
        use_effect_with((of, newest, *asked), move |(of, newest, _)| {
            let newest = *newest;
            let tell = move |answer| known.dispatch(Learned::Answer(answer));
            let following = of.map(|of| Following::begin(follow(api, of, newest, tell)));
            move || drop(following)
        });
    }
    let reload = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(*asked + 1))
    };
    RemoteHandle { remote: known.0.clone(), reload }
}

/// What is known of the messages.
#[derive(PartialEq)]
struct Known(Remote<MessageList>);

enum Learned {
    /// Other messages are followed now.
    Nothing,
    /// The messages, or why they did not come.
    Answer(Result<MessageList, ApiError>),
}

impl Reducible for Known {
    type Action = Learned;

    fn reduce(self: Rc<Self>, learned: Learned) -> Rc<Self> {
        match (learned, &self.0) {
            (Learned::Nothing, _) => Rc::new(Self(Remote::Loading)),
            (Learned::Answer(Ok(list)), _) => Rc::new(Self(Remote::Ready(Rc::new(list)))),
            // What was known stays: the page says elsewhere that the line is lost.
            (Learned::Answer(Err(_)), Remote::Ready(_)) => self,
            (Learned::Answer(Err(error)), _) => Rc::new(Self(Remote::Failed(error))),
        }
    }
}

/// A task that ends with this value, wherever it stands: its timers and its line go with it.
struct Following(AbortHandle);

impl Following {
    fn begin(task: impl Future<Output = ()> + 'static) -> Self {
        let (task, handle) = abortable(task);
        spawn_local(async move {
            // Aborted or at its end: nobody waits for either.
            let _ = task.await;
        });
        Self(handle)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How listening ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// Nothing more can become of any message.
    TheEnd,
    /// The stream has spoken, and ended.
    Something,
    /// The stream did not open, or kept silent.
    Nothing,
}

async fn follow(api: Api, of: MessagesOf, newest: Option<Uuid>, tell: impl Fn(Result<MessageList, ApiError>)) {
    let mut polls = Polls::default();
    loop {
        let begun = clock::local_millis();
        match listen(&api, of, newest, &tell).await {
            Heard::TheEnd => return,
            Heard::Something if clock::local_millis() - begun > LASTED_MILLIS => {
                polls = Polls::default();
                TimeoutFuture::new(REOPEN_MILLIS).await;
                continue;
            }
            Heard::Something | Heard::Nothing => {}
        }
        for _ in 0..polls.next() {
            let answer = api.messages(of).await;
            let is_over = match &answer {
                Ok(list) => has_ended(list, newest),
                Err(error) => !error.may_pass(),
            };
            tell(answer);
            if is_over {
                return;
            }
            TimeoutFuture::new(POLL_MILLIS).await;
        }
    }
}

async fn listen(
    api: &Api,
    of: MessagesOf,
    newest: Option<Uuid>,
    tell: &impl Fn(Result<MessageList, ApiError>),
) -> Heard {
    let Some(Some((mut events, first))) = within(FIRST_MILLIS, opened(api, of)).await else { return Heard::Nothing };
    let mut next = Some(Some(Arrival::News(first)));
    while let Some(Some(arrival)) = next {
        if let Arrival::News(list) = arrival {
            let is_over = has_ended(&list, newest);
            tell(Ok(list));
            if is_over {
                return Heard::TheEnd;
            }
        }
        next = within(SIGN_MILLIS, events.next()).await;
    }
    Heard::Something
}

/// A stream that has spoken. Why one did not open the next question will tell.
async fn opened(api: &Api, of: MessagesOf) -> Option<(MessageEvents, MessageList)> {
    let mut events = api.message_events(of).await.ok()?;
    loop {
        if let Arrival::News(list) = events.next().await? {
            return Some((events, list));
        }
    }
}

/// What a task gives within so many milliseconds.
async fn within<T>(millis: u32, task: impl Future<Output = T>) -> Option<T> {
    match select(Box::pin(task), TimeoutFuture::new(millis)).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(_) => None,
    }
}

fn has_ended(list: &MessageList, newest: Option<Uuid>) -> bool {
    let is_there = newest.is_none_or(|newest| list.items.iter().any(|message| message.id == newest));
    is_there && list.items.iter().all(Message::has_ended)
}

/// How often to ask before listening is tried again: more often each time that it failed.
#[derive(Debug, Default)]
struct Polls(u32);

impl Polls {
    fn next(&mut self) -> u32 {
        self.0 = (self.0 * 2).clamp(1, MOST_POLLS);
        self.0
    }
}

#[cfg(test)]
mod tests {
    use motcua_openapi::messages::MessageState;

    use super::*;
    use crate::components::example_message as message;

    fn list(states: &[MessageState]) -> MessageList {
        let items = states
            .iter()
            .enumerate()
            .map(|(n, state)| Message { id: Uuid::from_u128(u128::try_from(n).unwrap()), ..message(*state) });
        MessageList { items: items.collect() }
    }

    #[test]
    fn following_ends_when_every_message_has_ended_and_the_newest_is_among_them() {
        let ended = list(&[MessageState::Delivered, MessageState::Dropped]);
        assert!(has_ended(&ended, None));
        assert!(has_ended(&ended, Some(Uuid::from_u128(1))));
        assert!(!has_ended(&ended, Some(Uuid::from_u128(7))), "what was just asked for is not there yet");
        assert!(!has_ended(&list(&[MessageState::Delivered, MessageState::Sent]), None));
    }

    #[test]
    fn the_pauses_between_streams_grow_up_to_a_minute() {
        let mut polls = Polls::default();
        let pauses: Vec<u32> = std::iter::repeat_with(|| polls.next() * POLL_MILLIS / 1_000).take(8).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn what_is_known_stays_when_an_answer_does_not_come() {
        let learned = |known: Rc<Known>, learned| Known::reduce(known, learned);
        let start = Rc::new(Known(Remote::Loading));
        let failed = learned(start, Learned::Answer(Err(ApiError::Unreachable)));
        assert!(matches!(failed.0, Remote::Failed(_)));
        let ready = learned(failed, Learned::Answer(Ok(list(&[MessageState::Sent]))));
        let ready = learned(ready, Learned::Answer(Err(ApiError::Unreachable)));
        assert!(ready.0.ready().is_some());
        assert!(learned(ready, Learned::Nothing).0 == Remote::Loading);
    }
}
