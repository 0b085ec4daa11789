//! Words for class, severity and status, in English, German, French and Spanish.

use nevertwice_domain::case::{Class, Decision, Severity};

use crate::planned::Standing;
use crate::spreadsheet::synonyms::key;

nevertwice_domain::words! {
    /// Which end of a numeric severity scale is the worst.
    Worst("worst end of a severity scale") {
        /// The highest number, as in 5 of 5.
        High = "high",
        /// The lowest number, as in P1.
        Low = "low",
    }
}

pub(in crate::spreadsheet) const CLASSES: [(Class, &str); 4] = [
    (
        Class::Event,
        "event, security event, information security event, alert, observation, suspicion, suspected incident, \
         ereignis, sicherheitsereignis, evenement, evento, evento de seguridad",
    ),
    (
        Class::Weakness,
        "weakness, weaknesses, vulnerability, vuln, flaw, security weakness, gap, schwachstelle, schwache, \
         sicherheitslucke, faiblesse, vulnerabilite, faille, debilidad, vulnerabilidad",
    ),
    (
        Class::NearMiss,
        "near miss, nearmiss, close call, near hit, beinahevorfall, beinahe vorfall, beinaheunfall, \
         beinahe unfall, fast vorfall, presque accident, quasi incident, presqu incident, casi incidente, \
         cuasi incidente",
    ),
    (
        Class::Incident,
        "incident, security incident, information security incident, major incident, breach, data breach, \
         personal data breach, vorfall, sicherheitsvorfall, datenpanne, incident de securite, violation, \
         incidente, incidente de seguridad, brecha",
    ),
];

pub(in crate::spreadsheet) const NOT_AN_INCIDENT: &str = "false positive, false alarm, not an incident, no incident, non incident, \
    not a security incident, benign, fehlalarm, falschmeldung, kein vorfall, faux positif, fausse alerte, \
    pas un incident, falso positivo, falsa alarma, no es un incidente";

pub(in crate::spreadsheet) const STANDINGS: [(Standing, &str); 5] = [
    (
        Standing::Open,
        "open, new, reported, registered, logged, reopened, re opened, to do, todo, backlog, draft, not started, \
         offen, neu, gemeldet, ouvert, ouverte, nouveau, abierto, abierta, nuevo",
    ),
    (
        Standing::InProgress,
        "in progress, inprogress, wip, work in progress, ongoing, active, started, assigned, triaged, responding, \
         investigating, under investigation, in review, under review, acting, pending, on hold, waiting, \
         monitoring, contained, mitigated, in bearbeitung, in arbeit, laufend, wartet, en cours, en curso, \
         en proceso, en progreso",
    ),
    (
        Standing::Resolved,
        "resolved, fixed, recovered, remediated, solved, behoben, gelost, resolu, resolue, resuelto, resuelta, \
         solucionado",
    ),
    (
        Standing::Closed,
        "closed, close, done, complete, completed, finished, archived, erledigt, geschlossen, abgeschlossen, fertig, \
         cloture, cloturee, clos, ferme, termine, cerrado, cerrada, terminado",
    ),
    (
        Standing::Dropped,
        "void, cancelled, canceled, rejected, withdrawn, invalid, duplicate, entered in error, storniert, \
         verworfen, duplikat, doppelt, annule, doublon, anulado, duplicado",
    ),
];

pub(in crate::spreadsheet) const SEVERITIES: [(u8, &str); 5] = [
    (
        1,
        "info, informational, information, negligible, insignificant, trivial, very low, minimal, sehr niedrig, \
         sehr gering, unerheblich, negligeable, tres faible, muy bajo, muy baja",
    ),
    (
        2,
        "low, minor, small, niedrig, gering, klein, leicht, faible, mineur, mineure, bajo, baja, leve, menor",
    ),
    (
        3,
        "medium, moderate, mid, med, normal, significant, mittel, massig, moyen, moyenne, modere, medio, media, \
         moderado, moderada",
    ),
    (
        4,
        "high, major, serious, hoch, schwer, gross, eleve, elevee, majeur, majeure, grave, alto, alta, mayor",
    ),
    (
        5,
        "critical, crit, very high, extreme, severe, catastrophic, disaster, emergency, kritisch, sehr hoch, \
         katastrophal, critique, tres eleve, catastrophique, critico, critica, muy alto, muy alta, catastrofico",
    ),
];

/// The class that a word stands for, and what it says about the event decision.
#[must_use]
pub fn class(text: &str) -> Option<(Class, Decision)> {
    let key = key(text);
    if listed(NOT_AN_INCIDENT, &key) {
        return Some((Class::Event, Decision::NotAnIncident));
    }
    let class = find(&CLASSES, &key)?;
    Some((class, if class == Class::Incident { Decision::Incident } else { Decision::Undecided }))
}

/// The status that a word stands for, and what it says about the event decision.
#[must_use]
pub fn standing(text: &str) -> Option<(Standing, Decision)> {
    let key = key(text);
    if listed(NOT_AN_INCIDENT, &key) {
        return Some((Standing::Closed, Decision::NotAnIncident));
    }
    Some((find(&STANDINGS, &key)?, Decision::Undecided))
}

/// The severity that a word stands for; a number beside the word (`3 - High`) changes nothing.
#[must_use]
pub fn severity(text: &str) -> Option<Severity> {
    let key = key(text);
    let letters = key.split(' ').filter(|word| word.parse::<u32>().is_err());
    let words = letters.collect::<Vec<_>>().join(" ");
    find(&SEVERITIES, &words).and_then(|level| Severity::new(level).ok())
}

/// The number of a numeric severity: `3`, `P1`, `S2`, `Sev 1`, `Level 4`, `Prio 2`.
#[must_use]
pub fn severity_number(text: &str) -> Option<i64> {
    let key = key(text);
    let digits = ["priority", "prio", "severity", "sev", "level", "stufe", "p", "s"]
        .iter()
        .find_map(|word| key.strip_prefix(word))
        .unwrap_or(&key)
        .trim();
    if digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

fn find<T: Copy>(lists: &[(T, &str)], key: &str) -> Option<T> {
    lists.iter().find(|(_, words)| listed(words, key)).map(|(value, _)| *value)
}

fn listed(words: &str, key: &str) -> bool {
    words.split(',').any(|word| word.trim() == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_in_any_spelling() {
        for (text, expected) in [
            ("NEAR MISS", Class::NearMiss),
            ("near-miss", Class::NearMiss),
            ("Near_Miss", Class::NearMiss),
            ("Weakness", Class::Weakness),
            ("Beinahe-Vorfall", Class::NearMiss),
            ("Sicherheitsvorfall", Class::Incident),
            ("Vulnérabilité", Class::Weakness),
            (" event ", Class::Event),
        ] {
            assert_eq!(class(text).map(|(class, _)| class), Some(expected), "{text}");
        }
        assert_eq!(class("False positive"), Some((Class::Event, Decision::NotAnIncident)));
        assert_eq!(class("Incident"), Some((Class::Incident, Decision::Incident)));
        assert_eq!(class("Request"), None);
    }

    #[test]
    fn severities_are_words_or_numbers() {
        for (text, level) in
            [("Low", 2), ("critical", 5), ("HIGH", 4), ("3 - High", 4), ("mäßig", 3), ("Sehr hoch", 5)]
        {
            assert_eq!(severity(text).map(Severity::level), Some(level), "{text}");
        }
        for (text, number) in [
            ("3", Some(3)),
            ("P1", Some(1)),
            ("Sev 2", Some(2)),
            ("S-4", Some(4)),
            ("High", None),
            ("", None),
        ] {
            assert_eq!(severity_number(text), number, "{text}");
        }
        assert_eq!(severity("3"), None);
    }

    #[test]
    fn a_status_is_one_of_five() {
        for (text, expected) in [
            ("open ", Standing::Open),
            ("In Progress", Standing::InProgress),
            ("erledigt", Standing::Closed),
            ("Résolu", Standing::Resolved),
            ("Duplicate", Standing::Dropped),
        ] {
            assert_eq!(standing(text).map(|(standing, _)| standing), Some(expected), "{text}");
        }
        assert_eq!(standing("see mail"), None);
    }

    #[test]
    fn every_word_is_written_as_it_is_compared_and_stands_once() {
        let lists = CLASSES.map(|(_, words)| words).into_iter().chain([NOT_AN_INCIDENT]).collect::<Vec<_>>();
        let standings = STANDINGS.map(|(_, words)| words).to_vec();
        let severities = SEVERITIES.map(|(_, words)| words).to_vec();
        for lists in [lists, standings, severities] {
            let mut seen = std::collections::BTreeSet::new();
            for word in lists.iter().flat_map(|words| words.split(',')).map(str::trim) {
                assert_eq!(key(word), word);
                assert!(seen.insert(word), "{word} stands twice");
            }
        }
    }
}
