//! `trainer card`: the card of what ships, from the records of the protocols.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use clap::Args;
use sha2::{Digest, Sha256};
use speech_emotion::model::{self, WEIGHTS_FILE};

use crate::{
    cache::Tones,
    corpora::Corpus,
    figures::Figures,
    protocol::{Protocol, Track, Training},
    report::{self, Card, ProtocolFigures, WeightsFile},
    results::RunRecord,
    train::recipe::Recipe,
    trial::{self, NetworkName},
};

/// Copy the trained weights into the library and write their card, with the figures of every protocol whose
/// trainings are all recorded, by the weights' own recipe.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where the records are.
    #[arg(long, default_value = "results")]
    pub results: PathBuf,
    /// Where checkpoints and weights are.
    #[arg(long, default_value = "runs")]
    pub runs: PathBuf,
    /// The weights that were trained on CREMA-D alone, into a folder of their own, with the figures of the protocols
    /// that trained on it alone.
    #[arg(long)]
    pub crema_d: bool,
    /// The library's model folder.
    #[arg(long, default_value = "src/model")]
    pub model: PathBuf,
    /// The seed of the weights.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Runs the command.
///
/// # Errors
/// When a record is missing, a file can't be read or written, or the weights don't load.
pub fn run(arguments: &Arguments) -> Result<()> {
    let network = NetworkName::Compact;
    let (training, model, file) = match arguments.crema_d {
        true => (Training::CremaD, arguments.model.join("crema-d"), "crema-d.weights"),
        false => (Training::Everything, arguments.model.clone(), WEIGHTS_FILE),
    };
    fs::create_dir_all(&model).with_context(|| format!("cannot create {}", model.display()))?;
    let path = RunRecord::path(&arguments.results, &training.key(), network.id(), arguments.seed);
    let record = RunRecord::load(&path)?
        .with_context(|| format!("expected a record at {}: run `trainer train` first", path.display()))?;
    ensure!(
        record.recipe.tones == Tones::Chroma,
        "expected weights of the library's input, which has chroma; got some for {:?}",
        record.recipe.tones
    );
    let from = trial::folder(&arguments.runs, training, network, arguments.seed).join(WEIGHTS_FILE);
    let bytes = fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
    let loaded = model::weights::decode(&bytes, &model::device())?;
    let weights = WeightsFile {
        file: file.to_owned(),
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let mut card = Card::new(training, record.parameters, loaded.flops(), weights, &record);
    // What the recipe says of corpora that a training doesn't have makes no other training of it.
    let same = |training: Training, other: &RunRecord| {
        let of = |recipe: &Recipe| recipe.clone().of(&training.corpora());
        of(&other.recipe) == of(&Recipe { seed: other.recipe.seed, ..record.recipe.clone() })
            && other.guide == record.guide
    };
    let all = complete(&arguments.results, network, |_, _| true)?;
    let figures = complete(&arguments.results, network, same)?;
    for other in all.iter().filter(|other| figures.iter().all(|figures| figures.id() != other.id())) {
        println!("{}: left out, of another recipe than the weights", other.id());
    }
    for figures in figures {
        // What leaks says nothing of the weights.
        if figures.protocol == Protocol::Legacy {
            continue;
        }
        if arguments.crema_d
            && (figures.track, figures.protocol.corpus()) != (Track::Own, Some(Corpus::CremaD))
        {
            continue;
        }
        println!("{}", report::lines(&figures));
        if figures.id() == Protocol::CombinedSpeaker.id()
            || (figures.id() == Protocol::CombinedRandom.id()
                && !card.protocols.contains_key("combined-speaker"))
        {
            report::write(&model, &figures.id(), &figures.scores)?;
        }
        card.protocols.insert(figures.id(), ProtocolFigures::new(&figures));
    }
    for (name, contents) in [
        (file, bytes),
        ("card.json", card.to_json()?.into_bytes()),
        ("MODEL_CARD.md", card.to_markdown().into_bytes()),
    ] {
        let path = model.join(name);
        fs::write(&path, contents).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}

/// The figures of every protocol and track whose trainings are all recorded and `wanted`, with as many seeds as all of them
/// have.
///
/// # Errors
/// When a record can't be read.
pub fn complete(
    results: &Path,
    network: NetworkName,
    wanted: impl Fn(Training, &RunRecord) -> bool,
) -> Result<Vec<Figures>> {
    let mut all = Vec::new();
    for protocol in Protocol::ALL {
        for track in [Track::Pooled, Track::Own] {
            if track == Track::Own && protocol.corpus().is_none() {
                continue;
            }
            let trainings = protocol.trainings(track);
            let mut records = Vec::new();
            for seed in 1.. {
                let of_seed = trainings
                    .iter()
                    .map(|training| {
                        RunRecord::load(&RunRecord::path(results, &training.key(), network.id(), seed))
                    })
                    .collect::<Result<Option<Vec<_>>>>()?;
                let Some(of_seed) = of_seed else { break };
                records.extend(of_seed);
            }
            let mut of_training = trainings.into_iter().cycle().zip(&records);
            if !records.is_empty() && of_training.all(|(training, record)| wanted(training, record)) {
                all.push(Figures::new(protocol, track, &records)?);
            }
        }
    }
    Ok(all)
}
