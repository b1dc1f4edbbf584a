//! One kept module: a file of this user's that nobody else may open, with a header that says what it is.
//!
//! Who could have written such a file could change this process as well: it takes this user (root, as a rule). The digest
//! in the header finds what a disk or a crash did to it; it is no protection against a forger, the owner is.

use std::fs::File;
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::Key;
use super::directory::{Directory, Odd};

/// What such a file begins with; the key and the code's SHA-256 follow, and then the code.
const MAGIC: &[u8; 16] = b"docker-ovs code\n";
const HEADER: usize = MAGIC.len() + 32 + 32;
/// Bytes of a file that is read: more than the compiler's child may answer.
const LARGEST: u64 = 512 << 20;

/// Machine code as it was written, read whole into memory from a file that was this user's alone. Made here only.
pub(crate) struct Intact(Vec<u8>);

impl Intact {
    /// The code.
    pub(crate) fn code(self) -> Vec<u8> {
        self.0
    }
}

/// The length of the file for some code.
pub(super) fn size(code: &[u8]) -> u64 {
    (HEADER + code.len()) as u64
}

/// What is kept under a key; nothing: there is no such file.
pub(super) fn read(directory: &Directory, key: &Key) -> Result<Option<Intact>, Odd> {
    let Some(file) = directory.file(&key.name())? else { return Ok(None) };
    let mut content = Vec::new();
    file.take(LARGEST).read_to_end(&mut content).map_err(Odd::Io)?;
    let Some((header, code)) = content.split_at_checked(HEADER) else { return Err(Odd::Cut) };
    let (magic, rest) = header.split_at(MAGIC.len());
    let (found, digest) = rest.split_at(32);
    if magic != MAGIC || found != key.bytes() {
        return Err(Odd::Another);
    }
    if digest != &Sha256::digest(code)[..] {
        return Err(Odd::Changed);
    }
    content.drain(..HEADER);
    Ok(Some(Intact(content)))
}

/// Writes a file that is there whole or not at all. It need not survive a power cut, so nothing waits for the disk.
pub(super) fn write(directory: &Directory, key: &Key, code: &[u8]) -> io::Result<()> {
    directory.replace(&key.name(), |file: &mut File| {
        file.write_all(MAGIC)?;
        file.write_all(key.bytes())?;
        file.write_all(&Sha256::digest(code))?;
        file.write_all(code)
    })
}
