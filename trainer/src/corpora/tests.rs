#![allow(clippy::unwrap_used)]
use std::{collections::HashMap, fs, path::Path};

use super::*;
use crate::TrainerError;

/// The corpora's folder, or `None` after saying which test was left out.
pub(crate) fn corpora_or_say(test: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SER_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora"), PathBuf::from);
    if root.join("manifest.csv").is_file() {
        return Some(root);
    }
    eprintln!("left out: {test} (corpora not found at {})", root.display());
    None
}

#[derive(serde::Deserialize)]
struct Row {
    path: PathBuf,
    corpus: String,
    speaker: String,
    sex: String,
    emotion: String,
    intensity: String,
    text: String,
    note: String,
}

#[test]
fn every_name_of_the_manifest_is_read_as_the_manifest_says() {
    let Some(root) = corpora_or_say("labels against the manifest") else { return };
    let rows: Vec<Row> = csv::Reader::from_path(root.join("manifest.csv"))
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), 12_162);
    for row in &rows {
        let folder = row.path.parent().unwrap().file_name().unwrap().to_string_lossy();
        let label = parse(&folder, &row.path.file_stem().unwrap().to_string_lossy()).unwrap();
        let sex = if label.sex == Sex::F { "F" } else { "M" };
        let intensity = label.intensity.map_or("", Intensity::name);
        assert_eq!(
            (label.corpus.name(), label.speaker.as_str(), sex, label.emotion.name(), intensity),
            (
                row.corpus.as_str(),
                row.speaker.as_str(),
                row.sex.as_str(),
                row.emotion.as_str(),
                row.intensity.as_str()
            ),
            "{}",
            row.path.display()
        );
        if label.corpus != Corpus::Savee {
            assert_eq!(label.statement, row.text, "{}", row.path.display());
        }
        let unsound = ["digital silence", "same audio under two labels"].contains(&row.note.as_str());
        assert_eq!(defect(label.corpus, &label.name).is_some(), unsound, "{}", row.path.display());
    }
}

#[test]
fn the_scan_finds_every_sound_clip_and_names_the_dropped_ones() {
    let Some(root) = corpora_or_say("the scan of the corpora") else { return };
    let scan = scan(&root).unwrap();
    assert_eq!(Corpus::ALL.map(|corpus| scan.count(corpus)), [1440, 7442 - 7, 2800, 480]);
    assert_eq!(scan.skipped.len(), 7, "{:?}", scan.skipped);
    assert!(scan.skipped.iter().all(|skipped| skipped.reason.starts_with("dropped: ")));
    let mut groups: HashMap<&str, usize> = HashMap::new();
    for clip in &scan.clips {
        *groups.entry(&clip.group).or_default() += 1;
    }
    assert_eq!(groups.len(), scan.clips.len() - 1);
    assert!(scan.clips.is_sorted_by_key(|clip| (clip.corpus, clip.id.clone())));
    assert_eq!(noise_files(&root).unwrap().len(), 406);
}

/// Makes empty files; only names matter to the scan.
fn tree(files: &[&str]) -> temp_dir::TempDir {
    let folder = temp_dir::TempDir::new().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, []).unwrap();
    }
    folder
}

fn ids(scan: &Scan) -> Vec<&str> {
    scan.clips.iter().map(|clip| clip.id.as_str()).collect()
}

#[test]
fn layouts_as_downloaded_nested_doubled_and_converted_are_one_set_of_clips() {
    let folder = tree(&[
        "audio_speech_actors_01-24/Actor_07/03-01-03-01-02-01-07.wav",
        "Actor_07/03-01-03-01-02-01-07.wav",
        "Actor_07/03-01-03-01-02-02-07.WAV",
        "Actor_07/03-02-03-01-02-02-07.wav",
        "CREMA-D/AudioWAV/1001_DFA_ANG_XX.wav",
        "CREMA-D/AudioMP3/1001_DFA_ANG_XX.mp3",
        "CREMA-D/AudioWAV/1076_MTI_SAD_XX.wav",
        "CREMA-D/AudioWAV/1006_TIE_HAP_XX.wav",
        "TESS Toronto/TESS Toronto/OAF_Pleasant_surprise/OAF_back_ps.wav",
        "TESS Toronto/OAF_Pleasant_surprise/OAF_back_ps.wav",
        "TESS Toronto/YAF_pleasant_surprised/YAF_back_ps.flac",
        "TESS Toronto/OAF_neutral/OA_bite_neutral.wav",
        "SAVEE/AudioData/DC/a01.wav",
        "SAVEE/ALL/DC_a01.wav",
        "SAVEE/ALL/JE_sa02.wav",
        "SAVEE/readme.txt",
        "noise/rain.wav",
        "__MACOSX/Actor_07/._03-01-03-01-02-01-07.wav",
        "music/song.mp3",
    ]);
    let scan = scan(folder.path()).unwrap();
    assert_eq!(
        ids(&scan),
        [
            "RAVDESS/03-01-03-01-02-01-07",
            "RAVDESS/03-01-03-01-02-02-07",
            "CREMA-D/1001_DFA_ANG_XX",
            "TESS/OAF_back_ps",
            "TESS/OAF_bite_neutral",
            "TESS/YAF_back_ps",
            "SAVEE/DC_a01",
            "SAVEE/JE_sa02",
        ]
    );
    let relative = |path: &Path| path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned();
    assert_eq!(relative(&scan.clips[0].path), "Actor_07/03-01-03-01-02-01-07.wav");
    assert_eq!(relative(&scan.clips[2].path), "CREMA-D/AudioWAV/1001_DFA_ANG_XX.wav");
    assert_eq!(scan.clips[0].group, scan.clips[1].group);
    let skipped: Vec<String> = scan
        .skipped
        .iter()
        .map(|skipped| format!("{}: {}", relative(&skipped.path), skipped.reason))
        .collect();
    assert_eq!(
        skipped,
        [
            "Actor_07/03-02-03-01-02-02-07.wav: not named like a clip of any of the four corpora",
            "CREMA-D/AudioMP3/1001_DFA_ANG_XX.mp3: the clip CREMA-D/1001_DFA_ANG_XX a second time",
            "CREMA-D/AudioWAV/1006_TIE_HAP_XX.wav: dropped: the same audio stands under two labels",
            "CREMA-D/AudioWAV/1076_MTI_SAD_XX.wav: dropped: digital silence",
            "SAVEE/AudioData/DC/a01.wav: the clip SAVEE/DC_a01 a second time",
            "TESS Toronto/TESS Toronto/OAF_Pleasant_surprise/OAF_back_ps.wav: the clip TESS/OAF_back_ps a second time",
            "audio_speech_actors_01-24/Actor_07/03-01-03-01-02-01-07.wav: the clip RAVDESS/03-01-03-01-02-01-07 a second time",
            "music/song.mp3: not named like a clip of any of the four corpora",
        ]
    );
    assert_eq!(noise_files(folder.path()).unwrap().len(), 1);
}

#[test]
fn folders_without_a_recognisable_file_are_refused_with_what_was_expected_and_what_came() {
    assert!(matches!(scan(Path::new("/nowhere/at/all")), Err(TrainerError::CorporaMissing { .. })));
    let error = scan(tree(&["a/b.txt"]).path()).unwrap_err();
    assert!(matches!(error, TrainerError::NoRecognisableFile { .. }));
    assert!(error.to_string().contains("got no file that ends in .wav"), "{error}");
    let folder = tree(&["SAVEE/DC/a01.wav", "RAVDESS/Actor_01/one.wav", "RAVDESS/Actor_01/two.wav"]);
    let error = scan(folder.path()).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("03-01-05-02-02-01-01.wav") && message.contains("got 2 audio files"),
        "{message}"
    );
}

#[test]
#[cfg(unix)]
fn a_link_back_up_is_walked_once() {
    let folder = tree(&["SAVEE/DC/a01.wav"]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("SAVEE/again")).unwrap();
    assert_eq!(ids(&scan(folder.path()).unwrap()), ["SAVEE/DC_a01"]);
}
