use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;

/// The eight inputs that Certificate Transparency implementations test with, and the roots over the first n.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hex: &str) -> Hash {
    hex.parse().unwrap()
}

fn leaf(place: u64) -> Result<Hash, ProofError> {
    Ok(leaf_hash(LEAVES[usize::try_from(place).unwrap()]))
}

/// A leaf for property tests: its place as bytes.
fn numbered(place: u64) -> Result<Hash, ProofError> {
    Ok(leaf_hash(&place.to_be_bytes()))
}

fn frontier(size: u64) -> Frontier {
    let mut frontier = Frontier::new();
    (0..size).for_each(|place| frontier.append(numbered(place).unwrap()));
    frontier
}

fn reference(size: u64) -> MemoryBackedTree<Sha256, [u8; 8]> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|place| tree.push(place.to_be_bytes()));
    tree
}

#[test]
fn roots_are_those_of_the_known_vectors() {
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), hash(ROOTS[0]));
    for (place, bytes) in LEAVES.iter().enumerate() {
        frontier.append(leaf_hash(bytes));
        assert_eq!(frontier.root(), hash(ROOTS[place + 1]), "size {}", place + 1);
    }
    assert_eq!(frontier.size(), 8);
}

#[test]
fn inclusion_proofs_are_those_of_the_known_vectors() {
    let proof = InclusionProof::make(0, 8, leaf).unwrap();
    assert_eq!(
        proof.path,
        [
            hash("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hash("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
        ]
    );
    let proof = InclusionProof::make(5, 8, leaf).unwrap();
    assert_eq!(
        proof.path,
        [
            hash("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
            hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ]
    );
    proof.verify(leaf(5).unwrap(), hash(ROOTS[8])).unwrap();
}

#[test]
fn consistency_proofs_are_those_of_the_known_vectors() {
    let path = |old, new| ConsistencyProof::make(old, new, leaf).unwrap().path;
    assert_eq!(path(1, 1), []);
    assert_eq!(
        path(6, 8),
        [
            hash("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
            hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ]
    );
    assert_eq!(
        path(2, 5),
        [
            hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hash("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
        ]
    );
}

#[test]
fn every_small_proof_equals_that_of_the_reference_and_verifies() {
    for size in 1..=33 {
        let (tree, root) = (reference(size), frontier(size).root());
        assert_eq!(root.as_bytes()[..], tree.root().as_bytes()[..], "size {size}");
        for index in 0..size {
            let proof = InclusionProof::make(index, size, numbered).unwrap();
            let expected = tree.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(joined(&proof.path), expected.as_bytes(), "{index} in {size}");
            proof.verify(numbered(index).unwrap(), root).unwrap();
        }
        for old in 1..=size {
            let proof = ConsistencyProof::make(old, size, numbered).unwrap();
            let expected = tree.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(joined(&proof.path), expected.as_bytes(), "{old} in {size}");
            proof.verify(frontier(old).root(), root).unwrap();
        }
    }
}

#[test]
fn a_proof_for_another_leaf_place_or_root_does_not_hold() {
    for size in 2..=17 {
        let root = frontier(size).root();
        for index in 0..size {
            let proof = InclusionProof::make(index, size, numbered).unwrap();
            let leaf = numbered(index).unwrap();
            assert_eq!(proof.verify(numbered(index + 1).unwrap(), root), Err(ProofError::Root));
            assert_eq!(proof.verify(leaf, frontier(size - 1).root()), Err(ProofError::Root));
            for other in (0..size).filter(|other| *other != index) {
                assert!(InclusionProof { index: other, ..proof.clone() }.verify(leaf, root).is_err());
            }
            assert!(InclusionProof { index: size, ..proof.clone() }.verify(leaf, root).is_err());
            for path in damaged(&proof.path) {
                assert!(InclusionProof { path, ..proof.clone() }.verify(leaf, root).is_err());
            }
        }
    }
}

#[test]
fn a_consistency_proof_for_other_sizes_or_roots_does_not_hold() {
    for new_size in 1..=17 {
        let new = frontier(new_size).root();
        for old_size in 1..=new_size {
            let old = frontier(old_size).root();
            let proof = ConsistencyProof::make(old_size, new_size, numbered).unwrap();
            assert!(proof.verify(frontier(old_size - 1).root(), new).is_err());
            assert!(proof.verify(old, frontier(new_size + 1).root()).is_err());
            for path in damaged(&proof.path) {
                assert!(ConsistencyProof { path, ..proof.clone() }.verify(old, new).is_err());
            }
        }
    }
}

#[test]
fn a_proof_with_too_many_hashes_is_told_from_one_for_another_root() {
    let (leaf, root, stray) = (numbered(2).unwrap(), frontier(5).root(), leaf_hash(b"stray"));
    let mut inclusion = InclusionProof::make(2, 5, numbered).unwrap();
    inclusion.path.push(stray);
    assert_eq!(inclusion.verify(leaf, root), Err(ProofError::Length));
    let mut consistency = ConsistencyProof::make(3, 5, numbered).unwrap();
    consistency.path.push(stray);
    assert_eq!(consistency.verify(frontier(3).root(), root), Err(ProofError::Length));
}

#[test]
fn the_empty_tree_is_the_beginning_of_every_tree() {
    let proof = ConsistencyProof::make(0, 5, numbered).unwrap();
    assert_eq!(proof.path, []);
    let (empty, root) = (Frontier::new().root(), frontier(5).root());
    assert_eq!(proof.verify(empty, root), Ok(()));
    assert_eq!(proof.verify(root, root), Err(ProofError::Root));
    let padded = ConsistencyProof { path: vec![root], ..proof };
    assert_eq!(padded.verify(empty, root), Err(ProofError::Length));
}

#[test]
fn proofs_outside_the_tree_cannot_be_made() {
    assert_eq!(InclusionProof::make(5, 5, numbered), Err(ProofError::OutOfRange { inner: 5, size: 5 }));
    assert_eq!(InclusionProof::make(0, 0, numbered), Err(ProofError::OutOfRange { inner: 0, size: 0 }));
    assert_eq!(ConsistencyProof::make(6, 5, numbered), Err(ProofError::OutOfRange { inner: 6, size: 5 }));
    let backwards = ConsistencyProof { old_size: 6, new_size: 5, path: vec![] };
    assert!(backwards.verify(frontier(6).root(), frontier(5).root()).is_err());
}

#[test]
fn a_frontier_survives_its_bytes_and_goes_on() {
    let mut whole = Frontier::new();
    for place in 0..70 {
        let mut restored = Frontier::from_bytes(&whole.to_bytes()).unwrap();
        assert_eq!(restored, whole);
        whole.append(numbered(place).unwrap());
        restored.append(numbered(place).unwrap());
        assert_eq!(restored.root(), whole.root());
    }
}

#[test]
fn bytes_of_no_frontier_are_refused() {
    let bytes = frontier(5).to_bytes();
    assert_eq!(bytes.len(), 8 + 2 * 32);
    assert_eq!(Frontier::from_bytes(&[]), Err(FrontierError::Size));
    assert_eq!(Frontier::from_bytes(&bytes[..7]), Err(FrontierError::Size));
    assert_eq!(Frontier::from_bytes(&[255; 8 + 64 * 32]), Err(FrontierError::Size));
    let length = |found| Err(FrontierError::Length { size: 5, expected: 72, found });
    assert_eq!(Frontier::from_bytes(&bytes[..71]), length(71));
    assert_eq!(Frontier::from_bytes(&bytes[..40]), length(40));
    assert_eq!(Frontier::from_bytes(&[&bytes[..], &[0]].concat()), length(73));
    assert_eq!(Frontier::from_bytes(&[&bytes[..], &[0; 32]].concat()), length(104));
}

/// The path with a hash changed, left out, added or exchanged, at every place.
fn damaged(path: &[Hash]) -> Vec<Vec<Hash>> {
    let stray = leaf_hash(b"stray");
    let mut paths = vec![[path, &[stray]].concat(), [&[stray], path].concat()];
    for place in 0..path.len() {
        let mut changed = path.to_vec();
        changed[place] = stray;
        paths.push(changed);
        paths.push([&path[..place], &path[place + 1..]].concat());
        if place > 0 {
            let mut exchanged = path.to_vec();
            exchanged.swap(place - 1, place);
            paths.push(exchanged);
        }
    }
    paths
}

fn joined(path: &[Hash]) -> Vec<u8> {
    path.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn larger_trees_agree_with_the_reference(size in 34..600_u64, place in any::<prop::sample::Index>()) {
        let (tree, root) = (reference(size), frontier(size).root());
        prop_assert_eq!(root.as_bytes().to_vec(), tree.root().as_bytes().to_vec());
        let index = place.index(usize::try_from(size).unwrap());
        let inner = u64::try_from(index).unwrap();
        let proof = InclusionProof::make(inner, size, numbered).unwrap();
        let expected = tree.prove_inclusion(index);
        prop_assert_eq!(joined(&proof.path), expected.as_bytes());
        prop_assert_eq!(proof.verify(numbered(inner).unwrap(), root), Ok(()));
        let proof = ConsistencyProof::make(inner + 1, size, numbered).unwrap();
        let additions = usize::try_from(size - inner - 1).unwrap();
        let expected = tree.prove_consistency(additions);
        prop_assert_eq!(joined(&proof.path), expected.as_bytes());
        prop_assert_eq!(proof.verify(frontier(inner + 1).root(), root), Ok(()));
    }

    #[test]
    fn arbitrary_proofs_neither_hold_nor_panic(
        inner in any::<u64>(), size in any::<u64>(), path in proptest::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let path: Vec<_> = path.into_iter().map(Hash::from_bytes).collect();
        let (one, other) = (leaf_hash(b"one"), leaf_hash(b"other"));
        let inclusion = InclusionProof { index: inner, size, path: path.clone() };
        prop_assert!(inclusion.verify(one, other).is_err());
        let consistency = ConsistencyProof { old_size: inner, new_size: size, path };
        prop_assert!(consistency.verify(one, other).is_err());
    }
}
