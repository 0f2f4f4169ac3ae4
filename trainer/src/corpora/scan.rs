//! Walking a folder of corpora, in whatever nesting it was unzipped.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use super::{Clip, Corpus, defect, parse};
use crate::{Result, TrainerError};

/// The containers that are read, the preferred one first where a clip is there in several.
const EXTENSIONS: [&str; 4] = ["wav", "flac", "ogg", "mp3"];
/// Folders below this depth are not searched.
const MAX_DEPTH: usize = 12;

/// What a folder of corpora holds.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The clips, sorted by corpus and name.
    pub clips: Vec<Clip>,
    /// The audio files that are no clip to train on, sorted by path.
    pub skipped: Vec<Skipped>,
}

impl Scan {
    /// How many clips of a corpus there are.
    pub fn count(&self, corpus: Corpus) -> usize {
        self.clips.iter().filter(|clip| clip.corpus == corpus).count()
    }
}

/// A file that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why it was left out.
    pub reason: String,
}

/// The first file of this name below `root`, by path.
pub(super) fn find_file(root: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut folders = vec![(root.to_path_buf(), 0)];
    let mut found: Option<PathBuf> = None;
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(TrainerError::io(&folder))? {
            let path = entry.map_err(TrainerError::io(&folder))?.path();
            if path.is_dir() && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            } else if path.file_name().is_some_and(|own| own == name)
                && found.as_ref().is_none_or(|found| path < *found)
            {
                found = Some(path);
            }
        }
    }
    Ok(found)
}

/// Finds every clip of the four corpora under `root`.
///
/// Any nesting will do: a clip is known by its name. A clip found twice counts once (wav before flac, ogg and
/// mp3, then the shorter path); defective clips are dropped by name. Background noise (`root/noise`) is not
/// searched: see [`noise_files`].
///
/// # Errors
/// [`TrainerError::CorporaMissing`] when `root` is no folder, [`TrainerError::NoRecognisableFile`] when it, or a
/// folder in it that bears a corpus's name, holds no clip, and [`TrainerError::Io`] when a folder cannot be read.
pub fn scan(root: &Path) -> Result<Scan> {
    if !root.is_dir() {
        let got = if root.exists() { "a file" } else { "nothing" }.to_owned();
        return Err(TrainerError::CorporaMissing { root: root.to_path_buf(), got });
    }
    let files = audio_files(root, true)?;
    let mut found: BTreeMap<(Corpus, String), Vec<PathBuf>> = BTreeMap::new();
    let mut labels = BTreeMap::new();
    let mut scan = Scan::default();
    for path in &files {
        match parse(&folder_name(path), &stem(path)) {
            Some(label) => {
                let key = (label.corpus, label.name.clone());
                found.entry(key.clone()).or_default().push(path.clone());
                labels.insert(key, label);
            }
            None => scan.skipped.push(Skipped {
                path: path.clone(),
                reason: "not named like a clip of any of the four corpora".to_owned(),
            }),
        }
    }
    refuse_empty(root, &files, &found)?;
    for (key, mut paths) in found {
        paths.sort_by_key(|path| (rank(path), path.components().count(), path.clone()));
        let copies = paths.split_off(1);
        scan.skipped.extend(
            copies
                .into_iter()
                .map(|path| Skipped { path, reason: format!("the clip {}/{} a second time", key.0, key.1) }),
        );
        match (defect(key.0, &key.1), labels.remove(&key), paths.pop()) {
            (Some(reason), _, Some(path)) => {
                scan.skipped.push(Skipped { path, reason: format!("dropped: {reason}") });
            }
            (None, Some(label), Some(path)) => scan.clips.push(Clip::new(path, label)),
            _ => {}
        }
    }
    scan.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(scan)
}

/// Every audio file under `root/noise`, sorted: background noise for the augmentation, possibly none.
///
/// # Errors
/// [`TrainerError::Io`] when a folder cannot be read.
pub fn noise_files(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join("noise");
    if folder.is_dir() { audio_files(&folder, false) } else { Ok(Vec::new()) }
}

/// Refuses a root without clips, and a folder named after a corpus without one of its clips.
fn refuse_empty(
    root: &Path,
    files: &[PathBuf],
    found: &BTreeMap<(Corpus, String), Vec<PathBuf>>,
) -> Result<()> {
    let refuse = |folder: &Path, expected: String| {
        let inside: Vec<&PathBuf> = files.iter().filter(|path| path.starts_with(folder)).collect();
        let got = match inside.first() {
            Some(first) => format!("{} audio files, the first {}", inside.len(), first.display()),
            None => "no file that ends in .wav, .flac, .ogg or .mp3".to_owned(),
        };
        Err(TrainerError::NoRecognisableFile { folder: folder.to_path_buf(), expected, got })
    };
    if found.is_empty() {
        return refuse(root, Corpus::ALL.map(Corpus::example).join(", "));
    }
    for entry in fs::read_dir(root).map_err(TrainerError::io(root))? {
        let path = entry.map_err(TrainerError::io(root))?.path();
        let Some(corpus) = path.file_name().and_then(|name| Corpus::of_folder(&name.to_string_lossy()))
        else {
            continue;
        };
        let has_clip = found
            .iter()
            .any(|((of, _), paths)| *of == corpus && paths.iter().any(|clip| clip.starts_with(&path)));
        if path.is_dir() && !has_clip {
            return refuse(&path, corpus.example().to_owned());
        }
    }
    Ok(())
}

/// Every file with an audio extension under `root`, sorted; hidden folders are left out.
fn audio_files(root: &Path, skip_noise: bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut visited = HashSet::new();
    let mut pending = vec![(root.to_path_buf(), 0)];
    while let Some((folder, depth)) = pending.pop() {
        // A link may lead back to a folder above it.
        let real = folder.canonicalize().map_err(TrainerError::io(&folder))?;
        if !visited.insert(real) {
            continue;
        }
        for entry in fs::read_dir(&folder).map_err(TrainerError::io(&folder))? {
            let path = entry.map_err(TrainerError::io(&folder))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // `._x.wav` and `__MACOSX` are what a Mac's zip adds.
            if name.starts_with('.') || name == "__MACOSX" || (skip_noise && depth == 0 && name == "noise") {
                continue;
            }
            if path.is_dir() {
                if depth < MAX_DEPTH {
                    pending.push((path, depth + 1));
                }
            } else if rank(&path) < EXTENSIONS.len() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The place of a file's extension among the containers; their number when it is none of them.
fn rank(path: &Path) -> usize {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    EXTENSIONS.iter().position(|known| extension.as_deref() == Some(*known)).unwrap_or(EXTENSIONS.len())
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn folder_name(path: &Path) -> String {
    path.parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
