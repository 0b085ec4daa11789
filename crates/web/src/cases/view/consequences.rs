//! How controls did, what changed in controls and risks, and what is declared not needed.

use maud::{Markup, html};
use nevertwice_domain::case::LoopLink;
use nevertwice_domain::control::ControlRef;
use nevertwice_service::case::DeclarationView;
use nevertwice_service::control::PerformanceView;

use super::Page;
use crate::controls;
use crate::paths;
use crate::prose::prose;
use crate::risks;
use crate::text;
use crate::ui;

/// How controls did, and what changed in them.
pub(super) fn controls(page: &Page<'_>) -> Markup {
    let (case, view) = (page.reference, page.case);
    let may_change = page.may_edit() && page.viewer.may("edit_catalogue");
    let add = html! {
        @if page.may_edit() { a .button .small href=(paths::CaseControls { case }) { "How a control did" } }
        @if may_change { a .button .small href=(paths::ControlChanges { case }) { "What changed in a control" } }
    };
    let content = html! {
        @if view.controls.is_empty() { p .fine { "Nobody has said how a control did." } }
        @else { (table(page)) }
        @for change in &view.control_changes { (controls::change_of(page.viewer, change)) }
    };
    let count = view.controls.len() + view.control_changes.len();
    ui::section("controls", "Controls", Some(count), add, content)
}

fn table(page: &Page<'_>) -> Markup {
    html! {
        section .scroll tabindex="0" aria-label="Controls" { table .rows {
            thead { tr {
                th scope="col" { "Control" } th scope="col" { "It" } th scope="col" { "Note" }
                @if page.may_edit() { th .acts scope="col" { "Change" } }
            } }
            tbody { @for row in &page.case.controls { (line(page, row)) } }
        } }
    }
}

fn line(page: &Page<'_>, row: &PerformanceView) -> Markup {
    let case = page.reference;
    let name = |control: &str| {
        html! {
            @if page.viewer.may("read_catalogue") { (controls::link(control)) } @else { (control) }
        }
    };
    html! {
        tr {
            td data-label="Control" .what { (name(&row.control)) " " (row.title) }
            td data-label="It" { (controls::performance(&row.performance)) }
            td data-label="Note" { @if let Some(note) = &row.note { (prose(note)) } @else { "–" } }
            @if page.may_edit() {
                td .acts data-label="Change" {
                    @if let Ok(control) = row.control.parse::<ControlRef>() {
                        a .button .small href=(paths::CaseControl { case, control }) { "Change" span .hidden { " " (row.control) } } " "
                        a .button .small href=(paths::CaseControlRemoval { case, control }) { "Take off" span .hidden { " " (row.control) } }
                    }
                }
            }
        }
    }
}

/// The risks that the case is about, and how they were looked at because of it.
pub(super) fn risks(page: &Page<'_>) -> Markup {
    let view = page.case;
    if view.risks.is_empty() && !page.viewer.may("read_risk") {
        return html! {};
    }
    let may_change = page.viewer.may("edit_risk");
    let named = format!("?case={}", page.reference);
    let add = html! {
        @if may_change { a .button .small href={ (paths::NewRisk) (named) } { "Register a risk" } }
    };
    let content = html! {
        @if view.risks.is_empty() {
            p .fine { "No risk in your view is linked to it. Register one, or look at one of " a href=(paths::Risks) { "those that are known" } " again because of it." }
        } @else { (risks::table(&view.risks)) }
        @if may_change && !view.risks.is_empty() {
            p .looks { @for risk in &view.risks { (look_again(&risk.reference, &named)) } }
        }
        @for look in &view.risk_assessments { (risks::look(page.viewer, look, true)) }
    };
    ui::section("risks", "Risks", Some(view.risks.len()), add, content)
}

/// To another look at a risk because of the case.
fn look_again(risk: &str, named: &str) -> Markup {
    let Ok(at) = risk.parse() else { return html! {} };
    html! { a .button .small href={ (paths::RiskAssessments { risk: at }) (named) } { "Look at " (risk) " again" } }
}

/// Links of the loop that are declared not needed.
pub(super) fn not_needed(page: &Page<'_>) -> Markup {
    let all = &page.case.declarations;
    if all.is_empty() && !page.may_edit() {
        return html! {};
    }
    let add = html! {
        @if page.may_edit() {
            a .button .small href=(paths::Declarations { case: page.reference }) { "Declare something not needed" }
        }
    };
    let content = html! {
        @if all.is_empty() { p .fine { "Nothing is declared not needed." } }
        @for one in all { (declaration(page, one)) }
    };
    ui::section("not-needed", "Not needed", Some(all.len()), add, content)
}

fn declaration(page: &Page<'_>, one: &DeclarationView) -> Markup {
    let case = page.reference;
    html! {
        article .review {
            p .review-head {
                strong { (text::title(&one.link)) }
                @match &one.approved_by {
                    Some(by) => { span .badge data-tone="settled" { "Approved" } span .fine { "by " (by) } }
                    None => span .badge data-tone="new" { "Awaits approval" },
                }
                span .fine { "Declared by " (one.declared_by) " " (page.instant(&one.declared_at)) }
            }
            (prose(&one.reason))
            @if let Ok(link) = one.link.parse::<LoopLink>() {
                p .doing {
                    @if one.may_approve { a .button .small href=(paths::DeclarationApproval { case, link }) { "Approve" span .hidden { ": " (one.link) } } }
                    @if page.may_edit() { a .button .small href=(paths::DeclarationRemoval { case, link }) { "Take back" span .hidden { ": " (one.link) } } }
                }
            }
        }
    }
}
