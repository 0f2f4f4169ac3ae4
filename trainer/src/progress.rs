//! Progress that reads well in a terminal and in a log file alike.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// The least time between two lines of a log file.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// A count towards a total: a bar in a terminal, else a line on standard error every tenth of the way, and not
/// more than one in ten seconds.
#[derive(Debug)]
pub struct Progress {
    label: String,
    total: u64,
    done: u64,
    started: Instant,
    last_line: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Starts counting to `total`.
    pub fn new(label: &str, total: usize) -> Self {
        let total = total as u64;
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total).with_prefix(label.to_owned());
            let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len}, {eta} left {msg}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        let now = Instant::now();
        Self { label: label.to_owned(), total, done: 0, started: now, last_line: now, bar }
    }

    /// Counts `count` more. `message` stands beside the count: a loss, a file's name, or nothing.
    pub fn advance(&mut self, count: usize, message: &str) {
        let before = tenth(self.done, self.total);
        self.done += count as u64;
        if let Some(bar) = &self.bar {
            bar.set_message(message.to_owned());
            bar.inc(count as u64);
        } else if tenth(self.done, self.total) > before && self.last_line.elapsed() >= BETWEEN_LINES {
            self.last_line = Instant::now();
            eprintln!("{}", self.line(self.started.elapsed(), message));
        }
    }

    /// Ends the display; a bar stays where it is.
    pub fn finish(self) {
        if let Some(bar) = &self.bar {
            bar.finish();
        }
    }

    /// The line of a log file.
    fn line(&self, elapsed: Duration, message: &str) -> String {
        let percent = (100 * self.done).checked_div(self.total).unwrap_or(100);
        let left =
            elapsed.as_secs_f64() * self.total.saturating_sub(self.done) as f64 / self.done.max(1) as f64;
        let time = if self.done < self.total {
            format!(
                "{} so far, {} left",
                HumanDuration(elapsed),
                HumanDuration(Duration::from_secs_f64(left))
            )
        } else {
            format!("in {}", HumanDuration(elapsed))
        };
        let separator = if message.is_empty() { "" } else { ", " };
        format!("{}: {}/{} ({percent} %), {time}{separator}{message}", self.label, self.done, self.total)
    }
}

/// How many tenths of the way are done.
fn tenth(done: u64, total: u64) -> u64 {
    (10 * done).checked_div(total).unwrap_or(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_how_far_and_how_long() {
        let mut progress = Progress::new("features", 200);
        progress.done = 50;
        assert_eq!(
            progress.line(Duration::from_secs(20), "loss 1.2"),
            "features: 50/200 (25 %), 20 seconds so far, 60 seconds left, loss 1.2"
        );
        progress.done = 200;
        assert_eq!(progress.line(Duration::from_secs(80), ""), "features: 200/200 (100 %), in 80 seconds");
    }

    #[test]
    fn nothing_to_do_is_done() {
        let progress = Progress::new("features", 0);
        assert_eq!(progress.line(Duration::ZERO, ""), "features: 0/0 (100 %), in 0 seconds");
        assert_eq!((tenth(0, 0), tenth(19, 100), tenth(20, 100)), (10, 1, 2));
    }
}
