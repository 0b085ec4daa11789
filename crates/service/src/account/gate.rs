//! The gate of the process: where passwords are hashed, a few at a time, and attempts are counted. It remembers nothing
//! that has to outlive it.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use nevertwice_domain::account::password::{NewPassword, normal_form};
use nevertwice_domain::time::Timestamp;

use super::attempts::{Attempts, Door, slow_down};
use super::secret::Secret;
use super::session::Seen;
use crate::error::ServiceError;

/// Memory of a hash in KiB, passes, lanes: what OWASP asks for at the least of Argon2id (Password Storage Cheat Sheet:
/// "m=19456 (19 MiB), t=2, p=1"). A stronger hash would make a flood of sign-ins dearer for the server too.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes that are worked out at once: they take 19 MiB and a processor each.
const AT_ONCE: usize = 2;
/// How many may wait for their turn; whoever comes then is asked to come again.
const WAITING: usize = 64;

/// Passwords and attempts.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    attempts: Mutex<Attempts>,
    seen: Seen,
    turns: Mutex<Turns>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Turns {
    running: usize,
    waiting: usize,
}

/// Room for one hash; given back when it is dropped.
struct Turn<'g>(&'g Gate);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.turns.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
        self.0.freed.notify_one();
    }
}

impl Gate {
    /// Takes an attempt at every door, or at none.
    ///
    /// # Errors
    /// One of them has none left.
    pub(crate) fn take(&self, doors: &[Door], now: Timestamp) -> Result<(), ServiceError> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner).take(doors, now)
    }

    /// Puts back what turned out to be no guess.
    pub(crate) fn give_back(&self, doors: &[Door]) {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner).give_back(doors);
    }

    /// Which sessions were seen.
    pub(super) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// What is kept of a password: Argon2id in the PHC string format, with a salt of 16 bytes.
    ///
    /// # Errors
    /// Too many wait for their turn.
    pub(super) fn hash(&self, password: &NewPassword, salt: &[u8; 32]) -> Result<String, ServiceError> {
        let _turn = self.turn()?;
        let salt = SaltString::encode_b64(&salt[..16]).map_err(ServiceError::internal)?;
        let hash = hasher()?.hash_password(password.as_str().as_bytes(), &salt);
        Ok(hash.map_err(ServiceError::internal)?.to_string())
    }

    /// Whether a password is the one that was hashed. Without a hash it is not, after the same work.
    ///
    /// # Errors
    /// Too many wait for their turn, or what was kept is no hash.
    pub(super) fn is_right(&self, password: &Secret, hash: Option<&str>) -> Result<bool, ServiceError> {
        let _turn = self.turn()?;
        let nobodys = nobodys_hash();
        let hash_of = PasswordHash::new(hash.unwrap_or(&nobodys)).map_err(ServiceError::internal)?;
        let right = hasher()?.verify_password(normal_form(password.as_str()).as_bytes(), &hash_of).is_ok();
        Ok(right && hash.is_some())
    }

    fn turn(&self) -> Result<Turn<'_>, ServiceError> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.waiting >= WAITING {
            return Err(slow_down(1_000));
        }
        turns.waiting += 1;
        while turns.running >= AT_ONCE {
            turns = self.freed.wait(turns).unwrap_or_else(PoisonError::into_inner);
        }
        turns.waiting -= 1;
        turns.running += 1;
        Ok(Turn(self))
    }
}

fn hasher() -> Result<Argon2<'static>, ServiceError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(ServiceError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A hash that costs as much as any, of no password that anybody knows.
fn nobodys_hash() -> String {
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}")
}

#[cfg(test)]
mod tests {
    use nevertwice_domain::account::SignInAddress;

    use super::*;

    fn password(text: &str) -> NewPassword {
        NewPassword::parse(text, "Example", &SignInAddress::parse("ada@example.org").unwrap()).unwrap()
    }

    #[test]
    fn a_password_is_right_and_no_other() {
        let gate = Gate::default();
        let hash = gate.hash(&password("nine gäse in a row"), &[3; 32]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let is_right = |text: &str, hash: Option<&str>| gate.is_right(&Secret::new(text.to_owned()), hash);
        assert_eq!(is_right("nine gäse in a row", Some(&hash)), Ok(true));
        assert_eq!(is_right("nine ga\u{308}se in a row", Some(&hash)), Ok(true), "typed in another way");
        assert_eq!(is_right("nine gäse in a row ", Some(&hash)), Ok(false));
        assert_eq!(is_right("", Some(&hash)), Ok(false));
        assert_eq!(is_right("nine gäse in a row", None), Ok(false));
        assert_ne!(gate.hash(&password("nine gäse in a row"), &[4; 32]).unwrap(), hash, "another salt");
    }

    #[test]
    fn two_are_hashed_at_once_and_the_rest_waits() {
        let gate = Gate::default();
        let (one, two) = (gate.turn().unwrap(), gate.turn().unwrap());
        std::thread::scope(|scope| {
            let third = scope.spawn(|| gate.turn().map(drop));
            while gate.turns.lock().unwrap().waiting == 0 {
                std::thread::yield_now();
            }
            assert_eq!(gate.turns.lock().unwrap().running, AT_ONCE);
            drop(one);
            third.join().unwrap().unwrap();
        });
        gate.turns.lock().unwrap().waiting = WAITING;
        assert_eq!(gate.turn().map(drop).unwrap_err().code, "sign_in.slow_down");
        drop(two);
    }
}
