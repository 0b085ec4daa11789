//! Every public item of a library says what it is. (`missing_docs` covers fields and variants as the compiler sees
//! them; this rule also covers public items of private modules.)

use syn::visit::Visit;
use syn::{Attribute, Visibility};

use super::Violation;
use super::tree::{RustFile, Tree};

/// Reports `pub` items without a doc comment.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in tree.rust.iter().filter(|file| file.path.starts_with("crates/") && !file.is_test()) {
        let mut items = Items { file, found: &mut found };
        items.visit_file(&file.syntax);
    }
    found
}

struct Items<'a> {
    file: &'a RustFile,
    found: &'a mut Vec<Violation>,
}

impl Items<'_> {
    fn item(&mut self, visibility: &Visibility, attributes: &[Attribute], name: &syn::Ident) {
        if matches!(visibility, Visibility::Public(_)) {
            self.documented(attributes, name);
        }
    }

    fn documented(&mut self, attributes: &[Attribute], name: &syn::Ident) {
        let line = name.span().start().line;
        let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
        if !documented && !self.file.is_test_line(line) {
            self.found.push(Violation {
                path: self.file.path.clone(),
                line,
                rule: "documentation",
                message: format!("{name} is public; say what it is, its units and shapes, its errors"),
            });
        }
    }
}

impl Visit<'_> for Items<'_> {
    fn visit_item_const(&mut self, item: &syn::ItemConst) {
        self.item(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_static(&mut self, item: &syn::ItemStatic) {
        self.item(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_type(&mut self, item: &syn::ItemType) {
        self.item(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        self.item(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_struct(&mut self, item: &syn::ItemStruct) {
        self.item(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_trait(&mut self, item: &syn::ItemTrait) {
        self.item(&item.vis, &item.attrs, &item.ident);
        if matches!(item.vis, Visibility::Public(_)) {
            for method in &item.items {
                if let syn::TraitItem::Fn(method) = method {
                    self.documented(&method.attrs, &method.sig.ident);
                }
            }
        }
        syn::visit::visit_item_trait(self, item);
    }

    fn visit_item_fn(&mut self, item: &syn::ItemFn) {
        self.item(&item.vis, &item.attrs, &item.sig.ident);
    }

    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        // `pub mod name;` is documented by the `//!` of its file, which the compiler checks.
        if item.content.is_some() {
            self.item(&item.vis, &item.attrs, &item.ident);
        }
        syn::visit::visit_item_mod(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &syn::ImplItemFn) {
        self.item(&item.vis, &item.attrs, &item.sig.ident);
    }

    fn visit_impl_item_const(&mut self, item: &syn::ImplItemConst) {
        self.item(&item.vis, &item.attrs, &item.ident);
    }
}
