//! One append-only file of feature arrays and the index of what stands where in it.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use half::f16;
use sha2::{Digest, Sha256};

use crate::{Result, TrainerError};

/// The file's first bytes; the fingerprint follows.
const MAGIC: &[u8; 8] = b"SERFEAT1";
const HEADER: u64 = 8 + 32;
/// A record: its key, the number of values (u32), their checksum (8 bytes), then the values (f16, little-endian).
const RECORD: u64 = 16 + 4 + 8;

/// What a record holds: a clip's variant, hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 16]);

impl Key {
    pub(super) fn new(id: &str, variant: u8) -> Self {
        let digest = Sha256::new().chain_update([variant]).chain_update(id).finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }
}

/// An open file, locked against other processes.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    file: BufWriter<File>,
    reader: BufReader<File>,
    /// Where each key's values stand, and how many there are.
    index: HashMap<Key, (u64, usize)>,
    end: u64,
}

impl Store {
    /// Opens or begins the file. A record cut short by an interruption is removed from its end.
    ///
    /// # Errors
    /// [`TrainerError::Io`].
    pub(super) fn open(path: &Path, fingerprint: &[u8; 32]) -> Result<Self> {
        let io = || TrainerError::io(path);
        let file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).map_err(io())?;
        // Another process at work on the same features: wait until it is done, and profit.
        file.lock().map_err(io())?;
        let length = file.metadata().map_err(io())?.len();
        let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(io())?);
        let mut header = [0; HEADER as usize];
        let sound = length >= HEADER && {
            reader.read_exact(&mut header).map_err(io())?;
            header[..8] == *MAGIC && header[8..] == *fingerprint
        };
        let mut store = Self {
            path: path.to_path_buf(),
            file: BufWriter::new(file),
            reader,
            index: HashMap::new(),
            end: HEADER,
        };
        if sound {
            store.read_index(length).map_err(io())?;
        }
        store.file.get_ref().set_len(if sound { store.end } else { 0 }).map_err(io())?;
        if !sound {
            store.file.write_all(MAGIC).and_then(|()| store.file.write_all(fingerprint)).map_err(io())?;
        }
        store.file.seek(SeekFrom::Start(store.end)).map_err(io())?;
        Ok(store)
    }

    /// Reads the records' heads up to the last whole record.
    fn read_index(&mut self, length: u64) -> std::io::Result<()> {
        while self.end + RECORD <= length {
            let (mut key, mut count, mut checksum) = ([0; 16], [0; 4], [0; 8]);
            self.reader.read_exact(&mut key)?;
            self.reader.read_exact(&mut count)?;
            self.reader.read_exact(&mut checksum)?;
            let count = u32::from_le_bytes(count) as usize;
            let bytes = 2 * count as u64;
            if self.end + RECORD + bytes > length {
                break;
            }
            self.reader.seek_relative(bytes as i64)?;
            self.index.insert(Key(key), (self.end + RECORD, count));
            self.end += RECORD + bytes;
        }
        Ok(())
    }

    /// Whether a key's values are there.
    pub(super) fn contains(&self, key: &Key) -> bool {
        self.index.contains_key(key)
    }

    /// Adds a key's values at the end.
    ///
    /// # Errors
    /// [`TrainerError::Io`].
    pub(super) fn append(&mut self, key: Key, values: &[f16]) -> Result<()> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let mut record = Vec::with_capacity(RECORD as usize + bytes.len());
        record.extend_from_slice(&key.0);
        record.extend_from_slice(&(values.len() as u32).to_le_bytes());
        record.extend_from_slice(&checksum(&bytes));
        record.extend_from_slice(&bytes);
        self.file.write_all(&record).map_err(TrainerError::io(&self.path))?;
        self.index.insert(key, (self.end + RECORD, values.len()));
        self.end += record.len() as u64;
        Ok(())
    }

    /// Hands everything appended to the system.
    ///
    /// # Errors
    /// [`TrainerError::Io`].
    pub(super) fn flush(&mut self) -> Result<()> {
        self.file.flush().map_err(TrainerError::io(&self.path))
    }

    /// A key's values, if they are there.
    ///
    /// # Errors
    /// [`TrainerError::Io`], and [`TrainerError::Decode`] when they are not what was written.
    pub(super) fn read(&mut self, key: &Key) -> Result<Option<Vec<f16>>> {
        let Some(&(position, count)) = self.index.get(key) else { return Ok(None) };
        let mut bytes = vec![0; 8 + 2 * count];
        self.reader
            .seek(SeekFrom::Start(position - 8))
            .and_then(|_| self.reader.read_exact(&mut bytes))
            .map_err(TrainerError::io(&self.path))?;
        let (sum, values) = bytes.split_at(8);
        if sum != checksum(values) {
            return Err(TrainerError::Decode {
                path: self.path.clone(),
                expected: "features as they were written",
                got: "a damaged record: delete the file to compute it anew".to_owned(),
            });
        }
        Ok(Some(values.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]])).collect()))
    }
}

/// FNV-1a over eight bytes at a time: it finds accidents, not forgers.
fn checksum(bytes: &[u8]) -> [u8; 8] {
    let step = |hash: u64, value: u64| (hash ^ value).wrapping_mul(0x0000_0100_0000_01b3);
    let chunks = bytes.chunks_exact(8);
    let rest = chunks.remainder().iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| step(hash, byte.into()));
    let word = |chunk: &[u8]| chunk.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    chunks.fold(rest, |hash, chunk| step(hash, word(chunk))).to_le_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn values(count: usize) -> Vec<f16> {
        (0..count).map(|n| f16::from_f32(n as f32 * 0.37 - 5.0)).collect()
    }

    #[test]
    fn what_was_written_is_read_after_reopening_even_behind_a_torn_record() {
        let folder = temp_dir::TempDir::new().unwrap();
        let path = folder.path().join("features.bin");
        let (a, b, c) = (Key::new("a", 0), Key::new("a", 1), Key::new("b", 0));
        let mut store = Store::open(&path, &[7; 32]).unwrap();
        store.append(a, &values(300)).unwrap();
        store.append(b, &values(7)).unwrap();
        store.flush().unwrap();
        assert_eq!(store.read(&b).unwrap(), Some(values(7)));
        drop(store);

        let whole = std::fs::read(&path).unwrap();
        for torn in 1..RECORD as usize + 14 {
            std::fs::write(&path, &whole[..whole.len() - torn]).unwrap();
            let mut store = Store::open(&path, &[7; 32]).unwrap();
            assert_eq!(
                (store.read(&a).unwrap(), store.read(&b).unwrap()),
                (Some(values(300)), None),
                "{torn}"
            );
            store.append(c, &values(20)).unwrap();
            store.flush().unwrap();
            drop(store);
            let mut store = Store::open(&path, &[7; 32]).unwrap();
            assert_eq!(
                (store.read(&a).unwrap(), store.read(&c).unwrap()),
                (Some(values(300)), Some(values(20)))
            );
            assert!(!store.contains(&b));
        }
    }

    #[test]
    fn another_fingerprint_begins_anew_and_damage_is_found() {
        let folder = temp_dir::TempDir::new().unwrap();
        let path = folder.path().join("features.bin");
        let key = Key::new("a", 0);
        let mut store = Store::open(&path, &[1; 32]).unwrap();
        store.append(key, &values(50)).unwrap();
        store.flush().unwrap();
        drop(store);
        let mut bytes = std::fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(Store::open(&path, &[1; 32]).unwrap().read(&key), Err(TrainerError::Decode { .. })));
        assert!(!Store::open(&path, &[2; 32]).unwrap().contains(&key));
    }
}
