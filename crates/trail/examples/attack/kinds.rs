//! The kinds of changes, and what the holder of the key can make of each.

use crate::attempt::Case;
use crate::bundle::Bundle;
use crate::random::Random;
use crate::{history, lines, signatures, spelling, values};

/// What becomes of a change that the holder of the key signs anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyHolder {
    /// It is refused: no bundle has this form, whoever signs it.
    Never,
    /// It is another history, which is refused by whoever knows a checkpoint over the true one.
    Rewrites,
    /// It is the same history with less of it shown, or another word about it: no checkpoint says otherwise.
    Withholds,
}

/// One way of changing a bundle.
pub(crate) struct Kind {
    /// Its name, as printed.
    pub(crate) name: &'static str,
    /// Makes the change; none if the bundle has nothing to make it to.
    pub(crate) change: fn(&Case<'_>, &mut Random, &mut Bundle) -> Option<()>,
    /// What the holder of the key can make of it.
    pub(crate) key_holder: KeyHolder,
    /// Whether the change is one of the checkpoint or its signature, so that signing it anew would undo it. The seal
    /// is signed anew all the same.
    pub(crate) keeps_checkpoint: bool,
    /// Whether the holder of the key tries it too. Not where lines of checkpoint and seal themselves are changed,
    /// which signing anew would write over.
    pub(crate) signed_anew: bool,
}

type Make = fn(&Case<'_>, &mut Random, &mut Bundle) -> Option<()>;

/// Without a key only.
const fn plain(name: &'static str, change: Make) -> Kind {
    Kind { name, change, key_holder: KeyHolder::Never, keeps_checkpoint: false, signed_anew: false }
}

/// By a stranger and by the holder of the key too.
const fn signed(name: &'static str, change: Make, key_holder: KeyHolder) -> Kind {
    Kind { name, change, key_holder, keeps_checkpoint: false, signed_anew: true }
}

/// A change of the checkpoint, sealed anew.
const fn sealed(name: &'static str, change: Make) -> Kind {
    Kind { name, change, key_holder: KeyHolder::Never, keeps_checkpoint: true, signed_anew: true }
}

/// All of them.
pub(crate) const KINDS: [Kind; 59] = [
    plain("line dropped", lines::dropped),
    plain("line doubled", lines::doubled),
    plain("lines exchanged", lines::exchanged),
    plain("line moved", lines::moved),
    plain("block of lines moved", lines::block_moved),
    plain("line replaced by another bundle's", lines::replaced_by_another_bundles),
    plain("line inserted from another bundle", lines::inserted_from_another_bundle),
    plain("two bundles spliced", lines::spliced),
    plain("parts of two bundles mixed", lines::mixed),
    plain("line ended otherwise", lines::ended_otherwise),
    plain("all lines ended otherwise", lines::all_ended_otherwise),
    plain("something before or behind", lines::surrounded),
    plain("cut off between lines", lines::cut_off),
    signed("entry dropped", lines::entry_dropped, KeyHolder::Rewrites),
    signed("entry hidden", lines::entry_hidden, KeyHolder::Withholds),
    signed("entry shown", lines::entry_shown, KeyHolder::Withholds),
    signed("white space in JSON", spelling::space, KeyHolder::Never),
    signed("character escaped", spelling::escape, KeyHolder::Never),
    plain("bytes that are no text", spelling::not_text),
    plain("overlong UTF-8", spelling::overlong),
    plain("other Unicode form", spelling::unicode),
    signed("number in another form", spelling::number, KeyHolder::Never),
    signed("sign of JSON changed", spelling::sign, KeyHolder::Never),
    signed("member gone, doubled, renamed, moved", spelling::member, KeyHolder::Never),
    plain("hexadecimal in another form", spelling::hexadecimal),
    plain("base64 in another form", spelling::base64),
    signed("disclosures exchanged", values::disclosures_exchanged, KeyHolder::Never),
    signed("values exchanged", values::values_exchanged, KeyHolder::Never),
    signed("salts exchanged", values::salts_exchanged, KeyHolder::Never),
    signed("value changed", values::value_changed, KeyHolder::Never),
    signed("salt changed", values::salt_changed, KeyHolder::Never),
    signed("erased value restored", values::erased_restored, KeyHolder::Never),
    signed("disclosure gone, added, renamed", values::member_changed, KeyHolder::Never),
    signed("commitments exchanged", values::commitments_exchanged, KeyHolder::Rewrites),
    signed("value withheld as erased", values::value_withheld, KeyHolder::Withholds),
    plain("signature of another key", signatures::other_key),
    plain("two signatures", signatures::two),
    plain("malleable signature", signatures::malleable),
    plain("degenerate signature", signatures::degenerate),
    plain("signatures exchanged", signatures::exchanged),
    plain("signature line changed", signatures::line_changed),
    plain("signature of a weak key", signatures::weak_key),
    sealed("checkpoint by another key", signatures::other_key),
    sealed("checkpoint with two signatures", signatures::two),
    sealed("checkpoint malleable", signatures::malleable),
    sealed("checkpoint degenerate", signatures::degenerate),
    sealed("checkpoint's size changed", history::size_changed),
    sealed("older checkpoint", history::older_checkpoint),
    sealed("checkpoint over something else", history::wrong_checkpoint),
    sealed("another origin", history::other_origin),
    signed("entry changed", history::entry_changed, KeyHolder::Rewrites),
    signed("value rewritten with its commitment", history::value_rewritten, KeyHolder::Rewrites),
    signed("entry left out, numbered anew", history::entry_left_out, KeyHolder::Rewrites),
    signed("entry invented, numbered anew", history::entry_invented, KeyHolder::Rewrites),
    signed("entries exchanged, numbered anew", history::entries_exchanged, KeyHolder::Rewrites),
    signed("end of the history cut off", history::end_cut_off, KeyHolder::Rewrites),
    signed("hidden entry replaced", history::hidden_replaced, KeyHolder::Rewrites),
    signed("entry dated otherwise", history::entry_dated_otherwise, KeyHolder::Rewrites),
    signed("header changed", history::header_changed, KeyHolder::Withholds),
];
