//! The operations of administrators, and of everybody's own password and second factors.

use motcua_openapi::accounts::PasswordQueued;
use std::time::Duration;

use motcua_openapi::audit::{AuditPage, SearchAuditEvents};
use motcua_openapi::officer_imports::OfficerImport;
use motcua_openapi::officers::{AssignUnits, CreateOfficer, Officer, OfficerPage, SearchOfficers, UpdateOfficer};
use motcua_openapi::second_factors::{
    PasskeyAnswer, PasskeyChallenge, SecondFactor, SecondFactorKind, SecondFactorList, TotpEnrolment,
};
use motcua_openapi::sessions::{Role, Session};
use motcua_openapi::unit_requests::{AnswerUnitRequest, CreateUnitRequest, UnitRequest, UnitRequestList};
use motcua_openapi::units::{CreateUnit, RenameUnit, RetireUnit, Unit, UnitTree};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Client};
use crate::authenticator::{App, Passkey};
use crate::documents::File;
use crate::wait;

fn body<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("JSON")
}

impl Client {
    /// `list_units`
    pub async fn units(&self) -> UnitTree {
        self.get("/units").send().await.json(200)
    }

    /// The unit of a name.
    pub async fn unit_named(&self, name: &str) -> Unit {
        let units = self.units().await.items;
        units.into_iter().find(|unit| unit.name == name).unwrap_or_else(|| panic!("no unit {name}"))
    }

    /// `create_unit`
    pub async fn create_unit(&self, parent_id: Uuid, name: &str) -> Answer {
        self.post("/units").json(&body(&CreateUnit { parent_id, name: name.to_owned() })).send().await
    }

    /// `rename_unit`
    pub async fn rename_unit(&self, id: Uuid, version: u32, name: &str) -> Answer {
        let rename = RenameUnit { version, name: name.to_owned() };
        self.call(Method::PATCH, &format!("/units/{id}")).json(&body(&rename)).send().await
    }

    /// `retire_unit`
    pub async fn retire_unit(&self, id: Uuid, version: u32) -> Answer {
        self.post(&format!("/units/{id}/retirement")).json(&body(&RetireUnit { version })).send().await
    }

    /// `search_officers`
    pub async fn search_officers(&self, search: &SearchOfficers) -> OfficerPage {
        self.post("/officers/search").json(&body(search)).send().await.json(200)
    }

    /// The sign-in names that a search finds.
    pub async fn officer_names(&self, search: &SearchOfficers) -> Vec<String> {
        self.search_officers(search).await.items.into_iter().map(|row| row.username).collect()
    }

    /// `create_officer`
    pub async fn create_officer(&self, new: &CreateOfficer) -> Answer {
        self.post("/officers").json(&body(new)).send().await
    }

    /// `get_officer`
    pub async fn get_officer(&self, id: Uuid) -> Answer {
        self.get(&format!("/officers/{id}")).send().await
    }

    /// The officer of a sign-in name.
    pub async fn officer(&self, username: &str) -> Officer {
        let search = SearchOfficers { name: Some(username.to_owned()), ..SearchOfficers::default() };
        let found = self.search_officers(&search).await.items;
        let row = found.iter().find(|row| row.username == username).unwrap_or_else(|| panic!("no officer {username}"));
        self.get_officer(row.id).await.json(200)
    }

    /// `update_officer`
    pub async fn update_officer(&self, id: Uuid, changes: &UpdateOfficer) -> Answer {
        self.call(Method::PATCH, &format!("/officers/{id}")).json(&body(changes)).send().await
    }

    /// `update_officer` of the role alone, by the version that is there.
    pub async fn give_role(&self, officer: &Officer, role: Role) -> Answer {
        let changes = UpdateOfficer { version: officer.version, role: Some(role), ..UpdateOfficer::default() };
        self.update_officer(officer.id, &changes).await
    }

    /// `assign_units`
    pub async fn assign_units(&self, id: Uuid, version: u32, units: Vec<Uuid>) -> Answer {
        let assign = AssignUnits { version, units };
        self.call(Method::PUT, &format!("/officers/{id}/units")).json(&body(&assign)).send().await
    }

    /// `suspend_officer`
    pub async fn suspend_officer(&self, id: Uuid) -> Answer {
        self.post(&format!("/officers/{id}/suspension")).send().await
    }

    /// `resume_officer`
    pub async fn resume_officer(&self, id: Uuid) -> Answer {
        self.call(Method::DELETE, &format!("/officers/{id}/suspension")).send().await
    }

    /// `send_officer_password`
    pub async fn send_officer_password(&self, id: Uuid) -> Answer {
        self.post(&format!("/officers/{id}/password-messages")).send().await
    }

    /// Sends an officer another password; its message's id.
    pub async fn sent_officer_password(&self, id: Uuid) -> Uuid {
        let queued: PasswordQueued = self.send_officer_password(id).await.json(202);
        queued.message_id
    }

    /// `remove_second_factors` of another officer.
    pub async fn remove_second_factors(&self, id: Uuid) -> Answer {
        self.call(Method::DELETE, &format!("/officers/{id}/second-factors")).send().await
    }

    /// `change_password`
    pub async fn change_password(&self, current: &str, new: &str) -> Answer {
        let body = json!({"current_password": current, "new_password": new});
        self.call(Method::PUT, "/me/password").json(&body).send().await
    }

    /// `create_session` with a code.
    pub async fn create_session_with_code(&self, username: &str, password: &str, code: &str) -> Answer {
        let body = json!({"username": username, "password": password, "totp": code});
        self.post("/sessions").json(&body).send().await
    }

    /// The same, going on as that officer.
    #[must_use]
    pub async fn signed_in_with_code(&self, username: &str, password: &str, code: &str) -> Self {
        let session: Session = self.create_session_with_code(username, password, code).await.json(201);
        self.with_token(&session.access_token)
    }

    /// `create_passkey_challenge`
    pub async fn create_passkey_challenge(&self, username: &str, password: &str) -> Answer {
        let body = json!({"username": username, "password": password});
        self.post("/sessions/passkey-challenges").json(&body).send().await
    }

    /// `create_session` with a passkey's answer.
    pub async fn create_session_with_passkey(&self, username: &str, password: &str, answer: &PasskeyAnswer) -> Answer {
        let body = json!({"username": username, "password": password, "passkey": answer});
        self.post("/sessions").json(&body).send().await
    }

    /// `list_second_factors`
    pub async fn second_factors(&self) -> SecondFactorList {
        self.get("/me/second-factors").send().await.json(200)
    }

    /// `begin_totp`
    pub async fn begin_totp(&self, password: &str) -> Answer {
        let body = json!({"password": password, "name": "Điện thoại"});
        self.post("/me/second-factors/totp").json(&body).send().await
    }

    /// `confirm_totp`
    pub async fn confirm_totp(&self, id: Uuid, code: &str) -> Answer {
        self.post("/me/second-factors/totp/confirmation").json(&json!({"id": id, "code": code})).send().await
    }

    /// Enrols an authenticator app.
    pub async fn enrolled_app(&self, password: &str, now: chrono::DateTime<chrono::Utc>) -> App {
        let begun: TotpEnrolment = self.begin_totp(password).await.json(201);
        let app = App::of(&begun.secret);
        let factor: SecondFactor = self.confirm_totp(begun.id, &app.code_at(now)).await.json(201);
        assert_eq!((factor.id, factor.kind), (begun.id, SecondFactorKind::Totp));
        app
    }

    /// `begin_passkey`
    pub async fn begin_passkey(&self, password: &str) -> Answer {
        let body = json!({"password": password, "name": "Khóa bảo mật"});
        self.post("/me/second-factors/passkeys").json(&body).send().await
    }

    /// `confirm_passkey`
    pub async fn confirm_passkey(&self, answer: &PasskeyAnswer) -> Answer {
        self.post("/me/second-factors/passkeys/confirmation").json(&body(answer)).send().await
    }

    /// Enrols a passkey.
    pub async fn enrolled_passkey(&self, password: &str) -> Passkey {
        let challenge: PasskeyChallenge = self.begin_passkey(password).await.json(201);
        let mut passkey = Passkey::at("http://localhost:8080");
        let factor: SecondFactor = self.confirm_passkey(&passkey.create(&challenge)).await.json(201);
        assert_eq!(factor.kind, SecondFactorKind::Passkey);
        passkey
    }

    /// `remove_second_factor` of one's own.
    pub async fn remove_second_factor(&self, id: Uuid) -> Answer {
        self.call(Method::DELETE, &format!("/me/second-factors/{id}")).send().await
    }

    /// `create_unit_request`
    pub async fn ask_for_unit(&self, request: &CreateUnitRequest) -> Answer {
        self.post("/unit-requests").json(&body(request)).send().await
    }

    /// `list_unit_requests`
    pub async fn unit_requests(&self) -> Vec<UnitRequest> {
        let list: UnitRequestList = self.get("/unit-requests").send().await.json(200);
        list.items
    }

    /// `answer_unit_request`
    pub async fn answer_unit_request(&self, id: Uuid, answer: &AnswerUnitRequest) -> Answer {
        self.post(&format!("/unit-requests/{id}/answer")).json(&body(answer)).send().await
    }

    /// `search_audit_events`, asked for whatever the answer.
    pub async fn search_audit(&self, search: &SearchAuditEvents) -> Answer {
        self.post("/audit-events/search").json(&body(search)).send().await
    }

    /// `search_audit_events`
    pub async fn audit(&self, search: &SearchAuditEvents) -> AuditPage {
        self.search_audit(search).await.json(200)
    }

    /// `export_audit_events`, with this query.
    pub async fn export_audit<'a>(&'a self, query: &[(&'a str, &'a str)]) -> Answer {
        let call = self.get("/audit-events/export");
        query.iter().fold(call, |call, (name, value)| call.query(name, value)).send().await
    }

    /// `create_officer_import`
    pub async fn upload_list(&self, file: &File) -> Answer {
        self.post("/officers/imports").file("file", file).send().await
    }

    /// `get_officer_import`, with this query.
    pub async fn get_list<'a>(&'a self, id: Uuid, query: &[(&'a str, &'a str)]) -> Answer {
        let call = self.get(&format!("/officers/imports/{id}"));
        query.iter().fold(call, |call, (name, value)| call.query(name, value)).send().await
    }

    /// A list once nothing is done with it any more.
    pub async fn settled_list(&self, id: Uuid) -> OfficerImport {
        // Ten thousand rows take a while in a build for tests.
        wait::until_within(Duration::from_secs(180), "the list to be done with", || async {
            let list: OfficerImport = self.get_list(id, &[]).await.json(200);
            (!list.state.is_under_way()).then_some(list)
        })
        .await
    }

    /// Uploads a list and waits until it is checked.
    pub async fn checked_list(&self, file: &File) -> OfficerImport {
        let list: OfficerImport = self.upload_list(file).await.json(202);
        self.settled_list(list.id).await
    }

    /// `apply_officer_import`
    pub async fn apply_list(&self, id: Uuid) -> Answer {
        self.post(&format!("/officers/imports/{id}/application")).send().await
    }

    /// Applies a list and waits for what becomes of it.
    pub async fn applied_list(&self, id: Uuid) -> OfficerImport {
        self.apply_list(id).await.bytes(202);
        self.settled_list(id).await
    }

    /// `export_officers`
    pub async fn export_officers(&self, format: &str) -> Answer {
        self.get("/officers/export").query("format", format).send().await
    }
}
