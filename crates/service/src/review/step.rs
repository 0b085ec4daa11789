//! Changing the causes of a review in one step.

/// Declares a use case that changes the causes of a review in one step.
macro_rules! step {
    ($type:ty, $name:literal $(as $action:literal)?, $step:expr) => {
        impl $crate::use_case::Change for $type {
            type Output = $crate::review::ReviewView;
            const NAME: &'static str = $name;
            $(const ACTION: &'static str = $action;)?

            fn change(
                &self,
                unit: &mut $crate::service::Unit<'_>,
            ) -> Result<$crate::review::ReviewView, $crate::error::ServiceError> {
                let step: fn(
                    &mut $crate::service::Unit<'_>,
                    &Self,
                    &mut nevertwice_domain::cause::CauseGraph,
                ) -> Result<(), $crate::error::ServiceError> = $step;
                let verb = nevertwice_domain::permission::Verb::EditCase;
                let (before, case) = $crate::review::open::allowed(unit, self.review, verb)?;
                before.review.may_change_causes()?;
                $crate::review::asked::begin(unit, &case)?;
                let mut after = before.clone();
                step(unit, self, &mut after.causes)?;
                $crate::review::open::save_review(unit, &before, &after)
            }
        }
    };
}

pub(super) use step;
