//! Keeping units and officers, answering requests for units, and the counts of the morning. For administrators.

use gloo_net::http::Method;
use motcua_openapi::accounts::PasswordQueued;
use motcua_openapi::audit::{AuditPage, ExportAuditEvents, SearchAuditEvents};
use motcua_openapi::citizens::{AccountDataRequest, AnswerDataRequest, DataRequestList};
use motcua_openapi::dashboard::Dashboard;
use motcua_openapi::officer_imports::{ListFormat, OfficerImport, RowOutcome};
use motcua_openapi::officers::{AssignUnits, CreateOfficer, Officer, OfficerPage, SearchOfficers, UpdateOfficer};
use motcua_openapi::unit_requests::{AnswerUnitRequest, CreateUnitRequest, UnitRequest, UnitRequestList};
use motcua_openapi::units::{CreateUnit, RenameUnit, RetireUnit, Unit, UnitTree};
use uuid::Uuid;

use super::client::Call;
use super::files::Download;
use super::{Api, ApiError};

impl Api {
    /// The tree of the administrator's agency.
    pub async fn units(&self) -> Result<UnitTree, ApiError> {
        self.fetch(Call::new(Method::GET, "/units")).await
    }

    /// Creates a unit. The same `key` does it once.
    pub async fn create_unit(&self, unit: &CreateUnit, key: &str) -> Result<Unit, ApiError> {
        self.fetch(Call::new(Method::POST, "/units").json(unit).once(key)).await
    }

    /// Renames the version that was read.
    pub async fn rename_unit(&self, id: Uuid, rename: &RenameUnit) -> Result<Unit, ApiError> {
        self.fetch(Call::new(Method::PATCH, format!("/units/{id}")).json(rename)).await
    }

    /// Retires the version that was read.
    pub async fn retire_unit(&self, id: Uuid, version: u32) -> Result<Unit, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/units/{id}/retirement")).json(&RetireUnit { version })).await
    }

    /// A page of the officers.
    pub async fn search_officers(&self, search: &SearchOfficers) -> Result<OfficerPage, ApiError> {
        self.fetch(Call::new(Method::POST, "/officers/search").json(search)).await
    }

    /// Authorises an officer. The same `key` does it once.
    pub async fn create_officer(&self, officer: &CreateOfficer, key: &str) -> Result<Officer, ApiError> {
        self.fetch(Call::new(Method::POST, "/officers").json(officer).once(key)).await
    }

    /// An officer with the phone in full. An audit event.
    pub async fn officer(&self, id: Uuid) -> Result<Officer, ApiError> {
        self.fetch(Call::new(Method::GET, format!("/officers/{id}"))).await
    }

    /// Changes name, phone or role of the version that was read.
    pub async fn update_officer(&self, id: Uuid, update: &UpdateOfficer) -> Result<Officer, ApiError> {
        self.fetch(Call::new(Method::PATCH, format!("/officers/{id}")).json(update)).await
    }

    /// Assigns an officer to exactly these units.
    pub async fn assign_units(&self, id: Uuid, units: &AssignUnits) -> Result<Officer, ApiError> {
        self.fetch(Call::new(Method::PUT, format!("/officers/{id}/units")).json(units)).await
    }

    /// Suspends an officer, whose sessions end at once, or lets them sign in again.
    pub async fn let_officer_work(&self, id: Uuid, may: bool) -> Result<Officer, ApiError> {
        let method = if may { Method::DELETE } else { Method::POST };
        self.fetch(Call::new(method, format!("/officers/{id}/suspension"))).await
    }

    /// Texts another password to an officer. The same `key` does it once.
    pub async fn send_officer_password(&self, id: Uuid, key: &str) -> Result<PasswordQueued, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/officers/{id}/password-messages")).once(key)).await
    }

    /// Removes the second factors of an officer who lost them.
    pub async fn remove_second_factors(&self, id: Uuid) -> Result<(), ApiError> {
        self.answer(Call::new(Method::DELETE, format!("/officers/{id}/second-factors"))).await.map(|_| ())
    }

    /// Asks the administrators for a unit, as any officer may. The same `key` does it once.
    pub async fn ask_for_unit(&self, request: &CreateUnitRequest, key: &str) -> Result<UnitRequest, ApiError> {
        self.fetch(Call::new(Method::POST, "/unit-requests").json(request).once(key)).await
    }

    /// The requests for units, open ones first: an officer's own, all of an administrator's agency.
    pub async fn unit_requests(&self) -> Result<UnitRequestList, ApiError> {
        self.fetch(Call::new(Method::GET, "/unit-requests")).await
    }

    /// Answers one, and mends with it.
    pub async fn answer_unit_request(&self, id: Uuid, answer: &AnswerUnitRequest) -> Result<UnitRequest, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/unit-requests/{id}/answer")).json(answer)).await
    }

    /// An uploaded list of officers as it is now, with some of its rows.
    pub async fn officer_import(
        &self,
        id: Uuid,
        outcome: Option<RowOutcome>,
        offset: u32,
    ) -> Result<OfficerImport, ApiError> {
        let outcome = outcome.map(|outcome| format!("&outcome={}", outcome.as_str())).unwrap_or_default();
        self.fetch(Call::new(Method::GET, format!("/officers/imports/{id}?offset={offset}{outcome}"))).await
    }

    /// Applies a list that is ready, the whole of it.
    pub async fn apply_officer_import(&self, id: Uuid) -> Result<OfficerImport, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/officers/imports/{id}/application"))).await
    }

    /// The officers as a list that can be uploaded again.
    pub async fn export_officers(&self, format: ListFormat) -> Result<Download, ApiError> {
        self.download(format!("/officers/export?format={}", format.extension())).await
    }

    /// A page of what happened. For auditors; itself an audit event.
    pub async fn search_audit(&self, search: &SearchAuditEvents) -> Result<AuditPage, ApiError> {
        self.fetch(Call::new(Method::POST, "/audit-events/search").json(search)).await
    }

    /// The same as a table. For auditors; itself an audit event.
    pub async fn export_audit(&self, export: &ExportAuditEvents) -> Result<Download, ApiError> {
        let pairs = [
            ("act", export.act.map(|act| act.as_str().to_owned())),
            ("officer_id", export.officer_id.map(|id| id.to_string())),
            ("subject_id", export.subject_id.map(|id| id.to_string())),
            ("from", export.from.map(|day| day.to_string())),
            ("to", export.to.map(|day| day.to_string())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        self.download(format!("/audit-events/export?{}", pairs.collect::<Vec<_>>().join("&"))).await
    }

    /// What citizens have asked for about their data, open ones first.
    pub async fn data_requests(&self) -> Result<DataRequestList, ApiError> {
        self.fetch(Call::new(Method::GET, "/data-requests")).await
    }

    /// Answers one. Accepting to close an account closes it.
    pub async fn answer_data_request(
        &self,
        id: Uuid,
        answer: &AnswerDataRequest,
    ) -> Result<AccountDataRequest, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/data-requests/{id}/answer")).json(answer)).await
    }

    /// What an administrator looks at in the morning.
    pub async fn dashboard(&self, quiet_days: u32) -> Result<Dashboard, ApiError> {
        self.fetch(Call::new(Method::GET, format!("/dashboard?quiet_days={quiet_days}"))).await
    }
}
