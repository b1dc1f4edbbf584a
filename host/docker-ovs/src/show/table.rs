//! Columns.

use std::fmt;

/// Rows of text under headings, each column as wide as its widest cell. A column in which no row has anything is left
/// out.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { headings: headings.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The columns that are shown, and how wide they are.
    fn columns(&self) -> Vec<(usize, usize)> {
        let length = |row: &Vec<String>, column: usize| row[column].chars().count();
        let widest = |column| self.rows.iter().map(|row| length(row, column)).max();
        let shown = (0..self.headings.len()).filter(|column| widest(*column) != Some(0));
        shown.map(|column| (column, widest(column).unwrap_or(0).max(length(&self.headings, column)))).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns();
        for row in [&self.headings].into_iter().chain(&self.rows) {
            let padded = columns.iter().map(|(column, width)| format!("{:<width$}", row[*column]));
            writeln!(f, "{}", padded.collect::<Vec<_>>().join("   ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_gone_where_there_is_none() {
        let mut table = Table::new(["ID", "NAME", "MODE"]);
        assert_eq!(table.to_string(), "ID   NAME   MODE\n");
        table.row(["3f9a".into(), String::new(), "nat".into()]);
        assert_eq!(table.to_string(), "ID     MODE\n3f9a   nat\n");
    }
}
