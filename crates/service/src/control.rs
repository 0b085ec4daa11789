//! Controls: what the company says of each, how they did on cases, what cases changed in them.

mod change;
mod edit;
mod performance;
mod show;
mod view;

pub(crate) use change::lesson_of_case;
pub use change::{ChangeList, ChangedView, ListChanges, NewControlChange};
pub(crate) use edit::hand_over;
pub use edit::{EditControl, NewControl, RetireControl};
pub use performance::{AddPerformance, EditPerformance, RemovePerformance};
pub use show::{ControlOnCase, ControlView, ListControls, ShowControl};
pub use view::{ControlChangeView, ControlOutline, ControlRow, PerformanceView};
pub(crate) use view::{change_views, lesson_references, performance_views};

use nevertwice_domain::control::{Control, ControlRef};
use nevertwice_store::control as controls;

use crate::error::ServiceError;
use crate::service::Unit;

/// The control of a reference; one of the standard of which nothing was said yet is written down, so that something can
/// be said of it.
///
/// # Errors
/// The company has no control of that reference.
pub(crate) fn written_down(unit: &mut Unit<'_>, reference: ControlRef) -> Result<Control, ServiceError> {
    if let Some(control) = controls::find(unit.tx, reference)? {
        return Ok(control);
    }
    let of = reference.of_the_standard().ok_or_else(|| unknown(reference))?;
    let control = Control::of_the_standard(unit.moment.id(), of, unit.moment.at);
    controls::insert(unit.tx, &control)?;
    Ok(control)
}

/// A control that an input field names, which is not there.
fn unknown(reference: ControlRef) -> ServiceError {
    let message = format!("there is no control {reference}; look at the list of controls, or add it first");
    ServiceError::invalid("control", "control.unknown", message)
}
