//! The columns as a table, each with its ratio to the first one.

use std::fmt;

use super::column::Column;

pub struct Table {
    columns: Vec<Column>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>) -> Table {
        Table { columns }
    }

    /// Whether all was measured, and nothing lost, doubled, out of order or refused.
    pub fn is_clean(&self) -> bool {
        if !self.columns.iter().all(|column| column.is_whole) {
            return false;
        }
        let figures = self.columns.iter().flat_map(|column| &column.figures);
        figures.filter(|((_, name), _)| name.starts_with("lost")).all(|(_, count)| *count == 0.0)
    }

    /// The figures of all columns, each beside its like: by scenario, as the longest column has them.
    fn keys(&self) -> Vec<&(String, String)> {
        let mut keys: Vec<&(String, String)> = Vec::new();
        let mut columns: Vec<&Column> = self.columns.iter().collect();
        columns.sort_by_key(|column| std::cmp::Reverse(column.figures.len()));
        for (key, _) in columns.iter().flat_map(|column| &column.figures) {
            if !keys.contains(&key) {
                let after = keys.iter().rposition(|(scenario, _)| *scenario == key.0);
                keys.insert(after.map_or(keys.len(), |place| place + 1), key);
            }
        }
        keys
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut scenario = "";
        for key in self.keys() {
            if key.0 != scenario {
                scenario = &key.0;
                write!(f, "\n{scenario:<40}")?;
                for column in &self.columns {
                    write!(f, " {:>20}", column.name)?;
                }
                writeln!(f)?;
            }
            write!(f, "  {:<38}", key.1)?;
            let first = self.columns.first().and_then(|column| column.get(key));
            for (at, column) in self.columns.iter().enumerate() {
                let value = column.get(key);
                let shown = value.map_or("-".to_owned(), |value| format!("{value:.2}"));
                let ratio = value.zip(first).filter(|(_, first)| at > 0 && *first > 0.0);
                let ratio = ratio.map(|(value, first)| format!("×{:.2}", value / first));
                write!(f, " {shown:>12} {:>7}", ratio.unwrap_or_default())?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
