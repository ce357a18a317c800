//! An act that is pressed for: taken once, shown while it goes on, and its refusal kept.

use std::future::Future;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::ApiError;

/// How far an act is, and how to do it.
pub struct Act<I> {
    /// It was pressed and goes on.
    pub busy: bool,
    /// Why it was refused the last time; nothing once it is pressed again.
    pub failed: Option<ApiError>,
    /// Does it; passed over while it goes on.
    pub go: Callback<I>,
    /// Forgets the refusal.
    pub forget: Callback<()>,
}

#[derive(Clone, PartialEq)]
enum Stage {
    Idle,
    Busy,
    Failed(ApiError),
}

/// An act by `verb`; `done` is called with what it gave.
#[hook]
pub fn use_act<I, T, F>(verb: impl Fn(I) -> F + 'static, done: Callback<T>) -> Act<I>
where
    I: 'static,
    T: 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let stage = use_state(|| Stage::Idle);
    // Beside the stage, which a press before the next drawing would not see.
    let taken = use_mut_ref(|| false);
    let go = {
        let stage = stage.setter();
        Callback::from(move |input| {
            if std::mem::replace(&mut *taken.borrow_mut(), true) {
                return;
            }
            stage.set(Stage::Busy);
            let (answer, stage, taken, done) = (verb(input), stage.clone(), Rc::clone(&taken), done.clone());
            spawn_local(async move {
                let answer = answer.await;
                taken.replace(false);
                match answer {
                    Ok(value) => {
                        stage.set(Stage::Idle);
                        done.emit(value);
                    }
                    Err(error) => stage.set(Stage::Failed(error)),
                }
            });
        })
    };
    let forget = {
        let stage = stage.setter();
        Callback::from(move |()| stage.set(Stage::Idle))
    };
    let failed = match &*stage {
        Stage::Failed(error) => Some(error.clone()),
        Stage::Idle | Stage::Busy => None,
    };
    Act { busy: *stage == Stage::Busy, failed, go, forget }
}
