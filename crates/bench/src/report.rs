//! The table that a run prints: each figure beside the machine's limit from the same run, the ratio and the goal.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// So many of them in a second.
    PerSecond(&'static str),
    Milliseconds,
    MibPerSecond,
    Mib,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    pub value: f64,
    pub unit: Unit,
}

impl Measure {
    pub fn per_second(value: f64, what: &'static str) -> Self {
        Self { value, unit: Unit::PerSecond(what) }
    }

    pub fn milliseconds(value: f64) -> Self {
        Self { value, unit: Unit::Milliseconds }
    }

    pub fn mib_per_second(value: f64) -> Self {
        Self { value, unit: Unit::MibPerSecond }
    }

    pub fn mib(value: f64) -> Self {
        Self { value, unit: Unit::Mib }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::PerSecond(what) => write!(f, "{} {what}/s", with_thousands(self.value)),
            Unit::Milliseconds => write!(f, "{:.2} ms", self.value),
            Unit::MibPerSecond => write!(f, "{:.0} MiB/s", self.value),
            Unit::Mib => write!(f, "{:.1} MiB", self.value),
        }
    }
}

/// `1234567.8` as `1,234,568`.
fn with_thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a row has to reach; ratios are figure divided by limit.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    None,
    RatioAtLeast(f64),
    RatioAtMost(f64),
    AtLeast(f64),
    Under(f64),
}

#[derive(Clone, Debug)]
pub struct Row {
    work: String,
    figure: Measure,
    limit: Option<(Measure, &'static str)>,
    goal: Goal,
}

impl Row {
    pub fn new(work: impl Into<String>, figure: Measure) -> Self {
        Self { work: work.into(), figure, limit: None, goal: Goal::None }
    }

    /// The same work's limit, measured in this run, and what it is.
    pub fn limit(mut self, limit: Measure, name: &'static str) -> Self {
        self.limit = Some((limit, name));
        self
    }

    pub fn goal(mut self, goal: Goal) -> Self {
        self.goal = goal;
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.limit.map(|(limit, _)| self.figure.value / limit.value)
    }

    /// Whether the goal was reached; `None` when there is none to judge.
    fn is_met(&self) -> Option<bool> {
        match self.goal {
            Goal::None => None,
            Goal::RatioAtLeast(least) => self.ratio().map(|ratio| ratio >= least),
            Goal::RatioAtMost(most) => self.ratio().map(|ratio| ratio <= most),
            Goal::AtLeast(least) => Some(self.figure.value >= least),
            Goal::Under(most) => Some(self.figure.value < most),
        }
    }

    fn goal_text(&self) -> String {
        let measure = |value| Measure { value, unit: self.figure.unit }.to_string();
        match self.goal {
            Goal::None => "-".into(),
            Goal::RatioAtLeast(ratio) => format!("ratio >= {ratio}"),
            Goal::RatioAtMost(ratio) => format!("ratio <= {ratio}"),
            Goal::AtLeast(least) => format!(">= {}", measure(least)),
            Goal::Under(most) => format!("< {}", measure(most)),
        }
    }

    fn cells(&self) -> [String; 6] {
        [
            self.work.clone(),
            self.figure.to_string(),
            self.limit.map_or("-".into(), |(limit, name)| format!("{limit} ({name})")),
            self.ratio().map_or("-".into(), |ratio| format!("{ratio:.2}")),
            self.goal_text(),
            match self.is_met() {
                None => "-".into(),
                Some(true) => "met".into(),
                Some(false) => "MISSED".into(),
            },
        ]
    }
}

/// The rows of one engine, printed as a Markdown table whose columns also line up in a terminal.
#[derive(Default)]
pub struct Report {
    rows: Vec<[String; 6]>,
}

impl Report {
    /// Keeps the row, and says its figure at once to who is waiting.
    pub fn add(&mut self, row: &Row) {
        let cells = row.cells();
        eprintln!("    {}: {}, ratio {}, {}", cells[0], cells[1], cells[3], cells[5]);
        self.rows.push(cells);
    }

    /// A work that ended without a figure.
    pub fn add_failure(&mut self, work: &str) {
        self.rows.push([work.into(), "failed".into(), "-".into(), "-".into(), "-".into(), "FAILED".into()]);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles =
            ["work", "figure", "limit measured in the same run", "ratio", "goal", "met"].map(String::from);
        let mut widths = [0; 6];
        for cells in std::iter::once(&titles).chain(&self.rows) {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        write_line(f, &titles, &widths)?;
        write_line(f, &widths.map(|width| "-".repeat(width)), &widths)?;
        for cells in &self.rows {
            write_line(f, cells, &widths)?;
        }
        Ok(())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, cells: &[String; 6], widths: &[usize; 6]) -> fmt::Result {
    for (cell, &width) in cells.iter().zip(widths) {
        write!(f, "| {cell:width$} ")?;
    }
    writeln!(f, "|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_read_well() {
        assert_eq!(Measure::per_second(1_234_567.8, "points").to_string(), "1,234,568 points/s");
        assert_eq!(Measure::per_second(999.4, "runs").to_string(), "999 runs/s");
        assert_eq!(Measure::milliseconds(0.1234).to_string(), "0.12 ms");
        assert_eq!(Measure::mib_per_second(812.6).to_string(), "813 MiB/s");
    }

    #[test]
    fn a_ratio_is_judged_against_its_limit() {
        let row = Row::new("w", Measure::per_second(60.0, "requests"))
            .limit(Measure::per_second(100.0, "requests"), "echo");
        assert_eq!(row.clone().goal(Goal::RatioAtLeast(0.6)).is_met(), Some(true));
        assert_eq!(row.clone().goal(Goal::RatioAtLeast(0.61)).is_met(), Some(false));
        assert_eq!(row.clone().goal(Goal::RatioAtMost(0.5)).is_met(), Some(false));
        assert_eq!(row.is_met(), None);
    }

    #[test]
    fn a_ratio_without_a_limit_is_never_met() {
        let row = Row::new("w", Measure::mib(1.0)).goal(Goal::RatioAtLeast(0.5));
        assert_eq!(row.is_met(), None);
    }

    #[test]
    fn an_absolute_goal_is_judged_by_the_figure() {
        let row = Row::new("w", Measure::milliseconds(20.0));
        assert_eq!(row.clone().goal(Goal::Under(20.0)).is_met(), Some(false));
        assert_eq!(row.clone().goal(Goal::Under(20.1)).is_met(), Some(true));
        assert_eq!(row.goal(Goal::AtLeast(20.0)).is_met(), Some(true));
    }

    #[test]
    fn the_table_lines_up() {
        let mut report = Report::default();
        let row = Row::new("start", Measure::milliseconds(31.5)).goal(Goal::Under(100.0));
        report.add(&row.limit(Measure::milliseconds(3.0), "echo"));
        report.add_failure("search");
        let table = report.to_string();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{table}");
        assert!(lines[2].contains("31.50 ms") && lines[2].contains("10.50") && lines[2].contains(" met "));
        assert!(lines[3].contains("FAILED"));
    }
}
