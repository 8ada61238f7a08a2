//! `/auth`: address and password of an account, and its second factor.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, accounts, email_tokens, second_factors, step_up};
use nexus_protocol::{
    ChangeEmail, ChangePassword, ConfirmWithPassword, EmailedToken, ForgotPassword, RecoveryCodes,
    ResetPassword, StepUp, SteppedUp, TotpCode, TotpSetup,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::{Caller, From},
    error::ApiError,
    extract::Json,
};

type Empty = Result<StatusCode, ApiError>;

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(change_password))
        .routes(routes!(forgot_password))
        .routes(routes!(reset_password))
        .routes(routes!(verify_email))
        .routes(routes!(resend_verification))
        .routes(routes!(change_email))
        .routes(routes!(confirm_email))
        .routes(routes!(revert_email))
        .routes(routes!(confirm))
        .routes(routes!(set_up_totp))
        .routes(routes!(enable_totp))
        .routes(routes!(disable_totp))
        .routes(routes!(renew_recovery_codes))
}

/// Change the password; all other devices are signed out
#[utoipa::path(post, path = "/auth/change-password", tag = "auth",
    request_body = ChangePassword, responses((status = 204)))]
async fn change_password(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<ChangePassword>,
) -> Empty {
    accounts::change_password(&core, caller, req).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have a letter sent that lets its reader choose a new password
///
/// The answer is the same whether there is such an account or not.
#[utoipa::path(post, path = "/auth/forgot-password", tag = "auth", security(()),
    request_body = ForgotPassword, responses((status = 202)))]
async fn forgot_password(
    State(core): State<Arc<Core>>,
    From(origin): From,
    Json(req): Json<ForgotPassword>,
) -> Empty {
    accounts::forgot_password(&core, req, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Choose a new password with the token of a letter; all devices are signed out
#[utoipa::path(post, path = "/auth/reset-password", tag = "auth", security(()),
    request_body = ResetPassword, responses((status = 204)))]
async fn reset_password(
    State(core): State<Arc<Core>>,
    From(origin): From,
    Json(req): Json<ResetPassword>,
) -> Empty {
    accounts::reset_password(&core, req, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Show with the token of a letter that the address is one's own
#[utoipa::path(post, path = "/auth/verify-email", tag = "auth", security(()),
    request_body = EmailedToken, responses((status = 204)))]
async fn verify_email(State(core): State<Arc<Core>>, Json(req): Json<EmailedToken>) -> Empty {
    email_tokens::verify(&core, req).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have the letter that verifies the address sent again
#[utoipa::path(post, path = "/auth/resend-verification", tag = "auth", responses((status = 202)))]
async fn resend_verification(State(core): State<Arc<Core>>, Caller(caller): Caller) -> Empty {
    email_tokens::resend_verification(&core, caller).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Ask for another e-mail address; it is changed once a letter to it was answered
///
/// Needs the password, or a step-up. The answer is the same whether somebody else has the address.
#[utoipa::path(post, path = "/auth/change-email", tag = "auth",
    request_body = ChangeEmail, responses((status = 202)))]
async fn change_email(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<ChangeEmail>,
) -> Empty {
    accounts::change_email(&core, caller, req).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Change the e-mail address with the token of the letter to the new one
#[utoipa::path(post, path = "/auth/confirm-email", tag = "auth", security(()),
    request_body = EmailedToken, responses((status = 204)))]
async fn confirm_email(State(core): State<Arc<Core>>, Json(req): Json<EmailedToken>) -> Empty {
    accounts::confirm_email(&core, req).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take the account back with the token of the letter to the old address
///
/// All devices are signed out, the password is no good any more, and a letter lets its owner choose
/// a new one.
#[utoipa::path(post, path = "/auth/revert-email", tag = "auth", security(()),
    request_body = EmailedToken, responses((status = 204)))]
async fn revert_email(State(core): State<Arc<Core>>, Json(req): Json<EmailedToken>) -> Empty {
    accounts::revert_email(&core, req).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Prove once more who one is, before something dangerous
#[utoipa::path(post, path = "/auth/step-up", tag = "auth", operation_id = "step_up",
    request_body = StepUp, responses((status = 200, body = SteppedUp)))]
async fn confirm(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<StepUp>,
) -> Result<Json<SteppedUp>, ApiError> {
    Ok(Json(step_up::step_up(&core, caller, req).await?))
}

/// Get a secret for an app that makes one-time codes; not asked for yet
///
/// Needs the password, or a step-up.
#[utoipa::path(post, path = "/auth/totp/setup", tag = "auth",
    request_body = ConfirmWithPassword, responses((status = 200, body = TotpSetup)))]
async fn set_up_totp(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    body: Option<Json<ConfirmWithPassword>>,
) -> Result<Json<TotpSetup>, ApiError> {
    let Json(req) = body.unwrap_or_default();
    Ok(Json(second_factors::set_up(&core, caller, req).await?))
}

/// Ask for a one-time code at each sign-in from now on
#[utoipa::path(post, path = "/auth/totp/enable", tag = "auth",
    request_body = TotpCode, responses((status = 200, body = RecoveryCodes)))]
async fn enable_totp(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<TotpCode>,
) -> Result<Json<RecoveryCodes>, ApiError> {
    Ok(Json(second_factors::enable(&core, caller, req).await?))
}

/// Ask for no one-time codes any more
///
/// Needs the password, or a step-up.
#[utoipa::path(post, path = "/auth/totp/disable", tag = "auth",
    request_body = ConfirmWithPassword, responses((status = 204)))]
async fn disable_totp(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    body: Option<Json<ConfirmWithPassword>>,
) -> Empty {
    let Json(req) = body.unwrap_or_default();
    second_factors::disable(&core, caller, req).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get new recovery codes; the old ones are no good any more
///
/// Needs the password, or a step-up.
#[utoipa::path(post, path = "/auth/totp/recovery-codes", tag = "auth",
    request_body = ConfirmWithPassword, responses((status = 200, body = RecoveryCodes)))]
async fn renew_recovery_codes(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    body: Option<Json<ConfirmWithPassword>>,
) -> Result<Json<RecoveryCodes>, ApiError> {
    let Json(req) = body.unwrap_or_default();
    Ok(Json(second_factors::renew_recovery_codes(&core, caller, req).await?))
}
