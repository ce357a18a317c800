//! A table whose rows become cards on a narrow screen, as all lists of the administration are.

use yew::prelude::*;

/// What a table shows.
pub struct Table<'a> {
    /// The id of its heading.
    pub title: &'static str,
    /// Its columns.
    pub labels: &'a [AttrValue],
    /// From this column on it holds numbers.
    pub numbers: usize,
    /// What stands there where it has no row.
    pub empty: AttrValue,
}

impl Table<'_> {
    /// The table with these rows, each with one cell a column.
    pub fn of(&self, rows: impl IntoIterator<Item = Vec<Html>>) -> Html {
        let labels = self.labels;
        let class = |column: usize| (column >= self.numbers).then_some("cell-count");
        let rows: Vec<_> = rows.into_iter().collect();
        html! {
            <table class="rows" role="table" aria-labelledby={self.title}>
                <thead role="rowgroup">
                    <tr role="row">
                        for (column, label) in labels.iter().enumerate() {
                            <th role="columnheader" scope="col" class={class(column)}>{ label }</th>
                        }
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    if rows.is_empty() {
                        <tr role="row"><td role="cell" class="empty" colspan={labels.len().to_string()}>{ &self.empty }</td></tr>
                    }
                    for row in rows {
                        <tr role="row">
                            for (column, (cell, label)) in row.into_iter().zip(labels).enumerate() {
                                <td role="cell" class={class(column)} data-label={label}>{ cell }</td>
                            }
                        </tr>
                    }
                </tbody>
            </table>
        }
    }
}
