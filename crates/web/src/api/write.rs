//! A change that a program makes: the form of the page, as JSON.

use axum::Json;
use axum::extract::State;
use nevertwice_service::ServiceError;
use nevertwice_service::account::ShowSelf;
use nevertwice_service::use_case::UseCase;

use super::body::Body;
use crate::app::App;
use crate::problem::Problem;
use crate::verb::Act;
use crate::viewer::Who;

/// Makes the change.
pub(crate) async fn write<V: Act>(
    path: V::Path,
    State(app): State<App>,
    Who(identity): Who,
    Body(form): Body<V::Form>,
) -> Result<Json<<V::UseCase as UseCase>::Output>, Problem> {
    // Who is nobody must not make the writer look.
    app.call(&identity, ShowSelf {}).await?;
    let use_case = V::parse(&path, &form).map_err(ServiceError::from)?;
    Ok(Json(app.call(&identity, use_case).await?))
}
