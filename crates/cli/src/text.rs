//! Outcomes as text for people.

mod action;
mod archive;
mod awareness;
mod backup;
mod case;
mod catalogue;
mod control;
mod import;
mod lesson;
mod owed;
mod procedure;
mod register;
mod review;
mod risk;
mod table;
mod trail;
mod work;

pub(crate) use action::{action, action_list, actions_to_decide};
pub(crate) use archive::{archive, imported};
pub(crate) use awareness::{awareness, awareness_list};
pub(crate) use backup::{backup, backup_verification, health, restored};
pub(crate) use case::{case_list, case_step, case_story, money, similar};
pub(crate) use catalogue::{asset, assets, field_values, fields, people, supplier, suppliers, tokens};
pub(crate) use control::{changes, control, control_change, controls, declarations, performances};
pub(crate) use import::{import, import_runs, import_undone};
pub(crate) use lesson::{lesson, lesson_gaps, lesson_list, lesson_rows};
pub(crate) use owed::{handed_over, owed};
pub(crate) use procedure::{procedure, procedures, say_do};
pub(crate) use register::{learning, search, settings, volume};
pub(crate) use review::{review, review_list};
pub(crate) use risk::{risk, risks};
pub(crate) use trail::{bundle, export, verification};
pub(crate) use work::work;
