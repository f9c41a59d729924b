//! Commands about how long evidence is kept, about forgetting, and about the audit log.

use satchel_app::api::{
    ApiError, AuditCheckView, AuditExportRequest, AuditRequest, AuditView, ForgetRequest,
    ForgetView, ForgottenView, RetentionRequest, RetentionView,
};

use crate::commands::{App, run};

#[tauri::command]
pub(crate) async fn retention_show(app: App<'_>) -> Result<RetentionView, ApiError> {
    run(&app, move |s| s.retention_show()).await
}

#[tauri::command]
pub(crate) async fn retention_set(
    app: App<'_>,
    request: RetentionRequest,
) -> Result<RetentionView, ApiError> {
    run(&app, move |s| s.retention_set(&request)).await
}

#[tauri::command]
pub(crate) async fn retention_run(app: App<'_>) -> Result<ForgottenView, ApiError> {
    run(&app, move |s| s.retention_run()).await
}

#[tauri::command]
pub(crate) async fn account_forget_ask(app: App<'_>, id: String) -> Result<ForgetView, ApiError> {
    run(&app, move |s| s.account_forget_ask(&id)).await
}

#[tauri::command]
pub(crate) async fn account_forget(
    app: App<'_>,
    request: ForgetRequest,
) -> Result<ForgetView, ApiError> {
    run(&app, move |s| s.account_forget(&request)).await
}

#[tauri::command]
pub(crate) async fn audit_list(app: App<'_>, request: AuditRequest) -> Result<AuditView, ApiError> {
    run(&app, move |s| s.audit_list(&request)).await
}

#[tauri::command]
pub(crate) async fn audit_export(
    app: App<'_>,
    request: AuditExportRequest,
) -> Result<AuditCheckView, ApiError> {
    run(&app, move |s| s.audit_export(&request)).await
}
