//! Jobs that wait, and those that were given up.

use nevertwice_domain::job::JobState;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::job::{self as jobs, Count};

use super::{CheckupView, Health, finding, well};
use crate::error::ServiceError;
use crate::use_case::Asked;

/// What is due and waits for longer than this is not run by anybody: fifteen minutes.
const LATE_MILLIS: i64 = 15 * 60 * 1_000;

/// How the jobs are.
///
/// # Errors
/// What the store reports.
pub(super) fn checkup(asked: &Asked<'_>, at: Timestamp) -> Result<CheckupView, ServiceError> {
    let counts = asked.service.db().read(|tx| Ok::<_, ServiceError>(jobs::counts(tx)?))?;
    Ok(judged(&counts, at))
}

fn judged(counts: &[Count], at: Timestamp) -> CheckupView {
    let open: u64 =
        counts.iter().filter(|count| count.state != JobState::Dead).map(|count| count.count).sum();
    let mut told = vec![format!("{open} waiting or running")];
    let mut state = Health::Well;
    for count in counts {
        let late = at.millis() - count.first_due_at.millis() > LATE_MILLIS;
        let code = count.last_error.as_deref().unwrap_or("none");
        if count.state == JobState::Dead {
            state = Health::Advice;
            told.push(format!("{} {} given up, with {code}", count.count, count.kind));
        } else if late {
            state = Health::Advice;
            let since = count.first_due_at;
            told.push(format!(
                "{} {} due since {since} and not run: is there a server?",
                count.count, count.kind
            ));
        } else if count.last_error.is_some() {
            told.push(format!("{} {} to be tried again, after {code}", count.count, count.kind));
        }
    }
    match state {
        Health::Well => well("jobs", told.join("; ")),
        state => finding("jobs", state, told.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(state: JobState, due: i64, last_error: Option<&str>) -> Count {
        Count {
            kind: "mail".to_owned(),
            state,
            count: 2,
            first_due_at: Timestamp::from_millis(due),
            last_error: last_error.map(str::to_owned),
        }
    }

    #[test]
    fn what_was_given_up_and_what_nobody_runs_is_told() {
        let now = Timestamp::from_millis(LATE_MILLIS);
        let told = |counts: &[Count]| {
            let view = judged(counts, now);
            (view.state, view.detail)
        };
        assert_eq!(told(&[]), (Health::Well, "0 waiting or running".to_owned()));
        let (state, detail) = told(&[count(JobState::Pending, 0, Some("mail.refused"))]);
        assert_eq!((state, detail.contains("after mail.refused")), (Health::Well, true), "{detail}");
        let (state, detail) = told(&[count(JobState::Pending, -1, None)]);
        assert_eq!((state, detail.contains("is there a server")), (Health::Advice, true), "{detail}");
        let (state, detail) = told(&[count(JobState::Dead, 0, Some("mail.refused"))]);
        assert_eq!(
            (state, detail.as_str()),
            (Health::Advice, "0 waiting or running; 2 mail given up, with mail.refused")
        );
    }
}
