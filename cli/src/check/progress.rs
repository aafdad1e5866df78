//! A progress bar on a terminal, for what takes longer than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Progress {
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            bar: None,
        }
    }

    /// Shows how much was read of how much. indicatif draws on a terminal only.
    pub(super) fn show(&mut self, (position, len): (u64, Option<u64>)) {
        if self.bar.is_none() && self.start.elapsed() > PATIENCE {
            let bar = len.map_or_else(ProgressBar::no_length, ProgressBar::new);
            let template = if len.is_some() {
                "checking {bar:40} {percent} %, {eta} left"
            } else {
                "checking {spinner}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(position);
        }
    }

    pub(super) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
