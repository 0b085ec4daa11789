//! Words that an invented register is written with.

pub(crate) const CATEGORIES: &[&str] = &[
    "Phishing",
    "Access",
    "Malware",
    "Lost device",
    "Misdirected mail",
    "Configuration",
    "Availability",
    "Supplier",
    "Vulnerability",
    "Data quality",
    "Model behaviour",
    "Physical security",
    "Privacy",
    "Fraud",
];

pub(crate) const TAGS: &[&str] = &[
    "mail",
    "cloud",
    "laptop",
    "backup",
    "gdpr",
    "customer",
    "vpn",
    "identity",
    "training-data",
    "agent",
    "prompt",
    "registry",
    "payments",
    "office",
    "night",
    "repeat",
    "partner",
    "patching",
    "monitoring",
    "keys",
];

pub(crate) const SYSTEMS: &[&str] = &[
    "mail gateway",
    "identity provider",
    "model registry",
    "training cluster",
    "billing service",
    "build server",
    "customer portal",
    "data warehouse",
    "file share",
    "ticket system",
    "backup vault",
    "chat assistant",
    "feature store",
    "payroll",
    "wiki",
    "firewall",
];

pub(crate) const TEAMS: &[&str] = &[
    "platform",
    "finance",
    "support",
    "research",
    "sales",
    "people",
    "legal",
    "facilities",
    "data",
    "security",
];

pub(crate) const GIVEN: &[&str] = &[
    "Anna", "Bela", "Carla", "Deniz", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaja", "Lena",
    "Milan", "Nadia", "Oskar", "Petra", "Rafael", "Sofia", "Tarek", "Yara",
];

pub(crate) const SYLLABLES: &[&str] = &[
    "ba", "ve", "lo", "mar", "ti", "sun", "ke", "dor", "pi", "ral", "nu", "fen", "go", "lis", "ha", "bre",
    "zo", "min", "ca", "ter", "wi", "jun", "sa", "pel", "ro", "dan", "fi", "ost", "ul", "gre",
];

pub(crate) const TITLES: &[&str] = &[
    "Phishing mail opened by the {team} team",
    "Credentials for {system} found in a public repository",
    "Laptop of {person} lost on the train",
    "{system} not reachable for {count} minutes",
    "Mail with personal data sent to the wrong recipient",
    "Ransomware stopped on {host}",
    "Suspicious sign-in to {system} from abroad",
    "Unpatched vulnerability in {system}",
    "Access rights of a leaver still active in {system}",
    "Backup of {host} could not be restored",
    "Poisoned samples found in the training data of {system}",
    "Assistant disclosed an internal document to a customer",
    "Prompt injection through a support ticket",
    "Certificate of {system} expired",
    "Visitor without a badge in the server room",
    "Invoice fraud attempted against the {team} team",
    "Firewall rule opened {host} to the internet",
    "Supplier reported a breach that concerns {system}",
    "Test data with real customers on {host}",
    "Phone call asking {person} for a one-time code",
];

pub(crate) const SENTENCES: &[&str] = &[
    "It was noticed by {person} of the {team} team, who told the security desk at once.",
    "The account {host} was locked and its sessions were ended.",
    "Logs of {system} show {count} requests within an hour.",
    "The mail claimed to come from {person} and carried a link to a copy of the sign-in page.",
    "{system} was taken off the network until the cause was known.",
    "About {count} records were visible, none of them of a special category.",
    "The {team} team had changed the configuration of {host} the day before.",
    "Nobody had looked at the alerts of {system} over the weekend.",
    "A password had been used for {host} and for a private account.",
    "The supplier answered after {count} hours and confirmed the weakness.",
    "Customers were told on the same day; {count} of them asked for details.",
    "The model answered with text from a document that the customer must not see.",
    "The update of {host} had failed without anybody being told.",
    "The device was encrypted and was wiped from afar.",
    "Recovery took longer than planned because the key of {system} was kept by one person only.",
    "A second look found the same setting on {count} other machines, among them {host}.",
];

pub(crate) const CAUSES: &[&str] = &[
    "The leaver process does not tell the {team} team about {system}",
    "Nobody owns the alerts of {system}",
    "The default configuration of {system} is open",
    "Updates of {host} are installed by hand",
    "The check of recipients was left out under time pressure that the process creates",
    "The contract with the supplier names no time for reporting",
    "Training data is taken over without a look at its origin",
    "The firewall change had no second pair of eyes",
];

pub(crate) const LESSONS: &[&str] = &[
    "An alert that nobody owns is no alert",
    "Access ends with the contract only if a machine ends it",
    "A restore that was never tried is a hope",
    "Settings that open something to the internet need a second person",
    "What a model may quote has to be decided before it can read it",
    "A supplier reports as fast as the contract says",
];

pub(crate) const ACTIONS: &[&str] = &[
    "Send the alerts of {system} to the on-call rota",
    "End access to {system} from the leaver process by itself",
    "Try the restore of {host} every quarter",
    "Require a second person for firewall rules",
    "Ask every supplier of {system} for a reporting time",
    "Filter quotes of {system} by the rights of the reader",
    "Roll out security keys to the {team} team",
    "Scan repositories for credentials before every push",
    "Replace the hand-made update of {host}",
    "Keep a second copy of the key of {system} in the vault",
];
