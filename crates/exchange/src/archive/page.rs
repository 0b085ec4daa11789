//! A page for people: Markdown, with nothing in it that its texts could turn into markup of the page.

/// A page about one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// What is known in a word or a line: name and value.
    pub facts: Vec<(String, String)>,
    /// The rest, in order; empty ones are left out.
    pub sections: Vec<Section>,
}

/// A part of a page under a heading of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// A text that somebody wrote, quoted.
    Prose {
        /// The heading.
        heading: String,
        /// The text; Markdown is shown as such, HTML is not.
        text: String,
    },
    /// Rows.
    Table {
        /// The heading.
        heading: String,
        /// Names of the columns.
        columns: &'static [&'static str],
        /// As many cells as columns in each.
        rows: Vec<Vec<String>>,
    },
}

impl Page {
    /// The page's Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", inline(&self.title));
        if !self.facts.is_empty() {
            out.push('\n');
        }
        for (name, value) in &self.facts {
            out.push_str(&format!("- {}: {}\n", inline(name), inline(value)));
        }
        for section in &self.sections {
            section.write(&mut out);
        }
        out
    }
}

impl Section {
    fn write(&self, out: &mut String) {
        match self {
            Self::Prose { heading, text } if !text.is_empty() => {
                out.push_str(&format!("\n## {}\n\n", inline(heading)));
                for line in text.lines() {
                    out.push_str(format!("> {}", line.replace('<', "&lt;")).trim_end());
                    out.push('\n');
                }
            }
            Self::Table { heading, columns, rows } if !rows.is_empty() => {
                out.push_str(&format!("\n## {}\n\n| {} |\n", inline(heading), columns.join(" | ")));
                out.push_str(&format!("|{}\n", "---|".repeat(columns.len())));
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| inline(cell)).collect();
                    out.push_str(&format!("| {} |\n", cells.join(" | ")));
                }
            }
            Self::Prose { .. } | Self::Table { .. } => {}
        }
    }
}

/// Text on one line that reads as it was written.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}
