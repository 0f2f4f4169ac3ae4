//! What CREMA-D's crowd heard: `tabulatedVotes.csv`, the rows on the voice alone.

use std::{collections::BTreeMap, path::Path};

use speech_emotion::Emotion;

use super::scan::find_file;
use crate::{Result, TrainerError};

/// The file, wherever it lies below the corpora's folder.
const FILE: &str = "tabulatedVotes.csv";

/// Rows on the voice alone have numbers that begin so; 2 is the face alone, 3 both.
const VOICE_ONLY: char = '1';

/// The columns of the counts.
const COLUMNS: [(&str, Emotion); 6] = [
    ("A", Emotion::Angry),
    ("D", Emotion::Disgust),
    ("F", Emotion::Fear),
    ("H", Emotion::Happy),
    ("N", Emotion::Neutral),
    ("S", Emotion::Sad),
];

/// How many listeners chose each emotion, in [`Emotion::ALL`]'s order.
pub type Votes = [u16; Emotion::COUNT];

/// The votes by clip id (`CREMA-D/1001_DFA_ANG_XX`); empty where the corpora have no such file.
///
/// # Errors
/// [`TrainerError::Io`] and [`TrainerError::Values`] for a file that can't be read or isn't that table.
pub fn votes(root: &Path) -> Result<BTreeMap<String, Votes>> {
    let Some(path) = find_file(root, FILE)? else { return Ok(BTreeMap::new()) };
    let text = std::fs::read_to_string(&path).map_err(TrainerError::io(&path))?;
    parse(&text).map_err(|got| TrainerError::Values {
        what: "votes",
        expected: format!("the columns A, D, F, H, N, S and fileName in {}", path.display()),
        got,
    })
}

fn parse(text: &str) -> std::result::Result<BTreeMap<String, Votes>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or_else(|| format!("a table without {name}"))
    };
    let file = column("fileName")?;
    let counts = COLUMNS.map(|(name, emotion)| (column(name), emotion));
    let mut all = BTreeMap::new();
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        if !row.get(0).unwrap_or_default().starts_with(VOICE_ONLY) {
            continue;
        }
        let mut votes = Votes::default();
        for (column, emotion) in &counts {
            let text = row.get(column.clone()?).unwrap_or_default();
            votes[emotion.index()] = text.parse().map_err(|_| format!("{text:?} votes"))?;
        }
        all.insert(format!("CREMA-D/{}", row.get(file).unwrap_or_default()), votes);
    }
    Ok(all)
}

/// The emotion that more listeners chose than any other; none for a tie.
pub fn plurality(votes: &Votes) -> Option<Emotion> {
    let most = votes.iter().max().filter(|&&most| most > 0)?;
    let mut leaders = Emotion::ALL.into_iter().filter(|emotion| votes[emotion.index()] == *most);
    leaders.next().filter(|_| leaders.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\"\",\"A\",\"D\",\"F\",\"H\",\"N\",\"S\",\"fileName\"\n\
        \"100001\",0,0,0,1,10,0,\"1001_IEO_NEU_XX\"\n\
        \"100002\",4,0,4,0,2,0,\"1001_IEO_HAP_LO\"\n\
        \"200001\",9,0,0,0,0,0,\"1001_IEO_NEU_XX\"\n";

    #[test]
    fn the_voice_alone_counts() {
        let votes = parse(TABLE).expect("a table");
        assert_eq!(votes.len(), 2);
        assert_eq!(plurality(&votes["CREMA-D/1001_IEO_NEU_XX"]), Some(Emotion::Neutral));
        assert_eq!(plurality(&votes["CREMA-D/1001_IEO_HAP_LO"]), None, "a tie");
        assert_eq!(plurality(&Votes::default()), None);
    }

    #[test]
    fn another_table_is_refused() {
        assert!(parse("a,b\n1,2\n").is_err());
        assert!(parse(&TABLE.replace("10,0", "ten,0")).is_err());
    }
}
