//! Finding attributes in a list of tokens, also inside macro bodies and `cfg_attr`.

use super::tokens::Token;

/// Every attribute as the tokens between its brackets.
pub(crate) fn attributes(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        if !token.is_mark('#') {
            return None;
        }
        let inner = tokens.get(at + 1).is_some_and(|next| next.is_mark('!'));
        let open = at + 1 + usize::from(inner);
        tokens.get(open).filter(|token| token.is_mark('['))?;
        Some(&tokens[open + 1..closing(tokens, open)])
    })
}

/// Whether the attribute is `name`, by itself or through `cfg_attr`.
pub(crate) fn names(attribute: &[Token], name: &str) -> bool {
    let Some(first) = attribute.first() else { return false };
    first.is(name)
        || first.is("cfg_attr") && attribute.windows(2).any(|pair| pair[0].is_mark(',') && pair[1].is(name))
}

fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is_mark('[') {
            depth += 1;
        } else if token.is_mark(']') {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}
