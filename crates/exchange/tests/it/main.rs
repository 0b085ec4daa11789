//! The import of spreadsheets through the public interface, on files of the kinds that companies keep.

#[cfg(test)]
mod broken_text;
#[cfg(test)]
mod broken_workbooks;
#[cfg(test)]
mod old_log;
#[cfg(test)]
mod steps;
