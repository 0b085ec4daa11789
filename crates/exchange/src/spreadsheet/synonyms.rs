//! Column names as people write them, in English, German, French and Spanish.

use nevertwice_domain::text::fold;

use super::target::Target;

/// The name of the column that a file of rejected rows carries; ignored when the file is imported.
pub const REASON_COLUMN: &str = "import_reason";

/// Folded names per target, separated by commas. Of two names of the same length inside one header the first counts.
pub(super) const NAMES: [(Target, &str); 25] = [
    (
        Target::OriginReference,
        "ref, reference, reference number, reference no, ref no, id, no, nr, number, case id, case no, case \
         number, incident id, incident no, incident number, incident ref, ticket, ticket id, ticket no, \
         ticket number, key, log no, referenz, referenznummer, nummer, lfd nr, laufende nummer, \
         vorfallnummer, vorfall nr, aktenzeichen, numero, n, reference interne, referencia",
    ),
    (
        Target::Reported,
        "date, reported, date reported, reported date, reported on, reported at, report date, date of report, \
         date logged, logged, logged on, created, created on, created at, date created, date raised, raised, \
         raised on, opened, opened on, date opened, entry date, datum, gemeldet, gemeldet am, meldedatum, \
         meldung am, erfasst, erfasst am, eingangsdatum, erstellt, erstellt am, date de signalement, signale \
         le, date declaration, fecha, fecha de reporte, fecha de notificacion, reportado",
    ),
    (
        Target::Occurred,
        "occurred, occurred on, occurred at, date occurred, date of incident, incident date, event date, date \
         of occurrence, occurrence date, happened on, when did it happen, start, start date, vorfalldatum, \
         ereignisdatum, eingetreten, eingetreten am, aufgetreten, aufgetreten am, zeitpunkt des vorfalls, \
         survenu le, date de l incident, date incident, ocurrido, fecha del incidente",
    ),
    (
        Target::Detected,
        "detected, detected on, detected at, date detected, detection date, discovered, discovered on, date \
         discovered, found on, date found, identified, identified on, date identified, entdeckt, entdeckt am, \
         festgestellt, festgestellt am, erkannt am, detecte le, date de detection, detectado, fecha de \
         deteccion",
    ),
    (
        Target::Acknowledged,
        "acknowledged, acknowledged on, acknowledged at, date acknowledged, accepted on, angenommen am",
    ),
    (
        Target::Contained,
        "contained, contained on, contained at, date contained, containment date, eingedammt, eingedammt am, \
         contenu le, contenido el",
    ),
    (
        Target::Resolved,
        "resolved, resolved on, resolved at, date resolved, resolution date, fixed on, date fixed, recovered, \
         recovered on, behoben, behoben am, gelost am, resolu le, date de resolution, resuelto, fecha de \
         resolucion",
    ),
    (
        Target::Closed,
        "closed, closed on, closed at, date closed, close date, closure date, closing date, completed on, \
         date completed, abgeschlossen, abgeschlossen am, geschlossen, geschlossen am, abschlussdatum, \
         cloture, cloture le, date de cloture, cerrado, fecha de cierre",
    ),
    (
        Target::Title,
        "title, what happened, summary, subject, headline, short description, brief description, incident, \
         incident title, incident summary, event, issue, titel, betreff, was ist passiert, was ist geschehen, \
         kurzbeschreibung, vorfall, bezeichnung, zusammenfassung, titre, objet, resume, que s est il passe, \
         titulo, asunto, resumen, que paso",
    ),
    (
        Target::Description,
        "description, details, detail, detailed description, full description, incident description, \
         description of incident, description of the incident, what happened in detail, narrative, \
         beschreibung, vorfallbeschreibung, detailbeschreibung, sachverhalt, einzelheiten, description \
         detaillee, descripcion, detalles",
    ),
    (
        Target::Class,
        "class, classification, kind, type, case type, incident type, type of incident, event type, record \
         type, entry type, art, typ, klasse, klassifizierung, klassifikation, vorfallart, art des vorfalls, \
         tipo, clase, clasificacion, classe, type d incident",
    ),
    (
        Target::Severity,
        "sev, severity, severity level, criticality, impact level, priority, prio, risk level, schwere, \
         schweregrad, kritikalitat, prioritat, auswirkung, gravite, severite, priorite, gravedad, severidad, \
         prioridad, criticidad",
    ),
    (
        Target::Status,
        "status, state, case status, incident status, current status, stand, zustand, bearbeitungsstand, \
         statut, etat, estado",
    ),
    (
        Target::Category,
        "category, incident category, sub category, subcategory, topic, area, kategorie, bereich, thema, \
         categorie, categoria",
    ),
    (
        Target::Cause,
        "cause, root cause, root causes, cause of incident, root cause analysis, rca, why, why did it happen, \
         ursache, grundursache, ursachen, hauptursache, ursachenanalyse, cause racine, cause principale, \
         causa, causa raiz",
    ),
    (
        Target::Lesson,
        "lesson, lessons, lesson learned, lessons learned, lesson learnt, lessons learnt, learning, \
         learnings, what did we learn, erkenntnis, erkenntnisse, lehre, lehren, gelernt, lecon, lecons \
         apprises, retour d experience, leccion, lecciones aprendidas",
    ),
    (
        Target::Actions,
        "action, actions, action taken, actions taken, action item, action items, action plan, corrective \
         action, corrective actions, corrective measures, preventive action, preventive actions, corrective \
         and preventive actions, capa, remediation, remediation actions, follow up, follow up actions, \
         measures, next steps, todo, massnahme, massnahmen, korrekturmassnahme, korrekturmassnahmen, \
         vorbeugemassnahmen, abhilfemassnahmen, mesures, actions correctives, accion, acciones, acciones \
         correctivas, medidas",
    ),
    (
        Target::ActionOwner,
        "owner, action owner, actions owner, owner of action, responsible, responsible person, person \
         responsible, assigned to, assignee, who, lead, verantwortlich, verantwortliche, verantwortlicher, \
         verantwortliche person, zustandig, zugewiesen an, responsable, asignado a, proprietaire",
    ),
    (
        Target::ActionDue,
        "due, due date, due on, action due, action due date, deadline, target date, by when, complete by, \
         frist, fallig, fallig am, zieldatum, termin, bis wann, echeance, date limite, vencimiento, fecha \
         limite",
    ),
    (
        Target::Supplier,
        "supplier, vendor, third party, provider, service provider, lieferant, anbieter, dienstleister, \
         fournisseur, prestataire, proveedor",
    ),
    (
        Target::Asset,
        "asset, assets, affected asset, affected assets, asset affected, system, affected system, affected \
         systems, systems affected, service affected, betroffenes system, betroffene systeme, anlage, actif, \
         systeme concerne, activo, sistema afectado",
    ),
    (
        Target::Cost,
        "cost, costs, total cost, estimated cost, cost estimate, loss, financial loss, financial impact, \
         amount, kosten, gesamtkosten, schaden, schadenshohe, betrag, cout, montant, coste, costo, importe",
    ),
    (
        Target::Notes,
        "notes, note, comment, comments, remark, remarks, additional information, other, anmerkung, \
         anmerkungen, bemerkung, bemerkungen, notiz, notizen, kommentar, kommentare, remarques, commentaire, \
         commentaires, notas, comentarios, observaciones",
    ),
    (
        Target::Reporter,
        "reporter, reported by, raised by, submitted by, logged by, created by, identified by, detected by, \
         discovered by, gemeldet von, melder, meldende person, erfasst von, erstellt von, entdeckt von, \
         signale par, declarant, reportado por, informante",
    ),
    (
        Target::Tags,
        "tag, tags, label, labels, keyword, keywords, schlagwort, schlagworte, mots cles, etiquetas",
    ),
];

/// How well a column name fits a target; more is better.
pub(super) type Fit = u32;

/// A column name as it is compared: folded, punctuation as spaces.
#[must_use]
pub fn key(name: &str) -> String {
    if name.is_ascii() {
        // The same without Unicode tables: this runs for every cell of a file.
        let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        return words.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    }
    let spaced: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    fold(&spaced).replace('ß', "ss")
}

/// The target that a column name stands for, with its fit: the whole name is a known name, or it contains one (the
/// longest counts) beside at most three more words.
pub(super) fn target_of(name: &str) -> Option<(Target, Fit)> {
    if name.trim() == REASON_COLUMN {
        return Some((Target::Ignore, Fit::MAX));
    }
    let key = key(name);
    let words = key.split(' ').count();
    let mut best: Option<(Target, Fit)> = None;
    for (target, names) in NAMES {
        for known in names.split(", ") {
            let fit = fit(&key, words, known);
            if fit > best.map_or(0, |(_, fit)| fit) {
                best = Some((target, fit));
            }
        }
    }
    best
}

fn fit(key: &str, words: usize, known: &str) -> Fit {
    if key == known {
        return 1_000;
    }
    let known_words = known.split(' ').count();
    // A single short word inside a longer name says nothing: "no", "id", "art".
    if known.len() < 4 || known.len() > key.len() || words > known_words + 3 {
        return 0;
    }
    let inside = key.match_indices(known).any(|(at, _)| {
        (at == 0 || key[..at].ends_with(' ')) && {
            let end = at + known.len();
            end == key.len() || key[end..].starts_with(' ')
        }
    });
    if inside { Fit::try_from(known.len()).unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_are_recognised_in_four_languages() {
        let cases = [
            ("Date reported", Target::Reported),
            ("What happened?", Target::Title),
            ("Sev", Target::Severity),
            ("Closed on", Target::Closed),
            ("Lesson(s) learned", Target::Lesson),
            ("Reported by", Target::Reporter),
            ("Cost (EUR)", Target::Cost),
            ("Maßnahmen", Target::Actions),
            ("Fällig am", Target::ActionDue),
            ("Ursache", Target::Cause),
            ("Schweregrad", Target::Severity),
            ("Date de clôture", Target::Closed),
            ("Acciones correctivas", Target::Actions),
            ("import_reason", Target::Ignore),
        ];
        for (name, expected) in cases {
            assert_eq!(target_of(name).map(|(target, _)| target), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_name_that_only_shares_letters_is_not_recognised() {
        for name in
            ["Region", "Notified authority", "Department", "Number of people in the affected department", ""]
        {
            assert_eq!(target_of(name), None, "{name}");
        }
    }

    #[test]
    fn names_with_and_without_accents_are_compared_alike() {
        for (name, expected) in [
            ("  What\t happened?!", "what happened"),
            ("  Was\u{a0}ist  passiért?!", "was ist passiert"),
            ("Maßnahme(n)", "massnahme n"),
            ("--", ""),
            ("–", ""),
        ] {
            assert_eq!(key(name), expected);
        }
    }

    #[test]
    fn every_name_is_written_as_it_is_compared() {
        for (target, names) in NAMES {
            for name in names.split(", ") {
                assert_eq!(key(name), name, "{target}");
            }
        }
    }
}
