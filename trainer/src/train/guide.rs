//! What another network hears in each training clip, for a network to learn beside the emotion.
//!
//! A network that was made for another task, from far more speech than there is with emotions, has learnt to hear what is
//! said and how whatever voice says it. Numbers of it are told from the same pooled features as the emotion, by a layer of
//! its own that does not ship, so that those features come to hold them (FitNets' hints, Romero et al. 2015).

use std::{
    collections::HashMap,
    fs,
    path::{Component, Path},
};

use anyhow::{Context, Result, ensure};
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

/// A guide's numbers for clips, by their paths below the corpora's folder, as `SAVEE/DC/a01`.
#[derive(Debug)]
pub struct Guide {
    width: usize,
    rows: HashMap<String, Vec<f32>>,
    digest: String,
}

impl Guide {
    /// Reads a safetensors file with a tensor for each clip, all of one length, single precision, named after the clip's path
    /// without its ending.
    ///
    /// # Errors
    /// When it can't be read, is another kind of file, or holds tensors of several lengths or none.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read the guide {}", path.display()))?;
        Self::parse(&bytes).with_context(|| format!("the guide {} can't be used", path.display()))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut width = 0;
        let mut rows = HashMap::new();
        for (name, view) in SafeTensors::deserialize(bytes)?.iter() {
            let (dtype, shape) = (view.dtype(), view.shape());
            ensure!(
                dtype == Dtype::F32 && shape.len() == 1 && shape[0] > 0 && (width == 0 || shape[0] == width),
                "expected as many f32 numbers for each clip, got {dtype:?} of shape {shape:?} for {name}"
            );
            width = shape[0];
            let row: Vec<f32> =
                view.data().as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
            ensure!(
                row.iter().all(|value| value.is_finite()),
                "expected finite numbers, got others for {name}"
            );
            rows.insert(name.to_owned(), row);
        }
        ensure!(width > 0, "expected a tensor for each clip, got none");
        let digest = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { width, rows, digest })
    }

    /// What the guide has to say of training clips, each a number of the caller's and a path below the corpora's folder:
    /// brought to mean 0 and deviation 1 over these clips alone.
    ///
    /// # Errors
    /// When it has nothing of some of them.
    pub fn lessons<'a>(&self, clips: impl Iterator<Item = (usize, &'a Path)>) -> Result<Lessons> {
        let mut found = Vec::new();
        let mut missing = Vec::new();
        for (clip, path) in clips {
            let name = name(path);
            match self.rows.get(&name) {
                Some(row) => found.push((clip, row)),
                None => missing.push(name),
            }
        }
        ensure!(
            missing.is_empty(),
            "expected the guide to have every training clip, it lacks {}, {} first: make it anew",
            missing.len(),
            missing[0]
        );
        let scales: Vec<(f64, f64)> = (0..self.width).map(|column| scale(&found, column)).collect();
        let standard = |(&value, &(mean, deviation)): (&f32, &(f64, f64))| {
            ((f64::from(value) - mean) / deviation) as f32
        };
        let rows = found.iter().map(|(clip, row)| (*clip, row.iter().zip(&scales).map(standard).collect()));
        Ok(Lessons { width: self.width, rows: rows.collect(), digest: self.digest.clone() })
    }
}

/// A clip's name in the guide: its path with slashes, without its ending.
fn name(path: &Path) -> String {
    let path = path.with_extension("");
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Mean and standard deviation of a column.
fn scale(rows: &[(usize, &Vec<f32>)], column: usize) -> (f64, f64) {
    let n = rows.len().max(1) as f64;
    let values = || rows.iter().map(|(_, row)| f64::from(row[column]));
    let mean = values().sum::<f64>() / n;
    let variance = values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    (mean, variance.sqrt().max(1e-6))
}

/// What a guide says of each training clip; of none where there is no guide.
#[derive(Debug, Default)]
pub struct Lessons {
    width: usize,
    rows: HashMap<usize, Vec<f32>>,
    digest: String,
}

impl Lessons {
    /// How many numbers a clip has; 0 without a guide.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What is said of a clip: empty where nothing is.
    pub fn of(&self, clip: usize) -> &[f32] {
        self.rows.get(&clip).map_or(&[], Vec::as_slice)
    }

    /// The SHA-256 of the guide's file, if there is one.
    pub fn digest(&self) -> Option<&str> {
        (self.width > 0).then_some(&self.digest)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use safetensors::tensor::TensorView;

    use super::*;

    fn file(rows: &[(&str, &[f32])]) -> Vec<u8> {
        let bytes: Vec<Vec<u8>> =
            rows.iter().map(|(_, row)| row.iter().flat_map(|value| value.to_le_bytes()).collect()).collect();
        let views = rows.iter().zip(&bytes).map(|((name, row), bytes)| {
            (*name, TensorView::new(Dtype::F32, vec![row.len()], bytes).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }

    #[test]
    fn lessons_are_standardised_over_the_clips_that_train() {
        let bytes =
            file(&[("TESS/a/x", &[1.0, 5.0]), ("SAVEE/DC/a01", &[3.0, 5.0]), ("tested", &[1e6, 1e6])]);
        let guide = Guide::parse(&bytes).unwrap();
        let paths = [(7, Path::new("TESS/a/x.ogg")), (2, Path::new("SAVEE/DC/a01.wav"))];
        let lessons = guide.lessons(paths.into_iter()).unwrap();
        assert_eq!((lessons.of(7), lessons.of(2)), (&[-1.0, 0.0][..], &[1.0, 0.0][..]));
        assert!(lessons.of(3).is_empty());
        assert_eq!((lessons.width(), lessons.digest().map(str::len)), (2, Some(64)));
        assert_eq!(Lessons::default().digest(), None);
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        let guide = Guide::parse(&file(&[("a/b", &[1.0])])).unwrap();
        let paths = [(0, Path::new("a/b.ogg")), (1, Path::new("a/c.ogg"))];
        let error = guide.lessons(paths.into_iter()).unwrap_err().to_string();
        assert!(error.contains("lacks 1, a/c first"), "{error}");
        for (bytes, expected) in [
            (file(&[("a", &[1.0]), ("b", &[1.0, 2.0])]), "as many f32 numbers"),
            (file(&[("a", &[f32::NAN])]), "finite numbers"),
            (file(&[]), "got none"),
        ] {
            let error = Guide::parse(&bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert!(Guide::parse(b"no such thing").is_err());
    }
}
