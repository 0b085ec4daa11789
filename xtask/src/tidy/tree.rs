//! The workspace as the rules see it: parsed Rust files, other texts, manifests.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, MetadataCommand};
use syn::spanned::Spanned as _;
use syn::visit::Visit;

use super::tokens::{Token, flatten};

/// Folders that hold nothing written by hand. Hidden folders are left out as well.
const LEFT_OUT: [&str; 4] = ["target", "node_modules", "nevertwice-data", "nevertwice-demo"];

/// Everything that the rules look at. Paths are relative to the root and use `/`.
#[derive(Default)]
pub(crate) struct Tree {
    /// All Rust files.
    pub(crate) rust: Vec<RustFile>,
    /// Markdown and TOML files as (path, text).
    pub(crate) texts: Vec<(String, String)>,
    /// Every file and every folder.
    pub(crate) paths: BTreeSet<String>,
    /// The members of the workspace.
    pub(crate) crates: Vec<Member>,
}

/// One Rust source file.
pub(crate) struct RustFile {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) syntax: syn::File,
    /// Everything but doc comments, macro bodies included.
    pub(crate) tokens: Vec<Token>,
    /// First and last lines of the items under `#[cfg(test)]`.
    test_lines: Vec<(usize, usize)>,
}

/// One crate of the workspace and what its manifest asks for.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) manifest: String,
    pub(crate) dependencies: Vec<(String, DependencyKind)>,
}

impl Tree {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    /// When a file cannot be read, a Rust file does not parse, or cargo cannot read the manifests.
    pub(crate) fn load(root: &Path) -> anyhow::Result<Tree> {
        let mut tree = Tree::default();
        tree.read_folder(root, "")?;
        tree.crates = members(root)?;
        Ok(tree)
    }

    /// How many files are not Rust.
    pub(crate) fn other_files(&self) -> usize {
        self.texts.len()
    }

    /// The text of one Markdown or TOML file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.iter().find(|(at, _)| at == path).map(|(_, text)| text.as_str())
    }

    fn read_folder(&mut self, root: &Path, folder: &str) -> anyhow::Result<()> {
        let mut entries = std::fs::read_dir(root.join(folder))
            .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
            .with_context(|| format!("cannot list {}", root.join(folder).display()))?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let is_folder = entry.file_type()?.is_dir();
            if is_folder && (name.starts_with('.') || LEFT_OUT.contains(&name.as_str())) {
                continue;
            }
            if is_folder {
                self.read_folder(root, &path)?;
            } else if path.ends_with(".rs") || path.ends_with(".md") || path.ends_with(".toml") {
                let text =
                    std::fs::read_to_string(entry.path()).with_context(|| format!("cannot read {path}"))?;
                self.add(&path, text)?;
            }
            self.paths.insert(path);
        }
        Ok(())
    }

    fn add(&mut self, path: &str, text: String) -> anyhow::Result<()> {
        if path.ends_with(".rs") {
            self.rust.push(RustFile::parse(path, text)?);
        } else {
            self.texts.push((path.to_owned(), text));
        }
        Ok(())
    }
}

impl RustFile {
    fn parse(path: &str, text: String) -> anyhow::Result<RustFile> {
        let syntax = syn::parse_file(&text)
            .map_err(|error| anyhow::anyhow!("{path}:{}: not Rust: {error}", error.span().start().line))?;
        let tokens =
            text.parse().map(flatten).map_err(|error| anyhow::anyhow!("{path}: not Rust: {error}"))?;
        let mut finder = TestItems::default();
        finder.visit_file(&syntax);
        Ok(RustFile { path: path.to_owned(), text, syntax, tokens, test_lines: finder.lines })
    }

    /// The folder name of the crate that holds this file, such as `store`, or `xtask`.
    pub(crate) fn crate_name(&self) -> &str {
        let mut parts = self.path.split('/');
        match parts.next() {
            Some("crates") => parts.next().unwrap_or_default(),
            first => first.unwrap_or_default(),
        }
    }

    /// Whether the whole file is test code: `tests.rs`, or below a `tests` or `benches` folder.
    pub(crate) fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/") || self.path.contains("/benches/")
    }

    /// Whether this line (counted from 1) is test code.
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        self.is_test() || self.test_lines.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }
}

/// Finds the items that exist in tests only.
#[derive(Default)]
struct TestItems {
    lines: Vec<(usize, usize)>,
}

impl Visit<'_> for TestItems {
    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        self.note(&item.attrs, item.span());
        syn::visit::visit_item_mod(self, item);
    }

    fn visit_item_fn(&mut self, item: &syn::ItemFn) {
        self.note(&item.attrs, item.span());
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
        self.note(&item.attrs, item.span());
        syn::visit::visit_item_impl(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &syn::ImplItemFn) {
        self.note(&item.attrs, item.span());
        syn::visit::visit_impl_item_fn(self, item);
    }
}

impl TestItems {
    fn note(&mut self, attributes: &[syn::Attribute], span: proc_macro2::Span) {
        let is_test = |attribute: &syn::Attribute| match &attribute.meta {
            syn::Meta::Path(path) => path.segments.last().is_some_and(|segment| segment.ident == "test"),
            syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
            syn::Meta::NameValue(_) => false,
        };
        if attributes.iter().any(is_test) {
            self.lines.push((span.start().line, span.end().line));
        }
    }
}

fn members(root: &Path) -> anyhow::Result<Vec<Member>> {
    let metadata =
        MetadataCommand::new().current_dir(root).no_deps().exec().context("cargo metadata failed")?;
    let members = metadata.packages.into_iter().map(|package| Member {
        manifest: package
            .manifest_path
            .strip_prefix(&metadata.workspace_root)
            .map_or_else(|_| package.manifest_path.to_string(), |path| path.as_str().replace('\\', "/")),
        name: package.name.to_string(),
        dependencies: package.dependencies.into_iter().map(|d| (d.name, d.kind)).collect(),
    });
    Ok(members.collect())
}

#[cfg(test)]
impl Tree {
    /// A tree of files given as (path, text).
    pub(crate) fn of(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.paths.insert((*path).to_owned());
            if path.ends_with(".rs") || path.ends_with(".md") || path.ends_with(".toml") {
                tree.add(path, (*text).to_owned()).expect("the files of a test parse");
            }
        }
        tree
    }
}
