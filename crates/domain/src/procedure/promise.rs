//! What a procedure promises, sentence by sentence: the document is made of these, the difference between two versions
//! is told in these, and the say–do page holds each against what was done.

use super::measures::{Escalation, Indicator, Target, Trend};
use super::review_rule::{Leader, ReviewRule, plural};
use super::rules::Rules;

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Which part of the procedure it belongs to.
    pub part: Part,
    /// What is promised: what the say–do page measures.
    pub subject: Subject,
    /// The sentence.
    pub text: String,
}

words! {
    /// The parts of the rules, in the order of the document.
    Part("part of the procedure") {
        /// Post-incident reviews.
        Reviews = "reviews",
        /// Actions and whether they work.
        Actions = "actions",
        /// Reminders and escalation.
        Reminders = "reminders",
        /// What makes a trend.
        Trends = "trends",
        /// Targets.
        Targets = "targets",
        /// The calendar.
        Calendar = "calendar",
    }
}

words! {
    /// What of a promise is counted.
    Measured("what is counted") {
        /// An action is due within the days.
        ActionDue = "action_due",
        /// An action is completed within the days.
        ActionDone = "action_done",
        /// The effect of an action is judged within the days.
        EffectJudged = "effect_judged",
        /// A review is held within the days.
        ReviewHeld = "review_held",
        /// A case has been reviewed, or its review was waived.
        ReviewCoverage = "review_coverage",
        /// A review is held by its due date.
        ReviewsOnTime = "reviews_on_time",
        /// A cause of a reviewed case is known.
        CausesKnown = "causes_known",
        /// An action is completed by its original due date.
        ActionsOnTime = "actions_on_time",
        /// A judged action works.
        ActionsEffective = "actions_effective",
        /// An action does not depend on people remembering.
        StrongActions = "strong_actions",
    }
}

words! {
    /// What became of a promise on one record.
    Outcome("what became of a promise") {
        /// It was kept.
        Kept = "kept",
        /// It was broken.
        Broken = "broken",
        /// It is still ahead.
        Ahead = "ahead",
        /// It was decided, with a reason and an approver, that it need not be kept.
        Waived = "waived",
    }
}

/// What a promise is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Reviews under the rule of a place, from 1: held within the days.
    ReviewHeld(u32),
    /// The same: led by whom the rule names.
    ReviewLed(u32),
    /// The same: so many people took part.
    ReviewPeople(u32),
    /// The same: approved by so many who neither led it, submitted it nor wrote a part of it.
    ReviewApproved(u32),
    /// Actions of cases of a severity are due within the days.
    ActionDue(u8),
    /// The same: they are completed within the days.
    ActionDone(u8),
    /// The effect of actions of cases of a severity is judged within the days.
    EffectJudged(u8),
    /// Owners are reminded.
    Reminded,
    /// Others are told.
    Escalated(Escalation),
    /// A trend opens a review.
    TrendReviewed(Trend),
    /// A target is reached.
    TargetReached(Target),
    /// Which days count: says how the others are meant.
    Days,
}

impl Rules {
    /// Everything that the rules promise, in the order of the document.
    #[must_use]
    pub fn promises(&self) -> Vec<Promise> {
        let mut all = Vec::new();
        for (place, rule) in (1..).zip(&self.reviews) {
            all.extend(of_review(place, rule));
        }
        all.extend(by_severity(self));
        all.push(Promise {
            part: Part::Reminders,
            subject: Subject::Reminded,
            text: format!(
                "Owners are reminded {} before something is due, and every {} once it is overdue.",
                plural(self.remind_before, "working day"),
                plural(self.remind_every, "working day")
            ),
        });
        all.extend(self.escalations.iter().map(|step| Promise {
            part: Part::Reminders,
            subject: Subject::Escalated(*step),
            text: format!(
                "What is overdue for {} is told to {}.",
                plural(step.after_days, "working day"),
                step.to.whom()
            ),
        }));
        all.extend(self.trends.iter().map(|trend| Promise {
            part: Part::Trends,
            subject: Subject::TrendReviewed(*trend),
            text: format!("{trend} open a trend review of all of them."),
        }));
        all.extend(self.targets.iter().map(|target| Promise {
            part: Part::Targets,
            subject: Subject::TargetReached(*target),
            text: format!("In at least {} of 100, {}.", target.percent, target.indicator.meaning()),
        }));
        all.push(calendar(self));
        all
    }
}

impl Subject {
    /// What is counted to tell whether it was kept, and where: the severity, the place of the rule, or 0. None if nothing
    /// is.
    #[must_use]
    pub fn measured(&self) -> Option<(Measured, u32)> {
        Some(match self {
            Self::ReviewHeld(place) => (Measured::ReviewHeld, *place),
            Self::ActionDue(level) => (Measured::ActionDue, u32::from(*level)),
            Self::ActionDone(level) => (Measured::ActionDone, u32::from(*level)),
            Self::EffectJudged(level) => (Measured::EffectJudged, u32::from(*level)),
            Self::TargetReached(target) => (target.indicator.measured()?, 0),
            _ => return None,
        })
    }
}

impl Indicator {
    fn measured(self) -> Option<Measured> {
        Some(match self {
            Self::ReviewCoverage => Measured::ReviewCoverage,
            Self::ReviewsOnTime => Measured::ReviewsOnTime,
            Self::CausesKnown => Measured::CausesKnown,
            Self::ActionsOnTime => Measured::ActionsOnTime,
            Self::ActionsEffective => Measured::ActionsEffective,
            Self::StrongActions => Measured::StrongActions,
            Self::LoopScore => return None,
        })
    }
}

/// What changed between two versions, sentence by sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Promised before and not any more.
    pub gone: Vec<String>,
    /// Promised only now.
    pub new: Vec<String>,
}

/// What one set of rules promises and the other does not.
#[must_use]
pub fn difference(before: &Rules, after: &Rules) -> Difference {
    let texts = |rules: &Rules| {
        let promised = rules.promises().into_iter().map(|promise| promise.text);
        let off =
            rules.calendar.holidays.iter().map(|day| format!("Nobody works on {}: {}.", day.on, day.name));
        promised.chain(off).chain([in_order(rules)]).collect::<Vec<_>>()
    };
    let (before, after) = (texts(before), texts(after));
    let only = |these: &[String], others: &[String]| {
        these.iter().filter(|text| !others.contains(text)).cloned().collect()
    };
    Difference { gone: only(&before, &after), new: only(&after, &before) }
}

/// The first rule that fits a case counts, so their order is a promise of its own.
fn in_order(rules: &Rules) -> String {
    let scopes: Vec<_> = rules.reviews.iter().map(ReviewRule::scope).collect();
    format!("Of the rules on reviews the first that fits counts, in this order: {}.", scopes.join("; "))
}

fn of_review(place: u32, rule: &ReviewRule) -> Vec<Promise> {
    let (whom, kind) = (whom(rule), rule.kind.in_words());
    let since = "of being resolved, or of triage where there is nothing to resolve";
    let mut all = vec![Promise {
        part: Part::Reviews,
        subject: Subject::ReviewHeld(place),
        text: format!("{whom}: {kind} within {} {since}.", plural(rule.within_days, "working day")),
    }];
    all.push(Promise {
        part: Part::Reviews,
        subject: Subject::ReviewLed(place),
        text: match rule.leader {
            Leader::Responder => {
                format!(
                    "{whom}: whoever responded to the case leads the review, unless somebody else is named."
                )
            }
            Leader::Manager => format!("{whom}: a manager leads the review."),
        },
    });
    if rule.people > 1 {
        all.push(Promise {
            part: Part::Reviews,
            subject: Subject::ReviewPeople(place),
            text: format!("{whom}: at least {} people take part in the review.", rule.people),
        });
    }
    all.push(Promise {
        part: Part::Reviews,
        subject: Subject::ReviewApproved(place),
        text: match rule.approvals {
            2 => format!("{whom}: two people approve the review who had no part in it."),
            _ => format!("{whom}: somebody approves the review who had no part in it."),
        },
    });
    all
}

/// The cases that a rule is for, as a sentence begins with them.
fn whom(rule: &ReviewRule) -> String {
    if rule.fits_all() {
        return "Every other case".to_owned();
    }
    let classes: Vec<String> = rule.classes.iter().map(|class| class.in_words().to_owned()).collect();
    let mut words = if classes.is_empty() { "cases".to_owned() } else { classes.join(" and ") };
    if let Some(range) = rule.severity {
        let (from, to) = (range.from.level(), range.to.level());
        words.push_str(&if from == to {
            format!(" of severity {from}")
        } else {
            format!(" of severity {from} to {to}")
        });
    }
    if !rule.categories.is_empty() {
        let names: Vec<&str> = rule.categories.iter().map(|category| category.as_str()).collect();
        words.push_str(&format!(" in {}", names.join(" or ")));
    }
    capital(&words)
}

/// With a capital letter at the beginning.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl crate::case::Class {
    /// Several of the class, in words.
    fn in_words(self) -> &'static str {
        match self {
            Self::Event => "events",
            Self::Weakness => "weaknesses",
            Self::NearMiss => "near misses",
            Self::Incident => "incidents",
        }
    }
}

fn by_severity(rules: &Rules) -> Vec<Promise> {
    let mut all = Vec::new();
    for (level, days) in (1..=5_u8).zip(rules.action_days.all()) {
        all.push(Promise {
            part: Part::Actions,
            subject: Subject::ActionDue(level),
            text: format!(
                "Actions of cases of severity {level} are due within {} of being planned, later only for a reason.",
                plural(days, "working day")
            ),
        });
        all.push(Promise {
            part: Part::Actions,
            subject: Subject::ActionDone(level),
            text: format!(
                "Actions of cases of severity {level} are completed within {} of being planned.",
                plural(days, "working day")
            ),
        });
    }
    for (level, days) in (1..=5_u8).zip(rules.check_days.all()) {
        all.push(Promise {
            part: Part::Actions,
            subject: Subject::EffectJudged(level),
            text: format!(
                "Whether an action of a case of severity {level} works is judged within {} of its due date, by somebody who never owned it.",
                plural(days, "day")
            ),
        });
    }
    all
}

fn calendar(rules: &Rules) -> Promise {
    let days: Vec<_> = rules.calendar.workdays.iter().map(|day| capital(day.as_str())).collect();
    let holidays = match rules.calendar.holidays.len() {
        0 => "no holidays are entered".to_owned(),
        1 => "but for 1 holiday".to_owned(),
        many => format!("but for {many} holidays"),
    };
    Promise {
        part: Part::Calendar,
        subject: Subject::Days,
        text: format!("Working days are {}; {holidays}.", days.join(", ")),
    }
}

impl super::measures::EscalateTo {
    /// Whom that means, in words.
    #[must_use]
    pub fn whom(self) -> &'static str {
        match self {
            Self::Case => "whoever leads the review or works on the case",
            Self::Manager => "every manager",
            Self::Board => "the board",
        }
    }
}

impl crate::review::ReviewKind {
    /// The kind with its article.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Full => "a full review",
            Self::FiveWhys => "a review by five whys",
            Self::Light => "a light review",
        }
    }
}
