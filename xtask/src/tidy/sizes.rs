//! How long a file and a function may be. The limits are far above the median; who reaches one has two things
//! in one place.

use proc_macro2::Span;
use syn::visit::Visit;

use super::Violation;
use super::tree::{RustFile, Tree};

/// Lines of a Rust file, comments included.
pub(crate) const FILE_LINES: usize = 600;
/// Lines of a file that holds only tests.
const TEST_FILE_LINES: usize = 900;
/// Lines above which a file is worth another look.
const LARGE_FILE_LINES: usize = 400;
/// Lines of a function from `fn` to its closing brace. Tests may be longer.
const FUNCTION_LINES: usize = 80;

/// Reports files above the limit.
pub(crate) fn check_files(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in &tree.rust {
        let limit = if file.is_test() { TEST_FILE_LINES } else { FILE_LINES };
        let lines = file.text.lines().count();
        if lines > limit {
            found.push(Violation {
                path: file.path.clone(),
                line: limit,
                rule: "file-size",
                message: format!(
                    "{lines} lines, the limit is {limit}; move one of its subjects to a file of its own"
                ),
            });
        }
    }
    found
}

/// Files worth another look: (path, lines), longest first.
pub(crate) fn large_files(tree: &Tree) -> Vec<(&str, usize)> {
    let mut large: Vec<_> = tree
        .rust
        .iter()
        .filter(|file| !file.is_test())
        .map(|file| (file.path.as_str(), file.text.lines().count()))
        .filter(|(_, lines)| (LARGE_FILE_LINES + 1..=FILE_LINES).contains(lines))
        .collect();
    large.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    large
}

/// Reports functions above the limit.
pub(crate) fn check_functions(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in tree.rust.iter().filter(|file| !file.is_test()) {
        let mut functions = Functions { file, found: &mut found };
        functions.visit_file(&file.syntax);
    }
    found
}

struct Functions<'a> {
    file: &'a RustFile,
    found: &'a mut Vec<Violation>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = line(signature.fn_token.span);
        let lines = line(block.brace_token.span.close()) + 1 - first;
        if lines > FUNCTION_LINES && !self.file.is_test_line(first) {
            self.found.push(Violation {
                path: self.file.path.clone(),
                line: first,
                rule: "function-size",
                message: format!(
                    "{} has {lines} lines, the limit is {FUNCTION_LINES}; give one of its steps a name",
                    signature.ident
                ),
            });
        }
    }
}

impl Visit<'_> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &syn::ItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &syn::ImplItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

fn line(span: Span) -> usize {
    span.start().line
}
