//! The use cases, run as the command line and a server run them: by name, with JSON in and JSON out, on every engine.

#[cfg(test)]
mod access;
#[cfg(test)]
mod account;
#[cfg(test)]
mod activity;
#[cfg(test)]
mod archive;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bundle;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod causes;
#[cfg(test)]
mod consequences;
#[cfg(test)]
mod counts;
#[cfg(test)]
mod draft;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod import;
#[cfg(test)]
mod job;
#[cfg(test)]
mod learning;
#[cfg(test)]
mod loop_score;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod once;
#[cfg(test)]
mod open;
#[cfg(test)]
mod own_work;
#[cfg(test)]
mod procedure;
#[cfg(test)]
mod promised;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod sequences;
#[cfg(test)]
mod states;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod thorough;
#[cfg(test)]
mod work;
