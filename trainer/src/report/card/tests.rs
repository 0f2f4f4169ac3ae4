#![allow(clippy::unwrap_used)]
use super::*;
use crate::{corpora::Sex, protocol::Protocol, results::Answer, train::recipe::Recipe};

fn answer(emotion: Emotion) -> Answer {
    let mut probabilities = [0.0; Emotion::COUNT];
    probabilities[Emotion::Sad.index()] = 0.9;
    Answer {
        clip: "CREMA-D/1001_DFA_SAD_XX".to_owned(),
        corpus: Corpus::CremaD,
        speaker: "CREMA-D/1001".to_owned(),
        sex: Sex::F,
        intensity: None,
        emotion,
        heard: None,
        probabilities,
    }
}

fn weights() -> WeightsFile {
    WeightsFile { file: "a.weights".to_owned(), bytes: 12, sha256: "ab".to_owned() }
}

fn record() -> RunRecord {
    RunRecord {
        training: "combined-random".to_owned(),
        network: "compact".to_owned(),
        seed: 1,
        revision: "abc".to_owned(),
        recipe: Recipe::default(),
        settings: Vec::new(),
        clips: [30, 3, 3],
        parameters: 345,
        flops: 678,
        weights_bytes: 12,
        best_epoch: 1,
        temperature: 1.0,
        guide: None,
        unsure_below: 0.4,
        history: Vec::new(),
        valid: Vec::new(),
        test: [Emotion::Sad, Emotion::Sad, Emotion::Fear].map(answer).to_vec(),
    }
}

fn card() -> Card {
    let record = record();
    let mut card = Card::new(Training::Everything, record.parameters, record.flops, weights(), &record);
    let figures = Figures::new(Protocol::CombinedRandom, Track::Pooled, &[record]).unwrap();
    card.protocols.insert(figures.id(), ProtocolFigures::new(&figures));
    card
}

#[test]
fn the_json_has_what_programs_read() {
    let json: serde_json::Value = serde_json::from_str(&card().to_json().unwrap()).unwrap();
    assert_eq!(json["classes"].as_array().unwrap().len(), 8);
    assert_eq!(json["classes"][3], "sad");
    assert_eq!((&json["parameters"], &json["flops"]), (&345.into(), &678.into()));
    assert_eq!((&json["seed"], &json["revision"]), (&1.into(), &"abc".into()));
    assert_eq!(json["weights"], serde_json::json!({"file": "a.weights", "bytes": 12, "sha256": "ab"}));
    let figures = &json["protocols"]["combined-random"];
    assert_eq!(figures["wa"], 0.66667);
    assert_eq!(figures["ua"], 0.5);
    assert_eq!((&figures["n"], &figures["seeds"][0]), (&serde_json::json!(3), &serde_json::json!(1)));
    assert_eq!(figures["per_corpus"]["CREMA-D"], serde_json::json!({"wa": 0.66667, "ua": 0.5, "n": 3}));
    assert!(figures["ci95"][0].as_f64().unwrap() < figures["ci95"][1].as_f64().unwrap());
    assert!(figures["macro_f1"].is_f64() && figures["ece"].is_f64());
    assert_eq!(figures["sure"], serde_json::json!({"share": 1.0, "wa": 0.66667, "wa_of_unsure": 0.0}));
    assert_eq!(json["unsure_below"], 0.4);
    assert_eq!(json["licences"]["RAVDESS"], "CC BY-NC-SA 4.0");
}

#[test]
fn one_corpus_has_a_card_of_its_own() {
    let record = record();
    let card = Card::new(Training::CremaD, 1, 2, weights(), &record);
    assert_eq!(card.classes, ["neutral", "happy", "sad", "angry", "fear", "disgust"]);
    assert_eq!(card.licences.keys().collect::<Vec<_>>(), ["CREMA-D", "weights"]);
    assert_eq!(card.command, "cargo trainer train --crema-d");
    assert!(card.training.contains("30 clips of CREMA-D alone"), "{}", card.training);
    assert!(!card.not_for.iter().any(|line| line.starts_with("Commercial")));
}

#[test]
fn the_markdown_says_how_good_and_what_not_for() {
    let text = card().to_markdown();
    for part in [
        "### `combined-random`",
        "| all | 3 | 66.7 (",
        "| CREMA-D | 3 | 66.7 | 50.0 | | |",
        "Seed 1.",
        "100.0 % of the answers are sure, and 66.7 % of these",
        "never what someone feels",
        "article 5(1)(f)",
        "- TESS: CC BY-NC-ND 4.0",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn a_guide_is_named_with_its_licence() {
    let guided = RunRecord { guide: Some("abc".to_owned()), ..record() };
    let card = Card::new(Training::Everything, 345, 678, weights(), &guided);
    assert_eq!(card.command, "cargo trainer train --guide GUIDE");
    let changed =
        RunRecord { settings: vec![r#"draws={"SAVEE":8.0}"#.to_owned(), "copies=3".to_owned()], ..guided };
    let other = Card::new(Training::Everything, 345, 678, weights(), &changed);
    assert_eq!(
        other.command,
        r#"cargo trainer train --guide GUIDE --set 'draws={"SAVEE":8.0}' --set 'copies=3'"#
    );
    assert!(card.licences["guide"].contains("MIT"));
    assert!(!self::card().licences.contains_key("guide"));
}
