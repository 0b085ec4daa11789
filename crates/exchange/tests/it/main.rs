//! The import of spreadsheets through the public interface, on files of the kinds that companies keep.

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod old_log;
