//! When somebody begins to speak and when they have ended.

use super::{Event, HOP, seconds};

/// Follows the frames of speech from window to window.
#[derive(Debug, Default)]
pub(super) struct Turns {
    speaking: bool,
    /// The end of the last frame of speech that was heard of, in samples of the whole stream.
    last: u64,
}

impl Turns {
    /// Takes what a window found: whether the gate is open, and its frames of speech in samples of the whole stream.
    /// Speech has ended when half a second brought none, or the gate is closed.
    pub fn next(&mut self, open: bool, frames: impl Iterator<Item = (u64, u64)>, end: u64) -> Option<Event> {
        let before = self.last;
        let mut first = None;
        if open {
            for (from, to) in frames.filter(|&(from, _)| from >= before) {
                first.get_or_insert(from);
                self.last = to;
            }
        }
        match first {
            Some(from) if !self.speaking => {
                self.speaking = true;
                Some(Event::SpeechStart { time: seconds(from) })
            }
            _ if self.speaking && (!open || end - self.last >= HOP as u64) => self.stop(),
            _ => None,
        }
    }

    /// Ends what is being said.
    pub fn stop(&mut self) -> Option<Event> {
        std::mem::take(&mut self.speaking).then(|| Event::SpeechEnd { time: seconds(self.last) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_begins_and_ends_once_with_the_times_of_its_frames() {
        let mut turns = Turns::default();
        let mut events = Vec::new();
        // Speech from 0.3 s to 1.1 s, seen by windows that all reach back to the beginning.
        let frames: Vec<(u64, u64)> = (300..1_100).step_by(16).map(|ms| (ms * 16, ms * 16 + 256)).collect();
        for end in (1..=5).map(|hop| hop * HOP as u64) {
            let heard = frames.iter().copied().filter(|&(_, to)| to <= end);
            events.extend(turns.next(end > 8_000, heard, end));
        }
        assert_eq!(events, [Event::SpeechStart { time: 0.3 }, Event::SpeechEnd { time: 1.1 }],);
        assert_eq!(turns.stop(), None);
    }

    #[test]
    fn a_closed_gate_ends_a_turn() {
        let mut turns = Turns::default();
        assert!(turns.next(true, [(0, 256)].into_iter(), 8_000).is_some());
        assert_eq!(turns.next(false, [(0, 256)].into_iter(), 8_100), Some(Event::SpeechEnd { time: 0.016 }));
    }
}
