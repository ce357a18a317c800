//! Sending a file: a scan, or a list of officers. By XMLHttpRequest, because `fetch` tells nothing of an upload's
//! progress.

use futures_channel::oneshot;
use gloo_events::EventListener;
use motcua_openapi::officer_imports::OfficerImport;
use motcua_openapi::registrations::Registration;
use motcua_openapi::{BASE_PATH, IDEMPOTENCY_KEY};
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};
use yew::Callback;

use super::{Api, ApiError};

impl Api {
    /// Sends the file; `on_progress` hears percent, 0 to 100.
    pub async fn attach_scan(
        &self,
        id: Uuid,
        file: &File,
        on_progress: Callback<u32>,
    ) -> Result<Registration, ApiError> {
        let place = Place { method: "PUT", path: format!("{BASE_PATH}/registrations/{id}/scan"), key: None };
        self.send_file(&place, file, on_progress).await
    }

    /// Uploads a list of officers, to be checked; `on_progress` hears percent. The same `key` does it once.
    pub async fn upload_officers(
        &self,
        file: &File,
        key: &str,
        on_progress: Callback<u32>,
    ) -> Result<OfficerImport, ApiError> {
        let path = format!("{BASE_PATH}/officers/imports");
        self.send_file(&Place { method: "POST", path, key: Some(key.to_owned()) }, file, on_progress).await
    }

    async fn send_file<T: DeserializeOwned>(
        &self,
        place: &Place,
        file: &File,
        on_progress: Callback<u32>,
    ) -> Result<T, ApiError> {
        self.in_session(async |token| {
            let answer = send(place, file, token, on_progress.clone()).await;
            self.reached(answer.is_ok());
            let (status, body) = answer.map_err(|_| ApiError::Unreachable)?;
            if !(200..300).contains(&status) {
                return Err(ApiError::of_answer(status, &body));
            }
            serde_json::from_str(&body).map_err(|_| ApiError::Unreadable { status })
        })
        .await
    }
}

/// Where a file is sent.
struct Place {
    method: &'static str,
    path: String,
    key: Option<String>,
}

/// One request: the answer's status and body. Status 0, which is a broken line, is an error.
async fn send(
    place: &Place,
    file: &File,
    token: Option<String>,
    on_progress: Callback<u32>,
) -> Result<(u16, String), JsValue> {
    let form = FormData::new()?;
    form.append_with_blob_and_filename("file", file, &file.name())?;
    let request = XmlHttpRequest::new()?;
    request.open(place.method, &place.path)?;
    if let Some(key) = &place.key {
        request.set_request_header(IDEMPOTENCY_KEY, key)?;
    }
    if let Some(token) = token {
        request.set_request_header("Authorization", &format!("Bearer {token}"))?;
    }
    let (sender, ended) = oneshot::channel();
    let sender = Rc::new(Cell::new(Some(sender)));
    let _progress = EventListener::new(request.upload()?.as_ref(), "progress", move |event| {
        if let Some(event) = event.dyn_ref::<ProgressEvent>() {
            on_progress.emit(percent(event.loaded(), event.total()));
        }
    });
    // `loadend` comes after success, error, abort and time-out alike.
    let _end = EventListener::once(request.as_ref(), "loadend", move |_| {
        if let Some(sender) = sender.take() {
            let _ = sender.send(());
        }
    });
    request.send_with_opt_form_data(Some(&form))?;
    ended.await.map_err(|_| JsValue::NULL)?;
    match request.status()? {
        0 => Err(JsValue::NULL),
        status => Ok((status, request.response_text()?.unwrap_or_default())),
    }
}

fn percent(done: f64, of: f64) -> u32 {
    if of <= 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and 100")]
    let percent = (done / of * 100.0).clamp(0.0, 100.0) as u32;
    percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_between_nothing_and_all() {
        assert_eq!((percent(0.0, 0.0), percent(1.0, 4.0), percent(5.0, 4.0)), (0, 25, 100));
    }
}
