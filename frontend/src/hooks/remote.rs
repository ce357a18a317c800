//! A value that the server has: loading, failed or ready, and asking for it again.

use std::future::Future;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::ApiError;

/// How far a value of the server's is.
#[derive(Debug, PartialEq)]
pub enum Remote<T> {
    /// Asked for, not here yet.
    Loading,
    /// It did not come.
    Failed(ApiError),
    /// Here. Shared, so that showing it costs nothing.
    Ready(Rc<T>),
}

// By hand, because a shared value is cloned whether or not it could be itself.
impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Failed(error) => Self::Failed(error.clone()),
            Self::Ready(value) => Self::Ready(Rc::clone(value)),
        }
    }
}

impl<T> Remote<T> {
    /// The value, where it is here.
    pub fn ready(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// A value of the server's, and how to ask again.
#[derive(PartialEq)]
pub struct RemoteHandle<T: PartialEq> {
    /// How far it is.
    pub remote: Remote<T>,
    /// Asks again; what is here stays until the answer comes.
    pub reload: Callback<()>,
}

impl<T: PartialEq> Clone for RemoteHandle<T> {
    fn clone(&self) -> Self {
        Self { remote: self.remote.clone(), reload: self.reload.clone() }
    }
}

/// Loads a value now, whenever `deps` change and whenever it is reloaded. An answer that was
/// overtaken by a newer question is dropped.
#[hook]
pub fn use_remote<D, T, F>(deps: D, load: impl Fn(&D) -> F + 'static) -> RemoteHandle<T>
where
    D: PartialEq + Clone + 'static,
    T: PartialEq + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let remote = use_state(|| Remote::Loading);
    let asked = use_state(|| 0_u32);
    {
        let remote = remote.setter();
        use_effect_with((deps, *asked), move |(deps, _)| {
            let wanted = Rc::new(std::cell::Cell::new(true));
            let answer = load(deps);
            spawn_local({
                let wanted = Rc::clone(&wanted);
                async move {
                    let answer = answer.await;
                    if wanted.get() {
                        remote.set(answer.map_or_else(Remote::Failed, |value| Remote::Ready(Rc::new(value))));
                    }
                }
            });
            move || wanted.set(false)
        });
    }
    let reload = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(*asked + 1))
    };
    RemoteHandle { remote: (*remote).clone(), reload }
}
