//! Finding a name: one rule for citizens and officers.
//!
//! Owns the searchable form of a name (folded, one space around it) and the condition that matches
//! it: the query is any part of the name, or each of its words is a whole word of the name, in any
//! order. Refuses ranking.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr};

/// The form of a folded name that is kept for search: ` nguyen thi anh `.
pub fn searchable(folded: &str) -> String {
    format!(" {folded} ")
}

/// The condition over a column of [`searchable`] names; no words match everything.
pub fn name_matches(column: Expr, folded_words: &[String]) -> Condition {
    if folded_words.is_empty() {
        return Condition::all();
    }
    let part = contains(&column, &folded_words.join(" "));
    let words = folded_words.iter().fold(Condition::all(), |all, word| all.add(contains(&column, &searchable(word))));
    Condition::any().add(part).add(words)
}

fn contains(column: &Expr, text: &str) -> Expr {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    column.clone().like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}
