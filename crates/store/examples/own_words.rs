//! Prints every column of cases, and of what hangs on them, that can hold words which people write: a table and a column
//! on each line.
#![expect(clippy::print_stdout, reason = "it is run for what it prints")]

fn main() {
    let columns =
        nevertwice_store::trailed_columns().filter(|column| column.is_text && column.hangs_on_a_case());
    for column in columns.filter(|column| column.no_own_words.is_none()) {
        println!("{} {}", column.table, column.column);
    }
}
