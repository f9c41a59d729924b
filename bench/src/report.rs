//! What a benchmark prints: a table, and last one line of JSON with each figure beside its aim.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

/// A figure and its aim.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    name: String,
    value: f64,
    aim: Aim,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

impl Figure {
    /// A figure that should not be lower than its aim.
    pub(crate) fn at_least(name: &str, value: f64, aim: f64) -> Self {
        Self { name: name.to_owned(), value, aim: Aim::AtLeast(aim) }
    }

    /// A figure that should not be higher than its aim.
    pub(crate) fn at_most(name: &str, value: f64, aim: f64) -> Self {
        Self { name: name.to_owned(), value, aim: Aim::AtMost(aim) }
    }

    fn is_met(&self) -> bool {
        match self.aim {
            Aim::AtLeast(aim) => self.value >= aim,
            Aim::AtMost(aim) => self.value <= aim,
        }
    }
}

/// Everything that one benchmark found out.
#[derive(Debug)]
pub(crate) struct Report {
    benchmark: &'static str,
    seed: u64,
    lines: Vec<String>,
    figures: Vec<Figure>,
    details: Map<String, Value>,
}

impl Report {
    /// An empty report.
    pub(crate) fn new(benchmark: &'static str, seed: u64) -> Self {
        let (lines, figures) = (Vec::new(), Vec::new());
        Self { benchmark, seed, lines, figures, details: Map::new() }
    }

    /// Begins a part of the table.
    pub(crate) fn head(&mut self, text: &str) {
        self.lines.push(String::new());
        self.lines.push(text.to_owned());
    }

    /// Adds a line to the table.
    pub(crate) fn row(&mut self, text: &str) {
        self.lines.push(text.to_owned());
    }

    /// Adds a figure that has an aim.
    pub(crate) fn figure(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Adds what stands in the JSON alone.
    pub(crate) fn detail(&mut self, name: &str, value: Value) {
        self.details.insert(name.to_owned(), value);
    }

    /// Prints everything. With `check`, 1 when an aim is missed.
    pub(crate) fn print(&self, check: bool) -> ExitCode {
        for line in &self.lines {
            println!("{line}");
        }
        println!();
        for figure in &self.figures {
            let word = if figure.is_met() { "met" } else { "MISSED" };
            let Figure { name, value, aim } = figure;
            let aim = match aim {
                Aim::AtLeast(aim) => format!("≥ {aim}"),
                Aim::AtMost(aim) => format!("≤ {aim}"),
            };
            println!("{word:<6}  {value:.3}  (aim {aim})  {name}");
        }
        println!("{}", self.json());
        let missed = self.figures.iter().any(|figure| !figure.is_met());
        if check && missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    fn json(&self) -> Value {
        let figures = self.figures.iter().map(|figure| {
            let (word, aim) = match figure.aim {
                Aim::AtLeast(aim) => ("at_least", aim),
                Aim::AtMost(aim) => ("at_most", aim),
            };
            let value = (figure.value * 1000.0).round() / 1000.0;
            json!({ "name": figure.name, "value": value, word: aim, "met": figure.is_met() })
        });
        json!({
            "benchmark": self.benchmark,
            "seed": self.seed,
            "figures": figures.collect::<Vec<_>>(),
            "details": self.details,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    fn report(value: f64) -> Report {
        let mut report = Report::new("some", 7);
        report.figure(Figure::at_least("share", 0.99, 0.95));
        report.figure(Figure::at_least("other", value, 0.95));
        report
    }

    #[test]
    fn a_missed_aim_fails_a_check_and_nothing_else() {
        let code = |value, check| format!("{:?}", report(value).print(check));
        let (good, bad) = (format!("{:?}", ExitCode::SUCCESS), format!("{:?}", ExitCode::FAILURE));
        assert_eq!(
            (code(0.94, true), code(0.94, false), code(0.95, true)),
            (bad, good.clone(), good)
        );
    }

    #[test]
    fn a_figure_with_a_ceiling_is_met_below_it() {
        assert!(Figure::at_most("ratio", 0.9, 1.0).is_met());
        assert!(!Figure::at_most("ratio", 1.1, 1.0).is_met());
    }

    #[test]
    fn the_last_line_holds_every_figure_beside_its_aim() {
        let json = report(0.94).json();
        assert_eq!((&json["benchmark"], &json["seed"]), (&json!("some"), &json!(7)));
        let other = json!({ "name": "other", "value": 0.94, "at_least": 0.95, "met": false });
        assert_eq!(json["figures"][1], other);
    }
}
