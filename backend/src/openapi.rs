//! The API as mounted and as documented: one list for both.
//!
//! Owns the list of operations. A handler that is not in it is neither served nor documented.

use actix_web::App;
use actix_web::dev::{ResourceDef, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, ServiceConfig};
use motcua_openapi::officer_imports::ListFormat;
use motcua_openapi::problem::Problem;
use motcua_openapi::registrations::RequestFormFormat;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, LicenseBuilder, OpenApi};
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig as DocumentedConfig;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    accounts, audit, citizens, dashboard, lookups, messages, officer_imports, officers, public, registrations,
    second_factors, sessions, unit_requests, units,
};

fn operations(config: &mut DocumentedConfig<'_>) {
    config
        .service(public::get_desk)
        .service(sessions::routes::create_session)
        .service(sessions::routes::refresh_session)
        .service(sessions::routes::delete_session)
        .service(sessions::routes::get_me)
        .service(sessions::routes::change_password)
        .service(sessions::routes::create_passkey_challenge)
        .service(second_factors::routes::list_second_factors)
        .service(second_factors::routes::begin_totp)
        .service(second_factors::routes::confirm_totp)
        .service(second_factors::routes::begin_passkey)
        .service(second_factors::routes::confirm_passkey)
        .service(second_factors::routes::remove_second_factor)
        .service(units::routes::list_units)
        .service(units::routes::create_unit)
        .service(units::routes::rename_unit)
        .service(units::routes::retire_unit)
        // Before what has an id in its path.
        .service(officer_imports::routes::export_officers)
        .service(officer_imports::routes::create_officer_import)
        .service(officer_imports::routes::get_officer_import)
        .service(officer_imports::routes::apply_officer_import)
        .service(officers::routes::search_officers)
        .service(officers::routes::create_officer)
        .service(officers::routes::get_officer)
        .service(officers::routes::update_officer)
        .service(officers::routes::assign_units)
        .service(officers::routes::suspend_officer)
        .service(officers::routes::resume_officer)
        .service(officers::routes::send_officer_password)
        .service(officers::routes::remove_second_factors)
        .service(unit_requests::routes::create_unit_request)
        .service(unit_requests::routes::list_unit_requests)
        .service(unit_requests::routes::answer_unit_request)
        .service(lookups::routes::look_up)
        .service(registrations::routes::create_registration)
        .service(registrations::routes::list_registrations)
        .service(registrations::routes::get_registration)
        .service(registrations::routes::update_registration)
        .service(registrations::routes::cancel_registration)
        .service(registrations::routes::upload_scan)
        .service(registrations::routes::download_scan)
        .service(registrations::routes::download_request_form)
        .service(registrations::routes::send_otp)
        .service(registrations::routes::verify_otp)
        .service(registrations::routes::create_account)
        .service(registrations::routes::list_registration_messages)
        .service(registrations::routes::follow_registration_messages)
        .service(accounts::routes::search_accounts)
        .service(accounts::routes::get_account)
        .service(accounts::routes::list_account_messages)
        .service(accounts::routes::follow_account_messages)
        .service(accounts::routes::resend_password)
        .service(citizens::routes::create_captcha)
        .service(citizens::routes::create_citizen_session)
        .service(citizens::certificates::routes::create_citizen_session_by_certificate)
        .service(citizens::mobile_signatures::routes::create_mobile_signature)
        .service(citizens::mobile_signatures::routes::look_at_mobile_signature)
        .service(citizens::routes::refresh_citizen_session)
        .service(citizens::routes::delete_citizen_session)
        .service(citizens::routes::change_citizen_password)
        .service(citizens::resets::routes::create_password_reset)
        .service(citizens::resets::routes::complete_password_reset)
        .service(citizens::me::routes::get_citizen_me)
        .service(citizens::me::routes::export_citizen_me)
        .service(citizens::me::routes::change_citizen_email)
        .service(citizens::phone_changes::routes::create_phone_change)
        .service(citizens::phone_changes::routes::complete_phone_change)
        .service(citizens::data_requests::routes::create_data_request)
        .service(citizens::data_requests::routes::list_data_requests)
        .service(citizens::data_requests::routes::answer_data_request)
        .service(dashboard::routes::get_dashboard)
        .service(audit::routes::search_audit_events)
        .service(audit::routes::export_audit_events)
        .service(messages::routes::get_message_statistics)
        .service(messages::routes::receive_delivery_report)
        .service(messages::routes::receive_delivery_report_by_url);
}

fn scope() -> utoipa_actix_web::scope::Scope<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = actix_web::Error, InitError = ()>
    + 'static,
> {
    utoipa_actix_web::scope::scope(motcua_openapi::BASE_PATH)
        .configure(operations)
        .default_service(web::to(public::no_such_path))
        // Nearly every answer holds somebody's data: no cache keeps any.
        .wrap(DefaultHeaders::new().add((CACHE_CONTROL, "no-store")))
}

/// Mounts the operations, the document itself, and its page.
pub fn mount(config: &mut ServiceConfig) {
    config.service(scope()).service(public::get_openapi).service(
        web::scope("/docs")
            .wrap(DefaultHeaders::new().add(("Content-Security-Policy", public::DOCS_CONTENT_SECURITY_POLICY)))
            .service(web::redirect("", "/docs/"))
            .service(SwaggerUi::new("/{_:.*}").config(utoipa_swagger_ui::Config::new(["/openapi.json"]))),
    );
}

/// The OpenAPI document of everything mounted, made without a database.
pub fn document() -> OpenApi {
    let (_, mut document) = App::new().into_utoipa_app().service(scope()).split_for_parts();
    document.info = InfoBuilder::new()
        .title("Motcua")
        .version("1")
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build()))
        .build();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = document.components.get_or_insert_with(Components::new);
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let mut schemas = vec![
        (Problem::name().into_owned(), Problem::schema()),
        // Named by query parameters only, which the collection does not follow.
        (RequestFormFormat::name().into_owned(), RequestFormFormat::schema()),
        (ListFormat::name().into_owned(), ListFormat::schema()),
    ];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    document
}

const DESCRIPTION: &str = "Creating citizens' accounts at a one-stop desk. Every answer of 400 and above is a problem \
(RFC 9457) with a stable code. Times are RFC 3339 in UTC, dates ISO 8601.";

/// Which methods each path takes, to tell a wrong method from an unknown path.
pub struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    /// Of a document.
    pub fn of(document: &OpenApi) -> Self {
        let of_path = |(path, item): (&String, &PathItem)| {
            let operations = [
                (&item.get, "GET"),
                (&item.put, "PUT"),
                (&item.post, "POST"),
                (&item.delete, "DELETE"),
                (&item.patch, "PATCH"),
            ];
            let allowed: Vec<&str> =
                operations.iter().filter(|(operation, _)| operation.is_some()).map(|(_, name)| *name).collect();
            (ResourceDef::new(path.as_str()), allowed.join(", "))
        };
        Self(document.paths.paths.iter().map(of_path).collect())
    }

    /// The methods of a path that exists.
    pub fn allowed(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.is_match(path)).map(|(_, allowed)| allowed.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_path_knows_its_methods_and_others_are_unknown() {
        let methods = Methods::of(&document());
        assert_eq!(methods.allowed("/api/v1/registrations"), Some("GET, POST"));
        assert_eq!(methods.allowed("/api/v1/registrations/x/scan"), Some("GET, PUT"));
        assert_eq!(methods.allowed("/api/v1/nothing"), None);
    }

    #[test]
    fn every_operation_has_an_id_of_its_own_and_a_summary() {
        let document = serde_json::to_value(document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let operations: Vec<_> = paths.values().flat_map(|item| item.as_object().unwrap().values()).collect();
        let mut ids: Vec<_> = operations.iter().map(|it| it["operationId"].as_str().unwrap()).collect();
        assert!(operations.iter().all(|it| it["summary"].is_string()), "{document:#}");
        assert_eq!(ids.len(), 76);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 76);
    }
}
