use super::*;

#[test]
fn a_state_goes_forward_only() {
    use CaseState::{Acting, Closed, InReview, Reported, Resolved, Responding, Triaged, Void};
    for (from, to, expected) in [
        (Reported, Triaged, true),
        (Triaged, Closed, true),
        (Responding, Resolved, true),
        (Closed, Triaged, false),
        (Resolved, Responding, false),
        (Triaged, Triaged, false),
        (InReview, Closed, false),
        (Acting, Closed, false),
        (Void, Closed, false),
    ] {
        assert_eq!(is_forward(from, to), expected, "{from} to {to}");
    }
}
